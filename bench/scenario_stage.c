#include "bench/bench.h"

#include <math.h>

#include "bench/duel.h"
#include "bench/measure.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { MESSAGES_PER_MS = 400 }; /* of the time that a run takes at least, with room for a fast stage */

static const char *const transports[] = {"tcp", "ipc"};

/* What the runs of one side gave, per message. */
struct side {
    double wall_ns[MEASURE_RUNS_MAX], cpu_ns[MEASURE_RUNS_MAX];
};

struct stage_runs {
    const char *transport;
    struct workload workload;
    double peak_mib; /* of the stage */
    struct side sides[DUEL_SIDES];
};

static void report_sides(struct bench *bench, struct stage_runs *runs) {
    double cpu_ratios[MEASURE_RUNS_MAX], rate_ratios[MEASURE_RUNS_MAX];
    struct side *proxy = &runs->sides[MIDDLE_PROXY], *stage = &runs->sides[MIDDLE_STAGE];
    for (size_t i = 0; i < bench->runs; i++) {
        cpu_ratios[i] = stage->cpu_ns[i] / proxy->cpu_ns[i];
        rate_ratios[i] = proxy->wall_ns[i] / stage->wall_ns[i];
    }
    const double cpu_ratio = measure_median(cpu_ratios, bench->runs);
    const double rate_ratio = measure_median(rate_ratios, bench->runs);
    for (int side = 0; side < DUEL_SIDES; side++) {
        struct side *own = &runs->sides[side];
        const double cpu_ns = measure_median(own->cpu_ns, bench->runs);
        const double wall_ns = measure_median(own->wall_ns, bench->runs);
        const struct figure figures[] = {
            {"messages_per_s", 1e9 / wall_ns},
            {"best_per_s", 1e9 / own->wall_ns[0]},
            {"rate_ratio", own == proxy ? 1 : rate_ratio},
            {"cpu_ns", cpu_ns},
            {"best_cpu_ns", own->cpu_ns[0]},
            {"spread_percent", measure_spread(own->cpu_ns, bench->runs)},
            {"cpu_ratio", own == proxy ? 1 : cpu_ratio},
            /* A proxy has no memory to speak of, only what it was forked with. */
            {"peak_MiB", own == proxy ? NAN : runs->peak_mib},
        };
        char name[48];
        snprintf(name, sizeof name, "%s over %s", duel_side_name((enum middle_kind)side), runs->transport);
        report_row(&bench->report, "stage", name, figures, COUNT(figures));
    }
}

/* Sends the messages through both sides and keeps what that took as run `run`. */
static int run_once(const struct bench *bench, const struct duel *duel, struct side *sides, size_t run) {
    const size_t passes = 1 + (size_t)bench->run_ms * MESSAGES_PER_MS / duel->workload->count;
    const double messages = (double)(passes * duel->workload->count);
    for (int side = 0; side < DUEL_SIDES; side++) {
        struct flow_result result;
        const int status = duel_run(duel, (enum middle_kind)side, passes, 0, &result);
        if (status != BENCH_DONE) return status;
        sides[side].wall_ns[run] = result.seconds * 1e9 / messages;
        sides[side].cpu_ns[run] = result.cpu_ns / messages;
    }
    return BENCH_DONE;
}

/* Tells the memory of the stage, which is forked before there is a workload to inherit. Warms up, too. */
static int run_first(struct bench *bench, struct stage_runs *runs) {
    struct duel duel;
    int status = duel_begin(&duel, runs->transport, bench);
    if (status == BENCH_DONE) status = bench_make_workload(bench, &bench->workload, &runs->workload);
    if (status == BENCH_DONE) status = duel_use(&duel, &runs->workload, bench);
    if (status == BENCH_DONE) status = run_once(bench, &duel, runs->sides, 0);
    if (status == BENCH_DONE) runs->peak_mib = (double)middle_peak_kib(&duel.middles[MIDDLE_STAGE]) / 1024;
    duel_end(&duel);
    return status;
}

/* Every run has processes of its own: how the system places them on its processors stays for their lives. */
static int run_again(struct bench *bench, struct stage_runs *runs, size_t run) {
    struct duel duel;
    int status = duel_begin(&duel, runs->transport, bench);
    if (status == BENCH_DONE) status = duel_use(&duel, &runs->workload, bench);
    if (status == BENCH_DONE) status = run_once(bench, &duel, runs->sides, run);
    duel_end(&duel);
    return status;
}

int scenario_stage(struct bench *bench) {
    int status = BENCH_DONE;
    for (size_t i = 0; i < COUNT(transports) && status == BENCH_DONE; i++) {
        struct stage_runs runs = {.transport = transports[i]};
        status = run_first(bench, &runs);
        for (size_t run = 0; run < bench->runs && status == BENCH_DONE; run++) status = run_again(bench, &runs, run);
        if (status == BENCH_DONE) report_sides(bench, &runs);
        workload_reset(&runs.workload);
    }
    return status;
}
