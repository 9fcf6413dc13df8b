#include "rules/compile/example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgpack.h>

#include "rule_text.h"

struct set_up {
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    struct rule_set *rules;
};

static int set_up(void **state) {
    static struct set_up own;
    own = (struct set_up){0};
    diagnostics_init(&own.diagnostics);
    rule_drafts_init(&own.drafts);
    *state = &own;
    return 0;
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    rule_set_destroy(&own->rules);
    rule_drafts_reset(&own->drafts);
    diagnostics_reset(&own->diagnostics);
    return 0;
}

/* An example written in YAML, packed, and read by msgpack-c, as it prints it. */
static void assert_packed(const char *yaml, const char *expected) {
    struct diagnostics diagnostics;
    char printed[512];
    size_t length, taken = 0;
    diagnostics_init(&diagnostics);
    struct yaml_node *node = yaml_parse("a.yaml", yaml, strlen(yaml), &diagnostics);
    assert_non_null(node);
    assert_int_equal(diagnostics.count, 0);
    uint8_t *bytes = example_pack(node, &length);
    assert_non_null(bytes);
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, (const char *)bytes, length, &taken), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(taken, length);
    printed[msgpack_object_print_buffer(printed, sizeof printed - 1, unpacked.data)] = '\0';
    if (strcmp(printed, expected) != 0) fail_msg("%s: %s, not %s", yaml, printed, expected);
    msgpack_unpacked_destroy(&unpacked);
    free(bytes);
    yaml_destroy(&node);
    diagnostics_reset(&diagnostics);
}

static void test_a_text_becomes_the_value_of_a_field(void **state) {
    (void)state;
    assert_packed("some text", "{\"value\"=>\"some text\"}");
    assert_packed("'17'", "{\"value\"=>\"17\"}");
    assert_packed("17", "{\"value\"=>17}");
    assert_packed("!!binary aGVsbG8=", "{\"value\"=>\"hello\"}");
}

static void test_mappings_and_lists_are_packed_as_they_are(void **state) {
    (void)state;
    assert_packed("{a: x, b: [1, {c: y}], d: {}}", "{\"a\"=>\"x\", \"b\"=>[1, {\"c\"=>\"y\"}], \"d\"=>{}}");
    assert_packed("[]", "[]");
    assert_packed("[[x]]", "[[\"x\"]]");
    assert_packed("{1: x, true: y, '': z}", "{\"1\"=>\"x\", \"true\"=>\"y\", \"\"=>\"z\"}");
}

static void test_plain_scalars_are_what_yaml_takes_them_for(void **state) {
    (void)state;
    static const struct {
        const char *yaml, *printed;
    } cases[] = {
        {"[~]", "[nil]"},
        {"[null]", "[nil]"},
        {"{a: }", "{\"a\"=>nil}"},
        {"[true, false]", "[true, false]"},
        {"['true', \"null\", '~']", "[\"true\", \"null\", \"~\"]"},
        {"[0, 7, -7, +7]", "[0, 7, -7, 7]"},
        {"[18446744073709551615, -9223372036854775808]", "[18446744073709551615, -9223372036854775808]"},
        {"[1.5, -2.25, 1e3, 4.111111111111111e15]", "[1.500000, -2.250000, 1000.000000, 4111111111111111.000000]"},
        {"[18446744073709551616]", "[18446744073709551616.000000]"},
        {"[007]", "[7]"},
        {"[2024-01-02, 1.2.3, 1-2, 12e, e5, '-', +, ., 0x1F, 1_000]",
         "[\"2024-01-02\", \"1.2.3\", \"1-2\", \"12e\", \"e5\", \"-\", \"+\", \".\", \"0x1F\", \"1_000\"]"},
        {"[yes, No, inf, nan]", "[\"yes\", \"No\", \"inf\", \"nan\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_packed(cases[i].yaml, cases[i].printed);
}

static void test_binary_is_base64_in_any_number_of_lines(void **state) {
    (void)state;
    assert_packed("[!!binary \"aGVs\\n bG8gYW\\n  5u\"]", "[\"hello ann\"]");
    char text[] = "no base64!";
    const struct yaml_node node = {.kind = YAML_SCALAR, .text = text, .length = strlen(text), .is_binary = true};
    size_t length;
    assert_null(example_pack(&node, &length));
}

/* Results in order: rule, + or - for its kind of example, h when it held. */
static void note_result(void *context, const struct example_result *result) {
    char *notes = context;
    sprintf(notes + strlen(notes), "%s%c%c ", result->draft->id->text, result->is_negative ? '-' : '+',
            result->is_held ? 'h' : '!');
}

static int run(struct set_up *own, const char *text, char *notes) {
    rule_file_parse(&own->drafts, "a.yaml", text, strlen(text), &own->diagnostics);
    assert_int_equal(own->diagnostics.count, 0);
    own->rules = rule_set_compile(&own->drafts, &own->diagnostics);
    assert_non_null(own->rules);
    notes[0] = '\0';
    return examples_run(own->rules, &own->drafts, note_result, notes);
}

#define EXAMPLE_RULE(id, pattern, examples, negative_examples)                                                         \
    "- {id: " id ", name: n, class: chat, pattern: '" pattern "', examples: [" examples                                \
    "], negative_examples: [" negative_examples "]}\n"

static void test_every_example_is_run_and_told(void **state) {
    char notes[256];
    assert_int_equal(run(*state,
                         RULES(EXAMPLE_RULE("a.lunch", "lunch", "'lunch?', {note: [a lunch]}", "dinner, {note: 7}")
                                   EXAMPLE_RULE("a.seven", "^7$", "7, '7', {x: 7}, [7]", "77")),
                         notes),
                     0);
    assert_string_equal(notes,
                        "a.lunch+h a.lunch+h a.lunch-h a.lunch-h a.seven+h a.seven+h a.seven+h a.seven+h a.seven-h ");
}

static void test_examples_that_do_not_hold_are_counted(void **state) {
    char notes[256];
    assert_int_equal(run(*state,
                         RULES(EXAMPLE_RULE("a.lunch", "lunch", "lunch, dinner", "tea, a lunch")
                                   EXAMPLE_RULE("a.tea", "tea", "lunch", "coffee")),
                         notes),
                     3);
    assert_string_equal(notes, "a.lunch+h a.lunch+! a.lunch-h a.lunch-! a.tea+! a.tea-h ");
}

/* What another rule finds is no help, and no harm. */
static void test_an_example_speaks_for_its_own_rule(void **state) {
    char notes[256];
    assert_int_equal(run(*state,
                         RULES(EXAMPLE_RULE("a.lunch", "lunch", "lunch and tea", "tea")
                                   EXAMPLE_RULE("a.tea", "tea", "tea", "lunch")),
                         notes),
                     0);
}

static void test_an_example_that_cannot_be_inspected_does_not_hold(void **state) {
    char notes[256];
    assert_int_equal(
        run(*state, RULES(EXAMPLE_RULE("a.lunch", "lunch", "'lunch %252525252541'", "'%252525252541'")), notes), 2);
    assert_string_equal(notes, "a.lunch+! a.lunch-! ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_becomes_the_value_of_a_field),
        cmocka_unit_test(test_mappings_and_lists_are_packed_as_they_are),
        cmocka_unit_test(test_plain_scalars_are_what_yaml_takes_them_for),
        cmocka_unit_test(test_binary_is_base64_in_any_number_of_lines),
        cmocka_unit_test_setup_teardown(test_every_example_is_run_and_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_examples_that_do_not_hold_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_example_speaks_for_its_own_rule, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_example_that_cannot_be_inspected_does_not_hold, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
