#include "bench/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define BEGIN "<!-- begin goals -->\n"
#define END "<!-- end goals -->\n"

static char folder[] = "/tmp/cordon-page-XXXXXX";
static char file[64], draft[80];

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(file, sizeof file, "%s/page.md", folder);
    snprintf(draft, sizeof draft, "%s.new", file);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(file);
    return rmdir(folder); /* which fails when a draft is left */
}

static void write_page(const char *text) {
    FILE *out = fopen(file, "we");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static void assert_page(const char *expected) {
    char text[512];
    FILE *in = fopen(file, "re");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(text, expected);
}

static void only_what_is_between_the_markers_changes(void **state) {
    (void)state;
    char fault[PAGE_FAULT_CHARS];
    write_page("# A\n" BEGIN "old\nlines\n" END "by hand\n<!-- begin steps -->\n<!-- end steps -->\n");
    assert_int_equal(page_check_section(file, "goals", fault), 0);
    assert_int_equal(page_replace_section(file, "goals", "new\n", fault), 0);
    assert_page("# A\n" BEGIN "new\n" END "by hand\n<!-- begin steps -->\n<!-- end steps -->\n");
    assert_int_equal(page_replace_section(file, "steps", "1\n", fault), 0);
    assert_page("# A\n" BEGIN "new\n" END "by hand\n<!-- begin steps -->\n1\n<!-- end steps -->\n");
    assert_int_equal(page_replace_section(file, "goals", "", fault), 0);
    assert_page("# A\n" BEGIN END "by hand\n<!-- begin steps -->\n1\n<!-- end steps -->\n");
}

static void a_page_without_its_two_markers_stays_as_it_is(void **state) {
    (void)state;
    static const char *const pages[] = {"by hand\n",      BEGIN, END, END BEGIN, BEGIN BEGIN END, BEGIN END END,
                                        "text " BEGIN END};
    for (size_t i = 0; i < COUNT(pages); i++) {
        char fault[PAGE_FAULT_CHARS] = "";
        write_page(pages[i]);
        assert_int_equal(page_check_section(file, "goals", fault), -1);
        assert_int_equal(page_replace_section(file, "goals", "new\n", fault), -1);
        assert_non_null(strstr(fault, "page.md: no section between its two markers"));
        assert_page(pages[i]);
    }
}

static void a_page_that_cannot_be_read_or_written_is_told(void **state) {
    (void)state;
    char fault[PAGE_FAULT_CHARS] = "";
    assert_int_equal(page_replace_section("/nowhere/page.md", "goals", "", fault), -1);
    assert_string_equal(fault, "/nowhere/page.md: No such file or directory");
    write_page(BEGIN END);
    assert_int_equal(symlink("/nowhere/else", draft), 0);
    assert_int_equal(page_replace_section(file, "goals", "new\n", fault), -1);
    assert_int_equal(unlink(draft), 0);
    assert_page(BEGIN END);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_between_the_markers_changes),
        cmocka_unit_test(a_page_without_its_two_markers_stays_as_it_is),
        cmocka_unit_test(a_page_that_cannot_be_read_or_written_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
