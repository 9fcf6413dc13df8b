#include "stage/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "test.h"

struct bench {
    void *context;
    char folder[32];
    char endpoint[64];
    struct stage_config config;
};

static int set_up(void **state) {
    static struct bench bench;
    bench = (struct bench){.context = zmq_ctx_new(), .folder = "/tmp/test-socket-XXXXXX"};
    assert_non_null(mkdtemp(bench.folder));
    snprintf(bench.endpoint, sizeof bench.endpoint, "ipc://%s/a", bench.folder);
    bench.config = (struct stage_config){.limits = LIMITS_DEFAULT};
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    zmq_ctx_term(bench->context);
    unlink(bench->endpoint + strlen("ipc://"));
    rmdir(bench->folder);
    return 0;
}

static void *open_with(struct bench *bench, enum socket_kind kind, bool is_bound, char *error) {
    const struct socket_config own = {kind, is_bound, {bench->endpoint}, 1, 7};
    error[0] = '\0';
    return socket_open(bench->context, &bench->config, &own, "input", error);
}

static int64_t read_option(void *socket, int option, size_t size) {
    int number;
    int64_t large;
    assert_int_equal(zmq_getsockopt(socket, option, size == sizeof large ? (void *)&large : &number, &size), 0);
    return size == sizeof large ? large : number;
}

static void a_socket_is_what_its_configuration_says(void **state) {
    static const int types[] = {
        [SOCKET_PULL] = ZMQ_PULL, [SOCKET_SUB] = ZMQ_SUB, [SOCKET_PUSH] = ZMQ_PUSH, [SOCKET_PUB] = ZMQ_XPUB};
    char error[TRANSPORT_ERROR_CHARS];
    for (enum socket_kind kind = SOCKET_PULL; kind <= SOCKET_PUB; kind++) {
        void *socket = open_with(*state, kind, false, error);
        assert_string_equal(error, "");
        assert_int_equal(read_option(socket, ZMQ_TYPE, sizeof(int)), types[kind]);
        assert_int_equal(read_option(socket, ZMQ_RCVHWM, sizeof(int)), 7);
        assert_int_equal(read_option(socket, ZMQ_SNDHWM, sizeof(int)), 7);
        assert_int_equal(read_option(socket, ZMQ_LINGER, sizeof(int)), 0);
        assert_int_equal(read_option(socket, ZMQ_HEARTBEAT_IVL, sizeof(int)), 0);
        assert_int_equal(read_option(socket, ZMQ_IMMEDIATE, sizeof(int)), 0);
        zmq_close(socket);
    }
}

static void an_input_holds_fewer_messages_where_they_may_be_large(void **state) {
    static const struct {
        size_t message_bytes;
        int high_water_mark, input, output;
    } cases[] = {{1 << 20, 1000, 32, 1000},
                 {1 << 20, 7, 7, 7},
                 {1 << 10, 1000, 1000, 1000},
                 {1 << 16, 1000, 512, 1000},
                 {64 << 20, 1000, 1, 1000}};
    struct bench *bench = *state;
    char error[TRANSPORT_ERROR_CHARS];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (enum socket_kind kind = SOCKET_PULL; kind <= SOCKET_PUB; kind++) {
            const bool is_input = kind == SOCKET_PULL;
            const struct socket_config own = {kind, false, {"tcp://127.0.0.1:1"}, 1, cases[i].high_water_mark};
            bench->config.limits.message_bytes = cases[i].message_bytes;
            void *socket = socket_open(bench->context, &bench->config, &own, "x", error);
            assert_int_equal(read_option(socket, is_input ? ZMQ_RCVHWM : ZMQ_SNDHWM, sizeof(int)),
                             is_input ? cases[i].input : cases[i].output);
            zmq_close(socket);
        }
    }
    /* Over ipc, what a producer had sent is safe once it is in the queue. */
    const struct socket_config own = {SOCKET_PULL, false, {"tcp://127.0.0.1:1", bench->endpoint}, 2, 1000};
    void *socket = socket_open(bench->context, &bench->config, &own, "x", error);
    assert_int_equal(read_option(socket, ZMQ_RCVHWM, sizeof(int)), 1000);
    zmq_close(socket);
}

static void a_frame_may_have_four_times_what_a_message_may_but_at_least_four_mebibytes(void **state) {
    static const struct {
        size_t message_bytes;
        int64_t frame_bytes;
    } cases[] = {{1024, 4 << 20}, {1 << 20, 4 << 20}, {3 << 20, 12 << 20}};
    struct bench *bench = *state;
    char error[TRANSPORT_ERROR_CHARS];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bench->config.limits.message_bytes = cases[i].message_bytes;
        void *socket = open_with(bench, SOCKET_PULL, false, error);
        assert_int_equal(read_option(socket, ZMQ_MAXMSGSIZE, sizeof(int64_t)), cases[i].frame_bytes);
        zmq_close(socket);
    }
}

static void an_endpoint_that_somebody_listens_at_is_not_taken_away(void **state) {
    struct bench *bench = *state;
    char error[TRANSPORT_ERROR_CHARS], expected[TRANSPORT_ERROR_CHARS];
    void *first = open_with(bench, SOCKET_PULL, true, error);
    assert_non_null(first);
    assert_null(open_with(bench, SOCKET_PULL, true, error));
    snprintf(expected, sizeof expected, "input: %s: Address already in use", bench->endpoint);
    assert_string_equal(error, expected);
    zmq_close(first);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_socket_is_what_its_configuration_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_input_holds_fewer_messages_where_they_may_be_large, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_frame_may_have_four_times_what_a_message_may_but_at_least_four_mebibytes,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_endpoint_that_somebody_listens_at_is_not_taken_away, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
