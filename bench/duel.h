#pragma once
/* A stage and a zmq_proxy that run side by side, each waiting while messages go through the other. */

#include <stddef.h>

#include "bench/bench.h"
#include "bench/flow.h"
#include "bench/middle.h"

enum { DUEL_SIDES = 2 }; /* by enum middle_kind */

struct duel {
    struct middle middles[DUEL_SIDES];
    const struct workload *workload;
    size_t passing_count; /* of the workload's messages, by inspect() itself */
};

/* Starts both over "tcp" or "ipc". An enum bench_status; duel_end() either way. */
int duel_begin(struct duel *duel, const char *transport, const struct bench *bench);
/* Keeps both on one half of the processors and what sends to them on the other. An enum bench_status. */
int duel_keep_apart(struct duel *duel);
void duel_end(struct duel *duel);

/* How many messages of a workload pass, by inspect() itself. An enum bench_status. */
int duel_count_passing(const struct workload *workload, const struct rule_set *rules, size_t *passing_count);

/* What goes through them from now on. An enum bench_status. */
int duel_use(struct duel *duel, const struct workload *workload, const struct bench *bench);

/* Sends the workload `passes` times through one of them. An enum bench_status: it fails when not just the messages that
   should pass arrive. */
int duel_run(const struct duel *duel, enum middle_kind side, size_t passes, unsigned rate, struct flow_result *result);

/* The same for about so long, whatever its speed, after one pass that warms it up and tells that: a run of few messages
   would show its start. */
int duel_run_for(const struct duel *duel, enum middle_kind side, double seconds, unsigned rate,
                 struct flow_result *result);

const char *duel_side_name(enum middle_kind side);
