/* However many workers: the same messages in the same order, the same records, the same numbers. */

#include "stage/stage.h"

#include "stage_bench.h"

enum { DISTINCT = 1000, MESSAGES = 10000, AUDIT_BYTES = 16 << 20, SMALL_BYTES = 64, LARGE_BYTES = 60000 };

/* What is read: every message another one, small ones with large ones between them that take far longer to judge. */
static char *payloads[DISTINCT];

static const char *const contents[] = {"clean", "EMAILMARK", "clean", "IDMARK",           "clean",
                                       "clean", "\"",        "clean", "EMAILMARK IDMARK", "RU1BSUxNQVJLRU1BSUxNQVJL"};

enum { CONTENTS = sizeof contents / sizeof contents[0] };

static char *make_payload(size_t number) {
    const size_t padding = number % 23 == 7 ? LARGE_BYTES : number % 5;
    char *payload = malloc(SMALL_BYTES + padding);
    const int length = snprintf(payload, SMALL_BYTES, "{\"n\":%zu,\"a\":\"", number);
    memset(payload + length, '.', padding);
    snprintf(payload + length + padding, SMALL_BYTES - (size_t)length, " %s\"}", contents[number % CONTENTS]);
    return payload;
}

static void make_payloads(void) {
    for (size_t i = 0; i < DISTINCT; i++) payloads[i] = make_payload(i);
}

static void free_payloads(void) {
    for (size_t i = 0; i < DISTINCT; i++) free(payloads[i]);
}

/* May an output have the message? The first one sees nothing that carries a mark, the second no e-mail. */
static bool passes(size_t number, size_t output) {
    static const bool passing[][CONTENTS] = {{true, false, true, false, true, true, false, true},
                                             {true, false, true, true, true, true, false, true}};
    return passing[output][number % CONTENTS];
}

/* Of the first `count` messages exactly those that pass were delivered, in the order in which they were read. */
static void assert_deliveries(size_t count) {
    for (size_t output = 0; output < 2; output++) {
        size_t delivered = 0;
        for (size_t i = 0; i < count; i++)
            if (passes(i, output))
                assert_ptr_equal(fake.deliveries[output][delivered++ % FAKE_DELIVERIES_MAX], payloads[i % DISTINCT]);
        assert_int_equal(fake.delivered[output], delivered);
    }
}

static void start_all(struct bench *bench, size_t offered) {
    start(bench, (const char *const *)payloads, DISTINCT, offered);
}

/* The audit without the times, which differ. */
static char *read_records(const struct bench *bench) {
    char *text = malloc(AUDIT_BYTES);
    assert_true(read_audit(bench, text, AUDIT_BYTES) < AUDIT_BYTES - 1);
    for (char *at = text; (at = strstr(at, "{\"time\":\"")) != NULL; at++)
        memset(at + strlen("{\"time\":\""), '0', strlen("2026-01-01T00:00:00.000000Z"));
    return text;
}

static void assert_records(const struct bench *bench, size_t count) {
    size_t withheld_count = 0;
    for (size_t i = 0; i < count; i++) withheld_count += !passes(i, 0) || !passes(i, 1);
    char *text = read_records(bench);
    assert_int_equal(count_lines(text), withheld_count);
    free(text);
}

static void everything_arrives_in_the_order_in_which_it_was_read(void **state) {
    struct bench *bench = *state;
    start_all(bench, MESSAGES);
    await_settled(bench, MESSAGES);
    stop(bench);
    assert_deliveries(MESSAGES);
    assert_records(bench, MESSAGES);
    assert_sums(bench);
}

static void messages_that_come_one_by_one_keep_their_order_too(void **state) {
    struct bench *bench = *state;
    start_all(bench, 0);
    for (size_t i = 1; i <= 2000; i++) {
        fake.offered = i;
        if (i % 16 == 0) await_settled(bench, i);
    }
    stop(bench);
    assert_deliveries(2000);
    assert_sums(bench);
}

static void an_output_that_stalls_now_and_then_changes_nothing(void **state) {
    struct bench *bench = *state;
    start_all(bench, MESSAGES);
    for (int i = 0; i < WAIT_MS && counter_read(&stage_counters(bench->stage)->last_sequence) < MESSAGES; i++) {
        fake.is_blocked[i % 2] = i % 3 != 0;
        sleep_ms(1);
        fake.is_blocked[0] = fake.is_blocked[1] = false;
    }
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(losses->undelivered[0] + losses->undelivered[1], 0);
    assert_deliveries(MESSAGES);
    assert_records(bench, MESSAGES);
    assert_sums(bench);
}

static void a_stop_under_load_settles_all_that_was_read(void **state) {
    struct bench *bench = *state;
    bench->config.drain_ms = 100;
    start_all(bench, SIZE_MAX);
    await(&fake.delivered[0], 500);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(losses->undelivered[0] + losses->undelivered[1] + losses->unrecorded, 0);
    assert_int_equal(counter_read(&stage_counters(bench->stage)->outputs[0].received), fake.read);
    assert_int_equal(passed(bench, 0), fake.delivered[0]);
    assert_int_equal(passed(bench, 1), fake.delivered[1]);
    assert_sums(bench);
}

static void what_breaks_under_load_settles_all_that_was_read(void **state) {
    struct bench *bench = *state;
    start_all(bench, SIZE_MAX);
    await(&fake.delivered[0], 500);
    fake.is_broken = true;
    assert_true(stage_wait(bench->stage)->is_broken);
    if (fake.read < FAKE_DELIVERIES_MAX) assert_deliveries(fake.read);
    assert_int_equal(counter_read(&stage_counters(bench->stage)->outputs[1].received), fake.read);
    assert_sums(bench);
}

/* Runs a stage of its own over the first messages, leaving counters and records. */
static void run_with(unsigned workers, struct counters *counters, char **records) {
    void *state;
    worker_count = workers;
    set_up(&state);
    struct bench *bench = state;
    start_all(bench, MESSAGES);
    await_settled(bench, MESSAGES);
    stop(bench);
    memcpy(counters, stage_counters(bench->stage), sizeof *counters);
    *records = read_records(bench);
    tear_down(&state);
}

static void records_and_numbers_are_the_same_for_any_number_of_workers(void **state) {
    (void)state;
    static struct counters expected, counters;
    char *expected_records, *records;
    run_with(1, &expected, &expected_records);
    static const unsigned others[] = {2, 3, 8};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        run_with(others[i], &counters, &records);
        assert_memory_equal(&counters, &expected, sizeof counters);
        assert_string_equal(records, expected_records);
        free(records);
    }
    free(expected_records);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_TEST(everything_arrives_in_the_order_in_which_it_was_read),
        STAGE_TEST(messages_that_come_one_by_one_keep_their_order_too),
        STAGE_TEST(an_output_that_stalls_now_and_then_changes_nothing),
        STAGE_TEST(a_stop_under_load_settles_all_that_was_read),
        STAGE_TEST(what_breaks_under_load_settles_all_that_was_read),
    };
    const struct CMUnitTest comparison[] = {
        cmocka_unit_test(records_and_numbers_are_the_same_for_any_number_of_workers),
    };
    make_payloads();
    const int failures = run_with_workers(tests) + cmocka_run_group_tests(comparison, NULL, NULL);
    free_payloads();
    return failures;
}
