#include "bench/bench.h"

#include "bench/contestant.h"
#include "bench/generated_set.h"
#include "bench/instructions.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct section {
    const char *name;
    const struct contestant *contestant;
    bool is_unique;
    enum format format;
    size_t rule_count; /* generated ones; 0: the rules that were asked for */
} sections[] = {
    {"msgpack-c, repeating texts", &contestant_msgpack_c, false, FORMAT_MSGPACK, 0},
    {"inspect, repeating texts", &contestant_inspect, false, FORMAT_MSGPACK, 0},
    {"msgpack-c, unique texts", &contestant_msgpack_c, true, FORMAT_MSGPACK, 0},
    {"inspect, unique texts", &contestant_inspect, true, FORMAT_MSGPACK, 0},
    {"inspect, JSON", &contestant_inspect, false, FORMAT_JSON, 0},
    {"inspect, 100 rules", &contestant_inspect, false, FORMAT_MSGPACK, 100},
    {"inspect, 1000 rules", &contestant_inspect, false, FORMAT_MSGPACK, 1000},
};

/* Warms up on the first half of the messages and counts on the other, which nothing has been learnt of. */
static int count_pass(struct bench *bench, const struct section *section, const struct workload *workload,
                      const struct rule_set *rules) {
    struct workload half = *workload;
    const struct subject subject = {&half, rules, NULL};
    half.count = workload->count / 2;
    void *self = section->contestant->create(&subject);
    if (self == NULL) return bench_fail("instructions: %s cannot be set up", section->name);
    const size_t warmed = section->contestant->pass(self);
    half.messages += half.count;
    instructions_begin();
    const size_t counted = section->contestant->pass(self);
    instructions_end(section->name);
    section->contestant->destroy(self);
    if (warmed == PASS_FAILED || counted == PASS_FAILED)
        return bench_fail("instructions: %s could not do its work", section->name);
    const struct figure figures[] = {{"messages", (double)half.count}, {"counted", (double)counted}};
    report_row(&bench->report, "instructions", section->name, figures, COUNT(figures));
    return BENCH_DONE;
}

static int run_section(struct bench *bench, const struct section *section) {
    struct workload_config config = bench->workload;
    struct workload workload;
    struct generated_set set = {0};
    config.is_unique = section->is_unique;
    config.format = section->format;
    int status = bench_make_workload(bench, &config, &workload);
    if (section->rule_count > 0 && generated_set_make(&set, section->rule_count, config.seed) != 0)
        status = bench_fail("instructions: %zu generated rules do not compile", section->rule_count);
    if (status == BENCH_DONE)
        status = count_pass(bench, section, &workload, set.rules != NULL ? set.rules : bench->rules);
    if (section->rule_count > 0) generated_set_reset(&set);
    workload_reset(&workload);
    return status;
}

int scenario_instructions(struct bench *bench) {
    int status = BENCH_DONE;
    if (bench->workload.message_count < 2) return bench_fail("instructions: it takes two messages");
    if (!instructions_are_counted())
        return bench_fail("instructions: they are counted under valgrind --tool=callgrind, by a program that was built "
                          "where valgrind is installed");
    for (size_t i = 0; i < COUNT(sections) && status == BENCH_DONE; i++) status = run_section(bench, &sections[i]);
    return status;
}
