#include "console/console.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

enum { REPLY_BYTES = 64 * 1024 };

static struct counters counters;
static char email[] = "email", chat[] = "chat";
static char *const class_names[] = {email, chat};

static struct console_config sample(const char *address) {
    return (struct console_config){
        .address = address,
        .counters = &counters,
        .outputs = {{"targeting", "advertising"}, {"odd \"name\"\\\n", "analytics"}},
        .output_count = 2,
        .class_names = class_names,
        .class_count = 2,
        .reason_names = {NULL, "malformed", "too-large"},
        .version = "1.2.3",
        .digest = "00ff",
    };
}

static int start(void **state) {
    const struct console_config config = sample("127.0.0.1:0");
    *state = console_start(&config);
    return *state ? 0 : -1;
}

static int stop(void **state) {
    struct console *console = *state;
    console_stop(&console);
    return 0;
}

static int connect_to(uint16_t port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    const struct timeval patience = {.tv_sec = 20};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends a request and returns all that comes until the other side closes. */
static const char *ask(const struct console *console, const char *request) {
    static char reply[REPLY_BYTES];
    const int fd = connect_to(console_port(console));
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    size_t length = 0;
    ssize_t count;
    while ((count = recv(fd, reply + length, sizeof reply - 1 - length, 0)) > 0) length += (size_t)count;
    close(fd);
    reply[length] = '\0';
    return reply;
}

static void test_metrics_show_every_counter(void **state) {
    struct output_counters *targeting = &counters.outputs[0];
    counter_add(&counters.received_bytes, 4096);
    counter_add(&targeting->received, 10);
    counter_add(&targeting->passed, 7);
    counter_add(&targeting->withheld, 3);
    counter_add(&targeting->withheld_by_class[1], 2);
    counter_add(&targeting->withheld_by_reason[2], 1);
    const char *reply = ask(*state, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    static const char *const expected[] = {
        "HTTP/1.1 200 OK\r\n",
        "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n",
        "\n# TYPE cordon_received_total counter\n",
        "\ncordon_build_info{version=\"1.2.3\",rules_digest=\"00ff\"} 1\n",
        "\ncordon_received_bytes_total 4096\n",
        "\ncordon_received_total{output=\"targeting\",purpose=\"advertising\"} 10\n",
        "\ncordon_passed_total{output=\"targeting\",purpose=\"advertising\"} 7\n",
        "\ncordon_withheld_total{output=\"targeting\",purpose=\"advertising\"} 3\n",
        "\ncordon_withheld_total{output=\"odd \\\"name\\\"\\\\\\n\",purpose=\"analytics\"} 0\n",
        "\ncordon_withheld_by_class_total{output=\"targeting\",purpose=\"advertising\",class=\"email\"} 0\n",
        "\ncordon_withheld_by_class_total{output=\"targeting\",purpose=\"advertising\",class=\"chat\"} 2\n",
        "\ncordon_withheld_by_reason_total{output=\"targeting\",purpose=\"advertising\",reason=\"malformed\"} 0\n",
        "\ncordon_withheld_by_reason_total{output=\"targeting\",purpose=\"advertising\",reason=\"too-large\"} 1\n",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (!strstr(reply, expected[i])) fail_msg("not in the reply: %s", expected[i]);
}

static void test_the_largest_stage_fits_into_one_reply(void **state) {
    (void)state;
    static char *many[COUNTERS_CLASSES_MAX];
    struct console_config config = sample("127.0.0.1:0");
    for (size_t i = 0; i < COUNTERS_CLASSES_MAX; i++) many[i] = email;
    for (size_t i = 0; i < COUNTERS_OUTPUTS_MAX; i++) config.outputs[i] = (struct console_output){"o", "p"};
    config.output_count = COUNTERS_OUTPUTS_MAX;
    config.class_names = many;
    config.class_count = COUNTERS_CLASSES_MAX;
    struct console *console = console_start(&config);
    assert_non_null(console);
    const char *reply = ask(console, "HEAD /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const char *length = strstr(reply, "Content-Length: ");
    assert_non_null(length);
    assert_true(atol(length + strlen("Content-Length: ")) > 100000);
    console_stop(&console);
}

static void test_health_is_ok_while_it_runs(void **state) {
    const char *reply = ask(*state, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_non_null(strstr(reply, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(reply, "\r\n\r\nok\n"));
}

static void test_anything_else_is_refused(void **state) {
    static const struct {
        const char *request, *status;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 "},
        {"GET /metrics/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 "},
        {"GET /../metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404 "},
        {"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", "HTTP/1.1 405 "},
        {"DELETE /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 "},
        {"no HTTP at all\r\n\r\n", "HTTP/1.1 400 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reply = ask(*state, cases[i].request);
        if (strncmp(reply, cases[i].status, strlen(cases[i].status)) != 0)
            fail_msg("case %zu: expected %s", i, cases[i].status);
    }
    assert_non_null(strstr(ask(*state, cases[3].request), "\r\nAllow: GET, HEAD\r\n"));
}

static void test_headers_beyond_all_bounds_are_refused(void **state) {
    static char request[40000];
    memset(request, 'a', sizeof request - 1);
    memcpy(request, "GET /health HTTP/1.1\r\nx: ", 25);
    memcpy(request + sizeof request - 5, "\r\n\r\n", 4);
    assert_null(strstr(ask(*state, request), " 200 "));
}

static void test_silent_clients_are_dropped_and_do_not_keep_others_out(void **state) {
    int silent[24]; /* more than are served at once */
    for (size_t i = 0; i < 24; i++) silent[i] = connect_to(console_port(*state));
    char byte;
    assert_true(recv(silent[0], &byte, 1, 0) <= 0);
    assert_true(errno != EAGAIN);
    for (size_t i = 0; i < 24; i++) close(silent[i]);
    assert_non_null(strstr(ask(*state, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), " 200 OK"));
}

static void test_an_address_that_cannot_be_used_gives_the_reason(void **state) {
    char taken[32];
    snprintf(taken, sizeof taken, "127.0.0.1:%u", (unsigned)console_port(*state));
    const struct {
        const char *address;
        int reason;
    } cases[] = {
        {taken, EADDRINUSE},        {"127.0.0.1", EADDRNOTAVAIL},
        {":80", EADDRNOTAVAIL},     {"192.0.2.1:80", EADDRNOTAVAIL},
        {"[::1:80", EADDRNOTAVAIL}, {"127.0.0.1:http", EADDRNOTAVAIL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct console_config config = sample(cases[i].address);
        assert_null(console_start(&config));
        assert_int_equal(errno, cases[i].reason);
    }
}

static void test_a_stopped_console_frees_its_port(void **state) {
    (void)state;
    struct console_config config = sample("127.0.0.1:0");
    struct console *console = console_start(&config);
    assert_non_null(console);
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)console_port(console));
    console_stop(&console);
    assert_null(console);
    console_stop(&console);
    config.address = address;
    console = console_start(&config);
    assert_non_null(console);
    console_stop(&console);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_metrics_show_every_counter, start, stop),
        cmocka_unit_test(test_the_largest_stage_fits_into_one_reply),
        cmocka_unit_test_setup_teardown(test_health_is_ok_while_it_runs, start, stop),
        cmocka_unit_test_setup_teardown(test_anything_else_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_headers_beyond_all_bounds_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_silent_clients_are_dropped_and_do_not_keep_others_out, start, stop),
        cmocka_unit_test_setup_teardown(test_an_address_that_cannot_be_used_gives_the_reason, start, stop),
        cmocka_unit_test(test_a_stopped_console_frees_its_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
