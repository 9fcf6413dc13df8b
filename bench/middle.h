#pragma once
/* A process between a producer and a consumer: a stage as `cordon run` has it, or libzmq's zmq_proxy(). It binds a PULL
   and a PUSH socket and ends with the process that started it. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "inspect/rule_set.h"

enum middle_kind { MIDDLE_PROXY, MIDDLE_STAGE };

enum { MIDDLE_HIGH_WATER_MARK = 1000, MIDDLE_ENDPOINT_CHARS = 96 };

struct middle {
    pid_t pid; /* 0: not running */
    char input[MIDDLE_ENDPOINT_CHARS];
    char output[MIDDLE_ENDPOINT_CHARS];
    char folder[48];               /* of its own, for sockets and the audit */
    _Atomic int64_t *stage_cpu_ns; /* shared with it */
};

/* Starts one over "tcp" (loopback) or "ipc", and waits until it is ready. A stage withholds every class of `rules`.
   0, or -1 when it did not come up; middle_stop() either way. */
int middle_start(struct middle *middle, enum middle_kind kind, const char *transport, const struct rule_set *rules);

/* The same for a stage with so many workers. */
int middle_start_stage(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules);

void middle_stop(struct middle *middle);

/* Processor time of all its threads since it was started, or -1. */
int64_t middle_cpu_ns(const struct middle *middle);

/* The same of the stage's own thread, as of when it last waited for messages. */
int64_t middle_stage_cpu_ns(const struct middle *middle);

/* The most memory it had resident so far, in KiB; 0 when that is not known. */
size_t middle_peak_kib(const struct middle *middle);
