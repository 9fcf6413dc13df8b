#pragma once
/*
 * One run of messages through a middle: a producer and a consumer, each a process of its own. As fast as they are
 * taken, or at a fixed rate whatever happens (an open loop): then a message's latency counts from when it was meant to
 * be sent, so that one that had to wait for its turn is not left out (no coordinated omission).
 */

#include <stddef.h>
#include <stdint.h>

#include "bench/histogram.h"
#include "bench/middle.h"
#include "bench/workload.h"

enum { FLOW_FAULT_CHARS = 160 };

struct flow {
    const struct workload *workload; /* from the beginning, over and over */
    size_t message_count;            /* to send */
    size_t expected_count;           /* to arrive; more or less is a failure */
    unsigned rate;                   /* messages per second; 0: as fast as they are taken */
};

struct flow_result {
    double count;                /* of messages sent */
    double seconds;              /* from the first message sent to the last one received */
    double cpu_ns;               /* of the middle, for all messages */
    struct histogram latency_ns; /* with a rate, when all messages arrive */
};

/* 0, or -1 and `fault` says why. */
int flow_run(const struct flow *flow, const struct middle *middle, struct flow_result *result,
             char fault[FLOW_FAULT_CHARS]);
