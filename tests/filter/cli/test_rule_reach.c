#include "cli/rule_reach.h"

#include <string.h>

#include "cost_rules.h"

static struct cost_sample sample;

static void add_message(const char *text) {
    sample.messages[sample.count++] = (struct sample_message){(uint8_t *)strdup(text), strlen(text), FORMAT_JSON};
}

/* Four messages with two texts each, a key and a value. */
static int make_sample(void **state) {
    (void)state;
    static const char *const messages[] = {"{\"note\":\"the zebra sleeps\"}", "{\"note\":\"zebra7\"}",
                                           "{\"note\":\"lunch 77\"}", "{\"mail\":\"tea\"}"};
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) add_message(messages[i]);
    return 0;
}

static int free_sample(void **state) {
    (void)state;
    cost_sample_reset(&sample);
    return 0;
}

/* In eighths of the texts and quarters of the messages. */
static void assert_reach(const char *what, double searched, double candidates) {
    char text[512];
    snprintf(text, sizeof text, RULE_OF("sample.a", "%s", "1", "2"), what);
    struct rule_set *rules = compile_rules(text);
    struct rule_reach reach;
    assert_int_equal(rule_reach_find(&reach, rules, &sample), 0);
    if (reach.searched != searched / 8 || reach.candidates != candidates / 4)
        fail_msg("%s: %g of the texts, %g of the messages", what, reach.searched, reach.candidates);
    rule_set_destroy(&rules);
}

static void test_texts_that_hold_what_a_pattern_starts_from_are_searched(void **state) {
    (void)state;
    assert_reach("pattern: '\\bzebra.*7'", 2, 1);
    assert_reach("pattern: '\\bquay'", 0, 0);
    assert_reach("pattern: '[a-z]{3}.*7'", 8, 2);
}

static void test_a_pattern_with_paths_is_looked_for_at_these(void **state) {
    (void)state;
    assert_reach("pattern: '[a-z]{3}'\n    paths: {include: ['mail']}\n    types: [str]", 1, 1);
}

static void test_field_rules_reach_what_stands_at_their_places(void **state) {
    (void)state;
    assert_reach("fields: ['note']", 3, 3);
    assert_reach("fields: ['mail', 'post']", 1, 1);
    assert_reach("fields: ['post']", 0, 0);
}

static void test_what_is_encoded_in_a_value_counts_too(void **state) {
    (void)state;
    struct rule_set *rules = compile_rules(CHEAP_RULE);
    struct cost_sample message = {0};
    struct rule_reach reach;
    static uint8_t text[] = "[\"{\\\"a\\\":\\\"zebra7\\\"}\"]";
    message.messages[message.count++] = (struct sample_message){text, sizeof text - 1, FORMAT_JSON};
    assert_int_equal(rule_reach_find(&reach, rules, &message), 0);
    assert_true(reach.searched == 2.0 / 3); /* the text that holds the object, the value in it, not its key */
    assert_true(reach.candidates == 1);
    rule_set_destroy(&rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_that_hold_what_a_pattern_starts_from_are_searched),
        cmocka_unit_test(test_a_pattern_with_paths_is_looked_for_at_these),
        cmocka_unit_test(test_field_rules_reach_what_stands_at_their_places),
        cmocka_unit_test(test_what_is_encoded_in_a_value_counts_too),
    };
    return cmocka_run_group_tests(tests, make_sample, free_sample);
}
