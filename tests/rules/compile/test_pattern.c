#include "rules/compile/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/inspect/gathered.h"
#include "filter/inspect/random_bytes.h"
#include "inspect/match.h"

enum { TEXTS_MAX = 40 };

/* Patterns by themselves: one rule each. */
struct compiled {
    struct rule_set rules;
    struct rule rule_table[TEXTS_MAX];
    struct pattern pattern_table[TEXTS_MAX];
    struct pattern_text texts[TEXTS_MAX];
    struct diagnostics diagnostics;
};

/* Compiles the texts; returns what patterns_compile() does. */
static int compile(struct compiled *own, const char *const *texts, size_t count) {
    *own = (struct compiled){.rules = {.rule_count = count, .pattern_count = count}};
    own->rules.rules = own->rule_table;
    own->rules.patterns = own->pattern_table;
    diagnostics_init(&own->diagnostics);
    for (size_t i = 0; i < count; i++) {
        own->rule_table[i] = (struct rule){.types = UINT16_MAX, .min_count = 1, .patterns = {(uint32_t)i, 1}};
        own->pattern_table[i] = (struct pattern){.rule = (uint32_t)i, .groups = SIEVE_BIT(SIEVE_WORDS)};
        own->texts[i] = (struct pattern_text){texts[i], "a.yaml", {(unsigned)i + 1, 7}, "a.rule"};
    }
    return patterns_compile(&own->rules, own->texts, count, &own->diagnostics);
}

static void release(struct compiled *own) {
    patterns_free(&own->rules);
    diagnostics_reset(&own->diagnostics);
}

static bool has_no_database(const struct rule_set *rules) {
    for (size_t i = 0; i < SIEVE_GROUPS; i++)
        if (rules->databases[i] != NULL) return false;
    return true;
}

/* The pattern is refused with one diagnostic, whose line begins so. */
static void assert_refused(const char *text, const char *line_start) {
    struct compiled own;
    char line[512];
    assert_int_equal(compile(&own, &text, 1), -1);
    assert_int_equal(own.diagnostics.error_count, 1);
    diagnostic_format(&own.diagnostics.items[0], line, sizeof line);
    if (strncmp(line, line_start, strlen(line_start)) != 0) fail_msg("%s: %s, not %s", text, line, line_start);
    assert_true(has_no_database(&own.rules));
    release(&own);
}

static void test_usual_patterns_are_compiled_for_both_matchers(void **state) {
    (void)state;
    static const char *const texts[] = {
        "lunch",  "(?i)lunch",  "(?im)^from: .*$", "(?s)a.*b",   "(?x) a b # c\n",   "[[:alpha:]_]{2,5}", "\\bfoo\\B",
        "a|b",    "(?:a|b)+?c", "(a)(b)",          "(?<name>a)", "\\x41\\101\\t\\.", "\\Qa.b\\E",         "(?i:a)b",
        "\\h\\v", "\\\\A",      "\\\\\\\\z",       "[-m^]x",     "(?i-s)a",          "(?#a comment)b",
    };
    struct compiled own;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (compile(&own, &texts[i], 1) != 0) fail_msg("%s: %s", texts[i], own.diagnostics.items[0].text);
        assert_false(has_no_database(&own.rules));
        assert_non_null(own.rules.patterns[0].code);
        release(&own);
    }
}

static void test_a_repeat_gives_back_what_its_follower_needs(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *text;
    } cases[] = {{"^\\S{1,2}\\h$", "a\xa0"}, {"^\\S+\\v$", "a\x85"}, {"^\\w+e$", "ae"}, {"^\\S*\\W$", "a."}};
    pcre2_match_data *match_data = pcre2_match_data_create(1, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct compiled own;
        assert_int_equal(compile(&own, &cases[i].pattern, 1), 0);
        if (pcre2_match(own.rules.patterns[0].code, (PCRE2_SPTR)cases[i].text, strlen(cases[i].text), 0, 0, match_data,
                        NULL) < 0)
            fail_msg("%s does not match its text", cases[i].pattern);
        release(&own);
    }
    pcre2_match_data_free(match_data);
}

static void test_no_patterns_need_no_database(void **state) {
    (void)state;
    struct compiled own;
    assert_int_equal(compile(&own, NULL, 0), 0);
    assert_true(has_no_database(&own.rules));
    release(&own);
}

static void test_what_means_something_else_in_gathered_text_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *line_start;
    } cases[] = {
        {"\\Afoo", "a.yaml:1:7: error: rule 'a.rule': pattern: \\A would mean"},
        {"foo\\z", "a.yaml:1:7: error: rule 'a.rule': pattern: \\z would mean"},
        {"foo\\Z", "a.yaml:1:7: error: rule 'a.rule': pattern: \\Z would mean"},
        {"\\\\\\Afoo", "a.yaml:1:7: error: rule 'a.rule': pattern: \\A would mean"},
        {"(?#\\)\\A", "a.yaml:1:7: error: rule 'a.rule': pattern: \\A would mean"},
        {"\\Q\\\\E\\A", "a.yaml:1:7: error: rule 'a.rule': pattern: \\A would mean"},
        {"\\Gfoo", "a.yaml:1:7: error: rule 'a.rule': pattern: \\G"},
        {"fo\\Ko", "a.yaml:1:7: error: rule 'a.rule': pattern: \\K"},
        {"\\C", "a.yaml:1:7: error: rule 'a.rule': pattern: \\C"},
        {"a\\R", "a.yaml:1:7: error: rule 'a.rule': pattern: \\R"},
        {"\\X", "a.yaml:1:7: error: rule 'a.rule': pattern: \\X"},
        {"\\pL", "a.yaml:1:7: error: rule 'a.rule': pattern: \\p"},
        {"\\P{L}", "a.yaml:1:7: error: rule 'a.rule': pattern: \\P"},
        {"(?-m)^foo$", "a.yaml:1:7: error: rule 'a.rule': pattern: the m flag"},
        {"(?i-m:^foo$)", "a.yaml:1:7: error: rule 'a.rule': pattern: the m flag"},
        {"(?^)^foo$", "a.yaml:1:7: error: rule 'a.rule': pattern: the m flag"},
        {"(?s-im)^foo$", "a.yaml:1:7: error: rule 'a.rule': pattern: the m flag"},
        {"(*UTF8)foo", "a.yaml:1:7: error: rule 'a.rule': pattern: (*...)"},
        {"(*CRLF)foo", "a.yaml:1:7: error: rule 'a.rule': pattern: (*...)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_refused(cases[i].text, cases[i].line_start);
}

static void test_what_one_of_the_matchers_does_not_know_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "((foo",  "foo)",   "[a",         "a**",       "*a",   "(?<!\\d)\\d{3}", "foo(?=bar)", "(?!foo)",
        "(a)\\1", "(?>a)b", "a++b",       "(?(1)a|b)", "(?R)", "a(*ACCEPT)",     "\\x{100}",   "[z-a]",
        "a{3,2}", "(?z)a",  "[[:nope:]]", "\\",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refused(texts[i], "a.yaml:1:7: error: rule 'a.rule': pattern: ");
}

static void test_what_matches_nothing_at_all_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"a*",   "(?:a|b)?", "^",    "$",        "\\b",          "|a",
                                        "(?i)", "^$",       "^$|a", "(?m)^\\b", "\\bfoo\\b|\\B"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refused(texts[i], "a.yaml:1:7: error: rule 'a.rule': pattern: ");
}

static void test_every_bad_pattern_is_reported_at_its_place(void **state) {
    (void)state;
    static const char *const texts[] = {"good",     "((bad",        "also good", "\\Abad", "b*",
                                        "a(?=bad)", "(?:x|y){1,3}", "bad)",      "c?"};
    static const unsigned bad_lines[] = {2, 4, 5, 6, 8, 9};
    struct compiled own;
    assert_int_equal(compile(&own, texts, sizeof texts / sizeof *texts), -1);
    assert_int_equal(own.diagnostics.error_count, sizeof bad_lines / sizeof *bad_lines);
    for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) {
        assert_int_equal(own.diagnostics.items[i].place.line, bad_lines[i]);
        assert_int_equal(own.diagnostics.items[i].place.column, 7);
    }
    release(&own);
}

/* These pass a first look and fail only when the whole database is made. */
static void test_a_pattern_that_is_too_large_is_named(void **state) {
    (void)state;
    static const char *const texts[] = {"good", "([a-z]|bc*d|xy?z){1000,5000}"};
    struct compiled own;
    assert_int_equal(compile(&own, texts, 2), -1);
    assert_int_equal(own.diagnostics.error_count, 1);
    assert_int_equal(own.diagnostics.items[0].place.line, 2);
    release(&own);
}

/* The scan against PCRE2: whatever matches within a value must have been proposed. */

struct pattern_writer {
    struct random_source random;
    char text[256];
};

#define ONE_OF(random, list) ((list)[random_below(random, sizeof(list) / sizeof *(list))])

static void append(struct pattern_writer *writer, const char *part) {
    strncat(writer->text, part, sizeof writer->text - strlen(writer->text) - 1);
}

static void write_branch(struct pattern_writer *writer, int depth) {
    static const char *const atoms[] = {
        "a",   "b",     "c",     "A",    "1",    "_",      " ",      "-",           ".",           "\\n",
        "\\w", "\\W",   "\\d",   "\\D",  "\\s",  "\\S",    "\\h",    "\\v",

        "\\t", "\\x61", "\\xe9", "[ab]", "[^a]", "[a-c1]", "[^\\n]", "[[:alpha:]]", "[[:space:]]", "[^[:digit:]\\s]",
    };
    static const char *const edges[] = {"^", "$", "\\b", "\\B"};
    static const char *const repeats[] = {"", "", "", "", "?", "*", "+", "+?", "*?", "{2}", "{1,3}", "{0,2}", "{2,}"};
    static const char *const groups[] = {"(?:", "(", "(?i:", "(?s:", "(?m:", "(?im:"};
    for (size_t count = 1 + random_below(&writer->random, 4); count > 0; count--) {
        const size_t kind = random_below(&writer->random, 10);
        if (kind < 2) {
            append(writer, ONE_OF(&writer->random, edges));
            continue;
        }
        if (kind < 4 && depth < 2) {
            append(writer, ONE_OF(&writer->random, groups));
            write_branch(writer, depth + 1);
            if (random_below(&writer->random, 2) == 0) {
                append(writer, "|");
                write_branch(writer, depth + 1);
            }
            append(writer, ")");
        } else {
            append(writer, ONE_OF(&writer->random, atoms));
        }
        append(writer, ONE_OF(&writer->random, repeats));
    }
}

static void write_pattern(struct pattern_writer *writer) {
    static const char *const flags[] = {"", "", "", "(?i)", "(?m)", "(?s)", "(?ms)", "(?im)"};
    writer->text[0] = '\0';
    append(writer, ONE_OF(&writer->random, flags));
    write_branch(writer, 0);
}

static size_t write_value(struct random_source *random, char out[32]) {
    static const char bytes[] = "aaabbbccAB11_ -\n\n\t\v\r\f\x85\xa0\xe9\0.";
    const size_t length = random_below(random, 24);
    for (size_t i = 0; i < length; i++) out[i] = bytes[random_below(random, sizeof bytes - 1)];
    return length;
}

static bool matches(const struct pattern *pattern, const uint8_t *text, size_t length) {
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(context, 10000);
    const int result = pcre2_match(pattern->code, text, length, 0, 0, data, context);
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    assert_true(result >= 0 || result == PCRE2_ERROR_NOMATCH || result == PCRE2_ERROR_MATCHLIMIT);
    return result >= 0;
}

/* Scans eight values at once; returns how many matches there were to be proposed. */
static size_t compare_with_oracle(struct compiled *own, struct match *match, struct fields *fields,
                                  struct random_source *random) {
    size_t match_count = 0, count;
    char value[32];
    fields_clear(fields);
    for (int i = 0; i < 8; i++) add_text(fields, value, write_value(random, value));
    assert_int_equal(match_scan(match, &own->rules, fields, 0), REASON_NONE);
    const struct candidate *candidates = match_candidates(match, &count);
    for (uint32_t field = 0; field < fields->count; field++)
        for (uint32_t pattern = 0; pattern < own->rules.pattern_count; pattern++) {
            if (!matches(&own->rules.patterns[pattern], fields_text(fields, field), fields->items[field].length))
                continue;
            bool is_proposed = fields->items[field].length == 0;
            for (size_t i = 0; i < count; i++)
                is_proposed = is_proposed || (candidates[i].pattern == pattern && candidates[i].field == field);
            if (!is_proposed) {
                for (size_t i = 0; i < fields->items[field].length; i++)
                    print_error("%02x ", fields_text(fields, field)[i]);
                fail_msg("not proposed: '%s'", own->texts[pattern].text);
            }
            match_count++;
        }
    return match_count;
}

static void test_whatever_matches_in_a_value_is_proposed(void **state) {
    (void)state;
    const struct limits limits = {.message_bytes = 4096, .depth = 1};
    struct pattern_writer writer = {.random = {20240302}};
    struct fields fields;
    size_t match_count = 0;
    assert_int_equal(fields_init(&fields, &limits), 0);
    for (int round = 0; round < 150; round++) {
        char texts[20][256];
        const char *good[20];
        size_t good_count = 0;
        struct compiled own;
        for (size_t i = 0; i < 20; i++) {
            write_pattern(&writer);
            strcpy(texts[i], writer.text);
            const char *text = texts[i];
            if (compile(&own, &text, 1) == 0) good[good_count++] = text;
            release(&own);
        }
        assert_true(good_count > 0);
        assert_int_equal(compile(&own, good, good_count), 0);
        struct match *match = match_create(&own.rules);
        assert_non_null(match);
        for (int i = 0; i < 40; i++) match_count += compare_with_oracle(&own, match, &fields, &writer.random);
        match_destroy(&match);
        release(&own);
    }
    assert_true(match_count > 100000);
    fields_reset(&fields);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usual_patterns_are_compiled_for_both_matchers),
        cmocka_unit_test(test_a_repeat_gives_back_what_its_follower_needs),
        cmocka_unit_test(test_no_patterns_need_no_database),
        cmocka_unit_test(test_what_means_something_else_in_gathered_text_is_refused),
        cmocka_unit_test(test_what_one_of_the_matchers_does_not_know_is_refused),
        cmocka_unit_test(test_what_matches_nothing_at_all_is_refused),
        cmocka_unit_test(test_every_bad_pattern_is_reported_at_its_place),
        cmocka_unit_test(test_a_pattern_that_is_too_large_is_named),
        cmocka_unit_test(test_whatever_matches_in_a_value_is_proposed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
