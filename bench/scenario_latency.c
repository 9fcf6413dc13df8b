#include "bench/bench.h"

#include <math.h>
#include <stdlib.h>

#include "bench/duel.h"
#include "bench/measure.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    PROBES = 3,        /* of what each side can take */
    PROBE_STRETCH = 4, /* probes and rounds take that many times what is asked for; rounds so that the rare is seen */
    ROUND_STRETCH = 20,
    ROUNDS_MAX = 9
};

/* What the probes and rounds of one side gave. */
struct side {
    double capacities[PROBES]; /* messages per second, when as many are sent as it takes */
    struct histogram all_ns;
    double p999_ns[ROUNDS_MAX];
    double cpu_ns[ROUNDS_MAX]; /* per message */
};

struct latency_runs {
    struct workload workload;
    unsigned rate;
    struct side sides[DUEL_SIDES];
};

/* The median of the rounds' ratios; the figures of a round stand at its position. */
static double compare_rounds(const double *one, const double *other, size_t rounds) {
    double ratios[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++) ratios[i] = one[i] / other[i];
    return measure_median(ratios, rounds);
}

static void report_sides(struct bench *bench, struct latency_runs *runs, size_t rounds) {
    struct side *proxy = &runs->sides[MIDDLE_PROXY], *stage = &runs->sides[MIDDLE_STAGE];
    const double latency_ratio = compare_rounds(stage->p999_ns, proxy->p999_ns, rounds);
    const double cpu_ratio = compare_rounds(stage->cpu_ns, proxy->cpu_ns, rounds);
    for (size_t side = 0; side < DUEL_SIDES; side++) {
        struct side *own = &runs->sides[side];
        const struct histogram *all = &own->all_ns;
        const struct figure figures[] = {
            {"capacity_per_s", bench->rate != 0 ? NAN : measure_median(own->capacities, PROBES)},
            {"rate_per_s", runs->rate},
            {"p50_us", (double)histogram_quantile(all, 0.5) / 1e3},
            {"p90_us", (double)histogram_quantile(all, 0.9) / 1e3},
            {"p99_us", (double)histogram_quantile(all, 0.99) / 1e3},
            {"p99.9_us", (double)histogram_quantile(all, 0.999) / 1e3},
            {"p99.99_us", (double)histogram_quantile(all, 0.9999) / 1e3},
            {"max_us", (double)all->max / 1e3},
            {"p99.9_median_us", measure_median(own->p999_ns, rounds) / 1e3},
            {"p99.9_ratio", own == proxy ? 1 : latency_ratio},
            {"cpu_ns", measure_median(own->cpu_ns, rounds)},
            {"cpu_ratio", own == proxy ? 1 : cpu_ratio},
        };
        report_row(&bench->report, "latency", duel_side_name((enum middle_kind)side), figures, COUNT(figures));
    }
}

static int begin_duel(struct bench *bench, const struct workload *workload, struct duel *duel) {
    int status = duel_begin(duel, "tcp", bench);
    if (status == BENCH_DONE) status = duel_use(duel, workload, bench);
    if (status == BENCH_DONE && duel->passing_count < workload->count)
        status = bench_fail("latency: the rules withhold messages that should be clean");
    return status;
}

/* How much both can take, with the same producer and consumer beside them. */
static int probe(struct bench *bench, struct latency_runs *runs, size_t number) {
    struct duel duel;
    int status = begin_duel(bench, &runs->workload, &duel);
    for (int side = 0; side < DUEL_SIDES && status == BENCH_DONE; side++) {
        struct flow_result result;
        status = duel_run_for(&duel, (enum middle_kind)side, PROBE_STRETCH * bench->run_ms / 1e3, 0, &result);
        runs->sides[side].capacities[number] = result.count / result.seconds;
    }
    duel_end(&duel);
    return status;
}

/* Half of what the slower one takes, unless a rate was asked for. */
static int choose_rate(struct bench *bench, struct latency_runs *runs) {
    int status = BENCH_DONE;
    runs->rate = bench->rate;
    if (runs->rate != 0) return status;
    for (size_t i = 0; i < PROBES && status == BENCH_DONE; i++) status = probe(bench, runs, i);
    if (status != BENCH_DONE) return status;
    const double proxy = measure_median(runs->sides[MIDDLE_PROXY].capacities, PROBES);
    const double stage = measure_median(runs->sides[MIDDLE_STAGE].capacities, PROBES);
    runs->rate = 1 + (unsigned)((proxy < stage ? proxy : stage) / 2);
    return status;
}

/* One round through both, with processes of its own; they take turns at being the first. */
static int run_round(struct bench *bench, struct latency_runs *runs, size_t round) {
    struct duel duel;
    int status = begin_duel(bench, &runs->workload, &duel);
    for (size_t turn = 0; turn < DUEL_SIDES && status == BENCH_DONE; turn++) {
        struct flow_result result;
        const size_t side = (turn + round) % DUEL_SIDES;
        status = duel_run_for(&duel, (enum middle_kind)side, ROUND_STRETCH * bench->run_ms / 1e3, runs->rate, &result);
        if (status != BENCH_DONE) break;
        histogram_merge(&runs->sides[side].all_ns, &result.latency_ns);
        runs->sides[side].cpu_ns[round] = result.cpu_ns / result.count;
        runs->sides[side].p999_ns[round] = (double)histogram_quantile(&result.latency_ns, 0.999);
    }
    duel_end(&duel);
    return status;
}

/* Only messages that pass arrive, so there are no others in the workload. */
int scenario_latency(struct bench *bench) {
    struct workload_config config = bench->workload;
    struct latency_runs *runs = calloc(1, sizeof *runs);
    const size_t rounds = bench->runs < ROUNDS_MAX ? bench->runs : ROUNDS_MAX;
    if (runs == NULL) return bench_fail("out of memory");
    config.personal_percent = 0;
    config.file = NULL;
    int status = bench_make_workload(bench, &config, &runs->workload);
    if (status == BENCH_DONE) status = choose_rate(bench, runs);
    for (size_t round = 0; round < rounds && status == BENCH_DONE; round++) status = run_round(bench, runs, round);
    if (status == BENCH_DONE) report_sides(bench, runs, rounds);
    workload_reset(&runs->workload);
    free(runs);
    return status;
}
