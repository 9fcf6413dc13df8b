#include "bench/measure.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/allocations.h"

struct run {
    double ns_per_message;
    double allocations; /* per message */
};

static int64_t read_cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int compare_doubles(const void *one, const void *other) {
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

double measure_median(double *values, size_t count) {
    assert(count > 0);
    qsort(values, count, sizeof *values, compare_doubles);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double measure_spread(const double *sorted, size_t count) {
    return 100 * (sorted[count * 3 / 4] - sorted[count / 4]) / sorted[count / 2];
}

/* Passes until the time is over; false when one does not count what was counted before. */
static bool run_passes(const struct entrant *entrant, int64_t run_ns, size_t expected, struct run *run) {
    const size_t allocations_before = allocations_so_far();
    const int64_t begin_ns = read_cpu_ns();
    int64_t passed_ns;
    size_t passes = 0;
    do {
        if (entrant->pass(entrant->self) != expected) return false;
        passes++;
        passed_ns = read_cpu_ns() - begin_ns;
    } while (passed_ns < run_ns);
    const double messages = (double)passes * (double)entrant->message_count;
    run->ns_per_message = (double)passed_ns / messages;
    run->allocations = (double)(allocations_so_far() - allocations_before) / messages;
    return true;
}

static int check_counts(const struct entrant *entrants, size_t count, const struct measurement *measurements,
                        char fault[MEASURE_FAULT_CHARS]) {
    for (size_t i = 0; i < count; i++) {
        if (measurements[i].count == PASS_FAILED) {
            snprintf(fault, MEASURE_FAULT_CHARS, "%s: could not do its work", entrants[i].name);
            return -1;
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(entrants[i].counts, entrants[j].counts) != 0 || measurements[i].count == measurements[j].count)
                continue;
            snprintf(fault, MEASURE_FAULT_CHARS, "%s: %zu %s, but %s: %zu", entrants[i].name, measurements[i].count,
                     entrants[i].counts, entrants[j].name, measurements[j].count);
            return -1;
        }
    }
    return 0;
}

static double compare(struct run (*rounds)[MEASURE_ENTRANTS_MAX], size_t runs, size_t one, size_t other) {
    double ratios[MEASURE_RUNS_MAX];
    for (size_t i = 0; i < runs; i++) ratios[i] = rounds[i][one].ns_per_message / rounds[i][other].ns_per_message;
    return measure_median(ratios, runs);
}

static void summarise(struct run (*rounds)[MEASURE_ENTRANTS_MAX], size_t runs, size_t entrant, size_t entrant_count,
                      struct measurement *measurement) {
    double times[MEASURE_RUNS_MAX];
    for (size_t i = 0; i < runs; i++) times[i] = rounds[i][entrant].ns_per_message;
    measurement->median_ns = measure_median(times, runs);
    measurement->best_ns = times[0];
    measurement->spread_percent = measure_spread(times, runs);
    for (size_t i = 0; i < entrant_count; i++) measurement->ratios[i] = compare(rounds, runs, entrant, i);
    measurement->allocations = rounds[runs - 1][entrant].allocations;
}

int measure(const struct entrant *entrants, size_t entrant_count, size_t runs, unsigned run_ms,
            struct measurement *measurements, char fault[MEASURE_FAULT_CHARS]) {
    assert(entrant_count <= MEASURE_ENTRANTS_MAX && runs >= 1 && runs <= MEASURE_RUNS_MAX);
    struct run rounds[MEASURE_RUNS_MAX][MEASURE_ENTRANTS_MAX];
    for (size_t i = 0; i < entrant_count; i++) measurements[i].count = entrants[i].pass(entrants[i].self);
    if (check_counts(entrants, entrant_count, measurements, fault) != 0) return -1;
    for (size_t round = 0; round < runs; round++) {
        for (size_t i = 0; i < entrant_count; i++) {
            if (run_passes(&entrants[i], run_ms * INT64_C(1000000), measurements[i].count, &rounds[round][i])) continue;
            snprintf(fault, MEASURE_FAULT_CHARS, "%s: %s differ between runs", entrants[i].name, entrants[i].counts);
            return -1;
        }
    }
    for (size_t i = 0; i < entrant_count; i++) summarise(rounds, runs, i, entrant_count, &measurements[i]);
    return 0;
}
