#include "inspect/validator_checks.h"

#include "filter/inspect/validator_cases.h"

#define CARD "4111111111111111"

static void test_a_number_may_have_letters_and_marks_beside_it(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"card", CARD, "exp", true},
        {"id=", CARD, "&x=1", true},
        {"no.", CARD, ".", true},
        {"-", CARD, "-", true},
        {"12,", CARD, ",34", true},
        {"1. ", CARD, " 5", true},
        {"\xe5\x8d\xa1", CARD, "\xe5\x8d\xa1", true},
        {"[", CARD, "]", true},
        {".", CARD, "", true},
    };
    assert_neighbours("luhn", cases, sizeof cases / sizeof *cases);
}

static void test_digits_of_a_longer_number_or_behind_a_decimal_point_are_none(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"5", CARD, "", false},
        {"", CARD, "54321", false},
        {"1.", CARD, "", false},
        {"it is 0.", CARD, " of it", false},
    };
    assert_neighbours("luhn", cases, sizeof cases / sizeof *cases);
}

static void test_digits_of_a_uuid_or_digest_are_no_number(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"", "41111111-1111-1111", "-8a3f-0123456789ab", false},
        {"id-c0ffee00-", "4111-1111-1111-1111", "11111111", false},
        {"d41d8cd98f00", CARD, "ecf8", false},
        {"", CARD, "d41d8cd9", false},
        {"d41d8cd9", CARD, "", false},
        {"d41d8c", CARD, "", true}, /* 22 characters: shorter than any such identifier */
        {"", "4111-1111-1111-1111", "-8a3f-0123456789ab", true},
        {"d41d8cd98f00b204 ", CARD, " 98ecf8427e", true},
        {"facade00 ", "4111 1111 1111 1111", " deadbeef", true},
    };
    assert_neighbours("luhn", cases, sizeof cases / sizeof *cases);
}

static void test_an_identifier_with_letters_has_no_letter_beside_it(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"(", "AB123456C", ")", true},  {"nino_", "AB123456C", "_1", true},
        {"1.", "AB123456C", ".", true}, {"X", "AB123456C", "", false},
        {"7", "AB123456C", "", false},  {"", "AB123456C", "x", false},
        {"", "AB123456C", "1", false},  {"\xc3\xa9", "AB123456C", "\xc3\xa9", true},
    };
    assert_neighbours("uk-nino", cases, sizeof cases / sizeof *cases);
}

static void test_edges_hold_at_both_ends_of_the_text(void **state) {
    (void)state;
    const uint8_t text[] = {'1', '2'};
    assert_true(edge_starts_number(text, 0, 2));
    assert_true(edge_starts_word(text, 0, 2));
    assert_true(edge_ends_number(text, 2, 0, 2));
    assert_true(edge_ends_word(text, 2, 2));
    assert_false(edge_starts_number(text, 1, 2));
    assert_false(edge_ends_number(text, 2, 0, 1));
    assert_false(edge_starts_number(text, 0, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_number_may_have_letters_and_marks_beside_it),
        cmocka_unit_test(test_digits_of_a_longer_number_or_behind_a_decimal_point_are_none),
        cmocka_unit_test(test_digits_of_a_uuid_or_digest_are_no_number),
        cmocka_unit_test(test_an_identifier_with_letters_has_no_letter_beside_it),
        cmocka_unit_test(test_edges_hold_at_both_ends_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
