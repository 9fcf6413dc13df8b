#include "inspect/sieve.h"

#include <stdlib.h>
#include <string.h>

#include "look_at.h"
#include "rule_text.h"

enum { OFFSETS = 200 };

/* `inner` behind `before` bytes and before `after` of them, all `filler`. */
static unsigned look_between(const struct rule_set *rules, const char *inner, char filler, size_t before,
                             size_t after) {
    enum { AROUND = 77 };
    uint8_t bytes[AROUND + 3 * OFFSETS + AROUND], *const text = bytes + AROUND;
    const size_t length = before + strlen(inner) + after;
    memset(bytes, '5', sizeof bytes);
    memset(text, filler, length);
    memcpy(text + before, inner, strlen(inner));
    const unsigned sight = look_at(&rules->sieve, text, length);
    assert_int_equal(look_within(&rules->sieve, bytes, length + 2 * AROUND, AROUND, length), sight);
    return sight;
}

static void test_what_leads_to_a_pattern_is_seen_at_every_place_and_nothing_else_is(void **state) {
    (void)state;
    static const struct {
        const char *rule, *inner;
        char filler;
        unsigned groups;
    } cases[] = {
        {RULES(RULE("a.b", "chat", "pattern: '\\blunchtime\\b'")), "lunchtime", '.', SIEVE_BIT(SIEVE_WORDS)},
        {RULES(RULE("a.b", "chat", "pattern: '\\blunchtime\\b'")), "lunchtime", 'x', 0},
        {RULES(RULE("a.b", "chat", "pattern: '\\blunchtime\\b'")), "lunchbime", '.', 0},
        {RULES(RULE("a.b", "chat", "pattern: '\\bann\\b'")), "ann", ' ', SIEVE_BIT(SIEVE_WORDS)},
        {RULES(RULE("a.b", "chat", "pattern: '(?m)^--z'")), "\n--z", '.', SIEVE_BIT(SIEVE_PAIRS)},
        {RULES(RULE("a.b", "chat", "pattern: '(?m)^--z'")), "\n-+z", '.', 0},
        {RULES(RULE("a.b", "chat", "pattern: '[a-z]@[a-z]'")), "a@b", '.', SIEVE_BIT(SIEVE_PAIRS)},
        {RULES(RULE("a.b", "chat", "pattern: '[a-z]@[a-z]'")), "a@1", '.', 0},
        {RULES(RULE("a.b", "chat", "pattern: '\\xe9\\xe8'")), "\xe9\xe8", 'a', SIEVE_BIT(SIEVE_PAIRS)},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{9}'")), "123456789", 'x', SIEVE_BIT(SIEVE_RUNS)},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{9}'")), "12345678", 'x', 0},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9-]{4}[0-9]{8}'")), "----------1-2345678", 'x', SIEVE_BIT(SIEVE_RUNS)},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9-]{4}[0-9]{8}'")), "-------------1-2-34", 'x', 0},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{64}'")),
         "0123456789012345678901234567890123456789012345678901234567890123", 'x', SIEVE_BIT(SIEVE_RUNS)},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{65}'")),
         "01234567890123456789012345678901234567890123456789012345678901234", 'x', SIEVE_BIT(SIEVE_RUNS)},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{66}'")),
         "01234567890123456789012345678901234567890123456789012345678901234", 'x', 0},
        {RULES(RULE("a.b", "chat", "pattern: '[0-9]{130}'")),
         "0123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890123456789012345678901234567890123456789",
         'x', SIEVE_BIT(SIEVE_RUNS)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rule_set *rules = rules_of(cases[i].rule);
        for (size_t before = 0; before < OFFSETS; before++) {
            static const size_t afters[] = {0, 1, 7, 63, 64, 65};
            /* Where nothing stands before it, nothing is glued to it either. */
            if (cases[i].groups == 0 && before == 0) continue;
            for (size_t j = 0; j < sizeof afters / sizeof *afters; j++)
                if ((look_between(rules, cases[i].inner, cases[i].filler, before, afters[j]) & SIEVE_ALL) !=
                    cases[i].groups)
                    fail_msg("case %zu: behind %zu bytes, before %zu", i, before, afters[j]);
        }
        rule_set_destroy(&rules);
    }
}

static void test_percent_signs_and_runs_of_base64_are_noted_at_every_place(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(RULES(RULE("a.b", "chat", "pattern: '\\blunch\\b'")));
    for (size_t before = 0; before < OFFSETS; before++) {
        assert_true(look_between(rules, "%", '.', before, before % 70) & SIEVE_SEES_PERCENT);
        assert_false(look_between(rules, "&", '.', before, before % 70) & SIEVE_SEES_PERCENT);
        assert_true(look_between(rules, "aB0+/-_aB0+", '.', before, before % 70) & SIEVE_SEES_BASE64);
        assert_false(look_between(rules, "aB0+/-_aB0", '.', before, before % 70) & SIEVE_SEES_BASE64);
    }
    rule_set_destroy(&rules);
}

static void test_a_pattern_without_a_feature_must_see_every_text(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(RULES(RULE("a.b", "chat", "pattern: 'lunch'")));
    assert_int_equal(look_between(rules, "", '.', 1, 0), SIEVE_BIT(SIEVE_ALWAYS));
    assert_int_equal(look_between(rules, "", '.', OFFSETS, 0), SIEVE_BIT(SIEVE_ALWAYS));
    rule_set_destroy(&rules);
}

static void test_a_symbol_is_a_letter_of_either_case_any_digit_or_no_part_of_a_word(void **state) {
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        const bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z' && byte < 0x80,
                   is_digit = byte >= '0' && byte <= '9';
        const unsigned expected = is_letter     ? byte | 0x20
                                  : is_digit    ? '0'
                                  : byte == '_' ? 0x7f
                                                : SIEVE_NO_WORD | (byte & 0x1f);
        assert_int_equal(sieve_symbol((uint8_t)byte), expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_leads_to_a_pattern_is_seen_at_every_place_and_nothing_else_is),
        cmocka_unit_test(test_percent_signs_and_runs_of_base64_are_noted_at_every_place),
        cmocka_unit_test(test_a_pattern_without_a_feature_must_see_every_text),
        cmocka_unit_test(test_a_symbol_is_a_letter_of_either_case_any_digit_or_no_part_of_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
