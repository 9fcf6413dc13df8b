#include "rules/compile/expense.h"

#include <string.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char every_text[] = "nothing to start from: every text is searched";

/* The reasons of a pattern, in this order and no others. */
struct reasons_of_pattern {
    const char *pattern;
    const char *reasons[4];
};

static void assert_reasons(const struct reasons_of_pattern *expected, bool is_scoped) {
    struct expense expense;
    assert_int_equal(expense_find(&expense, expected->pattern, is_scoped), 0);
    size_t count = 0;
    for (; count < COUNT(expected->reasons) && expected->reasons[count] != NULL; count++) {
        if (count >= expense.count) fail_msg("%s: not '%s'", expected->pattern, expected->reasons[count]);
        assert_string_equal(expense.reasons[count], expected->reasons[count]);
    }
    if (expense.count > count) fail_msg("%s: also '%s'", expected->pattern, expense.reasons[count]);
}

static void test_a_dear_pattern_says_why(void **state) {
    (void)state;
    static const struct reasons_of_pattern cases[] = {
        {"[a-z]+", {every_text}},
        {"lunch", {every_text}},
        {"(?:\\bzebra\\b|[a-z])", {every_text}},
        {"\\bzebra(?=s)", {"nothing to start from, with a group that is not understood: every text is searched"}},
        {"\\bchrome", {"starts from a common word"}},
        {"[0-9]:[0-9]", {"starts from a common byte: :"}},
        {"[-. ]\\d{2}", {"starts from a common byte: any of 3"}},
        {"[a-z0-9]{8}", {"starts from a common run: 8 characters out of 36"}},
        {"\\b(?:qa|zb|xc|vd)(?:qe|zf|xg|vh)(?:qi|zk|xl|vm)", {"starts from 64 ways a word may begin"}},
        {"\\bzebra[a-z0-9]{1,200}", {"a class of 36 characters repeated up to 200 times"}},
        {"\\bzebra(?:[a-z]|[a-z0-9]{9,64}|[^\\n]{1,70})", {"a class of 255 characters repeated up to 70 times"}},
        {"(?s)\\bzebra.*quay", {"a class of 256 characters, line feeds among them, repeated without bound"}},
        {"\\bzebra[^\"]+quay", {"a class of 255 characters, line feeds among them, repeated without bound"}},
        {"(?s)[a-z]{2}.*[^!]{64}",
         {every_text, "a class of 255 characters repeated up to 64 times",
          "a class of 256 characters, line feeds among them, repeated without bound"}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) assert_reasons(&cases[i], false);
}

static void test_a_cheap_pattern_has_no_reason(void **state) {
    (void)state;
    static const struct reasons_of_pattern cases[] = {
        {"\\bzebra\\b", {NULL}},
        {"\\bzebra.*quay", {NULL}},          /* ends with the text */
        {"\\bzebra[0-9]{1,200}", {NULL}},    /* a narrow class */
        {"\\bzebra[a-z0-9]{1,63}", {NULL}},  /* not so often */
        {"\\bzebra[\\na-z]+quay", {NULL}},   /* not so many */
        {"[a-z]+@[a-z]+\\.example", {NULL}}, /* a rare byte */
        {"\\b[A-F0-9]{40}\\b", {NULL}},      /* a rare run */
        {"\\b(?:qa|zb|xc|vd)(?:qe|zf|xg|vh)(?:qi|zk|xl)", {NULL}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) assert_reasons(&cases[i], false);
}

/* Its texts are found by where they stand. */
static void test_a_pattern_with_paths_to_look_in_needs_nothing_to_start_from(void **state) {
    (void)state;
    static const struct reasons_of_pattern cases[] = {
        {"[a-z]+", {NULL}},
        {"[0-9]:[0-9]", {NULL}},
        {"\\bzebra(?=s)", {NULL}},
        {"[a-z0-9]{1,200}", {"a class of 36 characters repeated up to 200 times"}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) assert_reasons(&cases[i], true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_dear_pattern_says_why),
        cmocka_unit_test(test_a_cheap_pattern_has_no_reason),
        cmocka_unit_test(test_a_pattern_with_paths_to_look_in_needs_nothing_to_start_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
