#include "inspect/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gathered.h"
#include "rule_text.h"
#include "scanner_stub.h"

/* Patterns of every kind that the engine treats in its own way, each with a text that it matches. The bytes around a
   text, '~', belong to none. */
static const struct planted {
    const char *pattern, *text;
    bool is_at_edges; /* matches only what is a whole value */
} planted[] = {
    {"lunch", "lunch", false},
    {"(?i)Subject: ", "sUBJECT: ", false},
    {"[0-9]{3}-[0-9]{2}-[0-9]{4}", "123-45-6789", false},
    {"\\b[0-9]{3}-[0-9]{4}\\b", "555-0199", false},
    {"[0-9](?:[ -]?[0-9]){12,18}", "4111 1111 1111 1111", false},
    {"[a-z0-9._]+@[a-z0-9-]+\\.[a-z]{2,}", "ann.b_7@example.org", false},
    {"(?i)(?:dear|hello|hi) [a-z]+,", "Dear Ann,", false},
    {"Message-ID: <[^>]*>", "Message-ID: <a b>", false},
    {"X", "X", false},
    {"q.{20,40}q", "q....................q", false},
    {"(?s)BEGIN.*END", "BEGIN\n..END", false},
    {"(?m)^to: .*$", "from: a\nto: b", true},
    {"^[A-Z]{2}[0-9]{6}$", "AB123456", true},
    {"^Fwd:", "Fwd: a", true},
    {"bye$", "good bye", true},
    {"^=$", "=", true},
    {"\\Bzz\\B", "azza", false},
    {"\\x89PNG\\r\\n", "\x89PNG\r\n", false},
    {"tea\\n", "tea\n", false},
    {"\\xc3\\xa9t\\xc3\\xa9", "\xc3\xa9t\xc3\xa9", false},
};

enum { PLANTED_COUNT = sizeof planted / sizeof *planted, PADDING_MAX = 255 };

struct set_up {
    struct rule_set *rules;
    struct match *match;
    struct words words;
    struct fields fields;
};

static void write_rules(char *out, size_t capacity) {
    size_t length = (size_t)snprintf(out, capacity, "rules:\n");
    for (size_t i = 0; i < PLANTED_COUNT; i++)
        length += (size_t)snprintf(out + length, capacity - length, RULE("rule.n%zu", "chat", "pattern: '%s'"), i,
                                   planted[i].pattern);
    assert_true(length < capacity);
}

static int set_up_with(struct set_up *own, const char *text) {
    const struct limits limits = {.message_bytes = 65536, .depth = 64, .unwrap_bytes = 4096};
    plan_failure(HS_SUCCESS, 0);
    own->rules = rules_of(text);
    own->match = match_create(own->rules);
    assert_non_null(own->match);
    assert_int_equal(words_init(&own->words), 0);
    return fields_init(&own->fields, &limits);
}

static int set_up(void **state) {
    static struct set_up own;
    static char text[8192];
    *state = &own;
    write_rules(text, sizeof text);
    return set_up_with(&own, text);
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    match_destroy(&own->match);
    match_destroy(&own->match);
    rule_set_destroy(&own->rules);
    words_reset(&own->words);
    fields_reset(&own->fields);
    return 0;
}

/* How often the pattern is proposed for the field by the last scan. */
static size_t count_proposals(const struct set_up *own, uint32_t pattern, uint32_t field) {
    size_t count, found = 0;
    const struct candidate *candidates = match_candidates(own->match, &count);
    for (size_t i = 0; i < count; i++) found += candidates[i].pattern == pattern && candidates[i].field == field;
    return found;
}

static void scan(struct set_up *own, uint32_t first_field) {
    assert_int_equal(match_scan(own->match, own->rules, &own->fields, first_field), REASON_NONE);
}

/* The pattern is proposed once for that field, and nothing is for any other. */
static void assert_only_in(const struct set_up *own, uint32_t pattern, uint32_t field, size_t padding) {
    size_t count;
    const struct candidate *candidates = match_candidates(own->match, &count);
    if (count_proposals(own, pattern, field) != 1)
        fail_msg("'%s' is lost behind %zu bytes in field %u", planted[pattern].pattern, padding, field);
    for (size_t i = 0; i < count; i++)
        if (candidates[i].field != field)
            fail_msg("'%s' is proposed for field %u, not %u", planted[candidates[i].pattern].pattern,
                     candidates[i].field, field);
}

static void test_no_match_is_lost_at_any_offset_in_a_value(void **state) {
    struct set_up *own = *state;
    char text[2 * PADDING_MAX + 64];
    for (uint32_t pattern = 0; pattern < PLANTED_COUNT; pattern++)
        for (size_t padding = 0; padding <= PADDING_MAX && !planted[pattern].is_at_edges; padding++)
            for (size_t behind = 0; behind <= 64; behind += 16) {
                memset(text, '~', sizeof text);
                memcpy(text + padding, planted[pattern].text, strlen(planted[pattern].text));
                fields_clear(&own->fields);
                add_text(&own->fields, text, padding + strlen(planted[pattern].text) + behind);
                scan(own, 0);
                assert_only_in(own, pattern, 0, padding);
            }
}

static void test_no_match_is_lost_in_any_field(void **state) {
    struct set_up *own = *state;
    char padding_text[PADDING_MAX];
    memset(padding_text, '~', sizeof padding_text);
    for (uint32_t pattern = 0; pattern < PLANTED_COUNT; pattern++)
        for (size_t padding = 0; padding <= PADDING_MAX; padding++) {
            const uint32_t field = (uint32_t)(padding % 5);
            fields_clear(&own->fields);
            for (uint32_t i = 0; i < 6; i++) {
                if (i == field)
                    add_text(&own->fields, planted[pattern].text, strlen(planted[pattern].text));
                else
                    add_text(&own->fields, padding_text, i == 0 || field == 0 ? padding : 8 * i);
            }
            scan(own, 0);
            assert_only_in(own, pattern, field, padding);
        }
}

static void test_a_match_is_proposed_for_the_field_that_it_ends_in(void **state) {
    struct set_up *own = *state;
    const uint32_t begin = add_text(&own->fields, "BEGIN..", 7), end = add_text(&own->fields, "..END", 5);
    scan(own, 0);
    size_t count;
    match_candidates(own->match, &count);
    assert_int_equal(count, 1);
    for (uint32_t pattern = 0; pattern < PLANTED_COUNT; pattern++)
        assert_int_equal(count_proposals(own, pattern, begin), 0);
    for (uint32_t pattern = 0; pattern < PLANTED_COUNT; pattern++)
        assert_int_equal(count_proposals(own, pattern, end), strcmp(planted[pattern].pattern, "(?s)BEGIN.*END") == 0);
}

/* "tea" and the line feed behind it, which belongs to no field. */
static void test_a_match_that_ends_between_fields_is_in_none(void **state) {
    struct set_up *own = *state;
    size_t count;
    add_text(&own->fields, "tea", 3);
    add_text(&own->fields, "~", 1);
    add_text(&own->fields, "tea", 3);
    scan(own, 0);
    match_candidates(own->match, &count);
    assert_int_equal(count, 0);
}

static void test_empty_values_and_containers_are_passed_over(void **state) {
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "[\"\",{},[],null,[\"\",true,[\"lunch\",\"\",{}]],\"\",[\"X\"]]");
    scan(own, 0);
    size_t count;
    match_candidates(own->match, &count);
    assert_int_equal(count, 2);
    assert_int_equal(count_proposals(own, 0, field_of_text(&own->fields, "lunch")), 1);
    assert_int_equal(count_proposals(own, 8, field_of_text(&own->fields, "X")), 1);
}

static void test_keys_numbers_and_values_are_scanned_alike(void **state) {
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "{\"lunch\":[4111111111111111,\"lunch at X\",-4222222222222222]}");
    scan(own, 0);
    assert_int_equal(count_proposals(own, 0, field_of_text(&own->fields, "lunch")), 1);
    assert_int_equal(count_proposals(own, 4, field_of_text(&own->fields, "4111111111111111")), 1);
    assert_int_equal(count_proposals(own, 0, field_of_text(&own->fields, "lunch at X")), 1);
    assert_int_equal(count_proposals(own, 8, field_of_text(&own->fields, "lunch at X")), 1);
    assert_int_equal(count_proposals(own, 4, field_of_text(&own->fields, "-4222222222222222")), 1);
}

static void test_many_matches_in_a_field_are_one_candidate(void **state) {
    struct set_up *own = *state;
    char text[3000];
    memset(text, 'X', sizeof text);
    add_text(&own->fields, text, sizeof text);
    scan(own, 0);
    size_t count;
    const struct candidate *candidates = match_candidates(own->match, &count);
    assert_int_equal(count, 1);
    assert_int_equal(candidates[0].pattern, 8);
}

static void test_a_later_scan_sees_only_the_fields_behind_its_first(void **state) {
    struct set_up *own = *state;
    add_text(&own->fields, "lunch", 5);
    add_text(&own->fields, "X lunch", 7);
    scan(own, 0);
    assert_int_equal(count_proposals(own, 0, 0), 1);
    assert_int_equal(count_proposals(own, 0, 1), 1);
    add_text(&own->fields, "BEGIN lunch", 11);
    add_text(&own->fields, "", 0);
    add_text(&own->fields, "END", 3);
    scan(own, 2);
    size_t count;
    match_candidates(own->match, &count);
    assert_int_equal(count, 2);
    assert_int_equal(count_proposals(own, 0, 2), 1);
    assert_int_equal(count_proposals(own, 10, 4), 1);
    scan(own, (uint32_t)own->fields.count);
    match_candidates(own->match, &count);
    assert_int_equal(count, 0);
}

static void test_the_same_field_of_the_next_message_is_proposed_again(void **state) {
    struct set_up *own = *state;
    for (int message = 0; message < 50; message++) {
        fields_clear(&own->fields);
        for (int i = 0; i <= message % 3; i++) add_text(&own->fields, "lunch", 5);
        scan(own, 0);
        size_t count;
        match_candidates(own->match, &count);
        assert_int_equal(count, message % 3 + 1);
    }
}

static void test_a_rule_is_proposed_only_for_its_types(void **state) {
    (void)state;
    struct set_up own;
    set_up_with(&own, RULES(RULE("a.key", "chat", "pattern: '7', types: [key]")
                                RULE("a.int", "chat", "pattern: '7', types: [int, float]")
                                    RULE("a.bin", "chat", "pattern: '7', types: [bin]")));
    static const char bytes[] = "\x81\xa2k7\x94\xa2s7\x4d\xc4\x02x7\xcb\x40\x1d\0\0\0\0\0\0"; /* k7, s7, 77, x7, 7.25 */
    assert_int_equal(gather_bytes(&own.fields, &own.words, FORMAT_MSGPACK, bytes, sizeof bytes - 1), REASON_NONE);
    scan(&own, 0);
    static const char *const texts[] = {"k7", "s7", "77", "x7", "7.25"};
    static const int patterns[] = {0, -1, 1, 2, 1};
    for (size_t i = 0; i < 5; i++)
        for (int pattern = 0; pattern < 3; pattern++)
            assert_int_equal(count_proposals(&own, (uint32_t)pattern, field_of_text(&own.fields, texts[i])),
                             patterns[i] == pattern);
    void *own_state = &own;
    tear_down(&own_state);
}

static void test_more_candidates_than_are_kept_are_a_budget(void **state) {
    struct set_up *own = *state;
    size_t count;
    for (size_t i = 0; i < CANDIDATES_MAX; i++) add_text(&own->fields, "X", 1);
    scan(own, 0);
    match_candidates(own->match, &count);
    assert_int_equal(count, CANDIDATES_MAX);
    add_text(&own->fields, "~", 1);
    scan(own, 0);
    add_text(&own->fields, "X", 1);
    assert_int_equal(match_scan(own->match, own->rules, &own->fields, 0), REASON_BUDGET);
    fields_clear(&own->fields);
    add_text(&own->fields, "lunch", 5);
    scan(own, 0);
    assert_int_equal(count_proposals(own, 0, 0), 1);
}

static void test_anything_but_success_of_the_engine_is_no_scan(void **state) {
    struct set_up *own = *state;
    add_text(&own->fields, "~", 1);
    for (size_t i = 0; i < sizeof scanner_failures / sizeof *scanner_failures; i++) {
        plan_failure(scanner_failures[i], 0);
        assert_int_equal(match_scan(own->match, own->rules, &own->fields, 0), REASON_ENGINE);
    }
    plan_failure(HS_SCAN_TERMINATED, 0);
    assert_int_not_equal(match_scan(own->match, own->rules, &own->fields, 0), REASON_NONE);
    plan_failure(HS_SUCCESS, 0);
    scan(own, 0);
}

static void test_without_patterns_nothing_is_proposed(void **state) {
    (void)state;
    struct set_up own;
    char platform[64];
    set_up_with(&own, RULES(RULE("a.field", "chat", "fields: [body]")));
    add_text(&own.fields, "lunch", 5);
    scan(&own, 0);
    size_t count;
    match_candidates(own.match, &count);
    assert_int_equal(count, 0);
    match_engine_platform(own.rules, platform, sizeof platform);
    assert_string_equal(platform, "");
    void *own_state = &own;
    tear_down(&own_state);
}

static void test_the_engine_says_what_it_is(void **state) {
    struct set_up *own = *state;
    char platform[128];
    match_engine_platform(own->rules, platform, sizeof platform);
    assert_non_null(strstr(platform, "Version: "));
    assert_non_null(strstr(platform, "Mode: BLOCK"));
    assert_true(strlen(match_engine_version()) > 0);
    char *end;
    assert_true(strtol(match_engine_version(), &end, 10) >= 5 && *end == '.');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_no_match_is_lost_at_any_offset_in_a_value),
        TEST(test_no_match_is_lost_in_any_field),
        TEST(test_a_match_is_proposed_for_the_field_that_it_ends_in),
        TEST(test_a_match_that_ends_between_fields_is_in_none),
        TEST(test_empty_values_and_containers_are_passed_over),
        TEST(test_keys_numbers_and_values_are_scanned_alike),
        TEST(test_many_matches_in_a_field_are_one_candidate),
        TEST(test_a_later_scan_sees_only_the_fields_behind_its_first),
        TEST(test_the_same_field_of_the_next_message_is_proposed_again),
        cmocka_unit_test(test_a_rule_is_proposed_only_for_its_types),
        TEST(test_more_candidates_than_are_kept_are_a_budget),
        TEST(test_anything_but_success_of_the_engine_is_no_scan),
        cmocka_unit_test(test_without_patterns_nothing_is_proposed),
        TEST(test_the_engine_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
