#include "inspect/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation_count.h"
#include "rule_text.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

enum { OUTPUT = 5, CASE_RECORDS_MAX = 8 };

static const char rules_text[] =
    RULES(RULE("email.mark", "email", "pattern: EMAILMARK") RULE("identifier.id", "identifier", "fields: ['user.id']"));

/* A payload and its records, in copies of just their size. */
struct set_up {
    struct rule_set *rules;
    struct limits limits;
    struct inspector *inspector;
    struct inspection inspection;
    struct records *records;
    uint8_t *payload;
};

static int set_up(void **state) {
    static struct set_up own;
    own = (struct set_up){.rules = rules_of(rules_text), .limits = LIMITS_DEFAULT};
    own.limits.message_bytes = 1 << 19;
    own.limits.unwrap_bytes = 1 << 16;
    own.limits.depth = 4;
    own.inspector = inspector_create(own.rules, &own.limits);
    own.records = malloc(sizeof *own.records);
    *state = &own;
    return own.inspector != NULL && own.records != NULL ? 0 : -1;
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    inspector_destroy(&own->inspector);
    rule_set_destroy(&own->rules);
    free(own->records);
    free(own->payload);
    return 0;
}

static enum reason cut(struct set_up *own, enum format format, const void *bytes, size_t length) {
    free(own->payload);
    own->payload = malloc(length + !length);
    assert_non_null(own->payload);
    memcpy(own->payload, bytes, length);
    const struct frame frame = {own->payload, length};
    return records_cut(own->records, &frame, 1, format, &own->limits);
}

static enum reason cut_text(struct set_up *own, const char *text) {
    return cut(own, FORMAT_JSON, text, strlen(text));
}

static void assert_record(const struct set_up *own, size_t position, const char *bytes, size_t length) {
    const struct record *record = &own->records->items[position];
    if (record->length != length || memcmp(own->payload + record->offset, bytes, length) != 0)
        fail_msg("record %zu is %u bytes at %u", position, record->length, record->offset);
}

/* Withholds the records whose bits are not set in `passing`, and puts the others together; the result is the caller's
   to free. */
static uint8_t *rebuild(struct set_up *own, uint64_t passing, size_t payload_length, size_t *length) {
    struct records *records = own->records;
    for (size_t i = 0; i < records->count; i++)
        records->items[i].withheld_from = (passing >> i & 1 ? 0 : 1u << OUTPUT) | 2;
    uint8_t *out = malloc(payload_length);
    assert_non_null(out);
    *length = records_rebuild(records, OUTPUT, out);
    assert_true(*length <= payload_length);
    return out;
}

static void test_an_array_is_cut_into_its_elements(void **state) {
    static const struct {
        const char *bytes;
        size_t length, count;
        struct {
            const char *bytes;
            size_t length;
        } records[CASE_RECORDS_MAX];
    } cases[] = {
        {BYTES("[1]"), 1, {{BYTES("1")}}},
        {BYTES("[1,2,3]"), 3, {{BYTES("1")}, {BYTES("2")}, {BYTES("3")}}},
        {BYTES(" \t[ {\"a\" : [1, 2]}\r\n,\n\n[ ] , \"x,] \"\t] \n"),
         3,
         {{BYTES("{\"a\" : [1, 2]}")}, {BYTES("[ ]")}, {BYTES("\"x,] \"")}}},
        {BYTES("[null,true,false,-1.5e3,\"\",{}]"),
         6,
         {{BYTES("null")}, {BYTES("true")}, {BYTES("false")}, {BYTES("-1.5e3")}, {BYTES("\"\"")}, {BYTES("{}")}}},
        {BYTES("[\"gr\xc3\xbc\xc3\x9f\",\"\\u65e5\\\"\",{\"\xf0\x9f\x98\x80\":\"\\ud83d\\ude00\"}]"),
         3,
         {{BYTES("\"gr\xc3\xbc\xc3\x9f\"")},
          {BYTES("\"\\u65e5\\\"\"")},
          {BYTES("{\"\xf0\x9f\x98\x80\":\"\\ud83d\\ude00\"}")}}},
        {BYTES("[{\"a\":1},{\"a\":1}]"), 2, {{BYTES("{\"a\":1}")}, {BYTES("{\"a\":1}")}}},
        {BYTES("[[[1],[2]],[[3]]]"), 2, {{BYTES("[[1],[2]]")}, {BYTES("[[3]]")}}},
        {BYTES("\x91\xc0"), 1, {{BYTES("\xc0")}}},
        {BYTES("\x93\x01\x20\x2c"), 3, {{BYTES("\x01")}, {BYTES("\x20")}, {BYTES("\x2c")}}},
        {BYTES("\xdc\x00\x02\x81\xa1k\x92\x01\x02\xd9\x01s"),
         2,
         {{BYTES("\x81\xa1k\x92\x01\x02")}, {BYTES("\xd9\x01s")}}},
        {BYTES("\xdd\x00\x00\x00\x02\x91\x90\xcb\0\0\0\0\0\0\0\0"),
         2,
         {{BYTES("\x91\x90")}, {BYTES("\xcb\0\0\0\0\0\0\0\0")}}},
        {BYTES("\x93\x90\x80\xc4\x00"), 3, {{BYTES("\x90")}, {BYTES("\x80")}, {BYTES("\xc4\x00")}}},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cut(own, FORMAT_AUTO, cases[i].bytes, cases[i].length), REASON_NONE);
        assert_int_equal(own->records->count, cases[i].count);
        for (size_t k = 0; k < cases[i].count; k++)
            assert_record(own, k, cases[i].records[k].bytes, cases[i].records[k].length);
    }
}

static void test_what_is_no_list_is_left_whole(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {BYTES("{}")},
        {BYTES("[]")},
        {BYTES(" [ \n] ")},
        {BYTES("\"[1]\"")},
        {BYTES("7")},
        {BYTES("\x90")},
        {BYTES("\x81\1\2")},
        {BYTES("\xdc\x00\x00")},
        {BYTES("")},
        {BYTES("x")},
        {BYTES("\xc1")},
        {BYTES("{\"a\":")},
        {BYTES("\xdd\xff\xff\xff\xff")},
        {BYTES("\x92\x01")},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        own->records->count = 3;
        assert_int_equal(cut(own, FORMAT_AUTO, cases[i].bytes, cases[i].length), REASON_NONE);
        assert_int_equal(own->records->count, 0);
    }
}

static void test_a_list_that_cannot_be_cut_whole_has_its_reason_and_no_records(void **state) {
    static char deep[LIMIT_DEPTH_MAX + 1];
    static const struct {
        const char *bytes;
        size_t length;
        enum reason reason;
    } cases[] = {
        {BYTES("[1,2"), REASON_MALFORMED},
        {BYTES("[1,]"), REASON_MALFORMED},
        {BYTES("[,1]"), REASON_MALFORMED},
        {BYTES("[1 2]"), REASON_MALFORMED},
        {BYTES("[{\"a\":1},{\"a\"}]"), REASON_MALFORMED},
        {BYTES("[1,{\"a\":[}]"), REASON_MALFORMED},
        {BYTES("[1,\"\xff\"]"), REASON_MALFORMED},
        {BYTES("[1]]"), REASON_TRAILING_BYTES},
        {BYTES("[] 1"), REASON_TRAILING_BYTES},
        {BYTES("[1],[2]"), REASON_TRAILING_BYTES},
        {BYTES("\x92\x01\xc1"), REASON_MALFORMED},
        {BYTES("\x92\x01\x92\x01"), REASON_MALFORMED},
        {BYTES("\x92\x01\xdd\xff\xff\xff\xff"), REASON_MALFORMED},
        {BYTES("\x92\x01\xa5lost"), REASON_MALFORMED},
        {BYTES("\x91\x01\x02"), REASON_TRAILING_BYTES},
        {BYTES("\x90\x01"), REASON_TRAILING_BYTES},
        {deep, sizeof deep, REASON_TOO_DEEP},
    };
    struct set_up *own = *state;
    memset(deep, '[', sizeof deep);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const enum reason reason = cut(own, FORMAT_AUTO, cases[i].bytes, cases[i].length);
        if (reason != cases[i].reason) fail_msg("case %zu: %d, not %d", i, reason, cases[i].reason);
        assert_int_equal(own->records->count, 0);
    }
}

static void test_the_format_is_kept_to_when_it_is_said(void **state) {
    struct set_up *own = *state;
    assert_int_equal(cut(own, FORMAT_MSGPACK, BYTES("[1]")), REASON_NONE); /* an integer with bytes behind it */
    assert_int_equal(own->records->count, 0);
    assert_int_equal(cut(own, FORMAT_JSON, BYTES("\x91\x01")), REASON_NONE);
    assert_int_equal(own->records->count, 0);
}

/* An array32 of integers. */
static uint8_t *write_many(size_t count, size_t *length) {
    *length = 5 + count;
    uint8_t *bytes = calloc(*length, 1);
    assert_non_null(bytes);
    bytes[0] = 0xdd;
    for (size_t i = 0; i < 4; i++) bytes[4 - i] = (uint8_t)(count >> 8 * i);
    return bytes;
}

static void test_a_batch_has_at_most_so_many_records(void **state) {
    struct set_up *own = *state;
    for (size_t surplus = 0; surplus < 2; surplus++) {
        size_t length;
        uint8_t *bytes = write_many(RECORDS_MAX + surplus, &length);
        assert_int_equal(cut(own, FORMAT_AUTO, bytes, length), surplus == 0 ? REASON_NONE : REASON_BUDGET);
        assert_int_equal(own->records->count, surplus == 0 ? RECORDS_MAX : 0);
        free(bytes);
    }
}

static void test_a_message_that_is_too_large_is_not_cut(void **state) {
    struct set_up *own = *state;
    struct frame frames[LIMIT_FRAMES + 1];
    for (size_t i = 0; i < LIMIT_FRAMES; i++) frames[i] = (struct frame){(const uint8_t *)"t", 1};
    frames[LIMIT_FRAMES - 1] = frames[LIMIT_FRAMES] = (struct frame){(const uint8_t *)"[1]", 3};
    assert_int_equal(records_cut(own->records, frames, LIMIT_FRAMES, FORMAT_AUTO, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, 1);
    own->limits.message_bytes = LIMIT_FRAMES + 1;
    assert_int_equal(records_cut(own->records, frames, LIMIT_FRAMES, FORMAT_AUTO, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, 0);
    own->limits.message_bytes = 4096;
    assert_int_equal(records_cut(own->records, frames, LIMIT_FRAMES + 1, FORMAT_AUTO, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, 0);
    assert_int_equal(records_cut(own->records, frames, 0, FORMAT_AUTO, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, 0);
}

static void test_each_record_is_judged_as_a_message_of_its_own(void **state) {
    static const struct {
        enum reason reason;
        size_t finding_count;
    } expected[] = {
        {REASON_NONE, 0},     {REASON_NONE, 1}, {REASON_NONE, 1},
        {REASON_TOO_DEEP, 0}, {REASON_NONE, 0}, {REASON_BUDGET, 1},
    };
    struct set_up *own = *state;
    assert_int_equal(cut_text(own, "[\"clean\", {\"a\":\"EMAILMARK\"}, {\"user\":{\"id\":1}},\n[[[[[1]]]]], [[[[1]]]],"
                                   "[\"EMAILMARK\",\"%252525252541\"]]"),
                     REASON_NONE);
    assert_int_equal(own->records->count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < own->records->count; i++) {
        const enum reason reason = records_inspect(own->records, i, own->inspector, &own->inspection);
        assert_int_equal(reason, own->inspection.reason);
        assert_int_equal(own->inspection.reason, expected[i].reason);
        assert_int_equal(own->inspection.finding_count, expected[i].finding_count);
        assert_int_equal(own->inspection.bytes, own->records->items[i].length);
    }
    char path[FINDING_PATH_CHARS];
    records_inspect(own->records, 2, own->inspector, &own->inspection);
    inspector_path(own->inspector, &own->inspection.findings[0], path, sizeof path);
    assert_string_equal(path, "user.id"); /* seen from the record */
}

static void test_a_record_is_in_the_format_of_its_batch(void **state) {
    struct set_up *own = *state;
    assert_int_equal(cut(own, FORMAT_AUTO,
                         BYTES("\x92\x01\xa9"
                               "EMAILMARK")),
                     REASON_NONE);
    assert_int_equal(records_inspect(own->records, 0, own->inspector, &own->inspection), REASON_NONE);
    assert_int_equal(records_inspect(own->records, 1, own->inspector, &own->inspection), REASON_NONE);
    assert_int_equal(own->inspection.finding_count, 1);
    assert_int_equal(cut_text(own, "[1]"), REASON_NONE);
    assert_int_equal(records_inspect(own->records, 0, own->inspector, &own->inspection), REASON_NONE);
}

static void test_frames_before_the_payload_belong_to_every_record(void **state) {
    struct set_up *own = *state;
    struct frame frames[] = {{(const uint8_t *)"EMAILMARK", 9}, {(const uint8_t *)"[1,\"IDMARK\"]", 12}};
    assert_int_equal(records_cut(own->records, frames, 2, FORMAT_AUTO, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, 2);
    for (size_t i = 0; i < 2; i++) {
        records_inspect(own->records, i, own->inspector, &own->inspection);
        assert_int_equal(own->inspection.classes, rule_set_class(own->rules, "email"));
    }
}

/* Many frames before many records would otherwise cost their product. */
static void test_a_batch_costs_no_more_than_one_message_may(void **state) {
    struct set_up *own = *state;
    enum { TOPIC_BYTES = 10000, COUNT = 2000 };
    static char topic[TOPIC_BYTES], text[2 * COUNT + 1];
    memset(topic, '.', sizeof topic);
    for (size_t i = 0; i < COUNT; i++) memcpy(text + 2 * i, i == 0 ? "[1" : ",1", 2);
    text[2 * COUNT] = ']';
    const struct frame frames[] = {{(const uint8_t *)topic, sizeof topic}, {(const uint8_t *)text, sizeof text}};
    assert_int_equal(records_cut(own->records, frames, 2, FORMAT_JSON, &own->limits), REASON_NONE);
    assert_int_equal(own->records->count, COUNT);
    size_t decided_count = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const enum reason reason = records_inspect(own->records, i, own->inspector, &own->inspection);
        assert_true(reason == REASON_NONE || reason == REASON_BUDGET);
        assert_true(reason == REASON_BUDGET || decided_count == i); /* once used up, it stays so */
        decided_count += reason == REASON_NONE;
        assert_int_equal(own->inspection.bytes, 1);
    }
    assert_int_equal(own->inspection.finding_count, 0);
    const size_t bound = 6 * own->limits.message_bytes + own->limits.unwrap_bytes;
    assert_int_equal(decided_count, bound / (6 * (TOPIC_BYTES + 1)) + 1);
}

static void test_records_that_run_out_of_their_budget_use_up_the_batch(void **state) {
    struct set_up *own = *state;
    static char text[65536] = "[1";
    for (int i = 0; i < 40; i++) strcat(text, ",\"%252525252541\"");
    strcat(text, ",2]");
    assert_int_equal(cut_text(own, text), REASON_NONE);
    for (size_t i = 0; i < own->records->count; i++) {
        const enum reason reason = records_inspect(own->records, i, own->inspector, &own->inspection);
        assert_int_equal(reason, i == 0 ? REASON_NONE : REASON_BUDGET);
    }
    assert_int_equal(own->records->inspected_count, 1 + 16);
    for (size_t i = 0; i < own->records->count; i++) { /* a second look costs nothing and tells nothing else */
        const enum reason reason = records_inspect(own->records, i, own->inspector, &own->inspection);
        assert_int_equal(reason, i == 0 ? REASON_NONE : REASON_BUDGET);
    }
    assert_int_equal(own->records->inspected_count, 1 + 16);
    assert_int_equal(cut_text(own, "[2]"), REASON_NONE); /* the next batch has its own */
    assert_int_equal(records_inspect(own->records, 0, own->inspector, &own->inspection), REASON_NONE);
}

static void test_the_records_that_pass_are_put_together_as_they_came(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        uint64_t passing;
        const char *rebuilt;
        size_t rebuilt_length;
    } cases[] = {
        {BYTES("[1]"), 1, BYTES("[1]")},
        {BYTES(" [ 1 , 2 ] "), 3, BYTES("[1,2]")},
        {BYTES("[ {\"a\" : 1 } ,\n \"\\u0041\" , [ ] ]"), 5, BYTES("[{\"a\" : 1 },[ ]]")},
        {BYTES("[ {\"a\" : 1 } ,\n \"\\u0041\" , [ ] ]"), 2, BYTES("[\"\\u0041\"]")},
        {BYTES("[7,8,7,8]"), 12, BYTES("[7,8]")},
        {BYTES("\x93\x01\x02\x03"), 5, BYTES("\x92\x01\x03")},
        {BYTES("\xdc\x00\x03\x01\xd9\x01s\x03"), 6, BYTES("\x92\xd9\x01s\x03")},
        {BYTES("\xdd\x00\x00\x00\x02\xcd\x00\x01\x90"), 1, BYTES("\x91\xcd\x00\x01")},
        {BYTES("\xdd\x00\x00\x00\x01\x80"), 1, BYTES("\x91\x80")},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length;
        assert_int_equal(cut(own, FORMAT_AUTO, cases[i].bytes, cases[i].length), REASON_NONE);
        uint8_t *rebuilt = rebuild(own, cases[i].passing, cases[i].length, &length);
        assert_int_equal(records_passing(own->records, OUTPUT), __builtin_popcountll(cases[i].passing));
        assert_int_equal(records_passing(own->records, 1), 0);
        assert_int_equal(records_passing(own->records, 31), own->records->count);
        assert_int_equal(length, cases[i].rebuilt_length);
        assert_memory_equal(rebuilt, cases[i].rebuilt, length);
        free(rebuilt);
    }
}

static void test_a_rebuilt_array_has_the_smallest_head(void **state) {
    static const struct {
        size_t count;
        const char *head;
        size_t head_length;
    } cases[] = {
        {1, BYTES("\x91")},           {15, BYTES("\x9f")},          {16, BYTES("\xdc\x00\x10")},
        {255, BYTES("\xdc\x00\xff")}, {256, BYTES("\xdc\x01\x00")}, {RECORDS_MAX, BYTES("\xdc\x40\x00")},
    };
    struct set_up *own = *state;
    size_t length;
    uint8_t *bytes = write_many(RECORDS_MAX, &length);
    assert_int_equal(cut(own, FORMAT_AUTO, bytes, length), REASON_NONE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < own->records->count; k++) own->records->items[k].withheld_from = k >= cases[i].count;
        assert_int_equal(records_rebuild(own->records, 0, bytes), cases[i].head_length + cases[i].count);
        assert_memory_equal(bytes, cases[i].head, cases[i].head_length);
    }
    free(bytes);
}

static void test_no_batch_costs_an_allocation(void **state) {
    static const char text[] = "[1,{\"user\":{\"id\":7}},\"EMAILMARK\",\"%252525252541\",[[[[[1]]]]]]";
    struct set_up *own = *state;
    const struct frame frame = {(const uint8_t *)text, sizeof text - 1};
    uint8_t rebuilt[sizeof text];
    size_t length = 0, count_before = 0;
    for (int i = 0; i < 1000; i++) {
        if (i == 10) count_before = allocation_count;
        assert_int_equal(records_cut(own->records, &frame, 1, FORMAT_JSON, &own->limits), REASON_NONE);
        for (size_t k = 0; k < own->records->count; k++) {
            records_inspect(own->records, k, own->inspector, &own->inspection);
            own->records->items[k].withheld_from = verdict_for(&own->inspection, UINT64_MAX);
        }
        length = records_rebuild(own->records, 0, rebuilt);
    }
    assert_int_equal(allocation_count, count_before);
    assert_true(count_before > 0);
    assert_int_equal(length, 3);
    assert_memory_equal(rebuilt, "[1]", 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_an_array_is_cut_into_its_elements),
        TEST(test_what_is_no_list_is_left_whole),
        TEST(test_a_list_that_cannot_be_cut_whole_has_its_reason_and_no_records),
        TEST(test_the_format_is_kept_to_when_it_is_said),
        TEST(test_a_batch_has_at_most_so_many_records),
        TEST(test_a_message_that_is_too_large_is_not_cut),
        TEST(test_each_record_is_judged_as_a_message_of_its_own),
        TEST(test_a_record_is_in_the_format_of_its_batch),
        TEST(test_frames_before_the_payload_belong_to_every_record),
        TEST(test_a_batch_costs_no_more_than_one_message_may),
        TEST(test_records_that_run_out_of_their_budget_use_up_the_batch),
        TEST(test_the_records_that_pass_are_put_together_as_they_came),
        TEST(test_a_rebuilt_array_has_the_smallest_head),
        TEST(test_no_batch_costs_an_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
