#include "bench/bench.h"

#include <time.h>

#include "bench/generated_set.h"
#include "bench/measure.h"
#include "rules/compile/compile.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { STARTUP_RUNS_MAX = 5 };

/* Ways to get a rule set; each returns whether it got one. */
struct start {
    const char *name;
    size_t rule_count; /* of generated rules; 0: the rules that were asked for, proven by their examples */
};

static const struct start starts[] = {
    {"the rules, with their examples", 0}, {"100 generated rules", 100}, {"1000 generated rules", 1000}};

static double read_cpu_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool start_once(const struct bench *bench, const struct start *start) {
    if (start->rule_count > 0) {
        struct generated_set set;
        const bool is_good = generated_set_make(&set, start->rule_count, bench->workload.seed) == 0;
        generated_set_reset(&set);
        return is_good;
    }
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct rule_set *rules = rule_set_load(bench->rule_sources, bench->rule_source_count, &diagnostics);
    const bool is_good = rules != NULL;
    rule_set_destroy(&rules);
    diagnostics_reset(&diagnostics);
    return is_good;
}

static int run_start(struct bench *bench, const struct start *start) {
    double times_ms[STARTUP_RUNS_MAX];
    const size_t runs = bench->runs < STARTUP_RUNS_MAX ? bench->runs : STARTUP_RUNS_MAX;
    for (size_t i = 0; i < runs; i++) {
        const double begin_ms = read_cpu_ms();
        if (!start_once(bench, start)) return bench_fail("startup: %s: they do not compile", start->name);
        times_ms[i] = read_cpu_ms() - begin_ms;
    }
    const double median_ms = measure_median(times_ms, runs);
    const struct figure figures[] = {
        {"median_ms", median_ms}, {"best_ms", times_ms[0]}, {"spread_percent", measure_spread(times_ms, runs)}};
    report_row(&bench->report, "startup", start->name, figures, COUNT(figures));
    return BENCH_DONE;
}

int scenario_startup(struct bench *bench) {
    int status = BENCH_DONE;
    for (size_t i = 0; i < COUNT(starts) && status == BENCH_DONE; i++) status = run_start(bench, &starts[i]);
    return status;
}
