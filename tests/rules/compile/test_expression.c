#include "rules/compile/expression.h"

#include <stdio.h>
#include <stdlib.h>

#include "rules/compile/expression_texts.h"

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct expression *parse(const char *pattern) {
    const char *reason;
    struct expression *tree = expression_parse(pattern, &reason);
    if (tree == NULL) fail_msg("%s: %s", pattern, reason);
    return tree;
}

struct accepted_case {
    const char *pattern;
    const char *text;
    bool is_accepted;
};

static void check_accepted(const struct accepted_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct expression *tree = parse(cases[i].pattern);
        if (tree_has(tree, (const uint8_t *)cases[i].text, strlen(cases[i].text)) != cases[i].is_accepted)
            fail_msg("%s: %s", cases[i].pattern, cases[i].text);
        expression_free(&tree);
        assert_null(tree);
    }
}

static void test_literals_and_escapes_stand_for_their_bytes(void **state) {
    (void)state;
    static const struct accepted_case cases[] = {
        {"", "", true},
        {"", "a", false},
        {"ab", "ab", true},
        {"ab", "AB", false},
        {"]}", "]}", true},
        {"\\x41\\.", "A.", true},
        {"\\x41\\.", "Ab", false},
        {"a\\Q.*(\\E+", "a.*((", true},
        {"\\Qa|b", "a|b", true},
        {"\\Qa|b", "a", false},
        {"a\\Eb", "ab", true},
        {"\\Q\\E", "", true},
        {"\\011", "\t", true},
        {"\\11", "\t", true},
        {"\\101", "A", true},
        {"\\1011", "A1", true},
        {"\\d\\h", "7 ", true},
        {"\\d\\h", "7a", false},
        {"\\bA\\B", "A", true},
        {"[a-c]", "b", true},
        {"[a-c]", "d", false},
        {"\\\xe9", "\xe9", true},
        {"\\o{101}", "A", true},
        {"\\x{41}", "A", true},
        {".", "\r", true},
        {".", "\n", false},
        {"\\N", "\n", false},
        {"(?s).", "\n", true},
        {"(?s)\\N", "\n", false},
        {"(?s)a(?-s).", "a\n", false},
    };
    check_accepted(cases, COUNT(cases));
}

static void test_repeats_have_their_counts_and_other_braces_are_literal(void **state) {
    (void)state;
    static const struct accepted_case cases[] = {
        {"a?", "", true},        {"a?", "aa", false},         {"a*", "aaaa", true},        {"a+", "", false},
        {"a+?", "aa", true},     {"a{2}", "a", false},        {"a{2}", "aa", true},        {"a{2}", "aaa", false},
        {"a{2,}", "aaaa", true}, {"a{2,}?", "a", false},      {"a{1,2}", "aa", true},      {"a{1,2}", "aaa", false},
        {"a{0}", "", true},      {"a{0}", "a", false},        {"(?:ab){2}", "abab", true}, {"()*", "", true},
        {"a{,2}", "aa", false},  {"a{,2}", "a{,2}", true},    {"a{ 2}", "a{ 2}", true},    {"a{1,2", "a{1,2", true},
        {"{", "{", true},        {"a{x}", "a{x}", true},      {"a{1,x}", "a{1,x}", true},  {"a{+", "a{{", true},
        {"a(?#c)+", "aa", true}, {"a\\E+", "aa", true},       {"a\\Q\\E{2}", "aa", true},  {"a\\Q+\\E", "a+", true},
        {"(?x)a +", "aa", true}, {"(?x)a{2 }", "a{2}", true},
    };
    check_accepted(cases, COUNT(cases));
}

static void test_groups_of_every_spelling_hold_alternatives(void **state) {
    (void)state;
    static const struct accepted_case cases[] = {
        {"a|b", "b", true},           {"a|", "", true},         {"(a|b)c", "bc", true},
        {"(a|b)c", "a", false},       {"(?:a|b)c", "ac", true}, {"(?<n>a)b", "ab", true},
        {"(?P<n_1>a)b", "ab", true},  {"(?'n'a)b", "ab", true}, {"(?#a)b", "b", true},
        {"(|a)b", "b", true},         {"()", "", true},         {"a|b|cd", "cd", true},
        {"((a)|(b))+", "abba", true},
    };
    check_accepted(cases, COUNT(cases));
}

static void test_settings_hold_to_the_end_of_their_group(void **state) {
    (void)state;
    static const struct accepted_case cases[] = {
        {"(?i)aB", "Ab", true},
        {"(?i)\\x41", "a", true},
        {"(?i)[b-d]", "C", true},
        {"(?i)[^a]", "A", false},
        {"(?i:a)b", "Ab", true},
        {"(?i:a)b", "aB", false},
        {"a(?i)b|c", "C", true},
        {"a(?i)b|c", "Ab", false},
        {"(a(?i)b|c)d", "Cd", true},
        {"(a(?i)b|c)d", "cD", false},
        {"(?i)a(?-i)b", "aB", false},
        {"(?i)a(?-i:b)c", "AbC", true},
        {"(?i-s)a.", "A\n", false},
        {"(?m)^a$", "a", true},
        {"(?is)a.", "A\n", true},
        {"(?i)\xe9", "\xc9", false},
        {"(?)a", "a", true},
        {"(?i-i)a", "A", false},
        {"(?-i:a)", "a", true},
        {"(?i)\\Qa\\E", "A", true},
        {"\\Q(?i)\\Ea", "(?i)a", true},
        {"(?i)[[:lower:]]", "A", true},
        {"(?i)[^[:^lower:]]", "A", true},
    };
    check_accepted(cases, COUNT(cases));
}

static void test_extended_patterns_are_read_without_blanks_and_comments(void **state) {
    (void)state;
    static const struct accepted_case cases[] = {
        {"a b", "a b", true},
        {"(?x)a b", "ab", true},
        {"(?x)a b", "a b", false},
        {"(?x)a # b\n c", "ac", true},
        {"(?x)a#b", "a", true},
        {"(?x)a\\ b\\#", "a b#", true},
        {"(?x)[ #]", " ", true},
        {"(?x)[ #]", "#", true},
        {"(?xx)[a b]", " ", false},
        {"(?xx)[a - c]", "b", true},
        {"(?xx)[a\\ ]", " ", true},
        {"(?x: a b )c d", "abc d", true},
        {"(?x)a(?-x) b", "a b", true},
        {"(?x)\\Q a#\\E b", " a#b", true},
        {"(?x)a\t\v\f\r\nb", "ab", true},
        {"(?x)a\x85z", "az", true},
        {"(?x)a\xa0z", "a\xa0z", true},
        {"(?xx)(?x)[a b]", " ", true},
        {"(?xx)(?-x)[a b]c d", " c d", true},
        {"(?xxx)[a b]", " ", false},
        {"a#b", "a#b", true},
        {"(?x)a#b\rc\nd", "ad", true},
    };
    check_accepted(cases, COUNT(cases));
}

/* A tree in short: sets of several bytes as their number, what has parts in parentheses. */
static void describe(const struct expression *tree, char *out) {
    static const char edges[] = "^$bB";
    char *const end = out + strlen(out);
    if (tree->kind == EXPRESSION_EDGE) sprintf(end, "\\%c", edges[tree->edge]);
    if (tree->kind == EXPRESSION_SET && byte_set_count(&tree->set) != 1)
        sprintf(end, "%zu", byte_set_count(&tree->set));
    if (tree->kind == EXPRESSION_SET && byte_set_count(&tree->set) == 1)
        for (unsigned byte = 0; byte < 256; byte++)
            if (byte_set_has(&tree->set, (uint8_t)byte)) sprintf(end, "%c", (char)byte);
    if (tree->part_count > 0 || tree->kind == EXPRESSION_SEQUENCE) strcat(out, "(");
    for (size_t i = 0; i < tree->part_count; i++) {
        if (i > 0) strcat(out, tree->kind == EXPRESSION_CHOICE ? "|" : ",");
        describe(tree->parts[i], out);
    }
    if (tree->part_count > 0 || tree->kind == EXPRESSION_SEQUENCE) strcat(out, ")");
    if (tree->kind == EXPRESSION_REPEAT) sprintf(out + strlen(out), "%u-%d", tree->minimum, (int)tree->maximum);
}

static void test_a_tree_has_no_more_parts_than_it_needs(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *tree;
    } cases[] = {
        {"", "()"},
        {"a", "a"},
        {"((a))", "a"},
        {"ab", "(a,b)"},
        {"a|bc|", "(a|(b,c)|())"},
        {"^a$|\\b\\B", "((\\^,a,\\$)|(\\b,\\B))"},
        {"(?m)^", "\\^"},
        {"a*", "(a)0--1"},
        {"a?b+c{2}d{3,}e{4,5}", "((a)0-1,(b)1--1,(c)2-2,(d)3--1,(e)4-5)"},
        {"(?:ab)*", "((a,b))0--1"},
        {"(?i)a[^\\x00-\\xff].", "(2,0,255)"},
        {"a(?i)(?#b)", "a"},
        {"(a|b)+?", "((a|b))1--1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char description[128] = "";
        struct expression *tree = parse(cases[i].pattern);
        describe(tree, description);
        assert_string_equal(description, cases[i].tree);
        expression_free(&tree);
    }
    expression_free(&(struct expression *){NULL});
}

static void test_what_is_not_understood_is_refused_with_a_reason(void **state) {
    (void)state;
    static const struct {
        const char *reason;
        const char *patterns[16];
    } cases[] = {
        {"a group that is not understood",
         {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(?|a|b)", "(?(1)a|b)", "(?R)", "(?1)", "(?&n)", "(?P>n)",
          "(?P=n)", "(?C)", "(?<1a>b)", "(?^)a", "(*ACCEPT)"}},
        {"a group that is not understood",
         {"(*UTF)a", "a(*COMMIT)", "(?U)a", "(?J)a", "(?n)(a)", "(?z)a", "(?", "(?i", "(?<n", "(?<>a)", "(?#a",
          "(?'n>a)", "(*pla:a)", "(?:a(?*b))"}},
        {"an escape that is not understood",
         {"\\A", "\\z", "\\Z", "\\G", "\\K", "\\C", "\\R", "\\X", "\\pL", "\\P{L}", "\\g1", "\\k<n>", "\\u0041", "\\L",
          "\\i"}},
        {"references are not understood", {"(a)\\1", "\\1", "\\9", "\\8", "\\81", "()()()()()()()()()()\\10"}},
        {"a possessive repeat", {"a++", "a*+", "a?+", "a{2}+", "(a)++"}},
        {"a repeat of nothing or of another repeat",
         {"*", "+a", "a**", "a|?", "(+)", "a{2}{3}", "{2}", "(?i)+", "a(?i)*", "a+??", "(?x)a+ +", "(?x)a+ ?", "a+\\E+",
          "(?x)( ?:a)"}},
        {"a repeat beyond 65535", {"a{65536}", "a{1,65536}", "a{99999999999999999999}", "a{65536,}"}},
        {"a repeat of at most less than at least", {"a{3,2}"}},
        {"\\N{...} is not understood", {"\\N{U+41}", "\\N{2}"}},
        {"a group without an end", {"(a", "(", "((a)", "(?i:a", "(\\Q)"}},
        {"a ) that closes no group", {")", "a)b", "(a))"}},
        {"two minus signs in (?...)", {"(?i-s-x)a", "(?--i:a)"}},
        {"a backslash at the end", {"\\", "a\\"}},
        {"a class without an end", {"[", "[a", "[]", "[^", "[\\Qa]"}},
        {"a code beyond one byte", {"\\x{100}", "\\400", "\\o{400}"}},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t j = 0; j < COUNT(cases[i].patterns) && cases[i].patterns[j] != NULL; j++) {
            const char *reason = NULL;
            struct expression *tree = expression_parse(cases[i].patterns[j], &reason);
            if (tree != NULL) fail_msg("%s is understood", cases[i].patterns[j]);
            if (strcmp(reason, cases[i].reason) != 0) fail_msg("%s: %s", cases[i].patterns[j], reason);
        }
}

static void test_groups_are_nested_up_to_a_limit(void **state) {
    (void)state;
    char pattern[4 * EXPRESSION_NESTING_MAX + 8];
    for (size_t depth = EXPRESSION_NESTING_MAX; depth <= EXPRESSION_NESTING_MAX + 1; depth++) {
        const char *reason;
        memset(pattern, '(', depth);
        for (size_t i = 0; i < depth; i++) memcpy(pattern + depth + 2 * i, ")*", 2);
        pattern[3 * depth] = '\0';
        struct expression *tree = expression_parse(pattern, &reason);
        assert_int_equal(tree != NULL, depth == EXPRESSION_NESTING_MAX);
        if (tree == NULL) assert_string_equal(reason, "groups nested too deep");
        expression_free(&tree);
    }
    memset(pattern, 0, sizeof pattern);
    for (size_t i = 0; i <= EXPRESSION_NESTING_MAX; i++) strcat(pattern, "()");
    struct expression *tree = parse(pattern);
    expression_free(&tree);
}

static void test_the_shortest_match_is_known_for_an_alphabet(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        const char *alphabet;
        size_t length;
    } cases[] = {
        {"", "", 0},
        {"abc", "abc", 3},
        {"abc", "ab", SIZE_MAX},
        {"^a\\b$", "a", 1},
        {"abc|de|f", "abcdef", 1},
        {"abc|de|f", "abcde", 2},
        {"abc|de|f", "abc", 3},
        {"abc|de|f", "g", SIZE_MAX},
        {"a*b", "b", 1},
        {"a+b", "b", SIZE_MAX},
        {"(?:x|ab){3,}c?", "abc", 6},
        {"(?:ab){0,9}", "", 0},
        {"[a-z]{4}\\d", "q7", 5},
        {"(?i)AB", "ab", 2},
        {"[^\\x00-\\xff]", "ab", SIZE_MAX},
        {"(?:(?:(?:a{65535}){65535}){65535}){65535}", "a", 18445618199572250625u},
        {"(?:(?:(?:(?:a{65535}){65535}){65535}){65535}){65535}b", "ab", SIZE_MAX - 1},
        {"(?:(?:(?:(?:a{65535}){65535}){65535}){65535}){65535}b", "a", SIZE_MAX},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct byte_set alphabet = {0};
        for (const char *byte = cases[i].alphabet; *byte != '\0'; byte++) byte_set_add(&alphabet, (uint8_t)*byte);
        struct expression *tree = parse(cases[i].pattern);
        if (expression_min_length(tree, &alphabet) != cases[i].length) fail_msg("%s", cases[i].pattern);
        expression_free(&tree);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals_and_escapes_stand_for_their_bytes),
        cmocka_unit_test(test_repeats_have_their_counts_and_other_braces_are_literal),
        cmocka_unit_test(test_groups_of_every_spelling_hold_alternatives),
        cmocka_unit_test(test_settings_hold_to_the_end_of_their_group),
        cmocka_unit_test(test_extended_patterns_are_read_without_blanks_and_comments),
        cmocka_unit_test(test_a_tree_has_no_more_parts_than_it_needs),
        cmocka_unit_test(test_what_is_not_understood_is_refused_with_a_reason),
        cmocka_unit_test(test_groups_are_nested_up_to_a_limit),
        cmocka_unit_test(test_the_shortest_match_is_known_for_an_alphabet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
