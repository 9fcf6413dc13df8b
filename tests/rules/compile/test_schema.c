#include "rules/compile/schema.h"

#include <string.h>

#include "test.h"

struct target {
    const struct yaml_node *name, *list;
    struct node_list texts;
    uint32_t number;
};

static const struct schema_key keys[] = {
    {"name", schema_read_text, offsetof(struct target, name), .is_required = true, .max = 5},
    {"list", schema_read_list, offsetof(struct target, list), .min = 1, .max = 2},
    {"texts", schema_read_texts, offsetof(struct target, texts), .is_required = false},
    {"number", schema_read_number, offsetof(struct target, number), .min = 3, .max = UINT32_MAX},
};
static const char *const later_keys[] = {"later", NULL};
static const struct schema schema = {keys, sizeof keys / sizeof keys[0], later_keys};

struct reading {
    struct yaml_node *root;
    struct target target;
    bool is_mapping;
    struct diagnostics diagnostics;
};

static struct reading read_text(const char *text) {
    struct reading reading = {0};
    reading.root = yaml_parse("a.yaml", text, strlen(text), &reading.diagnostics);
    assert_non_null(reading.root);
    struct schema_reader reader = {"a.yaml", &reading.diagnostics};
    reading.is_mapping = schema_read(&reader, &schema, reading.root, &reading.target);
    return reading;
}

static void reset(struct reading *reading) {
    node_list_reset(&reading->target.texts);
    yaml_destroy(&reading->root);
    diagnostics_reset(&reading->diagnostics);
}

static void test_values_are_read_into_their_members(void **state) {
    (void)state;
    struct reading reading = read_text("{number: 4294967295, texts: [a, 12, 'b c'], list: [[]], name: true}");
    assert_true(reading.is_mapping);
    assert_int_equal(reading.diagnostics.count, 0);
    assert_string_equal(reading.target.name->text, "true");
    assert_int_equal(reading.target.list->count, 1);
    assert_int_equal(reading.target.texts.count, 3);
    assert_string_equal(reading.target.texts.items[1]->text, "12");
    assert_int_equal(reading.target.number, UINT32_MAX);
    reset(&reading);
}

static void test_members_without_a_sound_value_stay_as_they_were(void **state) {
    (void)state;
    struct reading reading = read_text("{number: 2, texts: a, list: {}, name: ''}");
    assert_int_equal(reading.diagnostics.error_count, 4);
    assert_null(reading.target.name);
    assert_null(reading.target.list);
    assert_int_equal(reading.target.texts.count, 0);
    assert_int_equal(reading.target.number, 0);
    reset(&reading);
}

static void test_of_a_key_given_twice_the_first_value_is_read(void **state) {
    (void)state;
    struct reading reading = read_text("{name: a, texts: [a], texts: [b], name: ''}");
    assert_int_equal(reading.diagnostics.error_count, 2); /* the two duplicates, nothing about their values */
    assert_string_equal(reading.target.name->text, "a");
    assert_int_equal(reading.target.texts.count, 1);
    reset(&reading);
}

static void test_what_is_no_mapping_is_not_read(void **state) {
    (void)state;
    struct reading reading = read_text("[name]");
    assert_false(reading.is_mapping);
    assert_int_equal(reading.diagnostics.error_count, 1);
    assert_string_equal(reading.diagnostics.items[0].text, "expected a mapping, found a list");
    reset(&reading);
}

static void test_every_mistake_has_its_place_and_reason(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *lines;
    } cases[] = {
        {"{}", "a.yaml:1:1: error: missing key 'name'\n"},
        {"{name: a, nmae: b, other: c}",
         "a.yaml:1:11: error: unknown key 'nmae', did you mean 'name'?\na.yaml:1:20: error: unknown key 'other'\n"},
        {"{name: a, later: b}", "a.yaml:1:11: error: 'later' is not supported by this version\n"},
        {"{name: abcdef}", "a.yaml:1:8: error: the text must not be longer than 5 bytes\n"},
        {"{name: ''}", "a.yaml:1:8: error: the text must not be empty\n"},
        {"{name: \"a\\0\"}", "a.yaml:1:8: error: the text must not hold NUL\n"},
        {"{name: [a]}", "a.yaml:1:8: error: expected a text, found a list\n"},
        {"{name: ~}", "a.yaml:1:8: error: expected a text, found nothing\n"},
        {"{name: a, list: []}", "a.yaml:1:17: error: the list must have 1 or more entries\n"},
        {"{name: a, list: [1, 2, 3]}", "a.yaml:1:17: error: the list must have no more than 2 entries\n"},
        {"{name: a, list: x}", "a.yaml:1:17: error: expected a list, found a text\n"},
        {"{name: a, texts: [x, {a: b}, ~]}",
         "a.yaml:1:22: error: expected a text, found a mapping\na.yaml:1:30: error: expected a text, found nothing\n"},
        {"{name: a, number: 2}", "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found 2\n"},
        {"{name: a, number: 4294967296}",
         "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found 4294967296\n"},
        {"{name: a, number: 18446744073709551619}",
         "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found 18446744073709551619\n"},
        {"{name: a, number: '5'}", "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found a text\n"},
        {"{name: a, number: !!str 5}",
         "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found a text\n"},
        {"{name: a, number: }", "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found nothing\n"},
        {"{name: a, number: +5}", "a.yaml:1:19: error: expected a whole number from 3 to 4294967295, found +5\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reading reading = read_text(cases[i].text);
        char lines[512] = "";
        for (size_t j = 0; j < reading.diagnostics.count; j++) {
            diagnostic_format(&reading.diagnostics.items[j], lines + strlen(lines), 128);
            strcat(lines, "\n");
        }
        assert_string_equal(lines, cases[i].lines);
        reset(&reading);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_read_into_their_members),
        cmocka_unit_test(test_members_without_a_sound_value_stay_as_they_were),
        cmocka_unit_test(test_of_a_key_given_twice_the_first_value_is_read),
        cmocka_unit_test(test_what_is_no_mapping_is_not_read),
        cmocka_unit_test(test_every_mistake_has_its_place_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
