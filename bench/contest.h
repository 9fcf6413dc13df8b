#pragma once
/* Contestants on their subjects, measured against each other and reported, one row for each. */

#include <stddef.h>

#include "bench/bench.h"
#include "bench/contestant.h"

struct entry {
    const struct contestant *contestant;
    struct subject subject;
    const char *name; /* NULL: the contestant's */
};

/* Runs the entries, the first of which is what the others are compared with; one that cannot take part is reported as
   left out. `measurements` (as many as entries, or NULL) is filled in the same order, NAN for who was left out.
   An enum bench_status. */
int contest_run(struct bench *bench, const char *scenario, const struct entry *entries, size_t entry_count,
                struct measurement *measurements);
