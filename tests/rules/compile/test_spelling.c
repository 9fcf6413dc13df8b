#include "rules/compile/spelling.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static void test_the_nearest_name_is_at_most_two_slips_away(void **state) {
    (void)state;
    static const char *const names[] = {"id", "name", "class", "pattern", "patterns", "min_count", "negative_examples"};
    static const struct {
        const char *text, *nearest;
    } cases[] = {
        {"pattern", "pattern"},
        {"patern", "pattern"},
        {"patternss", "patterns"},
        {"pattrens", "patterns"},
        {"calss", "class"},
        {"nmae", "name"},
        {"min-count", "min_count"},
        {"minCount", "min_count"},
        {"negativeexample", "negative_examples"},
        {"negativexample", NULL}, /* three slips */
        {"colour", NULL},
        {"", NULL},
        {"ie", NULL}, /* half of a name is no slip */
        {"me", NULL},
        {"a name that is longer than any name in a table of names", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const nearest = spelling_nearest(cases[i].text, names, sizeof names / sizeof names[0]);
        if (cases[i].nearest == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, cases[i].nearest);
    }
    assert_null(spelling_nearest("name", names, 0));
}

static void test_a_refusal_names_the_nearest_and_lists_what_there_is(void **state) {
    (void)state;
    static const char *const names[] = {"email",  "chat",   "file",   "name01", "name02", "name03",
                                        "name04", "name05", "name06", "name07", "name08", "name09",
                                        "name10", "name11", "name12", "name13", "name14"};
    static const struct {
        const char *text;
        size_t name_count;
        const char *reason;
    } cases[] = {
        {"emial", 3, "unknown pack 'emial', did you mean 'email'? (known: email, chat, file)"},
        {"others", 3, "unknown pack 'others' (known: email, chat, file)"},
        {"emial", 17, "unknown pack 'emial', did you mean 'email'?"},
        {"\x1b[m", 1, "unknown pack '\\x1b[m' (known: email)"},
        {"others", 0, "unknown pack 'others'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct diagnostics diagnostics;
        diagnostics_init(&diagnostics);
        spelling_refuse(&diagnostics, "a.yaml", (struct place){4, 2}, "pack", cases[i].text, names,
                        cases[i].name_count);
        assert_int_equal(diagnostics.error_count, 1);
        assert_int_equal(diagnostics.items[0].place.line, 4);
        assert_string_equal(diagnostics.items[0].text, cases[i].reason);
        diagnostics_reset(&diagnostics);
    }
}

static void test_many_names_are_listed_when_none_is_near(void **state) {
    (void)state;
    static char texts[300][8];
    static const char *names[300];
    for (size_t i = 0; i < 300; i++) {
        snprintf(texts[i], sizeof texts[i], "name%03zu", i);
        names[i] = texts[i];
    }
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    spelling_refuse(&diagnostics, "", (struct place){0}, "thing", "others", names, 300);
    assert_int_equal(diagnostics.error_count, 1);
    assert_non_null(strstr(diagnostics.items[0].text, "(known: name000, name001, "));
    assert_non_null(strstr(diagnostics.items[0].text, ", name100, "));
    diagnostics_reset(&diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_name_is_at_most_two_slips_away),
        cmocka_unit_test(test_a_refusal_names_the_nearest_and_lists_what_there_is),
        cmocka_unit_test(test_many_names_are_listed_when_none_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
