#include "stage/withheld.h"

#include <string.h>

#include "stage_rules.h"

struct bench {
    struct rule_set *rules;
    struct stage_config config;
    struct inspector *inspector;
    struct inspection inspection;
    struct withheld withheld;
};

static int set_up(void **state) {
    static struct bench bench;
    bench.rules = stage_rules();
    bench.config = stage_rules_config(bench.rules);
    bench.inspector = inspector_create(bench.rules, &bench.config.limits);
    assert_non_null(bench.inspector);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    inspector_destroy(&bench->inspector);
    rule_set_destroy(&bench->rules);
    return 0;
}

static struct audit_record describe(struct bench *bench, const char *payload, uint64_t outputs) {
    const struct frame frame = {(const uint8_t *)payload, strlen(payload)};
    inspect(bench->inspector, &frame, 1, FORMAT_JSON, &bench->inspection);
    return withheld_describe(&bench->withheld, &bench->config, bench->rules, bench->inspector, &bench->inspection,
                             outputs);
}

static void a_finding_is_described_by_rule_class_place_and_layers(void **state) {
    const struct audit_record record = describe(*state, "{\"x\":\"RU1BSUxNQVJLRU1BSUxNQVJL\",\"y\":\"IDMARK\"}", 3);
    assert_int_equal(record.finding_count, 2);
    assert_int_equal(record.described_count, 2);
    const size_t encoded = strcmp(record.findings[0].rule, "email.mark") == 0 ? 0 : 1;
    assert_string_equal(record.findings[encoded].rule, "email.mark");
    assert_string_equal(record.findings[encoded].class_name, "email");
    assert_string_equal(record.findings[encoded].path, "*");
    assert_int_equal(record.findings[encoded].layer_count, 1);
    assert_string_equal(record.findings[encoded].layers[0], "base64");
    assert_int_equal(record.findings[encoded].length, 18);
    assert_int_equal(record.findings[!encoded].layer_count, 0);
    assert_null(record.reason);
}

static void outputs_and_classes_are_named(void **state) {
    const struct audit_record record = describe(*state, "[\"EMAILMARK IDMARK\"]", 2);
    assert_int_equal(record.output_count, 1);
    assert_string_equal(record.outputs[0], "insights");
    assert_int_equal(record.class_count, 2);
    assert_string_not_equal(record.classes[0], record.classes[1]);
}

static void a_message_that_cannot_be_read_has_a_reason(void **state) {
    const struct audit_record record = describe(*state, "[1", 3);
    assert_string_equal(record.reason, "malformed");
    assert_int_equal(record.finding_count, 0);
    assert_int_equal(record.output_count, 2);
}

static void the_first_findings_are_described_and_all_are_counted(void **state) {
    char payload[4096] = "[\"EMAILMARK\"";
    for (int i = 1; i < 100; i++) strcat(payload, ",\"EMAILMARK\"");
    strcat(payload, "]");
    const struct audit_record record = describe(*state, payload, 3);
    assert_int_equal(record.described_count, WITHHELD_FINDINGS);
    assert_int_equal(record.finding_count, 100);
    assert_string_equal(record.findings[WITHHELD_FINDINGS - 1].rule, "email.mark");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_is_described_by_rule_class_place_and_layers),
        cmocka_unit_test(outputs_and_classes_are_named),
        cmocka_unit_test(a_message_that_cannot_be_read_has_a_reason),
        cmocka_unit_test(the_first_findings_are_described_and_all_are_counted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
