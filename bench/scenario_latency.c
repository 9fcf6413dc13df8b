#include "bench/bench.h"

#include <stdlib.h>

#include "bench/duel.h"
#include "bench/measure.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    PROBE_MESSAGES = 20000,
    ROUNDS_MAX = 9,
    STRETCH = 20 /* rounds take that many times what is asked for, so that the rare is seen */
};

/* What the rounds of one side gave. */
struct side {
    struct histogram all_ns;
    double p999_ns[ROUNDS_MAX];
};

static void report_sides(struct bench *bench, unsigned rate, size_t rounds, struct side *sides) {
    double ratios[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++) ratios[i] = sides[MIDDLE_STAGE].p999_ns[i] / sides[MIDDLE_PROXY].p999_ns[i];
    const double ratio = measure_median(ratios, rounds);
    for (size_t side = 0; side < DUEL_SIDES; side++) {
        const struct histogram *all = &sides[side].all_ns;
        const struct figure figures[] = {
            {"rate_per_s", rate},
            {"p50_us", (double)histogram_quantile(all, 0.5) / 1e3},
            {"p90_us", (double)histogram_quantile(all, 0.9) / 1e3},
            {"p99_us", (double)histogram_quantile(all, 0.99) / 1e3},
            {"p99.9_us", (double)histogram_quantile(all, 0.999) / 1e3},
            {"p99.99_us", (double)histogram_quantile(all, 0.9999) / 1e3},
            {"max_us", (double)all->max / 1e3},
            {"p99.9_ratio", side == MIDDLE_PROXY ? 1 : ratio},
        };
        report_row(&bench->report, "latency", duel_side_name((enum middle_kind)side), figures, COUNT(figures));
    }
}

/* Half of what the stage can take, unless a rate was asked for. 0: it failed. */
static unsigned choose_rate(const struct bench *bench, const struct duel *duel) {
    struct flow_result result;
    const size_t passes = 1 + PROBE_MESSAGES / duel->workload->count;
    if (bench->rate != 0) return bench->rate;
    if (duel_run(duel, MIDDLE_STAGE, passes, 0, &result) != BENCH_DONE) return 0;
    return 1 + (unsigned)((double)(passes * duel->workload->count) / result.seconds / 2);
}

/* One round through both, at a rate that the first one chooses; each round has processes of its own. */
static int run_round(struct bench *bench, const struct workload *workload, size_t round, unsigned *rate,
                     struct side *sides) {
    struct duel duel;
    int status = duel_begin(&duel, "tcp", bench);
    if (status == BENCH_DONE) status = duel_use(&duel, workload, bench);
    if (status == BENCH_DONE && duel.passing_count < workload->count)
        status = bench_fail("latency: the rules withhold messages that should be clean");
    if (status == BENCH_DONE && *rate == 0 && (*rate = choose_rate(bench, &duel)) == 0) status = BENCH_FAILED;
    const size_t passes = 1 + (size_t)*rate * bench->run_ms * STRETCH / 1000 / workload->count;
    for (int side = 0; side < DUEL_SIDES && status == BENCH_DONE; side++) {
        struct flow_result result;
        status = duel_run(&duel, (enum middle_kind)side, passes, *rate, &result);
        histogram_merge(&sides[side].all_ns, &result.latency_ns);
        sides[side].p999_ns[round] = (double)histogram_quantile(&result.latency_ns, 0.999);
    }
    duel_end(&duel);
    return status;
}

/* Only messages that pass arrive, so there are no others in the workload. */
int scenario_latency(struct bench *bench) {
    struct workload_config config = bench->workload;
    struct workload workload;
    struct side *sides = calloc(DUEL_SIDES, sizeof *sides);
    const size_t rounds = bench->runs < ROUNDS_MAX ? bench->runs : ROUNDS_MAX;
    unsigned rate = 0;
    if (sides == NULL) return bench_fail("out of memory");
    config.personal_percent = 0;
    config.file = NULL;
    int status = bench_make_workload(bench, &config, &workload);
    for (size_t round = 0; round < rounds && status == BENCH_DONE; round++)
        status = run_round(bench, &workload, round, &rate, sides);
    if (status == BENCH_DONE) report_sides(bench, rate, rounds, sides);
    workload_reset(&workload);
    free(sides);
    return status;
}
