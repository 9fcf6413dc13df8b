#include "filter/inspect/validator_cases.h"

static void test_ipv4_accepts_four_octets(void **state) {
    (void)state;
    static const char *const values[] = {"0.0.0.0",         "192.0.2.1",   "203.0.113.255",
                                         "255.255.255.255", "10.20.30.40", NULL};
    assert_accepted("ipv4", values);
}

static void test_ipv4_refuses_other_numbers_and_versions(void **state) {
    (void)state;
    static const char *const values[] = {"192.0.2",    "192.0.2.256",  "192.0.02.1", "1.2.3.4.5",
                                         "192.0.2.1a", "192.0..1",     ".192.0.2.1", "192.0.2.",
                                         "1234.0.2.1", "192.0.2.1000", NULL};
    assert_refused("ipv4", values);
    static const struct neighbours cases[] = {
        {"v", "1.2.3.4", "", false},     {"5.", "1.2.3.4", "", false},           {"ip:", "192.0.2.1", ":80", true},
        {"/", "192.0.2.1", "/24", true}, {"from ", "192.0.2.1", ". Then", true},
    };
    assert_neighbours("ipv4", cases, sizeof cases / sizeof *cases);
}

/* The examples of RFC 4291, section 2.2, and their like. */
static void test_ipv6_accepts_every_form_of_rfc_4291(void **state) {
    (void)state;
    static const char *const values[] = {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
                                         "2001:DB8:0:0:8:800:200C:417A",
                                         "2001:DB8::8:800:200C:417A",
                                         "FF01::101",
                                         "::1",
                                         "::",
                                         "1::",
                                         "1:2:3:4:5:6:7::",
                                         "::2:3:4:5:6:7:8",
                                         "0:0:0:0:0:0:13.1.68.3",
                                         "0:0:0:0:0:FFFF:129.144.52.38",
                                         "::13.1.68.3",
                                         "::ffff:129.144.52.38",
                                         "64:ff9b::192.0.2.33",
                                         NULL};
    assert_accepted("ipv6", values);
}

static void test_ipv6_refuses_wrong_counts_and_groups(void **state) {
    (void)state;
    static const char *const values[] = {"1:2:3:4:5:6:7",
                                         "1:2:3:4:5:6:7:8:9",
                                         "1::2::3",
                                         "1:2:3:4::5:6:7:8",
                                         ":::",
                                         ":1:2:3:4:5:6:7",
                                         "12345::1",
                                         "1::12345",
                                         "2001:db8::g",
                                         "1:2:3:4:5:6:7:1.2.3.4",
                                         "1.2.3.4::",
                                         "1:2:3:4:5:1.2.3.4::",
                                         "::1.2.3.256",
                                         "::1.2.3.4.5",
                                         "12:30:45",
                                         "00:00:5e:00:53:01",
                                         NULL};
    assert_refused("ipv6", values);
}

static void test_ipv6_stands_between_brackets_zones_and_stops(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"[", "2001:db8::1", "]:443", true}, {"", "fe80::1", "%eth0", true},     {"", "2001:db8::", "/32", true},
        {"by ", "fe80::1", ". Next", true},  {"by ", "fe80::1", ": said", true}, {"std", "::", "abc", false},
        {"a:", "1::2", "", false},           {"x", "fe80::1", "", false},        {"", "fe80::1", "z", false},
    };
    assert_neighbours("ipv6", cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ipv4_accepts_four_octets),
        cmocka_unit_test(test_ipv4_refuses_other_numbers_and_versions),
        cmocka_unit_test(test_ipv6_accepts_every_form_of_rfc_4291),
        cmocka_unit_test(test_ipv6_refuses_wrong_counts_and_groups),
        cmocka_unit_test(test_ipv6_stands_between_brackets_zones_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
