#include "bench/bench.h"

#include "bench/contest.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The first is what the others are compared with: a decoder that looks at nothing. */
static const struct contestant *const msgpack_contestants[] = {
    &contestant_msgpack_c, &contestant_inspect,  &contestant_long_way,  &contestant_walk,
    &contestant_gather,    &contestant_hs_value, &contestant_hs_buffer, &contestant_pcre2,
#ifdef BENCH_HAS_RE2
    &contestant_re2,
#endif
};

/* msgpack-c reads no JSON: the own walk takes its place. */
static const struct contestant *const json_contestants[] = {&contestant_walk, &contestant_inspect, &contestant_long_way,
                                                            &contestant_gather};

static int run_on(struct bench *bench, const char *scenario, const struct workload *workload,
                  const struct pattern_list *patterns, const struct contestant *const *contestants, size_t count) {
    struct entry entries[MEASURE_ENTRANTS_MAX];
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct entry){contestants[i], {workload, bench->rules, patterns}, NULL};
    return contest_run(bench, scenario, entries, count, NULL);
}

/* The same messages in both formats. */
static int compare_formats(struct bench *bench, const struct pattern_list *patterns, const struct workload *msgpack,
                           struct workload_config config) {
    struct workload json;
    config.format = FORMAT_JSON;
    int status = bench_make_workload(bench, &config, &json);
    if (status == BENCH_DONE) {
        const struct entry entries[] = {
            {&contestant_inspect, {msgpack, bench->rules, patterns}, "inspect, msgpack"},
            {&contestant_inspect, {&json, bench->rules, patterns}, "inspect, JSON"},
        };
        const char *scenario = config.is_unique ? "formats, unique texts" : "formats";
        status = contest_run(bench, scenario, entries, COUNT(entries), NULL);
    }
    workload_reset(&json);
    return status;
}

static int run_workload(struct bench *bench, const struct pattern_list *patterns,
                        const struct workload_config *config) {
    struct workload workload;
    const char *scenario = config->is_unique ? "inspect, unique texts" : "inspect";
    int status = bench_make_workload(bench, config, &workload);
    if (status == BENCH_DONE && config->format == FORMAT_JSON) {
        status = run_on(bench, scenario, &workload, patterns, json_contestants, COUNT(json_contestants));
    } else if (status == BENCH_DONE) {
        status = run_on(bench, scenario, &workload, patterns, msgpack_contestants, COUNT(msgpack_contestants));
        if (status == BENCH_DONE) status = compare_formats(bench, patterns, &workload, *config);
    }
    workload_reset(&workload);
    return status;
}

static const struct share {
    const char *name;
    unsigned percent;
} shares[] = {{"inspect, none personal", 0}, {"inspect, 1 % personal", 1}, {"inspect, 10 % personal", 10}};

/* What is found costs more than what is not. Each counts something of its own: the messages are not the same. */
static int compare_shares(struct bench *bench, const struct pattern_list *patterns, struct workload_config config) {
    struct workload workloads[COUNT(shares)] = {{0}};
    struct contestant contestants[COUNT(shares)];
    struct entry entries[COUNT(shares)];
    int status = BENCH_DONE;
    for (size_t i = 0; i < COUNT(shares) && status == BENCH_DONE; i++) {
        config.personal_percent = shares[i].percent;
        status = bench_make_workload(bench, &config, &workloads[i]);
        contestants[i] = contestant_inspect;
        contestants[i].counts = shares[i].name;
        entries[i] = (struct entry){&contestants[i], {&workloads[i], bench->rules, patterns}, shares[i].name};
    }
    if (status == BENCH_DONE) status = contest_run(bench, "personal", entries, COUNT(entries), NULL);
    for (size_t i = 0; i < COUNT(shares); i++) workload_reset(&workloads[i]);
    return status;
}

/* Generated messages are looked at with texts that repeat, with texts that never do, and with something personal. */
int scenario_inspect(struct bench *bench) {
    struct pattern_list patterns;
    struct workload_config config = bench->workload;
    if (pattern_list_make(&patterns, &bench->drafts) != 0) return bench_fail("out of memory");
    int status = run_workload(bench, &patterns, &config);
    if (status == BENCH_DONE && config.file == NULL && !config.is_unique) {
        config.is_unique = true;
        status = run_workload(bench, &patterns, &config);
        if (status == BENCH_DONE) status = compare_shares(bench, &patterns, bench->workload);
    }
    pattern_list_reset(&patterns);
    return status;
}
