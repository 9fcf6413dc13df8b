#include "stage/stage.h"

#include <signal.h>
#include <sys/resource.h>

#include "allocation_count.h"
#include "stage_bench.h"

static const char *const mixed[] = {
    "{\"a\":\"clean\"}",
    "{\"a\":\"EMAILMARK\"}",
    "{\"a\":\"IDMARK\"}",
    "{\"a\":",
};

static void every_output_gets_what_its_purpose_may_see(void **state) {
    struct bench *bench = *state;
    start(bench, mixed, 4, 4);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(fake.read, 4);
    assert_int_equal(fake.delivered[0], 1);
    assert_string_equal(fake.deliveries[0][0], mixed[0]);
    assert_int_equal(fake.delivered[1], 2);
    assert_string_equal(fake.deliveries[1][0], mixed[0]);
    assert_string_equal(fake.deliveries[1][1], mixed[2]);
    assert_int_equal(withheld(bench, 0), 3);
    assert_int_equal(withheld(bench, 1), 2);
    assert_sums(bench);
    assert_false(losses->is_broken);
    assert_int_equal(losses->undelivered[0] + losses->undelivered[1] + losses->unrecorded + losses->cut_outputs, 0);
}

static void the_last_delivery_of_a_message_is_told_from_the_others(void **state) {
    struct bench *bench = *state;
    start(bench, mixed, 4, 4);
    stop(bench);
    assert_false(fake.was_last[0][0]); /* the clean one, to both */
    assert_true(fake.was_last[1][0]);
    assert_true(fake.was_last[1][1]); /* the identifier, to the second only */
}

static void withheld_messages_are_counted_by_what_withheld_them(void **state) {
    struct bench *bench = *state;
    start(bench, mixed, 4, 4);
    stop(bench);
    const struct output_counters *outputs = stage_counters(bench->stage)->outputs;
    for (size_t i = 0; i < bench->rules->class_count; i++) {
        const char *name = bench->rules->class_names[i];
        const bool is_email = strcmp(name, "email") == 0, is_identifier = strcmp(name, "identifier") == 0;
        assert_int_equal(counter_read(&outputs[0].withheld_by_class[i]), is_email || is_identifier);
        assert_int_equal(counter_read(&outputs[1].withheld_by_class[i]), is_email);
    }
    for (size_t i = 0; i < REASON_COUNT; i++) {
        assert_int_equal(counter_read(&outputs[0].withheld_by_reason[i]), i == REASON_MALFORMED);
        assert_int_equal(counter_read(&outputs[1].withheld_by_reason[i]), i == REASON_MALFORMED);
    }
}

static void every_withheld_message_is_in_the_audit_once(void **state) {
    struct bench *bench = *state;
    char text[8192];
    start(bench, mixed, 4, 4);
    stop(bench);
    read_audit(bench, text, sizeof text);
    assert_int_equal(count_lines(text), 3);
    const char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    assert_non_null(
        strstr(text, "\"sequence\":2,\"bytes\":17,\"outputs\":[\"targeting\",\"insights\"],\"classes\":[\"email\"]"));
    assert_non_null(
        strstr(second, "\"sequence\":3,\"bytes\":14,\"outputs\":[\"targeting\"],\"classes\":[\"identifier\"]"));
    assert_non_null(strstr(second, "\"rule\":\"identifier.mark\""));
    assert_non_null(strstr(
        third,
        "\"sequence\":4,\"bytes\":5,\"outputs\":[\"targeting\",\"insights\"],\"classes\":[],\"reason\":\"malformed\""));
    assert_null(strstr(text, "MARK\""));
}

static void audit_lines_are_written_while_the_stage_runs(void **state) {
    struct bench *bench = *state;
    char text[8192] = "";
    start(bench, mixed, 4, 4);
    for (int i = 0; i < WAIT_MS && count_lines(text) < 3; i++, sleep_ms(1)) read_audit(bench, text, sizeof text);
    assert_int_equal(count_lines(text), 3);
    stop(bench);
}

static void a_blocked_output_stops_the_reading_and_loses_nothing(void **state) {
    struct bench *bench = *state;
    fake.is_blocked[1] = true;
    start(bench, mixed, 1, 2000);
    await(&fake.delivered[0], 1);
    sleep_ms(50);
    const size_t read_when_blocked = fake.read;
    sleep_ms(50);
    assert_int_equal(fake.read, read_when_blocked);
    assert_in_range(fake.read, 1, in_hand_max(bench));
    assert_int_equal(fake.delivered[0], 1);
    assert_int_equal(counter_read(&stage_counters(bench->stage)->outputs[1].received), 0);
    fake.is_blocked[1] = false;
    await(&fake.delivered[1], 2000);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(losses->undelivered[1], 0);
    assert_int_equal(passed(bench, 0), 2000);
    assert_int_equal(passed(bench, 1), 2000);
}

static void records_are_written_before_the_stage_waits_for_an_output(void **state) {
    static const char *const payloads[] = {"{\"a\":\"EMAILMARK\"}", "{\"a\":1}"};
    struct bench *bench = *state;
    char text[4096] = "";
    fake.is_blocked[0] = true;
    start(bench, payloads, 2, 2);
    for (int i = 0; i < WAIT_MS && count_lines(text) < 1; i++, sleep_ms(1)) read_audit(bench, text, sizeof text);
    assert_int_equal(count_lines(text), 1);
    fake.is_blocked[0] = false;
    stop(bench);
}

static void a_stop_delivers_what_had_arrived(void **state) {
    struct bench *bench = *state;
    fake.is_blocked[0] = true;
    start(bench, mixed, 1, 1000);
    await(&fake.read, 1);
    stage_stop(bench->stage);
    sleep_ms(50);
    fake.is_blocked[0] = false;
    stage_wait(bench->stage);
    assert_int_equal(fake.delivered[0], 1000);
    assert_int_equal(fake.delivered[1], 1000);
    assert_true(fake.is_input_closed);
}

static void what_a_stop_could_not_deliver_is_told(void **state) {
    struct bench *bench = *state;
    bench->config.drain_ms = 50;
    fake.is_blocked[0] = true;
    start(bench, mixed, 1, 300);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(losses->undelivered[0], 300);
    assert_int_equal(losses->undelivered[1], 0);
    assert_int_equal(counter_read(&stage_counters(bench->stage)->outputs[0].received), 0);
    assert_int_equal(passed(bench, 1), 300);
    assert_sums(bench);
}

static void a_stop_does_not_wait_for_producers_that_never_pause(void **state) {
    struct bench *bench = *state;
    bench->config.drain_ms = 200;
    start(bench, mixed, 1, SIZE_MAX);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    stop(bench);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 5);
    assert_sums(bench);
}

static void an_audit_that_cannot_be_written_stops_the_reading(void **state) {
    static const char *const payloads[] = {"{\"a\":\"EMAILMARK\"}"};
    struct bench *bench = *state;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, none;
    getrlimit(RLIMIT_FSIZE, &before);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    start(bench, payloads, 1, 100000);
    sleep_ms(300);
    const size_t read_when_full = fake.read;
    sleep_ms(150);
    assert_int_equal(fake.read, read_when_full);
    assert_true(read_when_full < 100000);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    await(&fake.read, 100000);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(losses->unrecorded, 0);
    char *text = malloc(64 << 20);
    read_audit(bench, text, 64 << 20);
    assert_int_equal(count_lines(text), 100000);
    free(text);
}

static void withheld_messages_that_were_not_recorded_are_told(void **state) {
    static const char *const payloads[] = {"{\"a\":\"EMAILMARK\"}"};
    struct bench *bench = *state;
    bench->config.drain_ms = 50;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, none;
    getrlimit(RLIMIT_FSIZE, &before);
    none = before;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &none);
    start(bench, payloads, 1, 5000);
    sleep_ms(50);
    const struct stage_losses *losses = stop(bench);
    assert_int_equal(audit_close(&bench->audit), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(withheld(bench, 0), fake.read);
    assert_int_equal(fake.delivered[0] + fake.delivered[1], 0);
    assert_true(losses->unrecorded > 0);
}

static void await_end(const struct bench *bench) {
    for (int i = 0; i < WAIT_MS && stage_is_running(bench->stage); i++) sleep_ms(1);
    assert_false(stage_is_running(bench->stage));
}

static void a_broken_transport_ends_the_stage(void **state) {
    struct bench *bench = *state;
    start(bench, mixed, 1, 10);
    await(&fake.read, 10);
    fake.is_broken = true;
    await_end(bench);
    assert_true(stage_wait(bench->stage)->is_broken);
}

static void what_was_read_before_the_transport_broke_is_settled(void **state) {
    struct bench *bench = *state;
    fake.is_blocked[0] = true;
    start(bench, mixed, 1, 1000);
    await(&fake.read, 1);
    sleep_ms(20);
    fake.is_broken = true;
    fake.is_blocked[0] = false;
    await_end(bench);
    const struct stage_losses *losses = stage_wait(bench->stage);
    assert_true(losses->is_broken);
    assert_int_equal(losses->undelivered[0] + losses->undelivered[1], 0);
    assert_in_range(fake.read, 1, in_hand_max(bench));
    assert_int_equal(passed(bench, 0), fake.read);
    assert_int_equal(passed(bench, 1), fake.read);
    assert_sums(bench);
}

static void a_transport_that_does_not_open_says_why(void **state) {
    struct bench *bench = *state;
    char error[TRANSPORT_ERROR_CHARS] = "";
    fake.is_broken = true;
    bench->stage = stage_create(&bench->config, bench->rules, bench->audit, &fake_transport);
    assert_int_equal(stage_start(bench->stage, error), -1);
    assert_string_equal(error, "input: tcp://127.0.0.1:1: in use");
    assert_false(stage_is_running(bench->stage));
}

static void the_loop_allocates_nothing(void **state) {
    struct bench *bench = *state;
    start(bench, mixed, 4, 4000);
    await_settled(bench, 4000);
    const size_t before = allocation_count;
    fake.offered = 40000;
    await_settled(bench, 40000);
    assert_int_equal(allocation_count, before);
    stop(bench);
    assert_sums(bench);
    assert_true(before > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGE_TEST(every_output_gets_what_its_purpose_may_see),
        STAGE_TEST(the_last_delivery_of_a_message_is_told_from_the_others),
        STAGE_TEST(withheld_messages_are_counted_by_what_withheld_them),
        STAGE_TEST(every_withheld_message_is_in_the_audit_once),
        STAGE_TEST(audit_lines_are_written_while_the_stage_runs),
        STAGE_TEST(a_blocked_output_stops_the_reading_and_loses_nothing),
        STAGE_TEST(records_are_written_before_the_stage_waits_for_an_output),
        STAGE_TEST(a_stop_delivers_what_had_arrived),
        STAGE_TEST(what_a_stop_could_not_deliver_is_told),
        STAGE_TEST(a_stop_does_not_wait_for_producers_that_never_pause),
        STAGE_TEST(an_audit_that_cannot_be_written_stops_the_reading),
        STAGE_TEST(withheld_messages_that_were_not_recorded_are_told),
        STAGE_TEST(a_broken_transport_ends_the_stage),
        STAGE_TEST(what_was_read_before_the_transport_broke_is_settled),
        STAGE_TEST(a_transport_that_does_not_open_says_why),
        STAGE_TEST(the_loop_allocates_nothing),
    };
    return run_with_workers(tests);
}
