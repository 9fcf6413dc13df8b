#include "rules/compile/sieve_build.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/compile/compile.h"
#include "rules/compile/expression_texts.h"
#include "rules/compile/random_patterns.h"
#include "rules/compile/rule_file.h"

#include "look_at.h"

/*
 * Where PCRE2 finds a pattern in a text, the sieve names one of its groups. CORDON_TEST_ROUNDS makes the search so
 * many times as long, CORDON_TEST_SEED another one.
 */

enum { TEXT_BYTES_MAX = 2048, JUNK_BYTES = 96 };

static size_t number_of(const char *variable, size_t usual) {
    const char *const text = getenv(variable);
    return text != NULL ? strtoull(text, NULL, 10) : usual;
}

/* One pattern, with a sieve that knows it alone and perhaps one that knows others, too. */
struct subject {
    const char *pattern;
    struct expression *tree;
    pcre2_code *code;
    pcre2_match_data *match_data;
    pcre2_match_context *context;
    struct rule_set alone;
    struct rule alone_rule;
    struct pattern alone_pattern;
    const struct sieve *common; /* or NULL */
    unsigned common_groups;
    size_t match_count, cleared_count;
};

/* False: PCRE2 refuses the pattern, or it is not understood. Released with subject_reset() either way. */
static bool subject_init(struct subject *subject, const char *pattern) {
    int error;
    PCRE2_SIZE offset;
    const char *reason;
    *subject = (struct subject){.pattern = pattern};
    subject->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                  PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NO_AUTO_POSSESS, &error, &offset, NULL);
    subject->tree = expression_parse(pattern, &reason);
    if (subject->code == NULL || subject->tree == NULL) return false;
    pcre2_jit_compile(subject->code, PCRE2_JIT_COMPLETE);
    subject->match_data = pcre2_match_data_create(1, NULL);
    subject->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(subject->context, 20000);
    subject->alone_rule = (struct rule){.types = UINT16_MAX, .min_count = 1, .patterns = {0, 1}};
    subject->alone = (struct rule_set){
        .rules = &subject->alone_rule, .rule_count = 1, .patterns = &subject->alone_pattern, .pattern_count = 1};
    assert_int_equal(sieve_build(&subject->alone, &pattern), 0);
    return true;
}

static void subject_reset(struct subject *subject) {
    sieve_reset(&subject->alone.sieve);
    pcre2_code_free(subject->code);
    pcre2_match_data_free(subject->match_data);
    pcre2_match_context_free(subject->context);
    expression_free(&subject->tree);
}

static bool matches(const struct subject *subject, const uint8_t *text, size_t length) {
    return pcre2_match(subject->code, text, length, 0, 0, subject->match_data, subject->context) >= 0;
}

/* A text among other bytes. */
struct placed {
    uint8_t bytes[JUNK_BYTES + TEXT_BYTES_MAX + JUNK_BYTES];
    size_t before, length, after;
};

static void place(struct placed *placed, const uint8_t *text, size_t length, struct random_source *random) {
    placed->before = random_below(random, JUNK_BYTES + 1);
    placed->after = random_below(random, JUNK_BYTES + 1);
    placed->length = length;
    for (size_t i = 0; i < placed->before + length + placed->after; i++)
        placed->bytes[i] = (uint8_t)random_next(random);
    memcpy(placed->bytes + placed->before, text, length);
}

static bool names_group(const struct sieve *sieve, unsigned groups, const struct placed *text) {
    const size_t count = text->before + text->length + text->after;
    return (look_within(sieve, text->bytes, count, text->before, text->length) & groups) != 0;
}

static void fail_subject(const struct subject *subject, const struct placed *text) {
    print_error("%zu bytes, %zu before and %zu behind:\n", text->length, text->before, text->after);
    for (size_t i = 0; i < text->length; i++) print_error("%02x ", text->bytes[text->before + i]);
    fail_msg("%s: a match is hidden", subject->pattern);
}

/* What stands around the text changes nothing. */
static void compare(struct subject *subject, const uint8_t *text, size_t length, struct random_source *random) {
    static struct placed placed;
    if (length == 0 || length > TEXT_BYTES_MAX) return;
    place(&placed, text, length, random);
    const bool is_found = names_group(&subject->alone.sieve, subject->alone_pattern.groups, &placed);
    assert_int_equal((look_at(&subject->alone.sieve, text, length) & subject->alone_pattern.groups) != 0, is_found);
    subject->cleared_count += !is_found;
    if (!matches(subject, text, length)) return;
    subject->match_count++;
    if (!is_found) fail_subject(subject, &placed);
    if (subject->common != NULL && !names_group(subject->common, subject->common_groups, &placed))
        fail_subject(subject, &placed);
}

/* Bytes at which words and lines begin and end, and some at which they do not. */
static uint8_t draw_neighbour(struct random_source *random) {
    static const char neighbours[] = "  -_.,:;@/=\"'\n\n\r\tab zZ019%\x85\xa0\xe9\xc9\xff\0";
    return (uint8_t)neighbours[random_below(random, sizeof neighbours - 1)];
}

/* A text of the tree between others, `before` bytes behind the beginning. */
static size_t embed(uint8_t *bytes, const uint8_t *inner, size_t inner_length, size_t before, size_t after,
                    struct random_source *random) {
    for (size_t i = 0; i < before; i++) bytes[i] = draw_neighbour(random);
    memcpy(bytes + before, inner, inner_length);
    for (size_t i = 0; i < after; i++) bytes[before + inner_length + i] = draw_neighbour(random);
    return before + inner_length + after;
}

/* Alone, changed, and between others at every place around the borders of chunks. */
static void compare_walk(struct subject *subject, struct random_source *random, size_t offset_step) {
    static const char alphabet[] = "aAbBzZ019_-]^[ \n\t\\{},:#\x85\xa0\xe9\xc9\0";
    uint8_t inner[TREE_TEXT_BYTES_MAX + 8], bytes[TEXT_BYTES_MAX];
    struct walk walk = {.random = random, .bytes = inner};
    if (!walk_tree(&walk, subject->tree)) return;
    compare(subject, inner, walk.length, random);
    for (size_t before = random_below(random, offset_step); before < 200;
         before += 1 + random_below(random, offset_step)) {
        const size_t after = random_below(random, 3) == 0 ? 0 : random_below(random, 140);
        compare(subject, bytes, embed(bytes, inner, walk.length, before, after, random), random);
    }
    for (int i = 0; i < 3; i++) {
        walk.length = random_mutate(random, inner, walk.length, alphabet, sizeof alphabet - 1);
        compare(subject, inner, walk.length, random);
    }
}

static void test_no_match_of_a_pattern_of_the_packs_is_hidden(void **state) {
    (void)state;
    struct random_source random = {number_of("CORDON_TEST_SEED", 20240601)};
    const size_t rounds = number_of("CORDON_TEST_ROUNDS", 1);
    struct rule_drafts drafts;
    struct diagnostics diagnostics;
    size_t pattern_count = 0, match_count = 0, cleared_count = 0;
    rule_drafts_init(&drafts);
    diagnostics_init(&diagnostics);
    rule_sources_load(&drafts, NULL, 0, &diagnostics);
    struct rule_set *rules = rule_set_compile(&drafts, &diagnostics);
    assert_non_null(rules);
    for (size_t i = 0; i < drafts.count; i++) {
        const struct node_list *const patterns = &drafts.items[i].patterns;
        for (size_t j = 0; j < patterns->count; j++) {
            struct subject subject;
            assert_true(subject_init(&subject, patterns->items[j]->text));
            const unsigned groups = rules->patterns[pattern_count++].groups;
            if (groups != SIEVE_BIT(SIEVE_SCOPED)) subject.common = &rules->sieve;
            subject.common_groups = groups;
            for (size_t walk = 0; walk < 12 * rounds; walk++) compare_walk(&subject, &random, 16);
            match_count += subject.match_count;
            cleared_count += subject.cleared_count;
            subject_reset(&subject);
        }
    }
    print_message("%zu patterns, %zu matches, %zu texts cleared\n", pattern_count, match_count, cleared_count);
    assert_int_equal(pattern_count, rules->pattern_count);
    assert_true(match_count > 100 * pattern_count);
    assert_true(cleared_count > 10 * pattern_count);
    rule_set_destroy(&rules);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
}

/* Short texts out of few bytes, so that many match. */
static void compare_random_text(struct subject *subject, struct random_source *random) {
    static const char alphabet[] = "aaabAZ1_ -]^[{#\n\t\\E.\x85\xa0\xe9\xc9\0";
    uint8_t bytes[80];
    const size_t length = random_below(random, random_below(random, 4) == 0 ? sizeof bytes : 12);
    for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)ONE_OF(random, alphabet);
    compare(subject, bytes, length, random);
}

static void compare_random_patterns(void (*write)(struct pattern_writer *writer), size_t count) {
    struct pattern_writer writer = {.random = {number_of("CORDON_TEST_SEED", 20240602)}};
    const size_t wanted = count * number_of("CORDON_TEST_ROUNDS", 1);
    size_t match_count = 0, cleared_count = 0, understood_count = 0, sieved_count = 0;
    while (understood_count < wanted) {
        struct subject subject;
        write(&writer);
        if (subject_init(&subject, writer.text)) {
            const bool is_sieved = subject.alone_pattern.groups != SIEVE_BIT(SIEVE_ALWAYS);
            understood_count++;
            sieved_count += is_sieved;
            for (int i = 0; i < 10 && is_sieved; i++) compare_random_text(&subject, &writer.random);
            for (int i = 0; i < 2 && is_sieved; i++) compare_walk(&subject, &writer.random, 64);
        }
        match_count += subject.match_count;
        cleared_count += subject.cleared_count;
        subject_reset(&subject);
    }
    print_message("%zu patterns, %zu with a feature, %zu matches, %zu texts cleared\n", understood_count, sieved_count,
                  match_count, cleared_count);
    assert_true(sieved_count > understood_count / 10);
    assert_true(match_count > sieved_count);
    assert_true(cleared_count > sieved_count);
}

static void test_no_match_of_a_pattern_made_at_random_is_hidden(void **state) {
    (void)state;
    compare_random_patterns(write_pattern, 6000);
}

static void test_no_match_of_a_pattern_such_as_rules_have_is_hidden(void **state) {
    (void)state;
    compare_random_patterns(write_usual_pattern, 4000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_match_of_a_pattern_of_the_packs_is_hidden),
        cmocka_unit_test(test_no_match_of_a_pattern_made_at_random_is_hidden),
        cmocka_unit_test(test_no_match_of_a_pattern_such_as_rules_have_is_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
