#include "cli/endpoint.h"

#include <string.h>

#include "test.h"

#define CHARS_50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"

static const char form[] = "expected tcp://host:port or ipc://path";
static const char address[] = "expected host:port";
static const char port[] = "the port must be from 1 to 65535";
static const char path[] = "the path of an ipc endpoint must have 1 to 107 bytes";

struct endpoint_case {
    const char *endpoint;
    bool is_bound;
    const char *fault; /* NULL: none */
};

static const struct endpoint_case cases[] = {
    {"tcp://127.0.0.1:5601", true, NULL},
    {"tcp://127.0.0.1:5601", false, NULL},
    {"tcp://*:1", true, NULL},
    {"tcp://*:5601", false, "the host '*' can be bound, but not connected to"},
    {"tcp://broker-1.example.org:65535", false, NULL},
    {"tcp://eth0:5601", true, NULL},
    {"tcp://[::1]:5601", true, NULL},
    {"tcp://[fe80::1%eth0]:5601", false, NULL},
    {"tcp://::1:5601", true, address},
    {"tcp://[]:5601", true, address},
    {"tcp://:5601", true, address},
    {"tcp://localhost", false, address},
    {"tcp://a b:5601", false, address},
    {"tcp://a;b:5601", false, address},
    {"tcp://localhost:", false, port},
    {"tcp://localhost:0", false, port},
    {"tcp://localhost:65536", false, port},
    {"tcp://localhost:99999999999999999999", false, port},
    {"tcp://localhost:+1", false, port},
    {"tcp://localhost:01", false, port},
    {"tcp://localhost:1x", false, port},
    {"tcp://*:*", true, port},
    {"ipc:///run/cordon.sock", true, NULL},
    {"ipc://relative", false, NULL},
    {"ipc://@abstract", false, NULL},
    {"ipc://" CHARS_50 CHARS_50 "1234567", true, NULL},
    {"ipc://" CHARS_50 CHARS_50 "12345678", true, path},
    {"ipc://", true, path},
    {"ipc://*", true, "the path of an ipc endpoint must be written out"},
    {"ipc://a\nb", true, "the path of an ipc endpoint must not hold control characters"},
    {"udp://127.0.0.1:5601", true, form},
    {"inproc://x", true, form},
    {"TCP://127.0.0.1:5601", true, form},
    {"127.0.0.1:5601", true, form},
    {"", true, form},
};

static void assert_fault(const char *endpoint, const char *found, const char *expected) {
    if (!found != !expected || (found && strcmp(found, expected) != 0))
        fail_msg("%s: %s", endpoint, found ? found : "no fault");
}

static void test_endpoints_are_checked_before_they_are_opened(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_fault(cases[i].endpoint, endpoint_fault(cases[i].endpoint, cases[i].is_bound), cases[i].fault);
}

static void test_addresses_are_host_and_port(void **state) {
    (void)state;
    assert_fault("127.0.0.1:9464", address_fault("127.0.0.1:9464"), NULL);
    assert_fault("[::1]:9464", address_fault("[::1]:9464"), NULL);
    assert_fault("localhost:9464", address_fault("localhost:9464"), NULL);
    assert_fault("9464", address_fault("9464"), address);
    assert_fault("*:9464", address_fault("*:9464"), address);
    assert_fault("localhost:http", address_fault("localhost:http"), port);
    assert_fault("localhost:0", address_fault("localhost:0"), port);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoints_are_checked_before_they_are_opened),
        cmocka_unit_test(test_addresses_are_host_and_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
