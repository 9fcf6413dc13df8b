#pragma once
/*
 * Measures entrants against each other in one run: each does the same work in turn, A B C A B C, so that what the
 * machine does meanwhile falls on all of them. Ratios are taken round by round.
 *
 * The time is the processor time of the calling thread, which other programs disturb far less than the clock on the
 * wall.
 */

#include <stddef.h>
#include <stdint.h>

enum { MEASURE_FAULT_CHARS = 256, MEASURE_ENTRANTS_MAX = 16, MEASURE_RUNS_MAX = 101 };

#define PASS_FAILED SIZE_MAX

struct entrant {
    const char *name;
    const char *counts;         /* what pass() counts; entrants with the same text must come to the same number */
    size_t (*pass)(void *self); /* one time over all messages; what it counted, or PASS_FAILED */
    void *self;
    size_t message_count; /* of one pass */
};

struct measurement {
    double best_ns, median_ns;           /* per message */
    double spread_percent;               /* the middle half of all runs, against the median */
    double ratios[MEASURE_ENTRANTS_MAX]; /* to each entrant: the median of the rounds' ratios */
    double allocations;                  /* per message, after warming up */
    size_t count;                        /* as pass() counted */
};

/* The middle one of `count` values, which are sorted; at least one. */
double measure_median(double *values, size_t count);

/* The middle half of sorted values against their median, in percent. */
double measure_spread(const double *sorted, size_t count);

/* Warms up, then runs every entrant `runs` times for at least `run_ms`. 0, or -1 and `fault` says why: a pass failed or
   counts differ. */
int measure(const struct entrant *entrants, size_t entrant_count, size_t runs, unsigned run_ms,
            struct measurement *measurements, char fault[MEASURE_FAULT_CHARS]);
