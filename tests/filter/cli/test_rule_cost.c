#include "cli/rule_cost.h"

#include <string.h>

#include "cost_rules.h"

static struct cost_sample sample;

/* The built-in messages several times: more than are timed together. */
static int make_sample(void **state) {
    (void)state;
    struct rule_drafts none;
    rule_drafts_init(&none);
    int result = 0;
    while (sample.count < 40 && result == 0) result = cost_sample_make(&sample, &none);
    return result;
}

static int free_sample(void **state) {
    (void)state;
    cost_sample_reset(&sample);
    return 0;
}

static struct rule_cost measure(const char *text) {
    struct rule_set *none = compile_rules(""), *rules = compile_rules(text);
    struct rule_cost cost;
    assert_int_equal(rule_cost_measure(&cost, none, rules, &sample), 0);
    rule_set_destroy(&none);
    rule_set_destroy(&rules);
    return cost;
}

static void test_a_rule_that_searches_every_text_adds_more_than_one_that_searches_none(void **state) {
    (void)state;
    const struct rule_cost dear = measure(DEAR_RULE), cheap = measure(CHEAP_RULE);
    assert_true(dear.base_ns > 0 && dear.added_ns > dear.base_ns / 2);
    assert_true(dear.added_ns > 10 * cheap.added_ns);
    assert_true(dear.added_ns > dear.spread_ns);
    assert_true(cheap.added_ns < cheap.base_ns / 4);
}

static void test_no_rule_adds_nothing(void **state) {
    (void)state;
    const struct rule_cost cost = measure("");
    assert_true(cost.added_ns < cost.base_ns / 4 && cost.added_ns > -cost.base_ns / 4);
    assert_true(cost.spread_ns >= 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rule_that_searches_every_text_adds_more_than_one_that_searches_none),
        cmocka_unit_test(test_no_rule_adds_nothing),
    };
    return cmocka_run_group_tests(tests, make_sample, free_sample);
}
