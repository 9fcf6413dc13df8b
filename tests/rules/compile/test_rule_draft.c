#include "rules/compile/rule_draft.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define EXAMPLES "examples: [a]\nnegative_examples: [b]\n"
#define HEAD "id: shop.number\nname: Customer number\nclass: identifier\n"

enum {
    VALUE_TYPES = FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_BIN) | FIELD_BIT(FIELD_EXT) | FIELD_BIT(FIELD_INT) |
                  FIELD_BIT(FIELD_FLOAT),
    ALL_TYPES =
        VALUE_TYPES | FIELD_BIT(FIELD_BOOL) | FIELD_BIT(FIELD_MAP) | FIELD_BIT(FIELD_ARRAY) | FIELD_BIT(FIELD_KEY)
};

struct reading {
    struct yaml_node *root;
    struct rule_draft draft;
    struct diagnostics diagnostics;
    bool is_good;
};

static struct reading read_rule(const char *text) {
    struct reading reading = {0};
    reading.root = yaml_parse("a.yaml", text, strlen(text), &reading.diagnostics);
    assert_non_null(reading.root);
    reading.is_good = rule_draft_read(&reading.draft, "a.yaml", reading.root, &reading.diagnostics);
    assert_int_equal(reading.is_good, reading.diagnostics.error_count == 0);
    return reading;
}

static void reset(struct reading *reading) {
    rule_draft_reset(&reading->draft);
    yaml_destroy(&reading->root);
    diagnostics_reset(&reading->diagnostics);
}

static void test_a_small_rule_has_the_defaults(void **state) {
    (void)state;
    struct reading reading = read_rule("\n" HEAD "pattern: KD\n" EXAMPLES);
    const struct rule_draft *draft = &reading.draft;
    assert_true(reading.is_good);
    assert_string_equal(draft->file, "a.yaml");
    assert_int_equal(draft->place.line, 2);
    assert_int_equal(draft->place.column, 1);
    assert_string_equal(draft->id->text, "shop.number");
    assert_string_equal(draft->name->text, "Customer number");
    assert_string_equal(draft->class_name->text, "identifier");
    assert_null(draft->description);
    assert_int_equal(draft->patterns.count, 1);
    assert_string_equal(draft->patterns.items[0]->text, "KD");
    assert_int_equal(draft->fields.count, 0);
    assert_int_equal(draft->types, VALUE_TYPES | FIELD_BIT(FIELD_KEY));
    assert_null(draft->validator);
    assert_int_equal(draft->min_count, 1);
    assert_int_equal(draft->include.count + draft->exclude.count + draft->allow_count, 0);
    assert_int_equal(draft->examples.count, 1);
    assert_int_equal(draft->negative_examples.count, 1);
    reset(&reading);
}

static void test_a_rule_keeps_all_that_is_written(void **state) {
    (void)state;
    struct reading reading = read_rule(HEAD "description: Numbers of ours.\n"
                                            "references: [https://example.org/a, https://example.org/b]\n"
                                            "patterns: [KD, 12, '']\n" EXAMPLES);
    assert_false(reading.is_good); /* for the empty pattern only */
    assert_int_equal(reading.diagnostics.count, 1);
    reset(&reading);
    reading = read_rule(HEAD "description: Numbers of ours.\n"
                             "references: [https://example.org/a, https://example.org/b]\n"
                             "patterns: [KD, 12]\n"
                             "types: [key, str, key]\n"
                             "validator: luhn\n"
                             "min_count: 10000\n"
                             "paths: {include: ['**.a', b], exclude: [c]}\n"
                             "examples: [{a: 1}, [2], text]\n"
                             "negative_examples: [~, {}]\n");
    const struct rule_draft *draft = &reading.draft;
    assert_true(reading.is_good);
    assert_string_equal(draft->description->text, "Numbers of ours.");
    assert_string_equal(draft->references.items[1]->text, "https://example.org/b");
    assert_int_equal(draft->patterns.count, 2);
    assert_string_equal(draft->patterns.items[1]->text, "12");
    assert_int_equal(draft->types, FIELD_BIT(FIELD_KEY) | FIELD_BIT(FIELD_STR));
    assert_string_equal(draft->validator->name, "luhn");
    assert_int_equal(draft->min_count, 10000);
    assert_int_equal(draft->include.count, 2);
    assert_string_equal(draft->exclude.items[0]->text, "c");
    assert_int_equal(draft->examples.items[0]->kind, YAML_MAPPING);
    assert_int_equal(draft->examples.items[1]->kind, YAML_SEQUENCE);
    assert_int_equal(draft->negative_examples.count, 2);
    reset(&reading);
}

static void test_a_field_rule_looks_at_values_and_may_have_a_validator(void **state) {
    (void)state;
    struct reading reading = read_rule(HEAD "fields: ['**.kd', b]\nvalidator: luhn\nmin_count: 1\n" EXAMPLES);
    assert_true(reading.is_good);
    assert_int_equal(reading.draft.patterns.count, 0);
    assert_int_equal(reading.draft.fields.count, 2);
    assert_int_equal(reading.draft.types, VALUE_TYPES);
    assert_non_null(reading.draft.validator);
    reset(&reading);
}

static void test_all_types_have_their_names(void **state) {
    (void)state;
    struct reading reading =
        read_rule(HEAD "fields: [a]\ntypes: [str, bin, ext, int, float, bool, map, array, key]\n" EXAMPLES);
    assert_true(reading.is_good);
    assert_int_equal(reading.draft.types, ALL_TYPES);
    reset(&reading);
}

static void test_allow_entries_say_what_is_compared_why_and_how_long(void **state) {
    (void)state;
    struct reading reading = read_rule(HEAD "pattern: KD\nallow:\n"
                                            "  - {exact: KD-0, reason: a}\n"
                                            "  - {reason: b, prefix: KD-1, expires: 2028-02-29}\n"
                                            "  - {suffix: -2, reason: c, expires: '0001-01-01'}\n" EXAMPLES);
    const struct rule_draft *draft = &reading.draft;
    assert_true(reading.is_good);
    assert_int_equal(draft->allow_count, 3);
    static const struct {
        int kind;
        const char *text, *reason, *expires;
    } entries[] = {{ALLOW_EXACT, "KD-0", "a", NULL},
                   {ALLOW_PREFIX, "KD-1", "b", "2028-02-29"},
                   {ALLOW_SUFFIX, "-2", "c", "0001-01-01"}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(draft->allow[i].kind, entries[i].kind);
        assert_string_equal(draft->allow[i].text->text, entries[i].text);
        assert_string_equal(draft->allow[i].reason->text, entries[i].reason);
        if (entries[i].expires == NULL)
            assert_null(draft->allow[i].expires);
        else
            assert_string_equal(draft->allow[i].expires->text, entries[i].expires);
        assert_int_equal(draft->allow[i].place.line, 6 + i);
        assert_int_equal(draft->allow[i].place.column, 5);
    }
    reset(&reading);
}

static void test_bounds_hold_on_both_sides(void **state) {
    (void)state;
    static const struct {
        const char *key;
        size_t length; /* of a text of that many letters */
        bool is_good;
    } cases[] = {
        {"id: a.", RULE_ID_BYTES_MAX - 2, true},
        {"id: a.", RULE_ID_BYTES_MAX - 1, false},
        {"class: ", 32, true},
        {"class: ", 33, false},
        {"pattern: ", RULE_PATTERN_BYTES_MAX, true},
        {"pattern: ", RULE_PATTERN_BYTES_MAX + 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char letters[RULE_PATTERN_BYTES_MAX + 2] = "";
        char text[2 * RULE_PATTERN_BYTES_MAX];
        memset(letters, 'x', cases[i].length);
        snprintf(text, sizeof text, "%s%s\n%s%s%sname: a\n%s", cases[i].key, letters,
                 strncmp(cases[i].key, "id", 2) == 0 ? "" : "id: a.b\n",
                 strncmp(cases[i].key, "class", 5) == 0 ? "" : "class: email\n",
                 strncmp(cases[i].key, "pattern", 7) == 0 ? "" : "pattern: a\n", EXAMPLES);
        struct reading reading = read_rule(text);
        assert_int_equal(reading.is_good, cases[i].is_good);
        reset(&reading);
    }
}

static void test_ids_are_words_held_together_by_dots_and_hyphens(void **state) {
    (void)state;
    static const struct {
        const char *id;
        bool is_good;
    } cases[] = {
        {"a.b", true},        {"email.rfc822-headers", true},
        {"a-b.c-d.e2", true}, {"1.2a", true},
        {"ab", false},        {"a-b", false},
        {"a..b", false},      {"a.-b", false},
        {"a.b-", false},      {"a.b.", false},
        {"-a.b", false},      {"A.b", false},
        {"a_b.c", false},     {"'a.b '", false},
        {"'.a'", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "id: %s\nname: a\nclass: email\npattern: a\n" EXAMPLES, cases[i].id);
        struct reading reading = read_rule(text);
        assert_int_equal(reading.is_good, cases[i].is_good);
        assert_int_equal(reading.draft.id != NULL, cases[i].is_good);
        reset(&reading);
    }
}

static void test_an_unknown_validator_is_answered_with_those_there_are(void **state) {
    (void)state;
    struct reading reading = read_rule(HEAD "pattern: a\nvalidator: something\n" EXAMPLES);
    assert_int_equal(reading.diagnostics.error_count, 1);
    for (size_t i = 0; i < validator_count(); i++)
        assert_non_null(strstr(reading.diagnostics.items[0].text, validator_at(i)->name));
    reset(&reading);
}

static void test_the_id_of_a_faulty_rule_is_kept(void **state) {
    (void)state;
    struct reading reading = read_rule("id: a.b\n");
    assert_false(reading.is_good);
    assert_string_equal(reading.draft.id->text, "a.b");
    reset(&reading);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_rule_has_the_defaults),
        cmocka_unit_test(test_a_rule_keeps_all_that_is_written),
        cmocka_unit_test(test_a_field_rule_looks_at_values_and_may_have_a_validator),
        cmocka_unit_test(test_all_types_have_their_names),
        cmocka_unit_test(test_allow_entries_say_what_is_compared_why_and_how_long),
        cmocka_unit_test(test_bounds_hold_on_both_sides),
        cmocka_unit_test(test_ids_are_words_held_together_by_dots_and_hyphens),
        cmocka_unit_test(test_an_unknown_validator_is_answered_with_those_there_are),
        cmocka_unit_test(test_the_id_of_a_faulty_rule_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
