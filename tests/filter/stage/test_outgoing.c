#include "stage/outgoing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "stage/transport.h"
#include "test.h"

enum { WAIT_MS = 5000, MEBIBYTE = 1 << 20 };

static void sleep_ms(long ms) {
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void make_frame(zmq_msg_t *frame, size_t length, uint8_t fill) {
    assert_int_equal(zmq_msg_init_size(frame, length), 0);
    memset(zmq_msg_data(frame), fill, length);
}

static void there_is_room_for_so_many_bytes_and_for_one_message_of_any_size(void **state) {
    (void)state;
    struct outgoing outgoing = {0};
    assert_true(outgoing_has_room(&outgoing, 1));
    assert_true(outgoing_has_room(&outgoing, SIZE_MAX));
    atomic_store(&outgoing.bytes, 1);
    assert_true(outgoing_has_room(&outgoing, OUTGOING_BYTES - 1));
    assert_false(outgoing_has_room(&outgoing, OUTGOING_BYTES));
    assert_false(outgoing_has_room(&outgoing, SIZE_MAX));
    atomic_store(&outgoing.bytes, 2 * OUTGOING_BYTES);
    assert_false(outgoing_has_room(&outgoing, 1));
}

static void a_counted_frame_has_the_same_bytes_and_counts_until_it_is_closed(void **state) {
    (void)state;
    struct outgoing outgoing = {0};
    zmq_msg_t frame, first, second;
    make_frame(&frame, 3 * OUTGOING_LARGE, 'a');
    assert_int_equal(outgoing_count(&outgoing, &frame, 5, &first), 0);
    assert_int_equal(outgoing_count(&outgoing, &frame, 2, &second), 0);
    assert_int_equal(atomic_load(&outgoing.bytes), 7);
    zmq_msg_close(&frame);
    assert_int_equal(zmq_msg_size(&first), 3 * OUTGOING_LARGE);
    for (size_t i = 0; i < 3 * OUTGOING_LARGE; i++) assert_int_equal(((char *)zmq_msg_data(&first))[i], 'a');
    zmq_msg_close(&first);
    assert_int_equal(atomic_load(&outgoing.bytes), 2);
    zmq_msg_close(&second);
    assert_int_equal(atomic_load(&outgoing.bytes), 0);
}

/* A transport with a producer before it and room for a consumer behind it. */
struct bench {
    char folder[64], endpoints[2][96];
    struct stage_config config;
    struct transport_connection *connection;
    struct message message;
    int wake_fd;
    void *context, *producer, *consumer;
};

static int set_up(void **state) {
    static struct bench bench;
    char error[TRANSPORT_ERROR_CHARS] = "";
    bench = (struct bench){.folder = "/tmp/test-outgoing-XXXXXX", .context = zmq_ctx_new()};
    assert_non_null(mkdtemp(bench.folder));
    for (int i = 0; i < 2; i++) snprintf(bench.endpoints[i], sizeof bench.endpoints[i], "ipc://%s/%d", bench.folder, i);
    bench.config = (struct stage_config){
        .input = {SOCKET_PULL, true, {bench.endpoints[0]}, 1, 1000},
        .outputs = {{"only", "advertising", 0, {SOCKET_PUSH, false, {bench.endpoints[1]}, 1, 1000}}},
        .output_count = 1,
        .limits = LIMITS_DEFAULT,
    };
    bench.wake_fd = eventfd(0, EFD_NONBLOCK);
    bench.connection = zmq_transport.open(&bench.config, 1, bench.wake_fd, error);
    assert_string_equal(error, "");
    bench.producer = zmq_socket(bench.context, ZMQ_PUSH);
    assert_int_equal(zmq_connect(bench.producer, bench.endpoints[0]), 0);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    const int no_linger = 0;
    zmq_transport.close(&bench->connection, 0);
    zmq_setsockopt(bench->producer, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_close(bench->producer);
    if (bench->consumer != NULL) zmq_close(bench->consumer);
    zmq_ctx_term(bench->context);
    close(bench->wake_fd);
    for (int i = 0; i < 2; i++) unlink(bench->endpoints[i] + strlen("ipc://"));
    rmdir(bench->folder);
    return 0;
}

static void bring(struct bench *bench, size_t length, uint8_t fill) {
    zmq_msg_t frame;
    make_frame(&frame, length, fill);
    assert_int_equal(zmq_msg_send(&frame, bench->producer, 0), (int)length);
    zmq_transport.release(bench->connection, 0);
    while (zmq_transport.receive(bench->connection, 0, &bench->message) == TRANSPORT_BLOCKED)
        zmq_transport.wait(bench->connection, TRANSPORT_INPUT, WAIT_MS);
    assert_int_equal(bench->message.bytes, length);
}

static enum transport_result deliver(struct bench *bench, const struct frame *payload) {
    return zmq_transport.deliver(bench->connection, 0, 0, payload, true);
}

static void open_consumer(struct bench *bench) {
    const int patience_ms = WAIT_MS;
    bench->consumer = zmq_socket(bench->context, ZMQ_PULL);
    zmq_setsockopt(bench->consumer, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    assert_int_equal(zmq_bind(bench->consumer, bench->endpoints[1]), 0);
}

static void assert_gets(struct bench *bench, size_t length, uint8_t fill) {
    zmq_msg_t message;
    zmq_msg_init(&message);
    assert_int_equal(zmq_msg_recv(&message, bench->consumer, 0), (int)length);
    const uint8_t *const bytes = zmq_msg_data(&message);
    for (size_t i = 0; i < length; i += 997) assert_int_equal(bytes[i], fill);
    assert_int_equal(bytes[length - 1], fill);
    zmq_msg_close(&message);
}

/* As they came, or each with another payload. */
static void fill_up(struct bench *bench, bool is_rebuilt) {
    enum { FIT = OUTGOING_BYTES / MEBIBYTE };
    uint8_t *const other = malloc(MEBIBYTE);
    assert_non_null(other);
    for (uint8_t i = 0; i <= FIT; i++) {
        const struct frame payload = {memset(other, 'A' + i, MEBIBYTE), MEBIBYTE};
        bring(bench, MEBIBYTE, 'a' + i);
        assert_int_equal(deliver(bench, is_rebuilt ? &payload : NULL), i < FIT ? TRANSPORT_DONE : TRANSPORT_BLOCKED);
    }
    /* The one that found no room is still whole. */
    assert_int_equal(((const uint8_t *)bench->message.frames[0].bytes)[MEBIBYTE - 1], 'a' + FIT);
    open_consumer(bench);
    const struct frame payload = {other, MEBIBYTE};
    while (deliver(bench, is_rebuilt ? &payload : NULL) == TRANSPORT_BLOCKED)
        zmq_transport.wait(bench->connection, 0, WAIT_MS);
    for (uint8_t i = 0; i <= FIT; i++) assert_gets(bench, MEBIBYTE, (uint8_t)((is_rebuilt ? 'A' : 'a') + i));
    free(other);
}

static void an_absent_consumer_holds_no_more_than_so_many_bytes_and_loses_none(void **state) {
    fill_up(*state, false);
}

static void what_is_rebuilt_is_counted_too(void **state) {
    fill_up(*state, true);
}

static void small_messages_are_not_held_up_by_large_ones(void **state) {
    struct bench *bench = *state;
    for (size_t i = 0; i < OUTGOING_BYTES / MEBIBYTE; i++) {
        bring(bench, MEBIBYTE, 'a');
        assert_int_equal(deliver(bench, NULL), TRANSPORT_DONE);
    }
    bring(bench, OUTGOING_LARGE - 1, 'b');
    assert_int_equal(deliver(bench, NULL), TRANSPORT_DONE);
    bring(bench, OUTGOING_LARGE, 'c');
    assert_int_equal(deliver(bench, NULL), TRANSPORT_BLOCKED);
}

/* Many small frames make a large message. */
static void all_frames_of_a_message_count(void **state) {
    enum { FRAMES = 32, FRAME_BYTES = OUTGOING_LARGE - 1, FIT = OUTGOING_BYTES / (FRAMES * FRAME_BYTES) };
    struct bench *bench = *state;
    char *const bytes = calloc(1, FRAME_BYTES);
    assert_non_null(bytes);
    for (int i = 0; i <= FIT; i++) {
        for (int f = 0; f < FRAMES; f++)
            zmq_send(bench->producer, bytes, FRAME_BYTES, f + 1 < FRAMES ? ZMQ_SNDMORE : 0);
        zmq_transport.release(bench->connection, 0);
        while (zmq_transport.receive(bench->connection, 0, &bench->message) == TRANSPORT_BLOCKED)
            zmq_transport.wait(bench->connection, TRANSPORT_INPUT, WAIT_MS);
        assert_int_equal(bench->message.frame_count, FRAMES);
        assert_int_equal(deliver(bench, NULL), i < FIT ? TRANSPORT_DONE : TRANSPORT_BLOCKED);
    }
    free(bytes);
}

/* Two consumers, one of which takes nothing: what it holds must not keep the other one waiting. */
static void a_consumer_at_a_standstill_does_not_stop_another_one(void **state) {
    enum { MESSAGES = 4 * OUTGOING_BYTES / MEBIBYTE };
    struct bench *bench = *state;
    zmq_transport.close(&bench->connection, 0);
    char error[TRANSPORT_ERROR_CHARS] = "", idle_endpoint[128];
    snprintf(idle_endpoint, sizeof idle_endpoint, "ipc://%s/idle", bench->folder);
    bench->config.outputs[0].socket.endpoints[1] = idle_endpoint;
    bench->config.outputs[0].socket.endpoint_count = 2;
    bench->connection = zmq_transport.open(&bench->config, 1, bench->wake_fd, error);
    assert_string_equal(error, "");
    for (size_t i = 0; i < MESSAGES; i++) {
        bring(bench, MEBIBYTE, 'a');
        assert_int_equal(deliver(bench, NULL), TRANSPORT_DONE);
    }
    open_consumer(bench);
    for (size_t i = 0; i < MESSAGES / 2; i++) assert_gets(bench, MEBIBYTE, 'a');
}

/* Waiting for room does not keep a processor busy. */
static void an_output_full_of_large_messages_is_waited_for(void **state) {
    struct bench *bench = *state;
    for (size_t i = 0; i < OUTGOING_BYTES / MEBIBYTE; i++) {
        bring(bench, MEBIBYTE, 'a');
        assert_int_equal(deliver(bench, NULL), TRANSPORT_DONE);
    }
    bring(bench, MEBIBYTE, 'a');
    sleep_ms(50);
    struct timespec before, after;
    size_t waits = 0;
    clock_gettime(CLOCK_MONOTONIC, &before);
    do {
        assert_int_equal(deliver(bench, NULL), TRANSPORT_BLOCKED);
        zmq_transport.wait(bench->connection, 0, WAIT_MS);
        clock_gettime(CLOCK_MONOTONIC, &after);
        waits++;
    } while ((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 < 200);
    assert_in_range(waits, 2, 150);
}

#define WITH_TRANSPORT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_room_for_so_many_bytes_and_for_one_message_of_any_size),
        cmocka_unit_test(a_counted_frame_has_the_same_bytes_and_counts_until_it_is_closed),
        WITH_TRANSPORT(an_absent_consumer_holds_no_more_than_so_many_bytes_and_loses_none),
        WITH_TRANSPORT(what_is_rebuilt_is_counted_too),
        WITH_TRANSPORT(small_messages_are_not_held_up_by_large_ones),
        WITH_TRANSPORT(all_frames_of_a_message_count),
        WITH_TRANSPORT(a_consumer_at_a_standstill_does_not_stop_another_one),
        WITH_TRANSPORT(an_output_full_of_large_messages_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
