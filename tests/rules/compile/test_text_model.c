#include "rules/compile/text_model.h"

#include <stdbool.h>
#include <string.h>

#include "test.h"

static struct byte_set set_of(const char *bytes) {
    struct byte_set set = {{0}};
    for (; *bytes != '\0'; bytes++) byte_set_add(&set, (uint8_t)*bytes);
    return set;
}

static struct byte_set all_bytes(void) {
    struct byte_set set = {{0}};
    byte_set_invert(&set);
    return set;
}

static void test_shares_are_from_nothing_to_all_and_grow_with_the_set(void **state) {
    (void)state;
    const struct byte_set none = {{0}}, all = all_bytes(), few = set_of("qz"), more = set_of("qzet");
    assert_true(text_model_share(&none) == 0);
    assert_true(text_model_share(&all) > 0.9 && text_model_share(&all) <= 1);
    assert_true(text_model_share(&few) > 0 && text_model_share(&few) < text_model_share(&more));
}

static void test_the_case_of_a_letter_makes_no_difference(void **state) {
    (void)state;
    const struct byte_set lower = set_of("e"), upper = set_of("E"), both = set_of("eE");
    assert_true(text_model_share(&lower) == text_model_share(&upper));
    assert_true(text_model_share(&lower) == text_model_share(&both));
}

static void test_a_rare_byte_is_in_fewer_texts_than_a_common_one(void **state) {
    (void)state;
    const struct byte_set none = {{0}}, at = set_of("@"), space = set_of(" "), letter = set_of("e"),
                          high = set_of("\xe9");
    assert_true(text_model_presence(&none) == 0);
    assert_true(text_model_presence(&at) < text_model_presence(&space));
    assert_true(text_model_presence(&space) < text_model_presence(&letter));
    assert_true(text_model_presence(&high) < text_model_presence(&space));
}

static void test_runs_of_few_bytes_end_sooner(void **state) {
    (void)state;
    const struct byte_set none = {{0}}, all = all_bytes(), digits = set_of("0123456789");
    const struct byte_set hexadecimal = set_of("0123456789ABCDEF");
    assert_true(text_model_persistence(&none) == 0);
    assert_true(text_model_persistence(&digits) < text_model_persistence(&hexadecimal));
    assert_true(text_model_persistence(&hexadecimal) < text_model_persistence(&all));
    assert_true(text_model_persistence(&all) < 1);
}

static void test_words_that_many_messages_hold_are_common(void **state) {
    (void)state;
    static const struct {
        const char *word;
        bool is_common;
    } cases[] = {{"mozilla/", true}, {"https://", true}, {"www.", true},   {"www.a", true},
                 {"moz", true},      {"lunch", false},   {"mozart", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct byte_set sets[8] = {{{0}}};
        const size_t length = strlen(cases[i].word);
        for (size_t at = 0; at < length; at++) byte_set_add(&sets[at], (uint8_t)cases[i].word[at]);
        if (text_model_is_common(sets, length) != cases[i].is_common) fail_msg("%s", cases[i].word);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_are_from_nothing_to_all_and_grow_with_the_set),
        cmocka_unit_test(test_the_case_of_a_letter_makes_no_difference),
        cmocka_unit_test(test_a_rare_byte_is_in_fewer_texts_than_a_common_one),
        cmocka_unit_test(test_runs_of_few_bytes_end_sooner),
        cmocka_unit_test(test_words_that_many_messages_hold_are_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
