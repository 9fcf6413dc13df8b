#include "bench/bench.h"

#include "bench/contest.h"
#include "bench/generated_set.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The first is what the others are compared with. */
static const size_t rule_counts[] = {100, 10, 1000, 5000};

static int run_sets(struct bench *bench, const struct workload *workload, const struct generated_set *sets) {
    struct entry entries[COUNT(rule_counts) + 1];
    char names[COUNT(rule_counts)][32];
    for (size_t i = 0; i < COUNT(rule_counts); i++) {
        snprintf(names[i], sizeof names[i], "inspect, %zu rules", rule_counts[i]);
        entries[i] = (struct entry){&contestant_inspect, {workload, sets[i].rules, NULL}, names[i]};
    }
    entries[COUNT(rule_counts)] = (struct entry){&contestant_gather, {workload, sets[0].rules, NULL}, NULL};
    return contest_run(bench, "rules", entries, COUNT(entries), NULL);
}

int scenario_rules(struct bench *bench) {
    struct workload workload;
    struct generated_set sets[COUNT(rule_counts)];
    int status = bench_make_workload(bench, &bench->workload, &workload);
    for (size_t i = 0; i < COUNT(rule_counts); i++)
        if (generated_set_make(&sets[i], rule_counts[i], bench->workload.seed + i) != 0 && status == BENCH_DONE)
            status = bench_fail("rules: %zu generated rules do not compile", rule_counts[i]);
    if (status == BENCH_DONE) status = run_sets(bench, &workload, sets);
    for (size_t i = 0; i < COUNT(rule_counts); i++) generated_set_reset(&sets[i]);
    workload_reset(&workload);
    return status;
}
