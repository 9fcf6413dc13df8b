#pragma once
/* A stage between fake sockets, with an audit of its own. */

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "fake_transport.h"
#include "stage/stage.h"
#include "stage_rules.h"

enum { WAIT_MS = 20000 };

/* Of the stages to come. */
static unsigned worker_count = 1;

struct bench {
    struct rule_set *rules;
    struct stage_config config;
    struct audit *audit;
    struct stage *stage;
    char audit_path[64];
};

static inline int with_one_worker(void **state) {
    (void)state;
    worker_count = 1;
    return 0;
}

static inline int with_two_workers(void **state) {
    (void)state;
    worker_count = 2;
    return 0;
}

static inline int with_four_workers(void **state) {
    (void)state;
    worker_count = 4;
    return 0;
}

/* The same behaviour, however many workers. */
#define run_with_workers(tests)                                                                                        \
    (cmocka_run_group_tests_name("1 worker", tests, with_one_worker, NULL) +                                           \
     cmocka_run_group_tests_name("2 workers", tests, with_two_workers, NULL) +                                         \
     cmocka_run_group_tests_name("4 workers", tests, with_four_workers, NULL))

static inline int set_up(void **state) {
    static struct bench bench;
    bench = (struct bench){.rules = stage_rules()};
    bench.config = stage_rules_config(bench.rules);
    bench.config.workers = worker_count;
    strcpy(bench.audit_path, "/tmp/test-stage-XXXXXX");
    const int fd = mkstemp(bench.audit_path);
    assert_true(fd >= 0);
    close(fd);
    bench.audit = audit_open(bench.audit_path);
    assert_non_null(bench.audit);
    memset(&fake, 0, sizeof fake);
    *state = &bench;
    return 0;
}

static inline int tear_down(void **state) {
    struct bench *bench = *state;
    stage_destroy(&bench->stage);
    audit_close(&bench->audit);
    rule_set_destroy(&bench->rules);
    unlink(bench->audit_path);
    return 0;
}

/* How many messages may be in hand at most. */
static inline size_t in_hand_max(const struct bench *bench) {
    return bench->config.workers > 1 ? bench->config.workers * LANE_MESSAGES : BATCH_MESSAGES;
}

static inline void start(struct bench *bench, const char *const *payloads, size_t payload_count, size_t offered) {
    char error[TRANSPORT_ERROR_CHARS];
    fake.payloads = payloads;
    fake.payload_count = payload_count;
    fake.offered = offered;
    bench->stage = stage_create(&bench->config, bench->rules, bench->audit, &fake_transport);
    assert_non_null(bench->stage);
    assert_int_equal(stage_start(bench->stage, error), 0);
}

static inline const struct stage_losses *stop(struct bench *bench) {
    stage_stop(bench->stage);
    return stage_wait(bench->stage);
}

static inline void sleep_ms(int ms) {
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

/* Until it is that many or more. */
static inline void await(atomic_size_t *value, size_t expected) {
    for (int i = 0; i < WAIT_MS && *value < expected; i++) sleep_ms(1);
    assert_true(*value >= expected);
}

/* Until so many messages are settled. */
static inline void await_settled(const struct bench *bench, uint64_t expected) {
    const counter *settled = &stage_counters(bench->stage)->last_sequence;
    for (int i = 0; i < WAIT_MS && counter_read(settled) < expected; i++) sleep_ms(1);
    assert_int_equal(counter_read(settled), expected);
}

static inline uint64_t passed(const struct bench *bench, size_t output) {
    return counter_read(&stage_counters(bench->stage)->outputs[output].passed);
}

static inline uint64_t withheld(const struct bench *bench, size_t output) {
    return counter_read(&stage_counters(bench->stage)->outputs[output].withheld);
}

static inline void assert_sums(const struct bench *bench) {
    for (size_t i = 0; i < bench->config.output_count; i++)
        assert_int_equal(counter_read(&stage_counters(bench->stage)->outputs[i].received),
                         passed(bench, i) + withheld(bench, i));
}

static inline size_t read_audit(const struct bench *bench, char *text, size_t capacity) {
    FILE *file = fopen(bench->audit_path, "r");
    assert_non_null(file);
    const size_t length = fread(text, 1, capacity - 1, file);
    text[length] = '\0';
    fclose(file);
    return length;
}

static inline size_t count_lines(const char *text) {
    size_t count = 0;
    for (; *text; text++) count += *text == '\n';
    return count;
}

#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
