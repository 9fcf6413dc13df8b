#pragma once
/* A stage without sockets: messages are read from memory and let go when they are delivered. What it costs is its own.
   One at a time. */

#include <stddef.h>

#include "bench/workload.h"
#include "inspect/rule_set.h"

/* Per message. */
struct stage_in_process {
    double wall_ns;
    double cpu_ns;      /* processor time of all its threads */
    double stage_ns;    /* of the stage's own */
    double allocations; /* by all of them */
};

/* Sends the workload through a stage once to warm up, then `passes` times to measure. 0, or -1 when there was no
   memory, no audit could be written or the stage stood still. */
int stage_in_process_run(const struct workload *workload, const struct rule_set *rules, unsigned workers, size_t passes,
                         struct stage_in_process *result);
