#include "cli/argument.h"

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void whole_numbers_are_read_within_their_bounds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
        uint64_t value;
    } cases[] = {
        {"1", true, 1},
        {"100", true, 100},
        {"007", true, 7},
        {"0", false, 0},
        {"101", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1x", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
        {"18446744073709551617", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t value = 0;
        assert_int_equal(argument_natural(cases[i].text, 1, 100, &value), cases[i].is_good);
        if (cases[i].is_good) assert_int_equal(value, cases[i].value);
    }
}

static void seconds_are_read_as_milliseconds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
        int ms;
    } cases[] = {
        {"30", true, 30000}, {"0.5", true, 500},  {"0", true, 0},   {"86400", true, 86400000},
        {"86401", false, 0}, {"", false, 0},      {"-1", false, 0}, {"1e3", false, 0},
        {"nan", false, 0},   {"1.2.3", false, 0}, {".", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int ms = 0;
        assert_int_equal(argument_seconds(cases[i].text, &ms), cases[i].is_good);
        if (cases[i].is_good) assert_int_equal(ms, cases[i].ms);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_within_their_bounds),
        cmocka_unit_test(seconds_are_read_as_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
