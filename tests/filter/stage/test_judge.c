#include "stage/judge.h"

#include <string.h>

#include "stage_rules.h"

struct bench {
    struct rule_set *rules;
    struct stage_config config;
    struct judge *judge;
    struct judgement first, second;
};

static int set_up_batching(void **state, enum batching batching) {
    static struct bench bench;
    bench.rules = stage_rules();
    bench.config = stage_rules_config(bench.rules);
    bench.config.batching = batching;
    bench.judge = judge_create(&bench.config, bench.rules);
    assert_non_null(bench.judge);
    assert_int_equal(judgement_init(&bench.first, &bench.config), 0);
    assert_int_equal(judgement_init(&bench.second, &bench.config), 0);
    *state = &bench;
    return 0;
}

static int set_up(void **state) {
    return set_up_batching(state, BATCHING_MESSAGE);
}

static int set_up_records(void **state) {
    return set_up_batching(state, BATCHING_RECORDS);
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    judgement_reset(&bench->first);
    judgement_reset(&bench->second);
    judgement_reset(&bench->second);
    judge_destroy(&bench->judge);
    assert_null(bench->judge);
    judge_destroy(&bench->judge);
    rule_set_destroy(&bench->rules);
    return 0;
}

static void judge_text(struct bench *bench, const char *payload, struct judgement *judgement) {
    const struct message message = {{{(const uint8_t *)payload, strlen(payload)}}, 1, strlen(payload)};
    judge_message(bench->judge, &message, judgement);
}

static void a_message_is_withheld_from_the_outputs_that_must_not_have_it(void **state) {
    static const struct {
        const char *payload;
        uint64_t outputs;
    } cases[] = {
        {"{\"a\":\"clean\"}", 0}, {"{\"a\":\"IDMARK\"}", 1},         {"{\"a\":\"EMAILMARK\"}", 3},
        {"{\"a\":", 3},           {"[\"EMAILMARK\",\"IDMARK\"]", 3}, {"", 3},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        judge_text(bench, cases[i].payload, &bench->first);
        assert_int_equal(bench->first.withheld_outputs, cases[i].outputs);
        assert_false(judgement_has_records(&bench->first));
    }
}

static void a_judgement_outlives_the_next_one_and_its_message(void **state) {
    char payload[] = "{\"a\":\"RU1BSUxNQVJLRU1BSUxNQVJL\"}";
    struct bench *bench = *state;
    const struct audit_record *first = &bench->first.record, *second = &bench->second.record;
    judge_text(bench, payload, &bench->first);
    memset(payload, 'x', sizeof payload - 1);
    judge_text(bench, "{\"a\":{\"b\":\"IDMARK\"}}", &bench->second);
    assert_int_equal(first->bytes, sizeof payload - 1);
    assert_int_equal(first->output_count, 2);
    assert_string_equal(first->findings[0].rule, "email.mark");
    assert_string_equal(first->findings[0].path, "*");
    assert_string_equal(first->findings[0].layers[0], "base64");
    assert_string_equal(second->findings[0].path, "*.*");
}

static void a_message_is_withheld_from_an_output_when_each_of_its_records_is(void **state) {
    static const struct {
        const char *payload;
        size_t record_count;
        uint64_t outputs;
    } cases[] = {
        {"[1,2]", 2, 0},
        {"[1,\"EMAILMARK\"]", 2, 0},
        {"[\"IDMARK\",\"EMAILMARK\"]", 2, 1},
        {"[\"EMAILMARK\",[\"EMAILMARK\"]]", 2, 3},
        {"[]", 0, 0},
        {"{\"a\":[\"IDMARK\"]}", 0, 1},
        {"[1,", 0, 3},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        judge_text(bench, cases[i].payload, &bench->first);
        assert_int_equal(bench->first.withheld_outputs, cases[i].outputs);
        assert_int_equal(bench->first.records->count, cases[i].record_count);
        assert_int_equal(judgement_has_records(&bench->first), cases[i].record_count > 0);
        assert_false(cases[i].record_count == 0 && bench->first.record.is_record);
    }
}

static void a_withheld_record_is_described_by_any_judge(void **state) {
    struct bench *bench = *state;
    struct judge *other = judge_create(&bench->config, bench->rules);
    judge_text(bench, "[1,{\"a\":\"EMAILMARK\"},\"IDMARK\"]", &bench->first);
    judge_record(other, &bench->first, 2);
    const struct audit_record *record = &bench->first.record;
    assert_true(record->is_record);
    assert_int_equal(record->record, 2);
    assert_int_equal(record->bytes, 8);
    assert_int_equal(record->output_count, 1);
    assert_string_equal(record->findings[0].rule, "identifier.mark");
    judge_record(bench->judge, &bench->first, 1);
    assert_int_equal(record->record, 1);
    assert_int_equal(record->output_count, 2);
    assert_string_equal(record->findings[0].rule, "email.mark");
    assert_string_equal(record->findings[0].path, "*"); /* as seen from the record */
    judge_destroy(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_withheld_from_the_outputs_that_must_not_have_it),
        cmocka_unit_test(a_judgement_outlives_the_next_one_and_its_message),
    };
    const struct CMUnitTest record_tests[] = {
        cmocka_unit_test(a_message_is_withheld_from_an_output_when_each_of_its_records_is),
        cmocka_unit_test(a_withheld_record_is_described_by_any_judge),
    };
    return cmocka_run_group_tests_name("messages", tests, set_up, tear_down) +
           cmocka_run_group_tests_name("records", record_tests, set_up_records, tear_down);
}
