#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "allocation_count.h"
#include "stage/transport.h"
#include "test.h"

enum { WAIT_MS = 5000, FEW = 10, SLOTS = 3 };

/* A transport under test, with a producer and up to two consumers on ipc endpoints in a folder of their own. */
struct bench {
    char folder[64];
    char endpoints[3][96];
    struct stage_config config;
    int wake_fd;
    struct transport_connection *connection;
    struct message message;
    void *context;
    void *producer;
    void *consumers[2];
};

static int set_up(void **state) {
    static struct bench bench;
    memset(&bench, 0, sizeof bench);
    char folder[] = "/tmp/test-zmq-XXXXXX";
    assert_non_null(mkdtemp(folder));
    strcpy(bench.folder, folder);
    for (int i = 0; i < 3; i++) snprintf(bench.endpoints[i], sizeof bench.endpoints[i], "ipc://%s/%d", folder, i);
    bench.config = (struct stage_config){
        .input = {SOCKET_PULL, true, {bench.endpoints[0]}, 1, 100},
        .outputs = {{"first", "advertising", 0, {SOCKET_PUSH, false, {bench.endpoints[1]}, 1, FEW}},
                    {"second", "analytics", 0, {SOCKET_PUSH, false, {bench.endpoints[2]}, 1, FEW}}},
        .output_count = 2,
        .limits = LIMITS_DEFAULT,
    };
    bench.wake_fd = eventfd(0, EFD_NONBLOCK);
    bench.context = zmq_ctx_new();
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    zmq_transport.close(&bench->connection, 0);
    if (bench->producer != NULL) zmq_close(bench->producer);
    for (int i = 0; i < 2; i++)
        if (bench->consumers[i] != NULL) zmq_close(bench->consumers[i]);
    zmq_ctx_term(bench->context);
    close(bench->wake_fd);
    for (int i = 0; i < 3; i++) unlink(bench->endpoints[i] + strlen("ipc://"));
    rmdir(bench->folder);
    return 0;
}

static void open_transport(struct bench *bench) {
    char error[TRANSPORT_ERROR_CHARS] = "";
    bench->connection = zmq_transport.open(&bench->config, SLOTS, bench->wake_fd, error);
    assert_string_equal(error, "");
    assert_non_null(bench->connection);
}

static void *open_client(struct bench *bench, int type, size_t endpoint, bool is_bound) {
    const int no_linger = 0, few = FEW, patience_ms = WAIT_MS;
    void *socket = zmq_socket(bench->context, type);
    zmq_setsockopt(socket, ZMQ_LINGER, &no_linger, sizeof no_linger);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &few, sizeof few);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience_ms, sizeof patience_ms);
    if (type == ZMQ_SUB) zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    assert_int_equal((is_bound ? zmq_bind : zmq_connect)(socket, bench->endpoints[endpoint]), 0);
    return socket;
}

static void send_frames(void *socket, const char *const *frames, size_t count) {
    for (size_t i = 0; i < count; i++)
        assert_int_equal(zmq_send(socket, frames[i], strlen(frames[i]), i + 1 < count ? ZMQ_SNDMORE : 0),
                         strlen(frames[i]));
}

static void receive_into(struct bench *bench, size_t slot, struct message *message) {
    enum transport_result result;
    zmq_transport.release(bench->connection, slot);
    while ((result = zmq_transport.receive(bench->connection, slot, message)) == TRANSPORT_BLOCKED)
        zmq_transport.wait(bench->connection, TRANSPORT_INPUT, WAIT_MS);
    assert_int_equal(result, TRANSPORT_DONE);
}

static void receive(struct bench *bench) {
    receive_into(bench, 0, &bench->message);
}

static void deliver_from(struct bench *bench, size_t slot, size_t output, bool is_last) {
    enum transport_result result;
    while ((result = zmq_transport.deliver(bench->connection, slot, output, NULL, is_last)) == TRANSPORT_BLOCKED)
        zmq_transport.wait(bench->connection, output, WAIT_MS);
    assert_int_equal(result, TRANSPORT_DONE);
}

static void deliver(struct bench *bench, size_t output, bool is_last) {
    deliver_from(bench, 0, output, is_last);
}

static void assert_receives(void *socket, const char *const *frames, size_t count) {
    char bytes[1024];
    for (size_t i = 0; i < count; i++) {
        int has_more;
        size_t size = sizeof has_more;
        const int length = zmq_recv(socket, bytes, sizeof bytes, 0);
        assert_int_equal(length, strlen(frames[i]));
        assert_memory_equal(bytes, frames[i], strlen(frames[i]));
        zmq_getsockopt(socket, ZMQ_RCVMORE, &has_more, &size);
        assert_int_equal(has_more, i + 1 < count);
    }
}

static const char *const frames[] = {"topic", "", "a frame that is longer than what libzmq keeps inside a message",
                                     "{}"};

static void a_message_is_received_whole_and_delivered_to_both_as_it_came(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    bench->consumers[1] = open_client(bench, ZMQ_PULL, 2, true);
    for (int i = 0; i < 3; i++) {
        send_frames(bench->producer, frames, 4);
        receive(bench);
        assert_int_equal(bench->message.frame_count, 4);
        for (size_t f = 0; f < 4; f++) {
            assert_int_equal(bench->message.frames[f].length, strlen(frames[f]));
            assert_memory_equal(bench->message.frames[f].bytes, frames[f], strlen(frames[f]));
        }
        deliver(bench, 0, false);
        deliver(bench, 1, true);
        assert_receives(bench->consumers[0], frames, 4);
        assert_receives(bench->consumers[1], frames, 4);
    }
}

static void messages_in_hand_do_not_touch_each_other(void **state) {
    struct bench *bench = *state;
    struct message messages[SLOTS];
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    for (int round = 0; round < 3; round++) { /* each time with other frames in each slot */
        for (size_t i = 0; i < SLOTS; i++) {
            send_frames(bench->producer, frames + i, 4 - i);
            receive_into(bench, (i + round) % SLOTS, &messages[i]);
        }
        for (size_t i = 0; i < SLOTS; i++) {
            assert_int_equal(messages[i].frame_count, 4 - i);
            for (size_t f = 0; f < messages[i].frame_count; f++)
                assert_memory_equal(messages[i].frames[f].bytes, frames[i + f], strlen(frames[i + f]));
        }
        for (size_t i = SLOTS; i-- > 0;) deliver_from(bench, (i + round) % SLOTS, 0, true);
        for (size_t i = SLOTS; i-- > 0;) assert_receives(bench->consumers[0], frames + i, 4 - i);
    }
}

static void the_thread_that_receives_and_delivers_allocates_nothing(void **state) {
    enum { ROUNDS = 2000 };
    struct bench *bench = *state;
    bench->config.input.high_water_mark = bench->config.outputs[0].socket.high_water_mark = 1000;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    size_t count = 0;
    for (int i = 0; i < ROUNDS; i++) {
        send_frames(bench->producer, frames + 2, 1);
        const size_t before = thread_allocation_count;
        receive(bench);
        deliver(bench, 0, true);
        zmq_transport.release(bench->connection, 0);
        if (i >= ROUNDS / 2) count += thread_allocation_count - before;
        assert_receives(bench->consumers[0], frames + 2, 1);
    }
    assert_int_equal(count, 0);
}

/* Delivers the message in slot 0 with another payload. */
static void deliver_with(struct bench *bench, size_t output, const char *payload, bool is_last) {
    const struct frame frame = {(const uint8_t *)payload, strlen(payload)};
    enum transport_result result;
    while ((result = zmq_transport.deliver(bench->connection, 0, output, &frame, is_last)) == TRANSPORT_BLOCKED)
        zmq_transport.wait(bench->connection, output, WAIT_MS);
    assert_int_equal(result, TRANSPORT_DONE);
}

static void an_output_may_get_another_payload_and_the_others_the_one_that_came(void **state) {
    static const char *const longer = "[{\"a\":\"a payload that is longer than what libzmq keeps inside a message\"}]";
    const char *const replaced[] = {frames[0], frames[1], frames[2], longer}, *const alone[] = {"[1]"};
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    bench->consumers[1] = open_client(bench, ZMQ_PULL, 2, true);
    for (size_t count = 1; count <= 4; count += 3) { /* frames; the payload is the last one */
        const char *const *const came = frames + 4 - count, *const *const expected = count == 1 ? alone : replaced;
        for (int order = 0; order < 2; order++) {
            send_frames(bench->producer, came, count);
            receive(bench);
            if (order == 0) {
                deliver_with(bench, 0, expected[count - 1], false);
                deliver(bench, 1, true);
            } else {
                deliver(bench, 1, false);
                deliver_with(bench, 0, expected[count - 1], true);
            }
            assert_receives(bench->consumers[0], expected, count);
            assert_receives(bench->consumers[1], came, count);
        }
    }
}

static void receiving_does_not_wait(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    assert_int_equal(zmq_transport.receive(bench->connection, 0, &bench->message), TRANSPORT_BLOCKED);
}

static void surplus_frames_are_counted_and_the_next_message_is_whole(void **state) {
    struct bench *bench = *state;
    const char *many[200];
    for (size_t i = 0; i < 200; i++) many[i] = "0123456789";
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    send_frames(bench->producer, many, 200);
    send_frames(bench->producer, frames, 4);
    receive(bench);
    assert_int_equal(bench->message.frame_count, LIMIT_FRAMES + 1);
    assert_int_equal(bench->message.bytes, 2000);
    receive(bench);
    assert_int_equal(bench->message.frame_count, 4);
    assert_memory_equal(bench->message.frames[3].bytes, "{}", 2);
}

static void a_frame_somewhat_beyond_the_limit_is_still_received(void **state) {
    struct bench *bench = *state;
    bench->config.limits.message_bytes = 1000;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    char *large = calloc(1, 4 << 20);
    assert_int_equal(zmq_send(bench->producer, large, 4 << 20, 0), 4 << 20);
    free(large);
    receive(bench);
    assert_int_equal(bench->message.bytes, 4 << 20);
}

static void an_output_without_consumer_blocks_and_loses_nothing(void **state) {
    struct bench *bench = *state;
    bench->config.outputs[0].socket.is_bound = true;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    send_frames(bench->producer, frames, 4);
    receive(bench);
    assert_int_equal(zmq_transport.deliver(bench->connection, 0, 0, NULL, true), TRANSPORT_BLOCKED);
    zmq_transport.wait(bench->connection, 0, 20);
    assert_int_equal(zmq_transport.deliver(bench->connection, 0, 0, NULL, true), TRANSPORT_BLOCKED);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, false);
    deliver(bench, 0, true);
    assert_receives(bench->consumers[0], frames, 4);
}

static void another_payload_waits_like_the_one_that_came(void **state) {
    static const char *const longer[] = {"[\"a payload that is longer than what libzmq keeps inside a message\"]"};
    struct bench *bench = *state;
    const struct frame payload = {(const uint8_t *)longer[0], strlen(longer[0])};
    bench->config.outputs[0].socket.is_bound = true;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    send_frames(bench->producer, frames, 1);
    receive(bench);
    for (int i = 0; i < 3; i++)
        assert_int_equal(zmq_transport.deliver(bench->connection, 0, 0, &payload, true), TRANSPORT_BLOCKED);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, false);
    deliver_with(bench, 0, longer[0], true);
    assert_receives(bench->consumers[0], longer, 1);
}

static void send_number(void *socket, int number) {
    char text[16];
    snprintf(text, sizeof text, "%07d", number);
    send_frames(socket, (const char *const[]){text}, 1);
}

static void assert_receives_number(void *socket, int number) {
    char text[16];
    snprintf(text, sizeof text, "%07d", number);
    assert_receives(socket, (const char *const[]){text}, 1);
}

/* A message of two frames: a number, and so much that few messages fill the way to a consumer. */
static char padding[16384];

static void send_padded(void *socket, int number) {
    char text[16];
    snprintf(text, sizeof text, "%07d", number);
    assert_int_equal(zmq_send(socket, text, 7, ZMQ_SNDMORE), 7);
    assert_int_equal(zmq_send(socket, padding, sizeof padding, 0), sizeof padding);
}

static void assert_receives_padded(void *socket, int number) {
    char text[16], expected[16];
    snprintf(expected, sizeof expected, "%07d", number);
    assert_int_equal(zmq_recv(socket, text, sizeof text, 0), 7);
    assert_memory_equal(text, expected, 7);
    assert_int_equal(zmq_recv(socket, padding, sizeof padding, 0), sizeof padding);
}

static void a_full_output_blocks_and_goes_on_in_order(struct bench *bench) {
    enum { COUNT = 3000 };
    int received = 0, blocked_count = 0;
    for (int sent = 0; sent < COUNT; sent++) {
        send_padded(bench->producer, sent);
        receive(bench);
        assert_int_equal(bench->message.frame_count, 2);
        while (zmq_transport.deliver(bench->connection, 0, 0, NULL, true) == TRANSPORT_BLOCKED) {
            zmq_transport.wait(bench->connection, 0, 5);
            blocked_count++;
            for (int i = 0; i < FEW && received < sent; i++) assert_receives_padded(bench->consumers[0], received++);
        }
    }
    while (received < COUNT) assert_receives_padded(bench->consumers[0], received++);
    assert_true(blocked_count > 0);
}

static void a_full_push_output_blocks_and_loses_nothing(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    a_full_output_blocks_and_goes_on_in_order(bench);
}

static void a_full_pub_output_blocks_and_loses_nothing(void **state) {
    struct bench *bench = *state;
    bench->config.outputs[0].socket = (struct socket_config){SOCKET_PUB, true, {bench->endpoints[1]}, 1, FEW};
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_SUB, 1, false);
    a_full_output_blocks_and_goes_on_in_order(bench);
}

static void a_pub_output_waits_for_a_subscriber(void **state) {
    struct bench *bench = *state;
    bench->config.outputs[0].socket = (struct socket_config){SOCKET_PUB, true, {bench->endpoints[1]}, 1, FEW};
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    send_number(bench->producer, 1);
    send_number(bench->producer, 2);
    receive(bench);
    assert_int_equal(zmq_transport.deliver(bench->connection, 0, 0, NULL, true), TRANSPORT_BLOCKED);
    bench->consumers[0] = open_client(bench, ZMQ_SUB, 1, false);
    deliver(bench, 0, true);
    assert_receives_number(bench->consumers[0], 1);

    zmq_close(bench->consumers[0]);
    bench->consumers[0] = NULL;
    receive(bench);
    for (int i = 0; i < WAIT_MS && zmq_transport.deliver(bench->connection, 0, 0, NULL, false) != TRANSPORT_BLOCKED;
         i++)
        zmq_poll(NULL, 0, 1);
    assert_int_equal(zmq_transport.deliver(bench->connection, 0, 0, NULL, true), TRANSPORT_BLOCKED);
}

static void a_sub_input_receives_what_is_published(void **state) {
    struct bench *bench = *state;
    bench->config.input.kind = SOCKET_SUB;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_XPUB, 0, false);
    char subscription[8];
    while (zmq_recv(bench->producer, subscription, sizeof subscription, ZMQ_DONTWAIT) < 0)
        zmq_transport.wait(bench->connection, TRANSPORT_INPUT, 5); /* libzmq subscribes when the socket is used */
    send_frames(bench->producer, frames, 4);
    receive(bench);
    assert_int_equal(bench->message.frame_count, 4);
}

static void an_endpoint_that_is_in_use_is_named_with_the_reason(void **state) {
    struct bench *bench = *state;
    char endpoint[64], error[TRANSPORT_ERROR_CHARS] = "", expected[TRANSPORT_ERROR_CHARS];
    size_t size = sizeof endpoint;
    bench->producer = zmq_socket(bench->context, ZMQ_PUSH);
    assert_int_equal(zmq_bind(bench->producer, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(bench->producer, ZMQ_LAST_ENDPOINT, endpoint, &size);
    bench->config.input.endpoints[0] = endpoint;
    assert_null(zmq_transport.open(&bench->config, SLOTS, bench->wake_fd, error));
    snprintf(expected, sizeof expected, "input: %s: Address already in use", endpoint);
    assert_string_equal(error, expected);

    bench->config.input.endpoints[0] = bench->endpoints[0];
    bench->config.outputs[1].socket = (struct socket_config){SOCKET_PUSH, true, {endpoint}, 1, FEW};
    assert_null(zmq_transport.open(&bench->config, SLOTS, bench->wake_fd, error));
    snprintf(expected, sizeof expected, "output 'second': %s: Address already in use", endpoint);
    assert_string_equal(error, expected);
}

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void the_wake_fd_ends_a_wait(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    eventfd_write(bench->wake_fd, 1);
    const int64_t before_ms = clock_ms();
    zmq_transport.wait(bench->connection, TRANSPORT_INPUT, WAIT_MS);
    assert_true(clock_ms() - before_ms < WAIT_MS / 2);
}

static void waiting_ends_at_once_when_something_has_come_before(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    for (int i = 0; i < 3; i++) send_frames(bench->producer, frames + 3, 1);
    receive(bench);
    receive(bench);
    const int64_t before_ms = clock_ms();
    zmq_transport.wait(bench->connection, TRANSPORT_INPUT, WAIT_MS);
    assert_true(clock_ms() - before_ms < WAIT_MS / 2);
    receive(bench);
}

static void closing_tells_which_outputs_lost_something(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    send_number(bench->producer, 7);
    receive(bench);
    deliver(bench, 0, false);
    deliver(bench, 1, true); /* queued for a consumer that never comes */
    const int64_t before_ms = clock_ms();
    assert_int_equal(zmq_transport.close(&bench->connection, 300), 1 << 1);
    assert_in_range(clock_ms() - before_ms, 300, 2000);
    assert_null(bench->connection);
    assert_receives_number(bench->consumers[0], 7);
}

static void closing_ends_at_once_when_all_was_sent(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    bench->consumers[0] = open_client(bench, ZMQ_PULL, 1, true);
    bench->consumers[1] = open_client(bench, ZMQ_PULL, 2, true);
    for (int i = 0; i < FEW; i++) {
        send_number(bench->producer, i);
        receive(bench);
        deliver(bench, 0, false);
        deliver(bench, 1, true);
    }
    const int64_t before_ms = clock_ms();
    assert_int_equal(zmq_transport.close(&bench->connection, WAIT_MS), 0);
    assert_true(clock_ms() - before_ms < WAIT_MS / 2);
    for (int i = 0; i < FEW; i++) assert_receives_number(bench->consumers[1], i);
}

static void what_arrived_is_there_after_a_bound_input_was_closed(void **state) {
    struct bench *bench = *state;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, false);
    for (int i = 0; i < 50; i++) send_number(bench->producer, i);
    receive(bench);
    zmq_poll(NULL, 0, 100);
    assert_true(zmq_transport.close_input(bench->connection));
    zmq_poll(NULL, 0, 100);
    for (int i = 1; i < 50; i++) {
        receive(bench);
        char expected[16];
        snprintf(expected, sizeof expected, "%07d", i);
        assert_memory_equal(bench->message.frames[0].bytes, expected, 7);
    }
    zmq_transport.release(bench->connection, 0);
    assert_int_equal(zmq_transport.receive(bench->connection, 0, &bench->message), TRANSPORT_BLOCKED);
}

static void a_connected_input_stays_open(void **state) {
    struct bench *bench = *state;
    bench->config.input.is_bound = false;
    open_transport(bench);
    bench->producer = open_client(bench, ZMQ_PUSH, 0, true);
    send_number(bench->producer, 1);
    receive(bench);
    assert_false(zmq_transport.close_input(bench->connection));
    send_number(bench->producer, 2);
    receive(bench);
    assert_memory_equal(bench->message.frames[0].bytes, "0000002", 7);
}

#define ZMQ_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        ZMQ_TEST(a_message_is_received_whole_and_delivered_to_both_as_it_came),
        ZMQ_TEST(an_output_may_get_another_payload_and_the_others_the_one_that_came),
        ZMQ_TEST(messages_in_hand_do_not_touch_each_other),
        ZMQ_TEST(the_thread_that_receives_and_delivers_allocates_nothing),
        ZMQ_TEST(receiving_does_not_wait),
        ZMQ_TEST(surplus_frames_are_counted_and_the_next_message_is_whole),
        ZMQ_TEST(a_frame_somewhat_beyond_the_limit_is_still_received),
        ZMQ_TEST(an_output_without_consumer_blocks_and_loses_nothing),
        ZMQ_TEST(another_payload_waits_like_the_one_that_came),
        ZMQ_TEST(a_full_push_output_blocks_and_loses_nothing),
        ZMQ_TEST(a_full_pub_output_blocks_and_loses_nothing),
        ZMQ_TEST(a_pub_output_waits_for_a_subscriber),
        ZMQ_TEST(a_sub_input_receives_what_is_published),
        ZMQ_TEST(an_endpoint_that_is_in_use_is_named_with_the_reason),
        ZMQ_TEST(the_wake_fd_ends_a_wait),
        ZMQ_TEST(waiting_ends_at_once_when_something_has_come_before),
        ZMQ_TEST(closing_tells_which_outputs_lost_something),
        ZMQ_TEST(closing_ends_at_once_when_all_was_sent),
        ZMQ_TEST(what_arrived_is_there_after_a_bound_input_was_closed),
        ZMQ_TEST(a_connected_input_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
