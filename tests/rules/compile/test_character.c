#include "rules/compile/character.h"

#include <string.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_escapes_stand_for_one_byte(void **state) {
    (void)state;
    static const struct {
        const char *escape;
        int byte;
        const char *rest;
    } cases[] = {
        {"t", '\t', ""},      {"n", '\n', ""},  {"r", '\r', ""},       {"f", '\f', ""},         {"a", '\a', ""},
        {"e", 0x1b, ""},      {".x", '.', "x"}, {"\\", '\\', ""},      {" ", ' ', ""},          {"_", '_', ""},
        {"\xe9", 0xe9, ""},   {"0", 0, ""},     {"0128", 012, "8"},    {"1011", 'A', "1"},      {"377", 255, ""},
        {"8", '8', ""},       {"18", 1, "8"},   {"o{101}x", 'A', "x"}, {"o{0000101}", 'A', ""}, {"x41f", 'A', "f"},
        {"x4", 4, ""},        {"x", 0, ""},     {"xg", 0, "g"},        {"xfF", 255, ""},        {"x{41}x", 'A', "x"},
        {"x{0041}", 'A', ""}, {"cA", 1, ""},    {"ca", 1, ""},         {"c[", 27, ""},          {"c?", 127, ""},
        {"c x", '`', "x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *at = cases[i].escape, *reason;
        struct byte_set set;
        assert_int_equal(character_escape(&at, &set, &reason), cases[i].byte);
        assert_string_equal(at, cases[i].rest);
    }
}

/* The sets by what is in them and in no other: the bytes of `members`, and `count` in all. */
struct set_case {
    const char *text;
    const char *members;
    size_t count;
};

static void check_set(const struct set_case *expected, const struct byte_set *set) {
    for (const char *byte = expected->members; *byte != '\0'; byte++)
        if (!byte_set_has(set, (uint8_t)*byte)) fail_msg("%s without %02x", expected->text, (uint8_t)*byte);
    if (byte_set_count(set) != expected->count) fail_msg("%s has %zu", expected->text, byte_set_count(set));
}

static void test_shorthands_stand_for_sets_and_capitals_for_the_rest(void **state) {
    (void)state;
    static const struct set_case cases[] = {
        {"d", "0123456789", 10},  {"w", "azAZ09_", 63},  {"s", " \t\n\v\f\r", 6},   {"h", " \t\xa0", 3},
        {"v", "\n\v\f\r\x85", 5}, {"D", "a/:\xff", 246}, {"W", " @[`{/:\xe9", 193}, {"S", "a\x85\xa0", 250},
        {"H", "\na", 253},        {"V", "\t \xa0", 251},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *at = cases[i].text, *reason;
        struct byte_set set;
        assert_int_equal(character_escape(&at, &set, &reason), CHARACTER_SET);
        assert_string_equal(at, "");
        check_set(&cases[i], &set);
    }
}

static void test_escapes_that_are_not_understood_are_refused(void **state) {
    (void)state;
    static const char *const escapes[] = {
        "",
        "A",
        "b",
        "B",
        "C",
        "E",
        "F",
        "G",
        "g1",
        "i",
        "K",
        "k",
        "L",
        "l",
        "N",
        "o",
        "o101",
        "o{",
        "o{}",
        "o{8}",
        "o{1",
        "o{400}",
        "p",
        "P",
        "Q",
        "R",
        "U",
        "u0041",
        "X",
        "x{}",
        "x{",
        "x{4",
        "x{4 }",
        "x{g}",
        "x{100}",
        "y",
        "z",
        "Z",
        "400",
        "c",
        "c\n",
        "c\xe9",
        "x{fffffffffffffffff}",
    };
    for (size_t i = 0; i < COUNT(escapes); i++) {
        const char *at = escapes[i], *reason = NULL;
        struct byte_set set;
        if (character_escape(&at, &set, &reason) != CHARACTER_REFUSED) fail_msg("\\%s is understood", escapes[i]);
        assert_non_null(reason);
    }
}

static void check_classes(const struct set_case *cases, size_t count, struct character_flags flags) {
    for (size_t i = 0; i < count; i++) {
        const char *at = cases[i].text, *reason;
        struct byte_set set;
        if (!character_class(&at, flags, &set, &reason)) fail_msg("[%s: %s", cases[i].text, reason);
        assert_string_equal(at, "x");
        check_set(&cases[i], &set);
    }
}

static void test_classes_are_read_as_they_are_written(void **state) {
    (void)state;
    static const struct set_case cases[] = {
        {"a]x", "a", 1},
        {"a-c]x", "abc", 3},
        {"^a]x", "b\n\xff", 255},
        {"]a]x", "]a", 2},
        {"^]]x", "a", 255},
        {"^^]x", "a", 255},
        {"a^]x", "a^", 2},
        {"-a]x", "-a", 2},
        {"a-]x", "a-", 2},
        {"a-c-e]x", "abc-e", 5},
        {"+--]x", "+,-", 3},
        {"--/]x", "-./", 3},
        {"\\b]x", "\b", 1},
        {"\\]\\-]x", "]-", 2},
        {"\\d\\s]x", "0 ", 16},
        {"\\d-]x", "0-", 11},
        {"^\\d\\D]x", "", 0},
        {"\\x41-C]x", "ABC", 3},
        {"A-\\103]x", "ABC", 3},
        {"\\8]x", "8", 1},
        {"\\Q^]-\\E-a]x", "]^-a", 53},
        {"a\\Q-\\Ez]x", "a-z", 3},
        {"a-\\Qz\\E]x", "az", 26},
        {"\\Qa\\E-z]x", "az", 26},
        {"\\E]a]x", "]a", 2},
        {"\\Q\\E^a]x", "b", 255},
        {"a\\Eb]x", "ab", 2},
        {"[(.]x", "[(.", 3},
        {"[a]x", "[a", 2},
        {" #\t]x", " #\t", 3},
        {"a - c]x", "a c", 3},
        {"$.|()*+?{}]x", "$.|()*+?{}", 10},
        {"\xe0-\xe2]x", "\xe0\xe1\xe2", 3},
        {"\n\\\n]x", "\n", 1},
        {"a-a]x", "a", 1},
        {"\\h\\v]x", " \n", 8},
    };
    check_classes(cases, COUNT(cases), (struct character_flags){0});
}

static void test_classes_know_names(void **state) {
    (void)state;
    static const struct set_case cases[] = {
        {"[:alpha:]]x", "azAZ", 52},   {"[:lower:]]x", "az", 26},        {"[:upper:]]x", "AZ", 26},
        {"[:alnum:]]x", "a0Z", 62},    {"[:ascii:]]x", "\x01\x7f", 128}, {"[:blank:]]x", " \t", 2},
        {"[:cntrl:]]x", "\n\x7f", 33}, {"[:digit:]]x", "09", 10},        {"[:graph:]]x", "!~", 94},
        {"[:print:]]x", " ~", 95},     {"[:punct:]]x", "!/:@[`{~", 32},  {"[:space:]]x", " \t\v\r", 6},
        {"[:word:]]x", "_a0", 63},     {"[:xdigit:]]x", "09afAF", 22},   {"[:^alpha:]]x", "0\xe9", 204},
        {"^[:^alpha:]]x", "azAZ", 52}, {"a[:digit:]-]x", "a5-", 12},     {"[:digit:][:^ascii:]]x", "0\x80", 138},
    };
    check_classes(cases, COUNT(cases), (struct character_flags){0});
}

static void test_a_class_without_regard_to_case_has_both_cases(void **state) {
    (void)state;
    static const struct set_case cases[] = {
        {"a]x", "aA", 2},          {"Z-a]x", "ZzAa[`", 10},    {"^a]x", "b", 254},          {"\\x41]x", "aA", 2},
        {"[:lower:]]x", "aA", 52}, {"[:^upper:]]x", "0", 204}, {"^[:^lower:]]x", "aA", 52}, {"\xe9]x", "\xe9", 1},
        {"k-m]x", "klmKLM", 6},
    };
    check_classes(cases, COUNT(cases), (struct character_flags){.is_caseless = true});
}

static void test_blanks_in_a_class_are_skipped_when_told(void **state) {
    (void)state;
    static const struct set_case cases[] = {
        {"a b\t]x", "ab", 2},  {" ^ a]x", "b", 255},  {"a - c]x", "abc", 3}, {" ]]x", "]", 1},
        {"a\\ b]x", "a b", 3}, {"\\Q \\E]x", " ", 1}, {"a\n]x", "a\n", 2},
    };
    check_classes(cases, COUNT(cases), (struct character_flags){.skips_blanks = true});
}

static void test_classes_that_are_not_understood_are_refused(void **state) {
    (void)state;
    static const char *const classes[] = {
        "",
        "a",
        "]",
        "^]",
        "^",
        "\\Qa]",
        "a\\",
        "\\]",
        "c-a]",
        "\\d-z]",
        "a-\\d]",
        "[:alpha:]-z]",
        "a-[:alpha:]]",
        "[:nope:]]",
        "[:alpha]",
        "[:]",
        "[.a.]]",
        "[=a=]]",
        "\\N]",
        "\\B]",
        "\\R]",
        "\\X]",
        "\\pL]",
        "\\x{100}]",
        "[:<:]]",
        "[:Alpha:]]",
        "\\400]",
        "\\A]",
        "\\d-\\E]]",
    };
    for (size_t i = 0; i < COUNT(classes); i++) {
        const char *at = classes[i], *reason = NULL;
        struct byte_set set;
        if (character_class(&at, (struct character_flags){0}, &set, &reason)) fail_msg("[%s is understood", classes[i]);
        assert_non_null(reason);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_stand_for_one_byte),
        cmocka_unit_test(test_shorthands_stand_for_sets_and_capitals_for_the_rest),
        cmocka_unit_test(test_escapes_that_are_not_understood_are_refused),
        cmocka_unit_test(test_classes_are_read_as_they_are_written),
        cmocka_unit_test(test_classes_know_names),
        cmocka_unit_test(test_a_class_without_regard_to_case_has_both_cases),
        cmocka_unit_test(test_blanks_in_a_class_are_skipped_when_told),
        cmocka_unit_test(test_classes_that_are_not_understood_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
