#include "rules/compile/diagnostics.h"

#include <string.h>

#include "test.h"

/* One entry, added and written. Returns what diagnostic_format() does. */
static int write_line(enum severity severity, const char *file, struct place place, const char *reason, char *out,
                      size_t capacity) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    if (severity == SEVERITY_ERROR)
        diagnostics_error(&diagnostics, file, place, "%s", reason);
    else
        diagnostics_warning(&diagnostics, file, place, "%s", reason);
    const int length = diagnostic_format(&diagnostics.items[0], out, capacity);
    diagnostics_reset(&diagnostics);
    return length;
}

static void test_one_line_says_file_place_severity_and_reason(void **state) {
    (void)state;
    static const struct {
        enum severity severity;
        const char *file;
        struct place place;
        const char *reason;
        const char *line;
    } cases[] = {
        {SEVERITY_ERROR, "a.yaml", {3, 7}, "bad", "a.yaml:3:7: error: bad"},
        {SEVERITY_WARNING, "a.yaml", {3, 7}, "odd", "a.yaml:3:7: warning: odd"},
        {SEVERITY_ERROR, "a.yaml", {0, 0}, "bad", "a.yaml: error: bad"},
        {SEVERITY_ERROR, "", {0, 0}, "bad", "error: bad"},
        {SEVERITY_ERROR, "", {3, 7}, "bad", "error: bad"},
        {SEVERITY_ERROR, "a.yaml", {4294967295u, 4294967295u}, "bad", "a.yaml:4294967295:4294967295: error: bad"},
        {SEVERITY_ERROR, "a\n\x1b[31mb.yaml\x7f", {1, 1}, "bad\r", "a??[31mb.yaml?:1:1: error: bad?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[128];
        const int length =
            write_line(cases[i].severity, cases[i].file, cases[i].place, cases[i].reason, line, sizeof line);
        assert_string_equal(line, cases[i].line);
        assert_int_equal(length, strlen(cases[i].line));
    }
}

static void test_a_line_that_finds_no_room_is_cut_and_its_length_told(void **state) {
    (void)state;
    const struct place place = {3, 7};
    char line[8] = "unused";
    assert_int_equal(write_line(SEVERITY_ERROR, "a.yaml", place, "bad", line, sizeof line), 22);
    assert_string_equal(line, "a.yaml:");
    assert_int_equal(write_line(SEVERITY_ERROR, "a.yaml", place, "bad", NULL, 0), 22);
}

static void test_only_errors_are_counted_as_such(void **state) {
    (void)state;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    for (unsigned i = 1; i <= 100; i++) {
        diagnostics_error(&diagnostics, "a.yaml", (struct place){i, 1}, "error %u", i);
        diagnostics_warning(&diagnostics, "b.yaml", (struct place){i, 2}, "warning %s", "text");
    }
    assert_int_equal(diagnostics.count, 200);
    assert_int_equal(diagnostics.error_count, 100);
    assert_false(diagnostics.is_incomplete);
    assert_string_equal(diagnostics.items[198].file, "a.yaml");
    assert_string_equal(diagnostics.items[198].text, "error 100");
    assert_int_equal(diagnostics.items[199].severity, SEVERITY_WARNING);
    assert_string_equal(diagnostics.items[199].text, "warning text");
    assert_int_equal(diagnostics.items[199].place.column, 2);
    diagnostics_reset(&diagnostics);
    assert_int_equal(diagnostics.count, 0);
    assert_int_equal(diagnostics.error_count, 0);
}

static void test_sorting_follows_places_and_leaves_earlier_entries_alone(void **state) {
    (void)state;
    static const struct place places[] = {{9, 9}, {2, 1}, {1, 5}, {0, 0}, {1, 5}, {1, 4}};
    static const char *const texts[] = {"earlier", "f", "e", "b", "d", "c"};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    diagnostics_sort(&diagnostics, 0);
    for (size_t i = 0; i < 6; i++) diagnostics_error(&diagnostics, "a.yaml", places[i], "%s", texts[i]);
    diagnostics_sort(&diagnostics, 1);
    char order[64] = "";
    for (size_t i = 0; i < 6; i++) strcat(strcat(order, diagnostics.items[i].text), " ");
    assert_string_equal(order, "earlier b c d e f ");
    diagnostics_reset(&diagnostics);
}

static void test_cutting_leaves_the_earlier_entries_and_their_count(void **state) {
    (void)state;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    diagnostics_error(&diagnostics, "a", (struct place){0}, "first");
    diagnostics_warning(&diagnostics, "b", (struct place){0}, "second");
    diagnostics_error(&diagnostics, "c", (struct place){0}, "third");
    diagnostics_cut(&diagnostics, 3);
    assert_int_equal(diagnostics.count, 3);
    diagnostics_cut(&diagnostics, 1);
    assert_int_equal(diagnostics.count, 1);
    assert_int_equal(diagnostics.error_count, 1);
    assert_string_equal(diagnostics.items[0].text, "first");
    diagnostics_reset(&diagnostics);
}

static void test_shown_text_is_short_and_printable(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *shown;
    } cases[] = {
        {"", 0, ""},
        {"plain text", 10, "plain text"},
        {"a\0b\n\x1b\x7f", 6, "a\\x00b\\x0a\\x1b\\x7f"},
        {"gr\xc3\xbc\xc3\x9f", 6, "gr\\xc3\\xbc\\xc3\\x9f"},
        {"1234567890123456789012345678901234567890", 40, "1234567890123456789012345678901234567890"},
        {"1234567890123456789012345678901234567890!", 41, "1234567890123456789012345678901234567890..."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(diagnostics_show(cases[i].text, cases[i].length).text, cases[i].shown);
    char bytes[100];
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(strlen(diagnostics_show(bytes, sizeof bytes).text), 40 * strlen("\\xff") + strlen("..."));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line_says_file_place_severity_and_reason),
        cmocka_unit_test(test_a_line_that_finds_no_room_is_cut_and_its_length_told),
        cmocka_unit_test(test_only_errors_are_counted_as_such),
        cmocka_unit_test(test_sorting_follows_places_and_leaves_earlier_entries_alone),
        cmocka_unit_test(test_cutting_leaves_the_earlier_entries_and_their_count),
        cmocka_unit_test(test_shown_text_is_short_and_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
