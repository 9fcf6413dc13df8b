#include "rules/compile/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

/* What a text is read as, and what is wrong with it. */
struct reading {
    struct yaml_node *root;
    struct diagnostics diagnostics;
};

static int set_up(void **state) {
    static struct reading reading;
    reading = (struct reading){0};
    *state = &reading;
    return 0;
}

static int tear_down(void **state) {
    struct reading *reading = *state;
    yaml_destroy(&reading->root);
    assert_null(reading->root);
    yaml_destroy(&reading->root);
    diagnostics_reset(&reading->diagnostics);
    return 0;
}

static struct yaml_node *read_bytes(struct reading *reading, const char *text, size_t length) {
    yaml_destroy(&reading->root);
    diagnostics_reset(&reading->diagnostics);
    return reading->root = yaml_parse("a.yaml", text, length, &reading->diagnostics);
}

static struct yaml_node *read_text(struct reading *reading, const char *text) {
    return read_bytes(reading, text, strlen(text));
}

static void assert_place(const struct yaml_node *node, unsigned line, unsigned column) {
    assert_int_equal(node->place.line, line);
    assert_int_equal(node->place.column, column);
}

static void assert_only_error(const struct reading *reading, const char *line) {
    char out[512];
    assert_int_equal(reading->diagnostics.count, 1);
    assert_int_equal(reading->diagnostics.error_count, 1);
    diagnostic_format(&reading->diagnostics.items[0], out, sizeof out);
    assert_string_equal(out, line);
}

static void test_a_tree_holds_kinds_texts_and_places(void **state) {
    const struct yaml_node *root = read_text(*state, "name: 'ann'\nlist:\n  - 1\n  - {deep: [x]}\nempty:\n");
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 6);
    assert_place(root, 1, 1);
    assert_place(root->items[0], 1, 1);
    const struct yaml_node *name = yaml_get(root, "name"), *list = yaml_get(root, "list");
    assert_string_equal(name->text, "ann");
    assert_int_equal(name->length, 3);
    assert_false(name->is_plain);
    assert_place(name, 1, 7);
    assert_int_equal(list->kind, YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_place(list, 3, 3);
    assert_true(list->items[0]->is_plain);
    assert_place(list->items[0], 3, 5);
    const struct yaml_node *deep = yaml_get(list->items[1], "deep");
    assert_string_equal(deep->items[0]->text, "x");
    assert_place(deep->items[0], 4, 13);
    assert_true(yaml_is_null(yaml_get(root, "empty")));
    assert_null(yaml_get(root, "other"));
    assert_null(yaml_get(list, "name"));
}

static void test_columns_count_bytes_and_lines_end_where_editors_end_them(void **state) {
    const struct yaml_node *root =
        read_text(*state, "\xEF\xBB\xBF[\"\xC3\xA4\xE2\x82\xAC\", b,\r\n \"\xE2\x80\xA8\xC2\x85\", d,\r\r e]\n");
    static const struct place places[] = {{1, 2}, {1, 11}, {2, 2}, {2, 11}, {4, 2}};
    assert_int_equal(root->count, 5);
    for (size_t i = 0; i < 5; i++) assert_place(root->items[i], places[i].line, places[i].column);
}

static void test_nothing_is_told_from_the_words_that_write_it(void **state) {
    static const struct {
        const char *text;
        bool is_null;
        const char *described;
    } cases[] = {
        {"[~]", true, "nothing"},
        {"[null]", true, "nothing"},
        {"[{a}]", false, "a mapping"},
        {"['null']", false, "a text"},
        {"[!!str null]", false, "a text"},
        {"['']", false, "a text"},
        {"[[]]", false, "a list"},
        {"[12]", false, "a number"},
        {"[-1.5e3]", false, "a number"},
        {"['12']", false, "a text"},
        {"[e]", false, "a text"},
        {"[true]", false, "a text"},
        {"[!!binary QUJD]", false, "binary data"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct yaml_node *root = read_text(*state, cases[i].text);
        assert_non_null(root);
        assert_int_equal(yaml_is_null(root->items[0]), cases[i].is_null);
        assert_string_equal(yaml_describe(root->items[0]), cases[i].described);
    }
}

static void test_texts_may_hold_nul(void **state) {
    const struct yaml_node *root = read_text(*state, "{\"a\\0b\": 1, a: 2, text: \"x\\0y\"}");
    const struct yaml_node *text = yaml_get(root, "text");
    assert_int_equal(text->length, 3);
    assert_memory_equal(text->text, "x\0y", 4);
    assert_false(yaml_is_text(text, "x"));
    assert_string_equal(yaml_get(root, "a")->text, "2");
}

static void test_binary_is_base64_in_any_number_of_lines(void **state) {
    struct reading *reading = *state;
    static const struct {
        const char *text;
        bool is_good;
    } cases[] = {
        {"[!!binary QUJD]", true},
        {"[!!binary 'QUJDREU=']", true},
        {"[!!binary 'QUJDRA==']", true},
        {"[!!binary 'QUJDRA']", true},
        {"[!!binary \"QU JD\\n\\tRA==\"]", true},
        {"[!!binary '-_-_']", true},
        {"[!!binary '']", true},
        {"[!!binary 'QUJDR']", false},
        {"[!!binary 'QUJD=']", false},
        {"[!!binary 'QUJDRA=']", false},
        {"[!!binary 'QQ==QQ==']", false},
        {"[!!binary 'QUJD====']", false},
        {"[!!binary '****']", false},
        {"[!!binary \"QUJD\\0\"]", false},
        {"[!!binary '====']", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        read_text(reading, cases[i].text);
        if (cases[i].is_good)
            assert_int_equal(reading->diagnostics.count, 0);
        else
            assert_only_error(reading, "a.yaml:1:2: error: this !!binary is no base64");
        assert_true(reading->root->items[0]->is_binary);
    }
}

static void test_of_duplicate_keys_the_first_counts_and_the_others_are_reported(void **state) {
    struct reading *reading = *state;
    const struct yaml_node *root = read_text(reading, "b: 1\na: 2\nb: 3\nc: {b: 4}\n");
    assert_string_equal(yaml_get(root, "b")->text, "1");
    assert_only_error(reading, "a.yaml:3:1: error: key 'b' is given twice, first in line 1");
    read_text(reading, "{a: 1, \"a\\0\": 2, aa: 3, '': 4}");
    assert_int_equal(reading->diagnostics.count, 0);
}

static void test_what_no_rule_file_needs_is_refused_with_its_place(void **state) {
    struct reading *reading = *state;
    static const struct {
        const char *text;
        const char *line;
    } cases[] = {
        {"", "a.yaml: error: the file is empty"},
        {"# nothing\n", "a.yaml: error: the file is empty"},
        {"--- ~\n", "a.yaml: error: the file is empty"},
        {"a: 1\n---\nb: 2\n", "a.yaml:2:1: error: a second document begins here: a file holds one"},
        {"a: *b\n", "a.yaml:1:4: error: aliases are not supported"},
        {"[a]: b\n", "a.yaml:1:1: error: a key must be a text, not a list"},
        {"{!!binary QUJD: b}\n", "a.yaml:1:2: error: a key must be a text, not binary data"},
        {"a: \xff\n", "a.yaml:1:4: error: invalid leading UTF-8 octet"},
        {"a: \x01\n", "a.yaml:1:4: error: control characters are not allowed"},
        {"a: b: c\n", "a.yaml:1:5: error: mapping values are not allowed in this context"},
        {"\xff\xfe"
         "a",
         "a.yaml:1:1: error: invalid leading UTF-8 octet"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_null(read_text(reading, cases[i].text));
        assert_only_error(reading, cases[i].line);
    }
    assert_null(read_bytes(reading, "a: \0b", 5));
    assert_only_error(reading, "a.yaml:1:4: error: control characters are not allowed");
}

static void test_errors_that_leave_a_tree_do_not_hide_what_follows(void **state) {
    struct reading *reading = *state;
    assert_non_null(read_text(reading, "a: &x 1\nb: !!int 2\nc: !!set {}\na: 3\nd: &y []\n"));
    assert_int_equal(reading->diagnostics.error_count, 5);
}

static void test_nesting_ends_at_its_limit(void **state) {
    struct reading *reading = *state;
    char text[2 * YAML_DEPTH_MAX + 3];
    memset(text, '[', YAML_DEPTH_MAX);
    memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
    assert_non_null(read_bytes(reading, text, 2 * YAML_DEPTH_MAX));
    memset(text, '[', YAML_DEPTH_MAX + 1);
    memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
    assert_null(read_bytes(reading, text, 2 * YAML_DEPTH_MAX + 2));
    assert_only_error(reading, "a.yaml:1:65: error: nested more than 64 levels deep");
}

static void test_the_number_of_values_ends_at_its_limit(void **state) {
    struct reading *reading = *state;
    const size_t length = 2 * (size_t)YAML_NODES_MAX + 2;
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++) text[i] = i % 2 == 1 ? ',' : '1';
    text[0] = '[';
    text[1] = ' ';
    text[length - 1] = ']';
    assert_null(read_bytes(reading, text, length));
    assert_only_error(reading, "a.yaml:1:2000001: error: more than 1000000 values");
    text[2] = ' ';
    text[3] = ' ';
    assert_non_null(read_bytes(reading, text, length));
    assert_int_equal(reading->root->count, YAML_NODES_MAX - 1);
    free(text);
}

static void test_a_file_is_read_like_its_text(void **state) {
    struct reading *reading = *state;
    char path[] = "/tmp/test_yaml.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++) fprintf(file, "- item %d\n", i);
    fclose(file);
    reading->root = yaml_load(path, &reading->diagnostics);
    unlink(path);
    assert_int_equal(reading->diagnostics.count, 0);
    assert_int_equal(reading->root->count, 20000);
    assert_string_equal(reading->root->items[19999]->text, "item 19999");
}

static void test_a_file_that_cannot_be_read_is_an_error(void **state) {
    struct reading *reading = *state;
    assert_null(yaml_load("/nonexistent/a.yaml", &reading->diagnostics));
    assert_only_error(reading, "/nonexistent/a.yaml: error: No such file or directory");
    diagnostics_reset(&reading->diagnostics);
    assert_null(yaml_load("/", &reading->diagnostics));
    assert_only_error(reading, "/: error: Is a directory");
}

static void test_a_file_that_is_too_large_is_an_error(void **state) {
    struct reading *reading = *state;
    char path[] = "/tmp/test_yaml.XXXXXX";
    const int fd = mkstemp(path);
    assert_int_equal(write(fd, "a: 1\n", 5), 5);
    assert_int_equal(ftruncate(fd, YAML_FILE_BYTES_MAX + 1), 0);
    close(fd);
    assert_null(yaml_load(path, &reading->diagnostics));
    unlink(path);
    assert_int_equal(reading->diagnostics.count, 1);
    assert_string_equal(reading->diagnostics.items[0].text, "larger than 16 MiB");
}

static void test_damaged_texts_are_read_or_refused(void **state) {
    struct reading *reading = *state;
    static const char good[] = "a: [1, \"x\\u00e4\\0\", {b: ~}, !!binary QUJD, &c 'd']\n"
                               "? |\n  text\n  lines\n: >-\n  folded\n\xC3\xA4: \xE2\x80\xA8# \r\n--- \n";
    srand(11);
    for (int round = 0; round < 20000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        for (int i = 0; i <= round % 4; i++) text[(size_t)rand() % sizeof text] = (char)rand();
        const size_t length = (size_t)rand() % sizeof good;
        if (read_bytes(reading, text, length) == NULL) assert_true(reading->diagnostics.error_count > 0);
        for (size_t i = 0; i < reading->diagnostics.count; i++)
            assert_true(reading->diagnostics.items[i].place.line <= length + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_tree_holds_kinds_texts_and_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns_count_bytes_and_lines_end_where_editors_end_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_is_told_from_the_words_that_write_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts_may_hold_nul, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_binary_is_base64_in_any_number_of_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_of_duplicate_keys_the_first_counts_and_the_others_are_reported, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_no_rule_file_needs_is_refused_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_that_leave_a_tree_do_not_hide_what_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nesting_ends_at_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_number_of_values_ends_at_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_is_read_like_its_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_cannot_be_read_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_too_large_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_texts_are_read_or_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
