/*
 * What lanes bring. Without sockets, on a mix of sizes of which a tenth is withheld, for what the processors of this
 * machine let be seen; over tcp, with producer and consumer on the same processors. Then a model of more lanes than
 * there are processors, from what a message takes of the thread that all lanes share and of its lane's.
 */

#include "bench/bench.h"

#include <math.h>
#include <stdlib.h>

#include "bench/duel.h"
#include "bench/measure.h"
#include "bench/stage_in_process.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { PERSONAL_PERCENT = 10, MESSAGES_PER_MS = 60 /* of the time that a run takes at least */ };

static const unsigned worker_counts[] = {1, 2, 4};
static const unsigned modelled_counts[] = {4, 8, 16, 32, 64};

enum { ENTRANTS = COUNT(worker_counts) };

/* What the runs of one number of workers gave, per message. */
struct entrant_runs {
    double wall_ns[MEASURE_RUNS_MAX];
    double cpu_ns[MEASURE_RUNS_MAX];   /* of all threads */
    double stage_ns[MEASURE_RUNS_MAX]; /* of the stage's own */
    double allocations;                /* NAN: not known */
};

static size_t pass_count(const struct bench *bench, const struct workload *workload) {
    return 1 + (size_t)bench->run_ms * MESSAGES_PER_MS / workload->count;
}

static int run_in_process(const struct bench *bench, const struct duel *duel, unsigned workers,
                          struct entrant_runs *runs, size_t run) {
    struct stage_in_process result;
    const size_t passes = pass_count(bench, duel->workload);
    if (stage_in_process_run(duel->workload, bench->rules, workers, passes, &result) != 0)
        return bench_fail("workers: no memory, no audit, or the stage stands still");
    runs->wall_ns[run] = result.wall_ns;
    runs->cpu_ns[run] = result.cpu_ns;
    runs->stage_ns[run] = result.stage_ns;
    runs->allocations = fmax(runs->allocations, result.allocations);
    return BENCH_DONE;
}

/* Fails when not just the messages that inspect() passes arrive. */
static int flow_through(const struct middle *middle, const struct bench *bench, const struct duel *duel,
                        struct entrant_runs *runs, size_t run) {
    struct flow_result result;
    char fault[FLOW_FAULT_CHARS];
    const size_t passes = pass_count(bench, duel->workload);
    const struct flow flow = {duel->workload, passes * duel->workload->count, passes * duel->passing_count, 0};
    if (flow_run(&flow, middle, &result, fault) != 0) return bench_fail("workers: %s", fault);
    const double messages = (double)flow.message_count;
    runs->wall_ns[run] = result.seconds * 1e9 / messages;
    runs->cpu_ns[run] = result.cpu_ns / messages;
    runs->stage_ns[run] = (double)middle_stage_cpu_ns(middle) / messages;
    runs->allocations = NAN;
    return BENCH_DONE;
}

static int run_over_tcp(const struct bench *bench, const struct duel *duel, unsigned workers, struct entrant_runs *runs,
                        size_t run) {
    struct middle middle;
    const int status = middle_start_stage(&middle, workers, "tcp", bench->rules) == 0
                           ? flow_through(&middle, bench, duel, runs, run)
                           : bench_fail("workers: a stage over tcp does not start");
    middle_stop(&middle);
    return status;
}

/* Medians. */
struct summary {
    double wall_ns, best_ns, speedup;
    double cpu_ns, stage_ns;
    double rest_ns; /* of the other threads: the lanes and ZeroMQ's */
};

static void summarise(const struct bench *bench, struct entrant_runs *entrants, struct summary *summaries) {
    double speedups[ENTRANTS][MEASURE_RUNS_MAX], rests[MEASURE_RUNS_MAX];
    for (size_t i = 0; i < ENTRANTS; i++)
        for (size_t run = 0; run < bench->runs; run++)
            speedups[i][run] = entrants[0].wall_ns[run] / entrants[i].wall_ns[run];
    for (size_t i = 0; i < ENTRANTS; i++) {
        struct entrant_runs *own = &entrants[i];
        for (size_t run = 0; run < bench->runs; run++) rests[run] = own->cpu_ns[run] - own->stage_ns[run];
        summaries[i] = (struct summary){
            .wall_ns = measure_median(own->wall_ns, bench->runs),
            .best_ns = own->wall_ns[0],
            .speedup = measure_median(speedups[i], bench->runs),
            .cpu_ns = measure_median(own->cpu_ns, bench->runs),
            .stage_ns = measure_median(own->stage_ns, bench->runs),
            .rest_ns = measure_median(rests, bench->runs),
        };
    }
}

static void report_entrant(struct bench *bench, const char *where, unsigned workers, const struct summary *own,
                           double allocations) {
    char name[48];
    snprintf(name, sizeof name, "%u %s %s", workers, workers > 1 ? "workers" : "worker", where);
    const struct figure figures[] = {
        {"messages_per_s", 1e9 / own->wall_ns},
        {"best_per_s", 1e9 / own->best_ns},
        {"speedup", own->speedup},
        {"cpu_ns", own->cpu_ns},
        {"stage_ns", own->stage_ns},
        {"rest_ns", own->rest_ns},
        {"allocations", allocations},
    };
    report_row(&bench->report, "workers", name, figures, COUNT(figures));
}

/* What one and two workers took, laid out for more. What ZeroMQ's thread takes is known from one, where there is no
   other. Amdahl's law has the shared part and the lanes' one after the other; they overlap, so more is possible, but
   never more than the slowest thread allows. */
static void report_model(struct bench *bench, const char *where, const struct summary *one, const struct summary *two) {
    const double zmq_ns = one->rest_ns, all_lanes_ns = two->rest_ns - zmq_ns;
    for (size_t i = 0; i < COUNT(modelled_counts); i++) {
        const double lane_ns = all_lanes_ns / modelled_counts[i];
        char name[48];
        snprintf(name, sizeof name, "model of %u workers %s", modelled_counts[i], where);
        const struct figure figures[] = {
            {"amdahl_per_s", 1e9 / (two->stage_ns + lane_ns)},
            {"amdahl_speedup", one->stage_ns / (two->stage_ns + lane_ns)},
            {"limit_per_s", 1e9 / fmax(fmax(two->stage_ns, zmq_ns), lane_ns)},
        };
        report_row(&bench->report, "workers, modelled", name, figures, COUNT(figures));
    }
}

static void report_all(struct bench *bench, const char *where, struct entrant_runs *entrants) {
    struct summary summaries[ENTRANTS];
    summarise(bench, entrants, summaries);
    for (size_t i = 0; i < ENTRANTS; i++)
        report_entrant(bench, where, worker_counts[i], &summaries[i], entrants[i].allocations);
    report_model(bench, where, &summaries[0], &summaries[1]);
}

typedef int run_entrant(const struct bench *bench, const struct duel *duel, unsigned workers, struct entrant_runs *runs,
                        size_t run);

static int compare(struct bench *bench, const char *where, const struct workload_config *config, run_entrant *run_one) {
    struct workload workload;
    struct duel duel = {0};
    struct entrant_runs *entrants = calloc(ENTRANTS, sizeof *entrants);
    if (entrants == NULL) return bench_fail("out of memory");
    int status = bench_make_workload(bench, config, &workload);
    if (status == BENCH_DONE) status = duel_use(&duel, &workload, bench);
    for (size_t run = 0; run < bench->runs; run++)
        for (size_t i = 0; i < ENTRANTS && status == BENCH_DONE; i++)
            status = run_one(bench, &duel, worker_counts[i], &entrants[i], run);
    if (status == BENCH_DONE) report_all(bench, where, entrants);
    workload_reset(&workload);
    free(entrants);
    return status;
}

int scenario_workers(struct bench *bench) {
    struct workload_config mix = bench->workload;
    mix.message_bytes = 0;
    if (mix.personal_percent == 0) mix.personal_percent = PERSONAL_PERCENT;
    const int status = compare(bench, "in process", &mix, run_in_process);
    return status == BENCH_DONE ? compare(bench, "over tcp", &bench->workload, run_over_tcp) : status;
}
