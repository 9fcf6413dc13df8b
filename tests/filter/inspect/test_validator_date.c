#include <stdio.h>

#include "filter/inspect/validator_cases.h"

static void test_days_of_the_calendar_are_accepted_in_each_spelling(void **state) {
    (void)state;
    static const char *const values[] = {"2024-02-29", "1999/12/31", "2001.1.2",   "31.12.1999", "1.2.1999",
                                         "29.2.00",    "12/31/1999", "31/12/1999", "31-12-1999", "2/29/2000",
                                         "2/29/00",    "1583-01-01", "9999-12-31", NULL};
    assert_accepted("date", values);
}

static void test_days_that_do_not_exist_are_refused(void **state) {
    (void)state;
    static const char *const values[] = {"2023-02-29", "1900-02-29",   "2024-13-01",  "2024-00-10", "2024-04-31",
                                         "2024-01-00", "32.1.2024",    "12.31.1999",  "13/32/2024", "29.2.2023",
                                         "2/29/01",    "1582-12-31",   "1200-01-01",  "2024-01",    "2024-01/02",
                                         "2024 01 02", "20240102",     "2024-001-02", "1.2.345",    "12345-01-02",
                                         "1:2:2003",   "2024-01-2024", NULL};
    assert_refused("date", values);
}

static void test_months_end_with_their_last_day(void **state) {
    (void)state;
    static const unsigned last_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (unsigned month = 1; month <= 12; month++) {
        char date[32];
        snprintf(date, sizeof date, "2023-%02u-%02u", month, last_days[month - 1]);
        assert_int_equal(validated_length("date", "", date, ""), strlen(date));
        snprintf(date, sizeof date, "2023-%02u-%02u", month, last_days[month - 1] + 1);
        assert_int_equal(validated_length("date", "", date, ""), 0);
    }
}

static void test_a_date_is_no_part_of_a_longer_row_of_numbers(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"", "2024-02-29", "T12:00:00Z", true}, {"born ", "1.2.1999", ".", true}, {"", "2024-02-29", "-07", false},
        {"1.", "2.3.2004", "", false},          {"", "1.2.2003", ".4", false},    {"3/", "12/31/1999", "", false},
        {"on-", "2024-02-29", "-x", true},      {"(", "12/31/99", ")", true},
    };
    assert_neighbours("date", cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_of_the_calendar_are_accepted_in_each_spelling),
        cmocka_unit_test(test_days_that_do_not_exist_are_refused),
        cmocka_unit_test(test_months_end_with_their_last_day),
        cmocka_unit_test(test_a_date_is_no_part_of_a_longer_row_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
