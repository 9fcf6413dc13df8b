#include "rules/compile/digest.h"

#include <stdio.h>
#include <string.h>

#include "rule_text.h"

static void digest_of(const char *text, char out[RULE_SET_DIGEST_CHARS + 1]) {
    struct rule_set *rules = rules_of(text);
    strcpy(out, rules->digest);
    rule_set_destroy(&rules);
}

#define BASE                                                                                                           \
    RULE("a.one", "chat",                                                                                              \
         "pattern: lunch, min_count: 2, validator: luhn, types: [str, int],"                                           \
         "paths: {include: [user.note], exclude: [imp.id]}, allow: [{exact: x, reason: r}]")
#define OTHER RULE("a.two", "email", "fields: ['**.mail.body']")

static void test_a_digest_is_64_hexadecimal_digits(void **state) {
    (void)state;
    char digest[RULE_SET_DIGEST_CHARS + 1];
    digest_of(RULES(BASE), digest);
    assert_int_equal(strlen(digest), RULE_SET_DIGEST_CHARS);
    assert_int_equal(strspn(digest, "0123456789abcdef"), RULE_SET_DIGEST_CHARS);
}

static void test_form_names_and_examples_do_not_count(void **state) {
    (void)state;
    static const char *const same[] = {
        "# a comment\nrules:\n" BASE OTHER,
        "pack: somewhere\nrules:\n" BASE OTHER,
        RULES(OTHER BASE),
        RULES(RULE("a.one", "chat",
                   "allow: [{reason: another, exact: 'x', expires: 2999-12-31}], types: [int, str],"
                   "paths: {exclude: ['imp.id'], include: [\"user.note\"]}, validator: luhn, min_count: 2,"
                   "patterns: [\"lunch\"], description: what it is") OTHER),
        "rules:\n  - id: a.one\n    name: another name\n    class: chat\n    pattern: |-\n      lunch\n"
        "    min_count: 2\n    validator: luhn\n    types:\n      - str\n      - int\n"
        "    paths: {include: [user.note], exclude: [imp.id]}\n    allow:\n      - exact: x\n        reason: r\n"
        "    examples: [other, examples]\n    negative_examples: [z]\n"
        "  - {id: a.two, name: n, class: email, examples: [q], negative_examples: [r], fields: ['**.mail.body']}\n",
    };
    char expected[RULE_SET_DIGEST_CHARS + 1], digest[RULE_SET_DIGEST_CHARS + 1];
    digest_of(RULES(BASE OTHER), expected);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        digest_of(same[i], digest);
        if (strcmp(digest, expected) != 0) fail_msg("another digest for: %s", same[i]);
    }
}

/* Rule files of which each differs from the first, and from every other, in one part that can change a verdict. */
static void test_every_part_that_can_change_a_verdict_counts(void **state) {
    (void)state;
    static const char *const texts[] = {
        RULES(BASE),
        RULES(BASE OTHER),
        RULES(RULE("a.uno", "chat", "pattern: lunch")),
        RULES(RULE("a.one", "chat", "pattern: lunch")),
        RULES(RULE("a.one", "email", "pattern: lunch")),
        RULES(RULE("a.one", "chat", "pattern: Lunch")),
        RULES(RULE("a.one", "chat", "patterns: [lunch, dinner]")),
        RULES(RULE("a.one", "chat", "patterns: [lunchdinner]")),
        RULES(RULE("a.one", "chat", "patterns: [lunchd, inner]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, min_count: 2")),
        RULES(RULE("a.one", "chat", "pattern: lunch, min_count: 3")),
        RULES(RULE("a.one", "chat", "pattern: lunch, validator: luhn")),
        RULES(RULE("a.one", "chat", "pattern: lunch, validator: iban")),
        RULES(RULE("a.one", "chat", "pattern: lunch, types: [str]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, types: [str, key]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, paths: {include: [a.b]}")),
        RULES(RULE("a.one", "chat", "pattern: lunch, paths: {exclude: [a.b]}")),
        RULES(RULE("a.one", "chat", "pattern: lunch, paths: {exclude: [a.b, b]}")),
        RULES(RULE("a.one", "chat", "pattern: lunch, paths: {include: [a.b], exclude: [b]}")),
        RULES(RULE("a.one", "chat", "pattern: lunch, paths: {include: ['a[0].b']}")),
        RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{exact: x, reason: r}]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{prefix: x, reason: r}]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{suffix: x, reason: r}]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{exact: y, reason: r}]")),
        RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{exact: x, reason: r}, {exact: y, reason: r}]")),
        RULES(RULE("a.one", "chat", "fields: [lunch]")),
        RULES(RULE("a.one", "chat", "fields: ['**.lunch']")),
        RULES(RULE("a.one", "chat", "fields: ['**.lunch'], types: [map]")),
        "words: [shown]\n" RULES(RULE("a.one", "chat", "pattern: lunch")),
        "words: [shown, as_well]\n" RULES(RULE("a.one", "chat", "pattern: lunch")),
    };
    enum { COUNT = sizeof texts / sizeof *texts };
    char digests[COUNT][RULE_SET_DIGEST_CHARS + 1];
    for (size_t i = 0; i < COUNT; i++) {
        digest_of(texts[i], digests[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(digests[i], digests[j]) == 0) fail_msg("one digest for:\n%s\n%s", texts[i], texts[j]);
    }
}

static void test_the_order_of_rules_and_words_does_not_count(void **state) {
    (void)state;
    char first[RULE_SET_DIGEST_CHARS + 1], second[RULE_SET_DIGEST_CHARS + 1];
    digest_of(
        "words: [zebra, apple]\n" RULES(RULE("b.b", "chat", "fields: [m.n]") RULE("a.a", "email", "fields: [k.l]")),
        first);
    digest_of(
        "words: [apple, zebra]\n" RULES(RULE("a.a", "email", "fields: [k.l]") RULE("b.b", "chat", "fields: [m.n]")),
        second);
    assert_string_equal(first, second);
}

static void test_an_expired_allowance_counts_as_none(void **state) {
    (void)state;
    char with[RULE_SET_DIGEST_CHARS + 1], without[RULE_SET_DIGEST_CHARS + 1];
    digest_of(RULES(RULE("a.one", "chat", "pattern: lunch, allow: [{exact: x, reason: r, expires: 2001-01-01}]")),
              with);
    digest_of(RULES(RULE("a.one", "chat", "pattern: lunch")), without);
    assert_string_equal(with, without);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_digest_is_64_hexadecimal_digits),
        cmocka_unit_test(test_form_names_and_examples_do_not_count),
        cmocka_unit_test(test_every_part_that_can_change_a_verdict_counts),
        cmocka_unit_test(test_the_order_of_rules_and_words_does_not_count),
        cmocka_unit_test(test_an_expired_allowance_counts_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
