#include "inspect/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation_count.h"
#include "inspect/base64.h"
#include "inspect/inspect.h"
#include "inspect/proof_step.h"
#include "rule_text.h"
#include "scanner_stub.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MESSAGE_BYTES_MAX = 65536 };

/* A lane that tries proofs, and another one beside it that never does. */
struct lane {
    struct rule_set *rules;
    struct limits limits;
    struct match *match;
    struct proof *proof;
    struct inspector *long_way;
    struct inspection inspection; /* by the long way, of the message looked at last */
};

static const struct limits small_limits = {
    .message_bytes = MESSAGE_BYTES_MAX, .depth = 8, .unwrap_depth = 2, .unwrap_bytes = 4096};

static void lane_init_with(struct lane *lane, const char *rules, struct limits limits) {
    plan_failure(HS_SUCCESS, 0);
    *lane = (struct lane){.rules = rules_of(rules), .limits = limits};
    lane->match = match_create(lane->rules);
    lane->proof = proof_create(lane->rules, &lane->limits, lane->match);
    lane->long_way = inspector_create(lane->rules, &lane->limits);
    assert_true(lane->match != NULL && lane->proof != NULL && lane->long_way != NULL);
    inspector_forgo_proofs(lane->long_way);
}

static void lane_init(struct lane *lane, const char *rules) {
    lane_init_with(lane, rules, small_limits);
}

static void lane_reset(struct lane *lane) {
    inspector_destroy(&lane->long_way);
    proof_destroy(&lane->proof);
    match_destroy(&lane->match);
    rule_set_destroy(&lane->rules);
}

/* Whether the proof holds; when it does, the long way must find nothing. Frames in memory of exactly their length. */
static bool holds(struct lane *lane, enum format format, const struct frame *frames, size_t count) {
    struct frame copies[LIMIT_FRAMES];
    for (size_t i = 0; i < count; i++) {
        uint8_t *const copy = malloc(frames[i].length > 0 ? frames[i].length : 1);
        assert_non_null(copy);
        if (frames[i].length > 0) memcpy(copy, frames[i].bytes, frames[i].length);
        copies[i] = (struct frame){copy, frames[i].length};
    }
    const bool is_holding = proof_holds(lane->proof, copies, count, format);
    inspect(lane->long_way, copies, count, format, &lane->inspection);
    if (is_holding) {
        assert_int_equal(lane->inspection.reason, REASON_NONE);
        assert_int_equal(lane->inspection.classes, 0);
    }
    for (size_t i = 0; i < count; i++) free((void *)(uintptr_t)copies[i].bytes);
    return is_holding;
}

static bool bytes_hold(struct lane *lane, enum format format, const void *bytes, size_t length) {
    const struct frame frame = {bytes, length};
    return holds(lane, format, &frame, 1);
}

static bool json_holds(struct lane *lane, const char *json) {
    return bytes_hold(lane, FORMAT_JSON, json, strlen(json));
}

/* Constructs of both formats. */

static const char usual_rules[] =
    RULES(RULE("a.text", "chat", "pattern: lunch") RULE("a.place", "email", "fields: ['**.mail.body']")
              RULE("a.key", "email", "fields: ['**.secret'], types: [key]")
                  RULE("a.map", "email", "fields: ['card'], types: [map, array, bool]")
                      RULE("a.judged", "identifier", "fields: ['**.pan'], validator: luhn, types: [str, int, key]")
                          RULE("a.scoped", "personal", "pattern: ann, paths: {include: ['**.name']}")
                              RULE("a.known", "file", "fields: ['lunch.none.other'], types: [bin]"));

static void test_json_holds_where_nothing_is_found_and_all_is_well_formed(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool holds;
    } cases[] = {
        {"{}", true},
        {"[]", true},
        {" [ 1 , -2.5 , true , false , null , \"a\" , { \"a\" : [ ] } ] ", true},
        {"\"a\"", true},
        {"7", true},
        {"", false},
        {"[1", false},
        {"[1,]", false},
        {"{\"a\":1,}", false},
        {"{\"a\" 1}", false},
        {"[01]", false},
        {"[1.]", false},
        {"[tru]", false},
        {"[\"\xff\"]", false},
        {"[\"\t\"]", false},
        {"[\"\\q\"]", false},
        {"[1] 2", false},
        {"[[[[[[[[1]]]]]]]]", true},
        {"[[[[[[[[[1]]]]]]]]]", false}, /* limits.depth */
        {"[\"lunch\"]", false},
        {"[\"Lunch\"]", true},
        {"[\"l\\u0075nch\"]", false},
        {"[\"l\\u0075ch\"]", true},
        {"{\"lunch\":1}", false},
        {"{\"l\\u0075nch\":1}", false},
        {"{\"Lunch\":1}", true}, /* a word of the rules, and clean */
        {"{\"dinner\":1}", true},
        {"{\"mail\":{\"body\":\"a\"}}", false},
        {"{\"mail\":[{\"E-Mail\":1},{\"body\":\"a\"}]}", false},
        {"{\"mail\":{\"dinner\":\"a\"}}", true},
        {"{\"secret\":1}", false},
        {"{\"Se-cret\":1}", false},
        {"{\"card\":{}}", false},
        {"{\"card\":true}", false},
        {"{\"card\":\"a\"}", true},
        {"{\"pan\":\"4111111111111111\"}", false},
        {"{\"pan\":4111111111111111}", false},
        {"{\"pan\":\"4111111111111112\"}", true},
        {"{\"name\":\"ann\"}", false},
        {"{\"name\":[{\"first\":\"ann\"}]}", true},
        {"{\"dinner\":\"ann\"}", true},
        {"[\"bHVuY2ggdGltZQ==\"]", false},
        {"[\"xxbHVuY2ggdGltZQ\"]", false},
        {"[\"ZGlubmVyIHRpbWU=\"]", true},
        {"[\"%6cunch\"]", false},
        {"[\"%64inner\"]", true},
        {"[\"{\\\"mail\\\":{\\\"body\\\":\\\"a\\\"}}\"]", false},
        {"{\"mail\":\"{\\\"body\\\":\\\"a\\\"}\"}", false}, /* the path goes on inside */
        {"{\"mail\":\"{\\\"dinner\\\":\\\"a\\\"}\"}", true},
        {"[\"{\\\"dinner\\\"\"]", true},
        {"{\"bHVuY2ggdGltZQ==\":1}", false},
    };
    struct lane lane;
    lane_init(&lane, usual_rules);
    for (int round = 0; round < 2; round++) /* the second time with all that the first one left to remember */
        for (size_t i = 0; i < COUNT(cases); i++)
            if (json_holds(&lane, cases[i].json) != cases[i].holds) fail_msg("round %d: %s", round, cases[i].json);
    lane_reset(&lane);
}

#define MSGPACK(literal) literal, sizeof(literal) - 1

static void test_msgpack_holds_where_nothing_is_found_and_all_is_well_formed(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        bool holds;
    } cases[] = {
        {MSGPACK("\x80"), true},
        {MSGPACK("\x90"), true},
        {MSGPACK("\xc0"), true},
        {MSGPACK("\xc1"), false},
        {MSGPACK("\x91"), false},
        {MSGPACK("\x90\x01"), false},
        {MSGPACK("\x81\xa1"
                 "a"),
         false},
        {MSGPACK("\x9d\xc0\xc2\xc3\xcc\x05\xcd\0\x05\xce\0\0\0\x05\xcf\0\0\0\0\0\0\0\x05\xd0\xff\xd1\xff\xff"
                 "\xd2\xff\xff\xff\xff\xd3\xff\xff\xff\xff\xff\xff\xff\xff\xca\0\0\0\0\xcb\0\0\0\0\0\0\0\0"),
         true},
        {MSGPACK("\x98\xd9\x01"
                 "a\xda\0\x01"
                 "a\xdb\0\0\0\x01"
                 "a\xc4\x01"
                 "a\xc5\0\x01"
                 "a\xc6\0\0\0\x01"
                 "a\xd4\x05"
                 "a\xc7\x01\x05"
                 "a"),
         true},
        {MSGPACK("\xdc\0\x01\xdd\0\0\0\x01\xde\0\x01\xa1"
                 "a\xdf\0\0\0\0"),
         true},
        {MSGPACK("\x91\xa5lunch"), false},
        {MSGPACK("\x91\xd9\x05lunch"), false},
        {MSGPACK("\x91\xc4\x05lunch"), false},
        {MSGPACK("\x91\xc7\x05\x01lunch"), false},
        {MSGPACK("\x91\xd8\x01lunch           "), false},
        {MSGPACK("\x81\xa5lunch\x01"), false},
        {MSGPACK("\x81\xd9\x05lunch\x01"), false},
        {MSGPACK("\x81\xa5Lunch\x01"), true},
        {MSGPACK("\x81\x01\x01"), false}, /* a key that is no text */
        {MSGPACK("\x81\xa4mail\x81\xa4"
                 "body\xa1"
                 "a"),
         false},
        {MSGPACK("\x81\xa4mail\xc4\x08\x81\xa4"
                 "body\xa1"
                 "a"),
         false},
        {MSGPACK("\x91\xc4\x07\x91\xa5lunch"), false},
        {MSGPACK("\x91\xc4\x07\x91\xa5Lunch"), true},
        {MSGPACK("\x81\xa6secret\x01"), false},
        {MSGPACK("\x81\xa4"
                 "card\x80"),
         false},
        {MSGPACK("\x81\xa3pan\xcf\x00\x0e\x9b\x08\xa5\x68\xf1\xc7"), false},
        {MSGPACK("\x81\xa3pan\xcf\x00\x0e\x9b\x08\xa5\x68\xf1\xc8"), true},
        {MSGPACK("\x81\xa4name\xa3"
                 "ann"),
         false},
    };
    struct lane lane;
    lane_init(&lane, usual_rules);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < COUNT(cases); i++)
            if (bytes_hold(&lane, FORMAT_MSGPACK, cases[i].bytes, cases[i].length) != cases[i].holds)
                fail_msg("round %d: case %zu", round, i);
    lane_reset(&lane);
}

static void test_frames_before_the_payload_are_looked_at_too(void **state) {
    (void)state;
    static const struct {
        const char *topic;
        bool holds;
    } cases[] = {
        {"", true}, {"topic", true}, {"lunch", false}, {"{\"mail\":{\"body\":\"a\"}}", false}, {"%6cunch", false}};
    struct lane lane;
    lane_init(&lane, usual_rules);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct frame frames[] = {{(const uint8_t *)cases[i].topic, strlen(cases[i].topic)},
                                       {(const uint8_t *)"[1]", 3}};
        if (holds(&lane, FORMAT_JSON, frames, 2) != cases[i].holds) fail_msg("%s", cases[i].topic);
    }
    lane_reset(&lane);
}

/* Only what the sieve did not clear is scanned. */
static void test_no_proof_holds_when_the_engine_fails(void **state) {
    (void)state;
    struct lane lane;
    lane_init(&lane, RULES(RULE("a.b", "chat", "pattern: '\\blunch\\b'")));
    assert_true(json_holds(&lane, "[\"lunch_\"]"));
    for (size_t i = 0; i < COUNT(scanner_failures); i++) {
        plan_failure(scanner_failures[i], 0);
        const struct frame frame = {(const uint8_t *)"[\"lunches\"]", 11};
        assert_true(proof_holds(lane.proof, &frame, 1, FORMAT_JSON)); /* cleared */
        const struct frame other = {(const uint8_t *)"[\"lunch.\"]", 10};
        assert_false(proof_holds(lane.proof, &other, 1, FORMAT_JSON));
        plan_failure(HS_SUCCESS, 0);
    }
    lane_reset(&lane);
}

static void test_a_proof_allocates_nothing(void **state) {
    (void)state;
    static const char json[] =
        "{\"mail\":[\"ZGlubmVyIHRpbWU=\",\"%64inner\",\"[1,\\\"a\\\"]\",1.5],\"unknown\":\"l\\u0075ch\"}";
    const struct frame frame = {(const uint8_t *)json, sizeof json - 1};
    struct lane lane;
    lane_init(&lane, usual_rules);
    const size_t before = allocation_count;
    for (int i = 0; i < 100; i++) assert_true(proof_holds(lane.proof, &frame, 1, FORMAT_JSON));
    assert_int_equal(allocation_count, before);
    lane_reset(&lane);
}

/* Numbers. */

static void test_a_number_is_looked_at_as_the_long_way_writes_it(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *json;
    } cases[] = {
        {"^0$", "{\"a\":-0}"}, /* is 0 */
        {"^0$", "{\"a\":-0.0}"},
        {"^41$", "{\"a\":41.0}"},
        {"^41$", "{\"a\":4.1e1}"},
        {"e[+]20", "{\"a\":123456789012345678901.0}"},  /* 1.2345678901234568e+20 */
        {"[0-9.]{16}", "{\"a\":123456789012.30}"},      /* 123456789012.300003 */
        {"^10$", "{\"a\":9.99999990}"},                 /* rounded up */
        {"^1000000000$", "{\"a\":999999999.99999990}"}, /* the same, with one digit more */
        {"[0-9]{20}", "{\"a\":12345678901234567890}"},
        {"^-5$", "{\"a\":-5}"},
        {"e-05", "{\"a\":1e-05}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[256];
        struct lane lane;
        snprintf(rules, sizeof rules, RULES(RULE("a.b", "chat", "pattern: '%s'")), cases[i].pattern);
        lane_init(&lane, rules);
        if (json_holds(&lane, cases[i].json)) fail_msg("%s is found in %s", cases[i].pattern, cases[i].json);
        assert_int_not_equal(lane.inspection.classes, 0);
        lane_reset(&lane);
    }
}

static void test_a_number_of_msgpack_is_looked_at_from_its_first_digit_on(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *msgpack;
        size_t length;
    } cases[] = {
        {"^0$", "\x91\x00", 2},
        {"^0$", "\x91\xca\0\0\0\0", 6},
        {"^0$", "\x91\xcb\x80\0\0\0\0\0\0\0", 10}, /* -0.0 */
        {"^9$", "\x91\x09", 2},
        {"^-1$", "\x91\xff", 2},
        {"^10$", "\x91\xd0\x0a", 3},
        {"^-33$", "\x91\xd0\xdf", 3},
        {"nan", "\x91\xca\x7f\xc0\0\0", 6},
        {"inf", "\x91\xca\xff\x80\0\0", 6},
        {"[0-9]{20}", "\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 10},
        {"-[0-9]{19}", "\x91\xd3\x80\0\0\0\0\0\0\0", 10},
        {"e[+]19", "\x91\xcb\x43\xe1\x58\xe4\x60\x91\x3d\0", 10},                /* 1e19 */
        {"[0-9]{3}[.][0-9]{6}", "\x91\xcb\x40\x5e\xdd\x3c\x07\xee\x0b\x0b", 10}, /* 123.456789 */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char rules[256];
        struct lane lane;
        snprintf(rules, sizeof rules, RULES(RULE("a.b", "chat", "pattern: '%s'")), cases[i].pattern);
        lane_init(&lane, rules);
        if (bytes_hold(&lane, FORMAT_MSGPACK, cases[i].msgpack, cases[i].length))
            fail_msg("%s is found in case %zu", cases[i].pattern, i);
        if (lane.inspection.classes == 0) fail_msg("%s is not found in case %zu", cases[i].pattern, i);
        lane_reset(&lane);
    }
}

/* Texts. */

static void test_the_shortest_text_that_a_run_fits_in_is_looked_at(void **state) {
    (void)state;
    struct lane lane;
    lane_init(&lane, RULES(RULE("a.b", "chat", "pattern: '[0-9]{8}'")));
    assert_true(json_holds(&lane, "{\"a\":\"1234567\",\"b\":1234567}"));
    assert_false(json_holds(&lane, "{\"a\":\"12345678\"}"));
    assert_false(json_holds(&lane, "{\"a\":\"123456789\"}"));
    assert_false(json_holds(&lane, "{\"a\":\"1234567890\"}"));
    assert_false(json_holds(&lane, "{\"a\":\"12345678901\"}"));
    assert_false(json_holds(&lane, "{\"a\":12345678}"));
    lane_reset(&lane);
}

/* Layers. */

/* An array that holds binary data that holds an array ..., `layers` of them in the message. Returns where it begins. */
static size_t nest_msgpack(uint8_t *bytes, size_t length, size_t layers) {
    size_t at = length;
    bytes[--at] = 0x90;
    for (size_t i = 0; i < layers; i++) {
        const size_t inner = length - at;
        bytes[--at] = (uint8_t)inner;
        bytes[--at] = (uint8_t)(inner >> 8);
        bytes[--at] = 0xc5;
        bytes[--at] = 0x91;
    }
    return at;
}

static void test_values_within_values_count_as_layers(void **state) {
    (void)state;
    static uint8_t bytes[8192];
    struct lane lane;
    lane_init(&lane, RULES(RULE("a.b", "chat", "pattern: lunch")));
    for (size_t layers = 0; layers < 2000; layers = layers < 8 ? layers + 1 : 2 * layers) {
        const size_t at = nest_msgpack(bytes, sizeof bytes, layers);
        const bool is_within = layers <= lane.limits.unwrap_depth + 1; /* the innermost has nothing to unwrap */
        assert_int_equal(bytes_hold(&lane, FORMAT_MSGPACK, bytes + at, sizeof bytes - at), is_within);
        assert_int_equal(lane.inspection.reason, is_within ? REASON_NONE : REASON_BUDGET);
    }
    assert_true(json_holds(&lane, "{\"a\":\"[1,2]\"}"));
    assert_true(json_holds(&lane, "{\"a\":\"[\\\"[1]\\\"]\"}"));
    assert_false(json_holds(&lane, "{\"a\":\"[\\\"[\\\\\\\"[1]\\\\\\\"]\\\"]\"}"));
    assert_int_equal(lane.inspection.reason, REASON_BUDGET);
    lane_reset(&lane);
}

/* An array of small numbers and, in binary data, another one that is base64 of a third. Returns its length. */
static size_t nest_numbers(uint8_t *bytes, uint32_t outer, uint32_t run) {
    const uint32_t inner = run / 4 * 3 - 5;
    const uint8_t heads[] = {0xdd, 0, (uint8_t)((outer + 1) >> 16), (uint8_t)((outer + 1) >> 8), (uint8_t)(outer + 1),
                             0xc6, 0, (uint8_t)((run + 5) >> 16),   (uint8_t)((run + 5) >> 8),   (uint8_t)(run + 5),
                             0xdd, 0, (uint8_t)(run >> 16),         (uint8_t)(run >> 8),         (uint8_t)run};
    const uint8_t third[6] = {0xdd, 0, (uint8_t)(inner >> 16), (uint8_t)(inner >> 8), (uint8_t)inner};
    uint8_t *const text = bytes + sizeof heads;
    memcpy(bytes, heads, sizeof heads);
    memset(text, 'A', run);
    base64_encode(third, sizeof third, (char *)text);
    memset(text + run, 1, outer);
    return sizeof heads + run + outer;
}

static void test_no_proof_holds_where_there_is_no_room_for_all_fields(void **state) {
    (void)state;
    static uint8_t bytes[100000];
    struct limits limits = LIMITS_DEFAULT;
    struct lane lane;
    limits.message_bytes = sizeof bytes;
    lane_init_with(&lane, RULES(RULE("a.b", "chat", "pattern: '\\blunch\\b'")), limits);
    assert_true(bytes_hold(&lane, FORMAT_MSGPACK, bytes, nest_numbers(bytes, 1000, 40000)));
    assert_false(bytes_hold(&lane, FORMAT_MSGPACK, bytes, nest_numbers(bytes, 1000, 98000)));
    assert_int_equal(lane.inspection.reason, REASON_BUDGET);
    lane_reset(&lane);
}

/* Keys. */

static void test_only_clean_words_of_the_rules_are_remembered(void **state) {
    (void)state;
    static const struct {
        const char *key;
        bool is_remembered;
    } cases[] = {
        {"Lunch", true},
        {"lunch", false},  /* a pattern matches in it */
        {"dinner", false}, /* no word of the rules */
        {"m-a-i-l", true},
        {"m-------------------------a-i-l", true},
        {"m--------------------------a-i-l", false}, /* longer than ROUTE_KEY_MAX */
        {"secret", false},                           /* a field rule asks for such keys */
        {"pan", false},                              /* a validator does */
    };
    struct lane lane;
    lane_init(&lane, usual_rules);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const uint8_t *const key = (const uint8_t *)cases[i].key;
        const size_t length = strlen(cases[i].key);
        char json[64];
        snprintf(json, sizeof json, "{\"%s\":1}", cases[i].key);
        json_holds(&lane, json);
        const struct route *const root = routes_begin(lane.proof->routes);
        if ((routes_find(lane.proof->routes, root, key, length) != NULL) != cases[i].is_remembered)
            fail_msg("%s", cases[i].key);
    }
    lane_reset(&lane);
}

static void test_a_key_with_a_quotation_mark_or_backslash_is_not_foreseen_in_json(void **state) {
    (void)state;
    static const char *const jsons[] = {
        "{\"a\"b\":1,\"something that is no word of the rules\":2}",
        "{\"a\\b\":\"lunch\",\"something that is no word of the rules\":2}",
    };
    static const char *const msgpacks[] = {"\x81\xa3"
                                           "a\"b\x01",
                                           "\x81\xa3"
                                           "a\\b\x01"};
    struct lane lane;
    lane_init(&lane, RULES(RULE("a.b", "chat", "fields: ['{a\"b,a\\b}.zzz']")
                               RULE("a.c", "chat", "pattern: lunch, paths: {exclude: ['a\\b']}")));
    for (size_t i = 0; i < COUNT(jsons); i++) {
        assert_true(bytes_hold(&lane, FORMAT_MSGPACK, msgpacks[i], 6));
        assert_false(json_holds(&lane, jsons[i]));
    }
    lane_reset(&lane);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_holds_where_nothing_is_found_and_all_is_well_formed),
        cmocka_unit_test(test_msgpack_holds_where_nothing_is_found_and_all_is_well_formed),
        cmocka_unit_test(test_frames_before_the_payload_are_looked_at_too),
        cmocka_unit_test(test_no_proof_holds_when_the_engine_fails),
        cmocka_unit_test(test_a_proof_allocates_nothing),
        cmocka_unit_test(test_a_number_is_looked_at_as_the_long_way_writes_it),
        cmocka_unit_test(test_a_number_of_msgpack_is_looked_at_from_its_first_digit_on),
        cmocka_unit_test(test_the_shortest_text_that_a_run_fits_in_is_looked_at),
        cmocka_unit_test(test_values_within_values_count_as_layers),
        cmocka_unit_test(test_no_proof_holds_where_there_is_no_room_for_all_fields),
        cmocka_unit_test(test_only_clean_words_of_the_rules_are_remembered),
        cmocka_unit_test(test_a_key_with_a_quotation_mark_or_backslash_is_not_foreseen_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
