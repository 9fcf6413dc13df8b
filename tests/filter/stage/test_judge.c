#include "stage/judge.h"

#include <string.h>

#include "stage_rules.h"

struct bench {
    struct rule_set *rules;
    struct stage_config config;
    struct judge *judge;
};

static int set_up(void **state) {
    static struct bench bench;
    bench.rules = stage_rules();
    bench.config = stage_rules_config(bench.rules);
    bench.judge = judge_create(&bench.config, bench.rules);
    assert_non_null(bench.judge);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
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
    struct judgement judgement;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        judge_text(*state, cases[i].payload, &judgement);
        assert_int_equal(judgement.withheld_outputs, cases[i].outputs);
    }
}

static void a_judgement_outlives_the_next_one_and_its_message(void **state) {
    char payload[] = "{\"a\":\"RU1BSUxNQVJLRU1BSUxNQVJL\"}";
    struct judgement first, second;
    judge_text(*state, payload, &first);
    memset(payload, 'x', sizeof payload - 1);
    judge_text(*state, "{\"a\":{\"b\":\"IDMARK\"}}", &second);
    assert_int_equal(first.record.bytes, sizeof payload - 1);
    assert_int_equal(first.record.output_count, 2);
    assert_string_equal(first.record.findings[0].rule, "email.mark");
    assert_string_equal(first.record.findings[0].path, "*");
    assert_string_equal(first.record.findings[0].layers[0], "base64");
    assert_string_equal(second.record.findings[0].path, "*.*");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_withheld_from_the_outputs_that_must_not_have_it),
        cmocka_unit_test(a_judgement_outlives_the_next_one_and_its_message),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
