#pragma once
/* A process between a producer and a consumer: a stage as `cordon run` has it, libzmq's zmq_proxy(), or `cordon run`
   itself. It binds a PULL and a PUSH socket and ends with the process that started it. */

#include <stdbool.h>
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
    bool is_apart;                 /* keeps to one half of the processors, producer and consumer to the other */
};

/* Starts one over "tcp" (loopback) or "ipc", and waits until it is ready. A stage withholds every class of `rules`.
   0, or -1 when it did not come up; middle_stop() either way. */
int middle_start(struct middle *middle, enum middle_kind kind, const char *transport, const struct rule_set *rules);

/* The same for a stage with so many workers. */
int middle_start_stage(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules);

/* What `cordon run` is told. */
struct program_config {
    const char *const *rule_sources; /* none: all packs */
    size_t rule_source_count;
    unsigned high_water_mark;
};

/* Starts the program `cordon` that stands beside this one, as its users start it. 0 or -1 as above; middle_stop()
   either way. */
int middle_start_program(struct middle *middle, const char *transport, const struct program_config *config);

void middle_stop(struct middle *middle);

/* Keeps it apart from its producer and consumer from now on. 0, or -1 when that cannot be. */
int middle_keep_apart(struct middle *middle);

/* Processor time of all its threads since it was started, or -1. */
int64_t middle_cpu_ns(const struct middle *middle);

/* The same of the stage's own thread, as of when it last waited for messages. */
int64_t middle_stage_cpu_ns(const struct middle *middle);

/* The most memory it had resident so far, or since middle_forget_peak(), in KiB; 0 when that is not known. */
size_t middle_peak_kib(const struct middle *middle);
int middle_forget_peak(const struct middle *middle); /* 0, or -1 when the system does not let it */
