#include "cli/cost_sample.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect/inspect.h"

#include "cost_rules.h"

static struct cost_sample sample;

static int forget(void **state) {
    (void)state;
    cost_sample_reset(&sample);
    return 0;
}

/* Reads a sample from a file of these lines: `line`, with its number for the %, so many times. */
static int read_lines(const char *line, unsigned count) {
    char path[] = "/tmp/test_cost_sample.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    for (unsigned i = 0; i < count; i++) fprintf(file, "[%u]%s\n", i, line);
    fclose(file);
    const int result = cost_sample_read(&sample, path);
    unlink(path);
    return result;
}

static unsigned number_of(size_t message) {
    return (unsigned)strtoul((const char *)sample.messages[message].bytes + 1, NULL, 10);
}

static void test_a_file_is_taken_whole_when_it_is_small(void **state) {
    (void)state;
    assert_int_equal(read_lines("", 300), 0);
    assert_int_equal(sample.count, 300);
    assert_int_equal(sample.stride, 1);
    assert_int_equal(sample.unreadable_count, 0);
    for (unsigned i = 0; i < 300; i++) assert_int_equal(number_of(i), i);
}

static void test_of_a_large_file_every_so_manyth_message_is_taken(void **state) {
    (void)state;
    assert_int_equal(read_lines("", 5000), 0);
    assert_int_equal(sample.stride, 16);
    assert_int_equal(sample.count, (5000 + 15) / 16);
    for (unsigned i = 0; i < sample.count; i++) assert_int_equal(number_of(i), 16 * i);
}

static void test_messages_take_bounded_memory(void **state) {
    (void)state;
    static char spaces[900 * 1024 + 1];
    memset(spaces, ' ', sizeof spaces - 1);
    assert_int_equal(read_lines(spaces, 20), 0);
    assert_true(sample.bytes <= COST_SAMPLE_BYTES);
    assert_true(sample.count >= 2);
    for (unsigned i = 0; i < sample.count; i++) assert_int_equal(number_of(i), sample.stride * i);
}

static void test_what_cannot_be_read_is_left_out_and_counted(void **state) {
    (void)state;
    assert_int_equal(read_lines(" trailing", 7), 0);
    assert_int_equal(sample.count, 0);
    assert_int_equal(sample.unreadable_count, 7);
    assert_int_equal(cost_sample_read(&sample, "/nowhere/messages.jsonl"), -1);
    assert_int_equal(errno, ENOENT);
}

static void test_without_a_file_there_is_a_clean_message_for_every_negative_example(void **state) {
    (void)state;
    struct rule_drafts drafts;
    parse_rules(&drafts, RULE_OF("sample.a", "pattern: '\\bzebra'", "'zebra'", "1, 2, 3, 4, 5, 6, 7, 8"));
    assert_int_equal(cost_sample_make(&sample, &drafts), 0);
    assert_int_equal(sample.count, 16);
    for (size_t i = 0; i < 16; i++) assert_int_equal(sample.messages[i].format, i < 8 ? FORMAT_MSGPACK : FORMAT_JSON);
    for (size_t i = 9; i < 13; i++) assert_true(sample.messages[i].length != sample.messages[8].length);
    assert_int_equal(sample.messages[13].length, sample.messages[8].length); /* in turn */
    assert_int_equal(sample.unreadable_count, 0);
    rule_drafts_reset(&drafts);
}

static void test_what_is_built_in_is_clean_for_all_packs(void **state) {
    (void)state;
    struct diagnostics diagnostics;
    struct rule_drafts none, packs;
    const struct limits limits = LIMITS_DEFAULT;
    struct inspection inspection;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&none);
    rule_drafts_init(&packs);
    rule_sources_load(&packs, NULL, 0, &diagnostics);
    struct rule_set *rules = rule_set_compile(&packs, &diagnostics);
    assert_non_null(rules);
    struct inspector *inspector = inspector_create(rules, &limits);
    assert_int_equal(cost_sample_make(&sample, &none), 0);
    assert_int_equal(sample.count % 2, 1);
    for (size_t i = 0; i < sample.count; i++) {
        const struct frame frame = {sample.messages[i].bytes, sample.messages[i].length};
        assert_int_equal(inspect(inspector, &frame, 1, sample.messages[i].format, &inspection), REASON_NONE);
        for (size_t k = 0; k < inspection.kept_count; k++)
            fail_msg("message %zu: %s", i, rules->rules[inspection.findings[k].rule].id);
    }
    inspector_destroy(&inspector);
    rule_set_destroy(&rules);
    rule_drafts_reset(&packs);
    diagnostics_reset(&diagnostics);
}

#define SAMPLE_TEST(test) cmocka_unit_test_teardown(test, forget)

int main(void) {
    const struct CMUnitTest tests[] = {
        SAMPLE_TEST(test_a_file_is_taken_whole_when_it_is_small),
        SAMPLE_TEST(test_of_a_large_file_every_so_manyth_message_is_taken),
        SAMPLE_TEST(test_messages_take_bounded_memory),
        SAMPLE_TEST(test_what_cannot_be_read_is_left_out_and_counted),
        SAMPLE_TEST(test_without_a_file_there_is_a_clean_message_for_every_negative_example),
        SAMPLE_TEST(test_what_is_built_in_is_clean_for_all_packs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
