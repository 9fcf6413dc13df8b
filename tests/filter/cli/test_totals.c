#include "cli/totals.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/reason.h"

#include "test.h"

static struct counters counters;
static struct stage_config stage;
static struct rule_set rules;

static int set_up(void **state) {
    (void)state;
    static char email[] = "email", chat[] = "chat";
    stage.outputs[0] = (struct output_config){.name = "targeting-of-the-north", .purpose = "advertising"};
    stage.outputs[1] = (struct output_config){.name = "insights", .purpose = "analytics"};
    stage.output_count = 2;
    rules.class_names[0] = email;
    rules.class_names[1] = chat;
    rules.class_count = 2;
    counter_add(&counters.outputs[0].received, 1000000);
    counter_add(&counters.outputs[0].passed, 999990);
    counter_add(&counters.outputs[0].withheld, 10);
    counter_add(&counters.outputs[0].withheld_by_class[0], 8);
    counter_add(&counters.outputs[0].withheld_by_reason[REASON_MALFORMED], 2);
    counter_add(&counters.outputs[1].received, 1000000);
    counter_add(&counters.outputs[1].passed, 999998);
    counter_add(&counters.outputs[1].withheld, 2);
    counter_add(&counters.outputs[1].withheld_by_reason[REASON_MALFORMED], 2);
    return 0;
}

static void assert_prints(const char *expected) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    totals_print(out, &counters, &stage, &rules);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void test_the_table_shows_what_was_withheld_and_nothing_else(void **state) {
    (void)state;
    assert_prints("output                targeting-of-the-north    insights\n"
                  "purpose                          advertising   analytics\n"
                  "received                             1000000     1000000\n"
                  "passed                                999990      999998\n"
                  "withheld                                  10           2\n"
                  "  email                                    8           0\n"
                  "  malformed                                2           2\n");
}

static void test_names_that_say_no_more_than_purposes_are_left_out(void **state) {
    (void)state;
    const char *const names[] = {stage.outputs[0].name, stage.outputs[1].name};
    for (size_t i = 0; i < 2; i++) stage.outputs[i].name = stage.outputs[i].purpose;
    assert_prints("purpose               advertising   analytics\n"
                  "received                  1000000     1000000\n"
                  "passed                     999990      999998\n"
                  "withheld                       10           2\n"
                  "  email                         8           0\n"
                  "  malformed                     2           2\n");
    for (size_t i = 0; i < 2; i++) stage.outputs[i].name = names[i];
}

static void test_json_has_every_class_and_reason(void **state) {
    (void)state;
    char text[2048];
    struct json_writer json;
    json_writer_init(&json, text, sizeof text);
    totals_write(&json, &counters, &stage, &rules);
    assert_false(json.has_failed);
    text[json.length] = '\0';
    assert_string_equal(text, "{\"outputs\":[{\"output\":\"targeting-of-the-north\",\"purpose\":\"advertising\","
                              "\"received\":1000000,\"passed\":999990,\"withheld\":10,"
                              "\"by_class\":{\"email\":8,\"chat\":0},"
                              "\"by_reason\":{\"malformed\":2,\"trailing-bytes\":0,\"too-deep\":0,\"too-large\":0,"
                              "\"budget\":0,\"engine\":0,\"memory\":0}},"
                              "{\"output\":\"insights\",\"purpose\":\"analytics\","
                              "\"received\":1000000,\"passed\":999998,\"withheld\":2,"
                              "\"by_class\":{\"email\":0,\"chat\":0},"
                              "\"by_reason\":{\"malformed\":2,\"trailing-bytes\":0,\"too-deep\":0,\"too-large\":0,"
                              "\"budget\":0,\"engine\":0,\"memory\":0}}]}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_shows_what_was_withheld_and_nothing_else),
        cmocka_unit_test(test_names_that_say_no_more_than_purposes_are_left_out),
        cmocka_unit_test(test_json_has_every_class_and_reason),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
