#include "stage/lanes.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "stage/lane.h"
#include "stage_rules.h"

enum { WORKERS = 3, BATCHES = WORKERS * LANE_BATCHES, ROUNDS = 500, WAIT_MS = 20000 };

/* Lanes and what the stage's thread does with them; messages are told apart by their length. */
struct bench {
    struct rule_set *rules;
    struct stage_config config;
    int wake_fd;
    struct lanes *lanes;
    uint64_t dealt, taken_back; /* messages */
};

static int set_up(void **state) {
    static struct bench bench;
    bench = (struct bench){.rules = stage_rules(), .wake_fd = eventfd(0, EFD_NONBLOCK)};
    bench.config = stage_rules_config(bench.rules);
    bench.config.workers = WORKERS;
    bench.lanes = lanes_create(&bench.config, bench.rules, bench.wake_fd);
    assert_non_null(bench.lanes);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    lanes_stop(bench->lanes);
    lanes_destroy(&bench->lanes);
    assert_null(bench->lanes);
    lanes_destroy(&bench->lanes);
    lanes_stop(bench->lanes);
    rule_set_destroy(&bench->rules);
    close(bench->wake_fd);
    return 0;
}

/* What message `number` says; some take far longer to judge than others. */
static struct frame payload_of(uint64_t number) {
    static char large[64 << 10];
    static const char *const small[] = {"[1]", "{\"a\":\"IDMARK\"}", "{\"b\":\"EMAILMARK\"}", "{\"c\":"};
    if (large[0] == '\0') {
        memset(large, 'x', sizeof large - 1);
        memcpy(large, "[\"", 2);
        memcpy(large + sizeof large - 3, "\"]", 2);
    }
    const char *payload = number % 97 == 0 ? large : small[number % 4];
    return (struct frame){(const uint8_t *)payload, strlen(payload)};
}

static uint64_t withheld_outputs_of(uint64_t number) {
    static const uint64_t outputs[] = {0, 1, 3, 3};
    return number % 97 == 0 ? 0 : outputs[number % 4];
}

/* Deals a batch of `count` messages. */
static void deal(struct bench *bench, size_t count) {
    struct batch *batch = lanes_free_batch(bench->lanes);
    assert_int_equal(batch->count, 0);
    assert_int_equal(batch->bytes, 0);
    for (size_t i = 0; i < count; i++) {
        const struct frame payload = payload_of(bench->dealt++);
        batch->messages[batch->count++] = (struct message){{payload}, 1, payload.length};
        batch->bytes += payload.length;
    }
    lanes_deal(bench->lanes);
}

static struct batch *await_judged(struct bench *bench) {
    struct batch *batch;
    struct pollfd wake = {.fd = bench->wake_fd, .events = POLLIN};
    while ((batch = lanes_judged_batch(bench->lanes)) == NULL) {
        if (!lanes_await(bench->lanes)) continue;
        assert_int_equal(poll(&wake, 1, WAIT_MS), 1);
        eventfd_t count;
        eventfd_read(bench->wake_fd, &count);
    }
    return batch;
}

static void take_back(struct bench *bench) {
    const struct batch *batch = await_judged(bench);
    for (size_t i = 0; i < batch->count; i++) {
        assert_ptr_equal(batch->messages[i].frames[0].bytes, payload_of(bench->taken_back).bytes);
        assert_int_equal(batch->judgements[i].withheld_outputs, withheld_outputs_of(bench->taken_back));
        bench->taken_back++;
    }
    lanes_take_back(bench->lanes);
}

static void batches_come_back_in_the_order_in_which_they_were_dealt(void **state) {
    struct bench *bench = *state;
    assert_int_equal(lanes_start(bench->lanes), 0);
    for (int i = 0; i < ROUNDS; i++) {
        while (lanes_free_batch(bench->lanes) != NULL) deal(bench, 1 + bench->dealt % BATCH_MESSAGES);
        take_back(bench);
    }
    while (lanes_are_busy(bench->lanes)) take_back(bench);
    assert_int_equal(bench->taken_back, bench->dealt);
}

static void only_so_many_batches_are_in_hand(void **state) {
    struct bench *bench = *state; /* whose lanes have not been started, and so judge nothing */
    for (int i = 0; i < BATCHES; i++) deal(bench, 1);
    assert_null(lanes_free_batch(bench->lanes));
    assert_null(lanes_judged_batch(bench->lanes));
    assert_true(lanes_are_busy(bench->lanes));
    assert_int_equal(lanes_start(bench->lanes), 0);
    take_back(bench);
    assert_non_null(lanes_free_batch(bench->lanes));
    while (lanes_are_busy(bench->lanes)) take_back(bench);
}

static void every_message_in_hand_has_a_slot_of_its_own(void **state) {
    struct bench *bench = *state;
    bool is_taken[WORKERS * LANE_MESSAGES] = {false};
    assert_int_equal(lanes_slot_count(WORKERS), WORKERS * LANE_MESSAGES);
    for (int i = 0; i < BATCHES; i++) {
        const size_t first = lanes_free_batch(bench->lanes)->first_slot;
        for (size_t slot = first; slot < first + BATCH_MESSAGES; slot++) {
            assert_true(slot < lanes_slot_count(WORKERS));
            assert_false(is_taken[slot]);
            is_taken[slot] = true;
        }
        deal(bench, 1);
    }
    assert_int_equal(lanes_start(bench->lanes), 0);
    while (lanes_are_busy(bench->lanes)) take_back(bench);
}

static void a_batch_is_full_by_messages_or_bytes(void **state) {
    struct bench *bench = *state;
    struct batch *batch = lanes_free_batch(bench->lanes);
    batch->count = BATCH_MESSAGES - 1;
    batch->bytes = BATCH_BYTES - 1;
    assert_false(batch_is_full(batch));
    batch->count++;
    assert_true(batch_is_full(batch));
    batch->count = 1;
    batch->bytes++;
    assert_true(batch_is_full(batch));
    batch->count = batch->bytes = 0;
}

static void nobody_is_woken_who_does_not_wait(void **state) {
    struct bench *bench = *state;
    eventfd_t count;
    assert_true(lanes_await(bench->lanes)); /* there is nothing to wait for */
    assert_int_equal(lanes_start(bench->lanes), 0);
    deal(bench, 1);
    while (lanes_judged_batch(bench->lanes) == NULL) usleep(100);
    usleep(10000);
    assert_int_equal(eventfd_read(bench->wake_fd, &count), -1);
    assert_false(lanes_await(bench->lanes));
    take_back(bench);
}

#define LANES_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        LANES_TEST(batches_come_back_in_the_order_in_which_they_were_dealt),
        LANES_TEST(only_so_many_batches_are_in_hand),
        LANES_TEST(every_message_in_hand_has_a_slot_of_its_own),
        LANES_TEST(a_batch_is_full_by_messages_or_bytes),
        LANES_TEST(nobody_is_woken_who_does_not_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
