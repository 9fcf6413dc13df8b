#include "cli/config_value.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

/* Reads a value that YAML writes as `text`; true when it gave no diagnostic. */
static bool read_value(const char *text,
                       void (*read)(struct schema_reader *, const struct schema_key *, const struct yaml_node *,
                                    void *),
                       void *member) {
    static const struct schema_key key = {"key", NULL, 0, .min = 1, .max = 1 << 20};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct schema_reader reader = {"file", &diagnostics};
    char document[128];
    const int length = snprintf(document, sizeof document, "key: %s\n", text);
    struct yaml_node *node = yaml_parse("file", document, (size_t)length, &diagnostics);
    assert_non_null(node);
    read(&reader, &key, yaml_get(node, "key"), member);
    const bool is_fine = diagnostics.count == 0;
    diagnostics_reset(&diagnostics);
    yaml_destroy(&node);
    return is_fine;
}

static void test_sizes_have_binary_units(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t bytes; /* 0: refused */
    } cases[] = {
        {"1", 1},
        {"65536", 65536},
        {"64KiB", 65536},
        {"1MiB", 1 << 20},
        {"2MiB", 0},
        {"1GiB", 0},
        {"0", 0},
        {"0KiB", 0},
        {"1KB", 0},
        {"1kib", 0},
        {"1 KiB", 0},
        {"KiB", 0},
        {"-1", 0},
        {"+1", 0},
        {"1.5KiB", 0},
        {"1e3", 0},
        {"'1'", 0},
        {"[1]", 0},
        {"~", 0},
        {"18446744073709551617", 0},
        {"0000000000000000001KiB", 0},
        {"18014398509481985KiB", 0}, /* wraps round to 1 KiB in 64 bits */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t bytes = 77;
        const bool is_fine = read_value(cases[i].text, config_read_bytes, &bytes);
        if (is_fine != (cases[i].bytes > 0)) fail_msg("%s", cases[i].text);
        assert_int_equal(bytes, is_fine ? cases[i].bytes : 77);
    }
}

static void test_counts_are_whole_numbers_in_range(void **state) {
    (void)state;
    size_t count = 77;
    assert_true(read_value("1048576", config_read_count, &count));
    assert_int_equal(count, 1048576);
    assert_false(read_value("1048577", config_read_count, &count));
    assert_false(read_value("0", config_read_count, &count));
    assert_false(read_value("4KiB", config_read_count, &count));
    assert_int_equal(count, 1048576);
}

#define CHARS_16 "abcdefgh.IJ_KL-9"

static void read_and_copy_name(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                               void *member) {
    char *name = NULL;
    config_read_name(reader, key, node, &name);
    if (name) strcpy(member, name);
}

static void test_names_are_safe_to_show_anywhere(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_fine;
    } cases[] = {
        {"a", true},
        {"9", true},
        {CHARS_16 CHARS_16 CHARS_16 CHARS_16, true},
        {CHARS_16 CHARS_16 CHARS_16 CHARS_16 "x", false},
        {"'a b'", false},
        {"-a", false},
        {".a", false},
        {"_a", false},
        {"a\"b", false},
        {"\"a\\nb\"", false},
        {"\"a\\0\"", false},
        {"gr\xc3\xbc\xc3\x9f", false},
        {"''", false},
        {"~", false},
        {"[a]", false},
        {"a/b", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[80] = "before";
        if (read_value(cases[i].text, read_and_copy_name, name) != cases[i].is_fine) fail_msg("%s", cases[i].text);
        assert_string_equal(name, cases[i].is_fine ? cases[i].text : "before");
    }
}

static void read_colour(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                        void *member) {
    static const struct config_choice colours[] = {{"red", 1}, {"green", 2}, {NULL, 0}};
    config_read_choice(reader, key, node, colours, member);
}

static void test_a_choice_is_one_of_its_names(void **state) {
    (void)state;
    int colour = 77;
    assert_true(read_value("green", read_colour, &colour));
    assert_int_equal(colour, 2);
    assert_false(read_value("Green", read_colour, &colour));
    assert_false(read_value("gree", read_colour, &colour));
    assert_false(read_value("[green]", read_colour, &colour));
    assert_int_equal(colour, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_have_binary_units),
        cmocka_unit_test(test_counts_are_whole_numbers_in_range),
        cmocka_unit_test(test_names_are_safe_to_show_anywhere),
        cmocka_unit_test(test_a_choice_is_one_of_its_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
