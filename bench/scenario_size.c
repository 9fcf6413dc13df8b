#include "bench/bench.h"

#include "bench/contest.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name;
    size_t bytes; /* as JSON; msgpack is some four fifths of it */
} sizes[] = {{"256 B", 320},    {"1 KiB", 1320},     {"4 KiB", 5200},   {"16 KiB", 20800},
             {"64 KiB", 83200}, {"256 KiB", 332800}, {"1 MiB", 1280000}};

enum { BYTES_PER_SIZE = 4 << 20 };

static int run_size(struct bench *bench, size_t size) {
    struct workload_config config = bench->workload;
    struct workload workload;
    config.file = NULL;
    config.message_bytes = sizes[size].bytes;
    config.message_count = 1 + BYTES_PER_SIZE / sizes[size].bytes;
    int status = bench_make_workload(bench, &config, &workload);
    if (status == BENCH_DONE) {
        char names[2][48];
        snprintf(names[0], sizeof names[0], "decode and gather, %s", sizes[size].name);
        snprintf(names[1], sizeof names[1], "inspect, %s", sizes[size].name);
        const struct subject subject = {&workload, bench->rules, NULL};
        const struct entry entries[] = {{&contestant_gather, subject, names[0]},
                                        {&contestant_inspect, subject, names[1]}};
        struct measurement measurements[COUNT(entries)];
        status = contest_run(bench, "size", entries, COUNT(entries), measurements);
        if (status == BENCH_DONE && measurements[1].count > workload.personal_count)
            status = bench_fail("size: %s: messages that should be clean are withheld", sizes[size].name);
    }
    workload_reset(&workload);
    return status;
}

int scenario_size(struct bench *bench) {
    int status = BENCH_DONE;
    for (size_t i = 0; i < COUNT(sizes) && status == BENCH_DONE; i++) status = run_size(bench, i);
    return status;
}
