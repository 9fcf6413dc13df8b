#include "bench/bench.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/generated_set.h"
#include "bench/measure.h"
#include "rules/compile/compile.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { STARTUP_RUNS_MAX = 5, NAME_CHARS = 64 };

/* Rules to start with. */
struct start {
    const char *name;
    size_t rule_count; /* of generated rules; 0: those that were asked for, proven by their examples */
};

static const struct start starts[] = {
    {"the rules, proven", 0}, {"100 generated rules", 100}, {"1000 generated rules", 1000}};

/* Times of starts in turn, compiling and from the cache. */
struct times {
    double compiling_ms[STARTUP_RUNS_MAX], cached_ms[STARTUP_RUNS_MAX], ratios[STARTUP_RUNS_MAX];
    size_t count;
};

static double read_cpu_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool start_generated(const struct bench *bench, size_t rule_count, struct rule_cache *cache) {
    struct generated_set set;
    const bool is_good = generated_set_make_cached(&set, rule_count, bench->workload.seed, cache) == 0;
    generated_set_reset(&set);
    return is_good;
}

static bool start_asked_for(const struct bench *bench, struct rule_cache *cache) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct rule_set *rules = rule_set_load_cached(bench->rule_sources, bench->rule_source_count, cache, &diagnostics);
    const bool is_good = rules != NULL;
    rule_set_destroy(&rules);
    diagnostics_reset(&diagnostics);
    return is_good;
}

/* One start, with what is kept in a folder, or without when it is NULL; its processor time, or -1 when it failed. */
static double start_once(const struct bench *bench, const struct start *start, const char *folder) {
    struct rule_cache cache;
    const double begin_ms = read_cpu_ms();
    rule_cache_init(&cache, folder);
    const bool is_good =
        start->rule_count > 0 ? start_generated(bench, start->rule_count, &cache) : start_asked_for(bench, &cache);
    const double time_ms = read_cpu_ms() - begin_ms;
    return is_good && cache.is_hit == (folder != NULL) ? time_ms : -1;
}

static void report_times(struct bench *bench, const char *name, double *times_ms, double ratio, size_t count) {
    const double median_ms = measure_median(times_ms, count);
    const struct figure figures[] = {{"median_ms", median_ms},
                                     {"best_ms", times_ms[0]},
                                     {"spread_percent", measure_spread(times_ms, count)},
                                     {"ratio", ratio}};
    report_row(&bench->report, "startup", name, figures, COUNT(figures));
}

static int run_start(struct bench *bench, const struct start *start, const char *folder) {
    struct times times = {.count = bench->runs < STARTUP_RUNS_MAX ? bench->runs : STARTUP_RUNS_MAX};
    char cached_name[NAME_CHARS];
    start_once(bench, start, folder); /* fills the cache */
    for (size_t i = 0; i < times.count; i++) {
        times.compiling_ms[i] = start_once(bench, start, NULL);
        times.cached_ms[i] = start_once(bench, start, folder);
        times.ratios[i] = times.cached_ms[i] / times.compiling_ms[i];
        if (times.compiling_ms[i] < 0) return bench_fail("startup: %s: they do not compile", start->name);
        if (times.cached_ms[i] < 0) return bench_fail("startup: %s: they were not kept", start->name);
    }
    snprintf(cached_name, sizeof cached_name, "%s, from the cache", start->name);
    report_times(bench, start->name, times.compiling_ms, 1, times.count);
    report_times(bench, cached_name, times.cached_ms, measure_median(times.ratios, times.count), times.count);
    return BENCH_DONE;
}

static void remove_folder(const char *path) {
    DIR *folder = opendir(path);
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder != NULL) closedir(folder);
    rmdir(path);
}

int scenario_startup(struct bench *bench) {
    int status = BENCH_DONE;
    char folder[] = "/tmp/cordon-bench-XXXXXX";
    if (mkdtemp(folder) == NULL) return bench_fail("startup: no folder can be made in /tmp");
    for (size_t i = 0; i < COUNT(starts) && status == BENCH_DONE; i++) status = run_start(bench, &starts[i], folder);
    remove_folder(folder);
    return status;
}
