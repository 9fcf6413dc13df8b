#include "bench/bench.h"

#include <unistd.h>

#include "bench/duel.h"
#include "bench/measure.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { STRETCH = 4 }; /* a run takes that many times what is asked for: sockets are less steady than processors */

/* Left to the system, as they would be in service, and once kept apart: that is steadier, but a proxy whose two threads
   share a processor is the dearer for it. */
static const struct setting {
    const char *name, *transport;
    bool is_apart;
} settings[] = {{"tcp", "tcp", false}, {"ipc", "ipc", false}, {"tcp, apart", "tcp", true}};

/* What the runs of one side gave, per message. */
struct side {
    double wall_ns[MEASURE_RUNS_MAX], cpu_ns[MEASURE_RUNS_MAX];
};

struct stage_runs {
    const struct setting *setting;
    struct workload workload;
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
        };
        char name[48];
        snprintf(name, sizeof name, "%s over %s", duel_side_name((enum middle_kind)side), runs->setting->name);
        report_row(&bench->report, "stage", name, figures, COUNT(figures));
    }
}

static int run_side(const struct bench *bench, const struct duel *duel, struct side *own, enum middle_kind kind,
                    size_t run) {
    struct flow_result result;
    const int status = duel_run_for(duel, kind, STRETCH * bench->run_ms / 1e3, 0, &result);
    own->wall_ns[run] = result.seconds * 1e9 / result.count;
    own->cpu_ns[run] = result.cpu_ns / result.count;
    return status;
}

/* Both sides take turns at being the first. */
static int run_both(const struct bench *bench, const struct duel *duel, struct side *sides, size_t run) {
    int status = BENCH_DONE;
    for (size_t turn = 0; turn < DUEL_SIDES && status == BENCH_DONE; turn++) {
        const size_t side = (turn + run) % DUEL_SIDES;
        status = run_side(bench, duel, &sides[side], (enum middle_kind)side, run);
    }
    return status;
}

/* Every run has processes of its own: how the system places them on its processors stays for their lives. */
static int run_afresh(struct bench *bench, struct stage_runs *runs, size_t run) {
    struct duel duel;
    int status = duel_begin(&duel, runs->setting->transport, bench);
    if (status == BENCH_DONE && runs->setting->is_apart) status = duel_keep_apart(&duel);
    if (status == BENCH_DONE) status = duel_use(&duel, &runs->workload, bench);
    if (status == BENCH_DONE) status = run_both(bench, &duel, runs->sides, run);
    duel_end(&duel);
    return status;
}

int scenario_stage(struct bench *bench) {
    struct stage_runs runs = {0};
    int status = bench_make_workload(bench, &bench->workload, &runs.workload);
    for (size_t i = 0; i < COUNT(settings) && status == BENCH_DONE; i++) {
        if (settings[i].is_apart && sysconf(_SC_NPROCESSORS_ONLN) < 2) continue;
        runs.setting = &settings[i];
        for (size_t run = 0; run < bench->runs && status == BENCH_DONE; run++) status = run_afresh(bench, &runs, run);
        if (status == BENCH_DONE) report_sides(bench, &runs);
    }
    workload_reset(&runs.workload);
    return status;
}
