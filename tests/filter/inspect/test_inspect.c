#include "inspect/inspect.h"

#include <stdio.h>
#include <string.h>

#include "allocation_count.h"
#include "rule_text.h"
#include "scanner_stub.h"

#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

static const char rules_text[] =
    RULES(RULE("chat.lunch", "chat", "pattern: '(?i)\\blunch\\b'")
              RULE("email.headers", "email", "patterns: ['(?m)^from: ', '(?m)^to: .*$'], min_count: 2")
                  RULE("email.body", "email", "fields: ['**.mail.body']")
                      RULE("identifier.card", "identifier", "pattern: '[0-9]{13,19}', validator: luhn")
                          RULE("personal.either", "personal", "patterns: ['ann', 'bob$']"));

struct set_up {
    struct rule_set *rules;
    struct limits limits;
    struct inspector *inspector;
    struct inspection inspection;
};

static int set_up(void **state) {
    static struct set_up own;
    *state = &own;
    plan_failure(HS_SUCCESS, 0);
    own.rules = rules_of(rules_text);
    own.limits = LIMITS_DEFAULT;
    own.limits.message_bytes = 65536;
    own.inspector = inspector_create(own.rules, &own.limits);
    return own.inspector != NULL ? 0 : -1;
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    inspector_destroy(&own->inspector);
    inspector_destroy(&own->inspector);
    rule_set_destroy(&own->rules);
    return 0;
}

static enum reason inspect_bytes(struct set_up *own, const void *bytes, size_t length) {
    const struct frame frame = {bytes, length};
    memset(&own->inspection, 0x55, sizeof own->inspection); /* it is to be filled, not completed */
    const enum reason reason = inspect(own->inspector, &frame, 1, FORMAT_AUTO, &own->inspection);
    assert_int_equal(own->inspection.reason, reason);
    assert_int_equal(own->inspection.bytes, length);
    return reason;
}

static enum reason inspect_text(struct set_up *own, const char *text) {
    return inspect_bytes(own, text, strlen(text));
}

static uint64_t class_bit(const struct set_up *own, const char *name) {
    const uint64_t bit = rule_set_class(own->rules, name);
    assert_int_not_equal(bit, 0);
    return bit;
}

/* "rule path layer.layer length" of each finding that is described. */
static void describe(const struct set_up *own, char *out, size_t capacity) {
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < own->inspection.kept_count; i++) {
        const struct finding *finding = &own->inspection.findings[i];
        char path[FINDING_PATH_CHARS];
        const char *layers[FINDING_LAYERS];
        inspector_path(own->inspector, finding, path, sizeof path);
        length += (size_t)snprintf(out + length, capacity - length, "%s%s %s ", i > 0 ? "|" : "",
                                   own->rules->rules[finding->rule].id, path);
        const size_t layer_count = inspector_layers(own->inspector, finding, layers);
        for (size_t layer = 0; layer < layer_count; layer++)
            length += (size_t)snprintf(out + length, capacity - length, "%s%s", layer > 0 ? "." : "", layers[layer]);
        length +=
            (size_t)snprintf(out + length, capacity - length, "%s%u", layer_count > 0 ? " " : "", finding->length);
        assert_true(length < capacity);
    }
}

static void test_a_clean_message_has_no_reason_and_no_class(void **state) {
    struct set_up *own = *state;
    static const char *const texts[] = {
        "{}", "[]", "0", "\"\"", "{\"title\":\"a launch\",\"n\":[1,2,3]}", "\xc0", "\x81\xa1x\xa1y"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(inspect_text(own, texts[i]), REASON_NONE);
        assert_int_equal(own->inspection.classes, 0);
        assert_int_equal(own->inspection.finding_count, 0);
        assert_int_equal(own->inspection.kept_count, 0);
        for (size_t rule = 0; rule < own->rules->rule_count; rule++)
            assert_false(inspector_found_rule(own->inspector, rule));
    }
}

static void test_findings_say_where_and_how_deep(void **state) {
    static const struct {
        const char *text, *findings;
    } cases[] = {
        {"{\"note\":\"Lunch?\"}", "chat.lunch * 6"},
        {"{\"user\":{\"Mail\":[{\"BODY\":\"hi\"}]}}", "email.body *.mail[0].body 2"},
        {"[\"from: a\\nto: b\"]", "email.headers [0] 13"},
        {"[\"from: a\",\"to: b\"]", ""},
        {"{\"4111111111111111\":1}", "identifier.card * 16"},
        {"[4111111111111111,4111111111111112]", "identifier.card [0] 16"},
        {"[4.111111111111111e15]", "identifier.card [0] 16"},
        {"{\"mail\":\"{\\\"body\\\":[\\\"x\\\"]}\"}", "email.body mail.body[0] json 1"},
        /* base64 of {"mail":{"body":"%6Cunch at noon"}} */
        {"{\"x\":\"eyJtYWlsIjp7ImJvZHkiOiIlNkN1bmNoIGF0IG5vb24ifX0=\"}",
         "email.body *.mail.body base64.json 15|chat.lunch *.mail.body base64.json.percent 13|"
         "email.body *.mail.body base64.json.percent 13"},
        {"\"lunch\"", "chat.lunch $ 5"},
        {"[\"ann and bob\",\"ann and bob\",\"bob and ann\"]",
         "personal.either [0] 11|personal.either [1] 11|personal.either [2] 11"},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char findings[512];
        assert_int_equal(inspect_text(own, cases[i].text), REASON_NONE);
        describe(own, findings, sizeof findings);
        if (strcmp(findings, cases[i].findings) != 0)
            fail_msg("%s: %s, not %s", cases[i].text, findings, cases[i].findings);
        assert_int_equal(own->inspection.finding_count, own->inspection.kept_count);
    }
}

static void test_a_message_has_the_classes_of_all_that_was_found(void **state) {
    struct set_up *own = *state;
    assert_int_equal(inspect_text(own, "{\"mail\":{\"body\":\"lunch\"},\"x\":4111111111111111}"), REASON_NONE);
    assert_int_equal(own->inspection.classes,
                     class_bit(own, "email") | class_bit(own, "chat") | class_bit(own, "identifier"));
    static const bool found[] = {true, false, true, true, false};
    for (size_t rule = 0; rule < own->rules->rule_count; rule++)
        assert_int_equal(inspector_found_rule(own->inspector, rule), found[rule]);
}

static void test_nothing_is_left_of_the_message_before(void **state) {
    struct set_up *own = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(inspect_text(own, "[\"lunch\",\"eyJ0IjoibHVuY2gifQ==\"]"), REASON_NONE);
        assert_int_equal(own->inspection.finding_count, 2 + 1);
        assert_int_equal(inspect_text(own, "[\"dinner\"]"), REASON_NONE);
        assert_int_equal(own->inspection.classes, 0);
        assert_false(inspector_found_rule(own->inspector, 0));
        assert_int_equal(inspect_text(own, "[\"lunch\""), REASON_MALFORMED);
        assert_int_equal(own->inspection.finding_count, 0);
    }
}

static void test_what_cannot_be_proven_clean_has_its_reason(void **state) {
    static char deep_json[160], deep_unwrap[400];
    static const struct {
        const char *bytes;
        size_t length;
        enum reason reason;
    } cases[] = {
        {"", 0, REASON_MALFORMED},
        {"{\"a\":", 5, REASON_MALFORMED},
        {"\xdd\xff\xff\xff\xff", 5, REASON_MALFORMED},
        {"\xdd\x08\x00\x00\x00", 5, REASON_MALFORMED},
        {"[1]]", 4, REASON_TRAILING_BYTES},
        {"\xc0\xc0", 2, REASON_TRAILING_BYTES},
        {deep_json, sizeof deep_json, REASON_TOO_DEEP},
        {deep_unwrap, sizeof deep_unwrap, REASON_BUDGET},
    };
    struct set_up *own = *state;
    memset(deep_json, '[', sizeof deep_json);
    memset(deep_unwrap, ' ', sizeof deep_unwrap);
    memcpy(deep_unwrap, "[\"%252525252541\"]", 17);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const enum reason reason = inspect_bytes(own, cases[i].bytes, cases[i].length);
        if (reason != cases[i].reason) fail_msg("case %zu: %d, not %d", i, reason, cases[i].reason);
        assert_int_equal(verdict_for(&own->inspection, 0), VERDICT_WITHHOLD);
    }
}

/* The long way counts each glob that it tries on a field; a proof must not pass what that would withhold. */
static void test_a_clean_message_is_judged_alike_on_both_ways_also_when_it_is_too_much(void **state) {
    (void)state;
    enum { ELEMENTS = 30000 };
    static char text[2 * ELEMENTS + 32];
    struct rule_set *rules = rules_of(RULES(RULE("a.many", "chat",
                                                 "fields: ['**.{a,b}.body', '**.c.body', '**.d.body', '**.e.body', "
                                                 "'**.f.body', '**.g.body', '**.h.body', '**.i.body', '**.j.body']")));
    struct set_up own = {.rules = rules, .limits = LIMITS_DEFAULT};
    for (size_t count = 1000; count <= ELEMENTS; count += 29000) {
        size_t length = (size_t)sprintf(text, "{\"z\":{\"body\":[1");
        for (size_t i = 1; i < count; i++, length += 2) memcpy(text + length, ",1", 2);
        strcpy(text + length, "]}}");
        own.inspector = inspector_create(rules, &own.limits);
        const enum reason reason = inspect_text(&own, text);
        assert_int_equal(reason, count > 1000 ? REASON_BUDGET : REASON_NONE);
        inspector_forgo_proofs(own.inspector);
        assert_int_equal(inspect_text(&own, text), reason);
        inspector_destroy(&own.inspector);
    }
    rule_set_destroy(&rules);
}

static void test_what_was_found_before_a_budget_ran_out_still_counts(void **state) {
    struct set_up *own = *state;
    assert_int_equal(inspect_text(own, "[\"lunch\",\"%252525252541\"]"), REASON_BUDGET);
    assert_int_equal(own->inspection.classes, class_bit(own, "chat"));
    char findings[64];
    describe(own, findings, sizeof findings);
    assert_string_equal(findings, "chat.lunch [0] 5");
}

static void test_a_message_may_be_as_large_as_the_limit_over_all_frames(void **state) {
    struct set_up *own = *state;
    static uint8_t bytes[65536];
    memset(bytes, ' ', sizeof bytes);
    memcpy(bytes, "[1]", 3);
    assert_int_equal(inspect_bytes(own, bytes, sizeof bytes), REASON_NONE);
    struct frame frames[2] = {{(const uint8_t *)"t", 1}, {bytes, sizeof bytes - 1}};
    assert_int_equal(inspect(own->inspector, frames, 2, FORMAT_JSON, &own->inspection), REASON_NONE);
    assert_int_equal(own->inspection.bytes, sizeof bytes);
    frames[1].length++;
    assert_int_equal(inspect(own->inspector, frames, 2, FORMAT_JSON, &own->inspection), REASON_TOO_LARGE);
    assert_int_equal(own->inspection.bytes, sizeof bytes + 1);
    assert_int_equal(own->inspection.classes, 0);
}

static void test_a_message_has_one_to_so_many_frames(void **state) {
    struct set_up *own = *state;
    struct frame frames[LIMIT_FRAMES + 1];
    for (size_t i = 0; i <= LIMIT_FRAMES; i++) frames[i] = (struct frame){BYTES("[]")};
    assert_int_equal(inspect(own->inspector, frames, 0, FORMAT_AUTO, &own->inspection), REASON_MALFORMED);
    assert_int_equal(inspect(own->inspector, frames, LIMIT_FRAMES, FORMAT_AUTO, &own->inspection), REASON_NONE);
    assert_int_equal(inspect(own->inspector, frames, LIMIT_FRAMES + 1, FORMAT_AUTO, &own->inspection),
                     REASON_TOO_LARGE);
}

static void test_every_frame_is_searched(void **state) {
    static const struct {
        struct frame frames[3];
        enum reason reason;
        const char *findings;
    } cases[] = {
        {{{BYTES("topic")}, {BYTES("")}, {BYTES("{}")}}, REASON_NONE, ""},
        {{{NULL, 0}, {NULL, 0}, {BYTES("[\"lunch\"]")}}, REASON_NONE, "chat.lunch [0] 5"},
        {{{BYTES("topic/lunch")}, {BYTES("")}, {BYTES("{}")}}, REASON_NONE, "chat.lunch $ 11"},
        {{{BYTES("a")}, {BYTES("{\"mail\":{\"body\":7}}")}, {BYTES("{}")}}, REASON_NONE, "email.body mail.body json 1"},
        {{{BYTES("\x81\xa4mail\x81\xa4"
                 "body\x07")},
          {BYTES("a")},
          {BYTES("{}")}},
         REASON_NONE,
         "email.body mail.body msgpack 1"},
        {{{BYTES("from: a\n")}, {BYTES("to: b\n")}, {BYTES("{}")}}, REASON_NONE, ""},
        {{{BYTES("{broken")}, {BYTES("\xff\xfe")}, {BYTES("{}")}}, REASON_NONE, ""},
        {{{BYTES("{}")}, {BYTES("{}")}, {BYTES("{broken")}}, REASON_MALFORMED, ""},
        {{{BYTES("{}")}, {BYTES("{}")}, {NULL, 0}}, REASON_MALFORMED, ""},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char findings[128];
        assert_int_equal(inspect(own->inspector, cases[i].frames, 3, FORMAT_AUTO, &own->inspection), cases[i].reason);
        describe(own, findings, sizeof findings);
        if (strcmp(findings, cases[i].findings) != 0) fail_msg("case %zu: %s", i, findings);
    }
}

static void test_the_format_is_kept_to_when_it_is_said(void **state) {
    struct set_up *own = *state;
    const struct frame json = {BYTES("{}")}, msgpack = {BYTES("\x80")};
    assert_int_equal(inspect(own->inspector, &json, 1, FORMAT_JSON, &own->inspection), REASON_NONE);
    assert_int_equal(inspect(own->inspector, &json, 1, FORMAT_MSGPACK, &own->inspection), REASON_TRAILING_BYTES);
    assert_int_equal(inspect(own->inspector, &msgpack, 1, FORMAT_MSGPACK, &own->inspection), REASON_NONE);
    assert_int_equal(inspect(own->inspector, &msgpack, 1, FORMAT_JSON, &own->inspection), REASON_MALFORMED);
}

static void test_findings_beyond_those_kept_count_all_the_same(void **state) {
    struct set_up *own = *state;
    char text[4096] = "[";
    for (int i = 0; i < FINDINGS_KEPT + 6; i++) strcat(text, "\"lunch\",");
    strcat(text, "{\"mail\":{\"body\":\"x\"}}]");
    assert_int_equal(inspect_text(own, text), REASON_NONE);
    assert_int_equal(own->inspection.finding_count, FINDINGS_KEPT + 7);
    assert_int_equal(own->inspection.kept_count, FINDINGS_KEPT);
    for (size_t i = 0; i < FINDINGS_KEPT; i++) assert_int_equal(own->inspection.findings[i].rule, 0);
    assert_true(inspector_found_rule(own->inspector, 2));
    assert_int_equal(own->inspection.classes, class_bit(own, "chat") | class_bit(own, "email"));
    assert_int_equal(verdict_for(&own->inspection, class_bit(own, "email")), VERDICT_WITHHOLD);
}

static void test_an_output_withholds_what_its_purpose_must_not_see(void **state) {
    (void)state;
    static const struct {
        enum reason reason;
        uint64_t classes, withheld;
        enum verdict verdict;
    } cases[] = {
        {REASON_NONE, 0, 0, VERDICT_PASS},
        {REASON_NONE, 0, UINT64_MAX, VERDICT_PASS},
        {REASON_NONE, 5, 2, VERDICT_PASS},
        {REASON_NONE, 5, 4, VERDICT_WITHHOLD},
        {REASON_NONE, UINT64_C(1) << 55, UINT64_MAX, VERDICT_WITHHOLD},
        {REASON_MALFORMED, 0, 0, VERDICT_WITHHOLD},
        {REASON_ENGINE, 0, 0, VERDICT_WITHHOLD},
        {REASON_MEMORY, 5, 2, VERDICT_WITHHOLD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct inspection inspection = {.reason = cases[i].reason, .classes = cases[i].classes};
        assert_int_equal(verdict_for(&inspection, cases[i].withheld), cases[i].verdict);
    }
}

static void test_a_scanner_that_fails_withholds_the_message(void **state) {
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof scanner_failures / sizeof *scanner_failures; i++) {
        plan_failure(scanner_failures[i], 0);
        assert_int_equal(inspect_text(own, "[\"lunch\"]"), REASON_ENGINE);
        assert_int_equal(verdict_for(&own->inspection, 0), VERDICT_WITHHOLD);
        /* Whichever scan is the first to fail, also over what was unwrapped: it is either found or undecidable. */
        for (unsigned scans_before = 0; scans_before < 8; scans_before++) {
            plan_failure(scanner_failures[i], scans_before);
            inspect_text(own, "[\"%6cunch\"]");
            assert_int_equal(verdict_for(&own->inspection, UINT64_MAX), VERDICT_WITHHOLD);
        }
    }
    plan_failure(HS_SUCCESS, 0);
    assert_int_equal(inspect_text(own, "[\"%63lean\"]"), REASON_NONE);
}

static void test_no_message_costs_an_allocation(void **state) {
    static const char *const texts[] = {
        "{\"a\":[1,2.5,1e300,-7,true,null,\"plain\"]}",
        "[\"lunch\",\"from: a\\nto: b\",4111111111111111,4.111111111111111e15]",
        "[\"eyJtYWlsIjp7ImJvZHkiOiIlNkN1bmNoIGF0IG5vb24ifX0=\",\"%252541\",\"{\\\"a\\\":1}\"]",
        "{\"mail\":{\"body\":\"x\"}}",
        "[\"%252525252541\"]",
        "{\"broken\":",
        "[1]]",
        "\xdd\xff\xff\xff\xff",
        "\x92\xcb\x7e\x37\xe4\x3c\x88\x00\x75\x9c\xa1x",
        "",
    };
    struct set_up *own = *state;
    size_t reasons[REASON_COUNT] = {0}, findings = 0;
    for (int i = 0; i < 10; i++) inspect_text(own, texts[i % (sizeof texts / sizeof *texts)]);
    const size_t count_before = allocation_count;
    for (size_t i = 0; i < 20000; i++) {
        reasons[inspect_text(own, texts[i % (sizeof texts / sizeof *texts)])]++;
        findings += own->inspection.finding_count;
    }
    plan_failure(HS_UNKNOWN_ERROR, 0);
    assert_int_equal(inspect_text(own, texts[0]), REASON_ENGINE);
    const size_t count = allocation_count - count_before;
    void *volatile memory = malloc(1);
    free(memory);
    assert_true(allocation_count > count_before + count); /* it is counted at all */
    assert_int_equal(count, 0);
    assert_true(findings > 0 && reasons[REASON_NONE] > 0 && reasons[REASON_MALFORMED] > 0 &&
                reasons[REASON_TRAILING_BYTES] > 0 && reasons[REASON_BUDGET] > 0);
}

static void test_an_inspector_too_large_for_its_machine_is_not_made(void **state) {
    struct set_up *own = *state;
    struct limits limits = LIMITS_DEFAULT;
    limits.message_bytes = (size_t)1 << 40;
    assert_null(inspector_create(own->rules, &limits));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_clean_message_has_no_reason_and_no_class),
        TEST(test_findings_say_where_and_how_deep),
        TEST(test_a_message_has_the_classes_of_all_that_was_found),
        TEST(test_nothing_is_left_of_the_message_before),
        TEST(test_what_cannot_be_proven_clean_has_its_reason),
        TEST(test_a_clean_message_is_judged_alike_on_both_ways_also_when_it_is_too_much),
        TEST(test_what_was_found_before_a_budget_ran_out_still_counts),
        TEST(test_a_message_may_be_as_large_as_the_limit_over_all_frames),
        TEST(test_a_message_has_one_to_so_many_frames),
        TEST(test_every_frame_is_searched),
        TEST(test_the_format_is_kept_to_when_it_is_said),
        TEST(test_findings_beyond_those_kept_count_all_the_same),
        cmocka_unit_test(test_an_output_withholds_what_its_purpose_must_not_see),
        TEST(test_a_scanner_that_fails_withholds_the_message),
        TEST(test_no_message_costs_an_allocation),
        TEST(test_an_inspector_too_large_for_its_machine_is_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
