#include "bench/bench.h"

#include <math.h>

#include "bench/duel.h"
#include "bench/flow.h"
#include "bench/middle.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* All but the last come as fast as producers send them into queues of the usual length; what waits there is part of
   what is resident. */
static const struct load {
    const char *name;
    size_t message_count, message_bytes; /* as in struct workload_config */
    unsigned personal_percent;
    enum format format;
    size_t passes;
    unsigned high_water_mark;
} loads[] = {
    {"clean, 1.1 KB", 2000, 1460, 0, FORMAT_MSGPACK, 10, MIDDLE_HIGH_WATER_MARK},
    {"10 % personal, 1.1 KB", 2000, 1460, 10, FORMAT_MSGPACK, 10, MIDDLE_HIGH_WATER_MARK},
    {"mixed sizes up to 48 KB", 2000, 0, 1, FORMAT_MSGPACK, 5, MIDDLE_HIGH_WATER_MARK},
    {"mixed sizes, JSON", 2000, 0, 1, FORMAT_JSON, 5, MIDDLE_HIGH_WATER_MARK},
    {"1 MiB, 240 of them", 8, 1280000, 0, FORMAT_MSGPACK, 30, MIDDLE_HIGH_WATER_MARK},
    {"1 MiB, queues of 4", 8, 1280000, 0, FORMAT_MSGPACK, 30, 4},
};

/* The most that was resident before and after a first message was sent. */
struct peaks {
    double start_mib, load_mib;
};

static double to_mib(size_t kib) {
    return kib > 0 ? (double)kib / 1024 : NAN;
}

static int send_load(const struct workload *workload, const struct load *load, const struct middle *middle,
                     size_t passing_count, struct peaks *peaks) {
    struct flow_result result;
    char fault[FLOW_FAULT_CHARS];
    const struct flow flow = {workload, load->passes * workload->count, load->passes * passing_count, 0};
    peaks->start_mib = to_mib(middle_peak_kib(middle));
    if (middle_forget_peak(middle) != 0) return bench_fail("memory: the system does not tell peaks apart");
    if (flow_run(&flow, middle, &result, fault) != 0) return bench_fail("memory: %s: %s", load->name, fault);
    peaks->load_mib = to_mib(middle_peak_kib(middle));
    return BENCH_DONE;
}

/* Sends a load through a `cordon run` of its own. */
static int run_load(struct bench *bench, const struct load *load, struct peaks *peaks) {
    struct workload_config config = bench->workload;
    struct workload workload;
    struct middle middle = {0};
    size_t passing_count;
    const struct program_config program = {bench->rule_sources, bench->rule_source_count, load->high_water_mark};
    config.file = NULL;
    config.message_count = load->message_count;
    config.message_bytes = load->message_bytes;
    config.personal_percent = load->personal_percent;
    config.format = load->format;
    int status = bench_make_workload(bench, &config, &workload);
    if (status == BENCH_DONE) status = duel_count_passing(&workload, bench->rules, &passing_count);
    if (status == BENCH_DONE && workload.count - passing_count > workload.personal_count)
        status = bench_fail("memory: %s: messages that should be clean are withheld", load->name);
    if (status == BENCH_DONE && middle_start_program(&middle, "tcp", &program) != 0)
        status = bench_fail("memory: cordon, which belongs beside this program, does not start");
    if (status == BENCH_DONE) status = send_load(&workload, load, &middle, passing_count, peaks);
    if (middle.folder[0] != '\0') middle_stop(&middle);
    workload_reset(&workload);
    return status;
}

static void report(struct bench *bench, const char *name, const struct peaks *peaks) {
    const struct figure figures[] = {{"start_MiB", peaks->start_mib}, {"peak_MiB", peaks->load_mib}};
    report_row(&bench->report, "memory", name, figures, COUNT(figures));
}

int scenario_memory(struct bench *bench) {
    int status = BENCH_DONE;
    struct peaks worst = {0};
    for (size_t i = 0; i < COUNT(loads) && status == BENCH_DONE; i++) {
        struct peaks peaks = {NAN, NAN};
        status = run_load(bench, &loads[i], &peaks);
        if (status == BENCH_DONE) report(bench, loads[i].name, &peaks);
        worst.start_mib = fmax(worst.start_mib, peaks.start_mib);
        worst.load_mib = fmax(worst.load_mib, peaks.load_mib);
    }
    if (status == BENCH_DONE) report(bench, "the worst of these", &worst);
    return status;
}
