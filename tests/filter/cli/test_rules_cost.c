#include <jansson.h>

#include "cli/rules_cost.h"

#include "cost_rules.h"
#include "run_cli.h"

static struct run run;
static char cheap[] = "/tmp/test_rules_cost.XXXXXX", dear[] = "/tmp/test_rules_cost.XXXXXX",
            messages[] = "/tmp/test_rules_cost.XXXXXX", faulty[] = "/tmp/test_rules_cost.XXXXXX";

static const char secret[] = "Petronella";

static int make_files(void **state) {
    (void)state;
    static const char lines[] = "{\"note\":\"Petronella met the zebra\"}\n"
                                "{\"note\":\"nobody\",\"Petronella\":[1,2,3]}\n"
                                "{\"note\":\n";
    static const char bad_rule[] = RULE_OF("sample.bad", "pattern: '(unclosed'", "1", "2");
    make_file(cheap, CHEAP_RULE, strlen(CHEAP_RULE));
    make_file(dear, DEAR_RULE, strlen(DEAR_RULE));
    make_file(messages, lines, strlen(lines));
    make_file(faulty, bad_rule, strlen(bad_rule));
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    unlink(cheap);
    unlink(dear);
    unlink(messages);
    unlink(faulty);
    return 0;
}

static void test_the_dearest_rule_comes_first_with_its_reason(void **state) {
    (void)state;
    RUN(&run, "rules", "cost", cheap, dear);
    assert_int_equal(run.status, CLI_DONE);
    assert_string_equal(run.err, "");
    assert_begins(run.out,
                  "Measured on 7 messages: the rules' negative examples and clean messages that are built in\n");
    char reason[128];
    snprintf(reason, sizeof reason,
             "  sample.dear\n               %s:5:14: nothing to start from: every text is searched\n", dear);
    assert_holds(run.out, reason);
    assert_holds(strstr(run.out, "sample.dear"), "a class of 255 characters repeated up to 90 times\n");
    assert_holds(strstr(run.out, "sample.dear"), "  sample.cheap\n");
    assert_null(strstr(run.out, "\033["));
}

static void test_a_file_of_messages_takes_the_place_of_those_built_in(void **state) {
    (void)state;
    char head[128];
    snprintf(head, sizeof head, "Measured on 2 messages of %s, 1 unreadable left out\n", messages);
    RUN(&run, "rules", "cost", "--messages", messages, cheap);
    assert_int_equal(run.status, CLI_DONE);
    assert_begins(run.out, head);
    assert_null(strstr(run.out, secret));
    RUN_WITH(&run, "{\"a\":1}\n", "rules", "cost", "--messages", "-", cheap);
    assert_begins(run.out, "Measured on 1 messages of -\n");
}

/* The line of a rule as an object; the caller releases it. */
static json_t *parse_line(const char **at) {
    json_t *line = json_loads(*at, JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(line);
    *at = strchr(*at, '\n') + 1;
    return line;
}

static double real_of(const json_t *line, const char *key) {
    assert_true(json_is_real(json_object_get(line, key)));
    return json_real_value(json_object_get(line, key));
}

static void test_json_has_an_object_for_each_rule_and_one_for_the_sample(void **state) {
    (void)state;
    RUN(&run, "rules", "cost", "--json", "--messages", messages, cheap, dear);
    assert_int_equal(run.status, CLI_DONE);
    const char *at = run.out;
    json_t *first = parse_line(&at), *second = parse_line(&at), *last = parse_line(&at);
    assert_string_equal(at, "");
    assert_string_equal(json_string_value(json_object_get(first, "rule")), "sample.dear");
    assert_string_equal(json_string_value(json_object_get(first, "file")), dear);
    assert_int_equal(json_integer_value(json_object_get(first, "line")), 2);
    assert_true(json_is_true(json_object_get(first, "is_dear")));
    assert_true(real_of(first, "added_ns") > real_of(second, "added_ns"));
    assert_true(real_of(first, "base_ns") > 0);
    assert_true(real_of(first, "spread_ns") >= 0);
    assert_true(real_of(first, "searched") == 1);
    assert_true(real_of(first, "candidates") == 0.5);
    const json_t *const reason = json_array_get(json_object_get(first, "reasons"), 0);
    assert_string_equal(json_string_value(json_object_get(reason, "text")),
                        "nothing to start from: every text is searched");
    assert_int_equal(json_integer_value(json_object_get(reason, "line")), 5);
    assert_int_equal(json_integer_value(json_object_get(reason, "column")), 14);
    assert_string_equal(json_string_value(json_object_get(second, "rule")), "sample.cheap");
    assert_true(json_is_false(json_object_get(second, "is_dear")));
    assert_int_equal(json_array_size(json_object_get(second, "reasons")), 0);
    assert_int_equal(json_integer_value(json_object_get(last, "rules")), 2);
    assert_int_equal(json_integer_value(json_object_get(last, "messages")), 2);
    assert_int_equal(json_integer_value(json_object_get(last, "unreadable")), 1);
    assert_string_equal(json_string_value(json_object_get(last, "file")), messages);
    assert_null(strstr(run.out, secret));
    json_decref(first);
    json_decref(second);
    json_decref(last);
}

static void test_bad_usage_rules_and_files_are_refused(void **state) {
    (void)state;
    char reason[128];
    RUN(&run, "rules", "cost", "--messages");
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_holds(run.err, "option '--messages' needs a value");
    RUN(&run, "rules", "cost", "--messages", "/nowhere/messages.jsonl", cheap);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.err, "cordon: /nowhere/messages.jsonl: No such file or directory\n");
    RUN_WITH(&run, "no JSON\n", "rules", "cost", "--messages", "-", cheap);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.err, "cordon: -: no message that can be read\n");
    RUN(&run, "rules", "cost", cheap, faulty);
    snprintf(reason, sizeof reason, "%s:5:14: error: rule 'sample.bad': pattern: ", faulty);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_begins(run.err, reason);
    assert_string_equal(run.out, "");
    RUN(&run, "rules", "cost", "/nowhere/rules.yaml");
    assert_int_equal(run.status, CLI_BAD_INPUT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_dearest_rule_comes_first_with_its_reason),
        cmocka_unit_test(test_a_file_of_messages_takes_the_place_of_those_built_in),
        cmocka_unit_test(test_json_has_an_object_for_each_rule_and_one_for_the_sample),
        cmocka_unit_test(test_bad_usage_rules_and_files_are_refused),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
