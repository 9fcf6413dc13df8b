#include "bench/duel.h"

#include "bench/contestant.h"

int duel_begin(struct duel *duel, const char *transport, const struct bench *bench) {
    *duel = (struct duel){0};
    for (int side = 0; side < DUEL_SIDES; side++) {
        if (middle_start(&duel->middles[side], (enum middle_kind)side, transport, bench->rules) == 0) continue;
        return bench_fail("%s over %s does not start", duel_side_name((enum middle_kind)side), transport);
    }
    return BENCH_DONE;
}

int duel_keep_apart(struct duel *duel) {
    for (size_t side = 0; side < DUEL_SIDES; side++)
        if (middle_keep_apart(&duel->middles[side]) != 0) return bench_fail("processors cannot be chosen");
    return BENCH_DONE;
}

void duel_end(struct duel *duel) {
    for (size_t side = 0; side < DUEL_SIDES; side++)
        if (duel->middles[side].folder[0] != '\0') middle_stop(&duel->middles[side]);
}

int duel_count_passing(const struct workload *workload, const struct rule_set *rules, size_t *passing_count) {
    const struct subject subject = {workload, rules, NULL};
    void *inspect = contestant_inspect.create(&subject);
    if (inspect == NULL) return bench_fail("out of memory");
    *passing_count = workload->count - contestant_inspect.pass(inspect);
    contestant_inspect.destroy(inspect);
    return BENCH_DONE;
}

int duel_use(struct duel *duel, const struct workload *workload, const struct bench *bench) {
    duel->workload = workload;
    return duel_count_passing(workload, bench->rules, &duel->passing_count);
}

int duel_run(const struct duel *duel, enum middle_kind side, size_t passes, unsigned rate, struct flow_result *result) {
    char fault[FLOW_FAULT_CHARS];
    const size_t sent = passes * duel->workload->count;
    const struct flow flow = {.workload = duel->workload,
                              .message_count = sent,
                              .expected_count = side == MIDDLE_PROXY ? sent : passes * duel->passing_count,
                              .rate = rate};
    if (flow_run(&flow, &duel->middles[side], result, fault) == 0) return BENCH_DONE;
    return bench_fail("%s: %s", duel_side_name(side), fault);
}

int duel_run_for(const struct duel *duel, enum middle_kind side, double seconds, unsigned rate,
                 struct flow_result *result) {
    const int status = duel_run(duel, side, 1, 0, result);
    if (status != BENCH_DONE) return status;
    const double per_second = rate != 0 ? (double)rate : result->count / result->seconds;
    return duel_run(duel, side, 1 + (size_t)(seconds * per_second / result->count), rate, result);
}

const char *duel_side_name(enum middle_kind side) {
    return side == MIDDLE_PROXY ? "zmq_proxy" : "stage";
}
