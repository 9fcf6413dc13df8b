#include "inspect/validator_checks.h"

#include <string.h>

#include "test.h"

static uint8_t seen[FORM_CHARS_MAX + 1]; /* what a form was read as */

static bool holds_three(const uint8_t *id) {
    memcpy(seen, id, 3);
    return true;
}

static bool holds_never(const uint8_t *id) {
    (void)id;
    return false;
}

static size_t length_in(const char *text, const char *form, bool (*holds)(const uint8_t *id)) {
    memset(seen, 0, sizeof seen);
    return form_length((const uint8_t *)text, strlen(text), 0, strlen(text), form, holds);
}

static void test_a_form_takes_separators_only_where_it_says(void **state) {
    (void)state;
    static const struct {
        const char *text, *form;
        size_t length;
    } cases[] = {
        {"123", "0-0.0", 3}, {"1 2/3", "0-0.0", 5}, {"1-2.3", "0-0.0", 5}, {"1/2/3", "0-0.0", 0},
        {"12-3", "000", 0},  {"1--23", "0-0.0", 0}, {"12", "000", 0},      {"", "000", 0},
        {"1234", "000", 0},  {"123 4", "000", 3},   {"A2c", "A*A", 3},     {"12c", "A*A", 0},
        {"A23", "A*A", 0},   {"A-c", "A*A", 0},     {"A2cd", "A*A", 0},    {"1.2.3", "0.0.0", 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(length_in(cases[i].text, cases[i].form, holds_three), cases[i].length);
}

static void test_a_form_is_judged_in_upper_case_without_separators(void **state) {
    (void)state;
    assert_int_equal(length_in("a-2 z", "A-0-A", holds_three), 5);
    assert_string_equal(seen, "A2Z");
    assert_int_equal(length_in("a-2 z", "A-0-A", holds_never), 0);
}

static void test_a_digit_run_knows_where_it_may_be_cut(void **state) {
    (void)state;
    static const char text[] = "12 (3)45   6";
    struct digit_run run;
    digit_run_read(&run, (const uint8_t *)text, strlen(text), 0, " ()", 2);
    assert_int_equal(run.count, 5);
    assert_memory_equal(run.digits, "12345", 5);
    static const size_t lengths[] = {0, 2, 5, 0, 8};
    assert_memory_equal(run.lengths, lengths, sizeof lengths);
}

static void test_a_digit_run_holds_only_so_many_digits(void **state) {
    (void)state;
    static const char text[] = "1234567890123456789012345";
    struct digit_run run;
    digit_run_read(&run, (const uint8_t *)text, strlen(text), 0, " ", 1);
    assert_int_equal(run.count, DIGIT_RUN_MAX);
    assert_int_equal(run.lengths[DIGIT_RUN_MAX - 1], 0);
    digit_run_read(&run, (const uint8_t *)text, DIGIT_RUN_MAX, 0, " ", 1);
    assert_int_equal(run.lengths[DIGIT_RUN_MAX - 1], DIGIT_RUN_MAX);
    digit_run_read(&run, (const uint8_t *)text, 0, 0, " ", 1);
    assert_int_equal(run.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_form_takes_separators_only_where_it_says),
        cmocka_unit_test(test_a_form_is_judged_in_upper_case_without_separators),
        cmocka_unit_test(test_a_digit_run_knows_where_it_may_be_cut),
        cmocka_unit_test(test_a_digit_run_holds_only_so_many_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
