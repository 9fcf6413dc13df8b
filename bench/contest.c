#include "bench/contest.h"

#include <assert.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *entry_name(const struct entry *entry) {
    return entry->name != NULL ? entry->name : entry->contestant->name;
}

/* The entrant that others are also compared with, where it takes part: how many times as long as the product. */
static size_t find_product(const struct entry *entries, const size_t *positions, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (entries[positions[i]].contestant == &contestant_inspect) return i;
    return 0;
}

static void report_measurement(struct bench *bench, const char *scenario, const char *name,
                               const struct measurement *measurement, size_t product, const struct workload *workload) {
    const double bytes = (double)workload->length / (double)workload->count;
    const struct figure figures[] = {
        {"median_ns", measurement->median_ns},           {"best_ns", measurement->best_ns},
        {"spread_percent", measurement->spread_percent}, {"ratio", measurement->ratios[0]},
        {"inspect_ratio", measurement->ratios[product]}, {"MB_per_s", bytes / measurement->median_ns * 1e3},
        {"allocations", measurement->allocations},       {"counted", (double)measurement->count},
    };
    report_row(&bench->report, scenario, name, figures, COUNT(figures));
}

static void report_notes(struct bench *bench, const char *scenario, const struct entry *entries, void *const *selves,
                         size_t entry_count) {
    char text[160];
    for (size_t i = 0; i < entry_count; i++) {
        const struct contestant *contestant = entries[i].contestant;
        const char *note = selves[i] != NULL && contestant->note != NULL ? contestant->note(selves[i]) : "";
        snprintf(text, sizeof text, "%s: left out, it cannot take part here", entry_name(&entries[i]));
        if (selves[i] == NULL) note = text;
        if (note[0] != '\0') report_note(&bench->report, scenario, note);
    }
}

static int run_entrants(struct bench *bench, const char *scenario, const struct entry *entries, void *const *selves,
                        size_t entry_count, struct measurement *measurements) {
    struct entrant entrants[MEASURE_ENTRANTS_MAX] = {{0}};
    struct measurement results[MEASURE_ENTRANTS_MAX];
    size_t positions[MEASURE_ENTRANTS_MAX], count = 0;
    char fault[MEASURE_FAULT_CHARS];
    for (size_t i = 0; i < entry_count; i++) {
        if (measurements != NULL) measurements[i] = (struct measurement){.median_ns = NAN};
        if (selves[i] == NULL) continue;
        positions[count] = i;
        entrants[count++] =
            (struct entrant){entry_name(&entries[i]), entries[i].contestant->counts, entries[i].contestant->pass,
                             selves[i], entries[i].subject.workload->count};
    }
    if (measure(entrants, count, bench->runs, bench->run_ms, results, fault) != 0)
        return bench_fail("%s: %s", scenario, fault);
    for (size_t i = 0; i < count; i++) {
        report_measurement(bench, scenario, entrants[i].name, &results[i], find_product(entries, positions, count),
                           entries[positions[i]].subject.workload);
        if (measurements != NULL) measurements[positions[i]] = results[i];
    }
    return BENCH_DONE;
}

int contest_run(struct bench *bench, const char *scenario, const struct entry *entries, size_t entry_count,
                struct measurement *measurements) {
    assert(entry_count >= 1 && entry_count <= MEASURE_ENTRANTS_MAX);
    void *selves[MEASURE_ENTRANTS_MAX] = {NULL};
    for (size_t i = 0; i < entry_count; i++) selves[i] = entries[i].contestant->create(&entries[i].subject);
    int status = BENCH_FAILED;
    if (selves[0] == NULL)
        bench_fail("%s: %s cannot be set up", scenario, entry_name(&entries[0]));
    else
        status = run_entrants(bench, scenario, entries, selves, entry_count, measurements);
    if (status == BENCH_DONE) report_notes(bench, scenario, entries, selves, entry_count);
    for (size_t i = 0; i < entry_count; i++)
        if (selves[i] != NULL) entries[i].contestant->destroy(selves[i]);
    return status;
}
