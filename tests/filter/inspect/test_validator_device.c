#include "filter/inspect/validator_cases.h"

static void test_imeis_of_known_bodies_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {"490154203237518",
                                         "49-015420-323751-8",
                                         "35-209900-176148-1",
                                         "352099-00-176148-1",
                                         "35 209900 176148 1",
                                         "990000000000002",
                                         NULL};
    assert_accepted("imei", values);
}

static void test_other_numbers_are_no_imeis(void **state) {
    (void)state;
    static const char *const values[] = {"490154203237517",
                                         "123456789012347" /* no body */,
                                         "020000000000006" /* test */,
                                         "000000000000000",
                                         "49015420323751",
                                         "4901542032375180",
                                         "490.154203237518",
                                         NULL};
    assert_refused("imei", values);
}

static void test_vehicle_numbers_with_their_check_digit_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {"1M8GDM9AXKP042788", "1m8gdm9axkp042788", "1HGCM82633A004352",
                                         "5GZCZ43D13S812715", NULL};
    assert_accepted("vin", values);
}

/* The value of a letter is its place in this row, modulo ten. */
static void test_every_letter_of_a_vehicle_number_has_its_value(void **state) {
    (void)state;
    static const char row[] = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
    for (size_t place = 11; place < sizeof row - 1; place++) {
        if (row[place] == '.') continue;
        char number[] = "?0000000?1000000A";
        number[0] = row[place];
        number[8] = "0123456789X"[(place % 10 * 8 + 1 * 9 + 1 * 2) % 11];
        if (validated_length("vin", "", number, "") != 17) fail_msg("vin refuses \"%s\"", number);
    }
}

static void test_other_identifiers_are_no_vehicle_numbers(void **state) {
    (void)state;
    static const char *const values[] = {"1M8GDM9A1KP042788",
                                         "WP0ZZZ99ZTS392124" /* European, without check digit */,
                                         "1M8GDM9A6UP042788" /* no model year is U */,
                                         "IM8GDM9AXKP042788",
                                         "1M8GDM9AXKPO42788",
                                         "11111111111111111" /* a number, such as an account */,
                                         "1M8GDM9AXKP04278",
                                         "1M8GDM9AXKP0427888",
                                         NULL};
    assert_refused("vin", values);
}

static void test_mac_addresses_are_accepted_in_each_spelling(void **state) {
    (void)state;
    static const char *const values[] = {"00:00:5e:00:53:01", "00-00-5E-00-53-FF", "0000.5e00.5301",
                                         "Ac:De:48:00:11:22", NULL};
    assert_accepted("mac-address", values);
}

static void test_other_groups_are_no_mac_addresses(void **state) {
    (void)state;
    static const char *const values[] = {"00:00:5e:00:53",
                                         "00:00:5e:00:53:0g",
                                         "00:00-5e:00-53:01",
                                         "00:00:5e:00:53:01:02",
                                         "00-00-5e-00-53-01-02-03",
                                         "0000.5e00.5301.0001",
                                         "0:0:5e:0:53:1",
                                         "00005e005301",
                                         "00:00:00:00:00:00",
                                         "ff:FF:ff:ff:ff:ff",
                                         NULL};
    assert_refused("mac-address", values);
}

static void test_a_mac_address_is_not_the_end_of_a_longer_one(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"mac:", "00:00:5e:00:53:01", ".", true},   {"=", "00:00:5e:00:53:01", ":", true},
        {"00:", "00:00:5e:00:53:01", "", false},    {"x 00-", "00-00-5e-00-53-01", "", false},
        {"-", "00-00-5e-00-53-01", "-x", true},     {"", "0000.5e00.5301", ".", true},
        {"00:00:", "5e:00:53:01:02:03", "", false}, {"0000.", "5e00.5301.0001", "", false},
    };
    assert_neighbours("mac-address", cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imeis_of_known_bodies_are_accepted),
        cmocka_unit_test(test_other_numbers_are_no_imeis),
        cmocka_unit_test(test_vehicle_numbers_with_their_check_digit_are_accepted),
        cmocka_unit_test(test_every_letter_of_a_vehicle_number_has_its_value),
        cmocka_unit_test(test_other_identifiers_are_no_vehicle_numbers),
        cmocka_unit_test(test_mac_addresses_are_accepted_in_each_spelling),
        cmocka_unit_test(test_other_groups_are_no_mac_addresses),
        cmocka_unit_test(test_a_mac_address_is_not_the_end_of_a_longer_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
