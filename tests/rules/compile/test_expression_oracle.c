#include "rules/compile/expression.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/compile/example.h"
#include "rules/compile/expression_texts.h"
#include "rules/compile/random_patterns.h"
#include "rules/compile/rule_file.h"

#include "test.h"

/* One pattern, read by both. */
struct pair {
    const char *pattern;
    struct expression *tree;
    bool has_edge;
    pcre2_code *code;       /* as rules are compiled */
    pcre2_code *exact_code; /* without a shortcut that loses matches: \S{1,2}\h misses "a\xa0" */
    pcre2_match_data *match_data;
    pcre2_match_context *context;
    size_t match_count; /* matches of PCRE2 that the tree was asked about */
    size_t walk_count;  /* texts of the tree that PCRE2 was asked about */
};

static pcre2_code *compile(const char *pattern, uint32_t options) {
    int error;
    PCRE2_SIZE offset;
    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | options,
                         &error, &offset, NULL);
}

/* False: PCRE2 refuses the pattern, or it is not understood. Both are released with pair_reset(). */
static bool pair_init(struct pair *pair, const char *pattern) {
    const char *reason;
    *pair = (struct pair){.pattern = pattern};
    pair->code = compile(pattern, 0);
    pair->exact_code = compile(pattern, PCRE2_NO_AUTO_POSSESS);
    pair->tree = expression_parse(pattern, &reason);
    if (pair->code == NULL || pair->tree == NULL) return false;
    pair->has_edge = tree_has_edge(pair->tree);
    pair->match_data = pcre2_match_data_create(1, NULL);
    pair->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(pair->context, 20000);
    return true;
}

static void pair_reset(struct pair *pair) {
    pcre2_code_free(pair->code);
    pcre2_code_free(pair->exact_code);
    pcre2_match_data_free(pair->match_data);
    pcre2_match_context_free(pair->context);
    expression_free(&pair->tree);
}

static void fail_pair(const struct pair *pair, const char *what, const uint8_t *text, size_t length) {
    for (size_t i = 0; i < length; i++) print_error("%02x ", text[i]);
    fail_msg("%s: %s", pair->pattern, what);
}

/* The first match in the text, and every one that begins where another did not, are the tree's. */
static void compare_matches(struct pair *pair, const uint8_t *text, size_t length) {
    const size_t *const ends = pcre2_get_ovector_pointer(pair->match_data);
    for (size_t at = 0; at <= length; at = ends[0] + 1) {
        if (pcre2_match(pair->code, text, length, at, 0, pair->match_data, pair->context) < 0) return;
        if (ends[1] - ends[0] > TREE_TEXT_BYTES_MAX) continue;
        pair->match_count++;
        if (!tree_has(pair->tree, text + ends[0], ends[1] - ends[0]))
            fail_pair(pair, "a match is no text of the tree", text + ends[0], ends[1] - ends[0]);
    }
}

/* A text of the tree. Without edges PCRE2 matches it too; changed and with something around it, it is a good text to
   compare matches in. */
static void compare_walk(struct pair *pair, struct random_source *random) {
    static const char alphabet[] = "aAbBzZ019_-]^[ \n\t\\{},:#\x85\xa0\xe9\xc9\0";
    uint8_t bytes[TREE_TEXT_BYTES_MAX + 8];
    struct walk walk = {.random = random, .bytes = bytes};
    if (!walk_tree(&walk, pair->tree)) return;
    if (!tree_has(pair->tree, bytes, walk.length)) fail_pair(pair, "a walk is no text of it", bytes, walk.length);
    if (!pair->has_edge) {
        pair->walk_count++;
        if (pcre2_match(pair->exact_code, bytes, walk.length, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, pair->match_data,
                        pair->context) == PCRE2_ERROR_NOMATCH)
            fail_pair(pair, "a text of the tree does not match", bytes, walk.length);
    }
    for (int i = 0; i < 4; i++) {
        compare_matches(pair, bytes, walk.length);
        walk.length = random_mutate(random, bytes, walk.length, alphabet, sizeof alphabet - 1);
    }
}

/* The built-in packs. */

static void collect_texts(const struct yaml_node *node, struct node_list *texts) {
    if (node->kind == YAML_SCALAR) assert_int_equal(node_list_add(texts, node), 0);
    for (size_t i = 0; i < node->count; i++) collect_texts(node->items[i], texts);
}

static void compare_examples(struct pair *pair, const struct node_list *examples, struct random_source *random) {
    struct node_list texts = {0};
    uint8_t bytes[TREE_TEXT_BYTES_MAX + 8];
    for (size_t i = 0; i < examples->count; i++) collect_texts(examples->items[i], &texts);
    for (size_t i = 0; i < texts.count; i++) {
        if (texts.items[i]->length > TREE_TEXT_BYTES_MAX) continue;
        size_t length = texts.items[i]->length;
        memcpy(bytes, texts.items[i]->text, length);
        for (int round = 0; round < 8; round++) {
            compare_matches(pair, bytes, length);
            length = random_mutate(random, bytes, length, "a1 :\n-.", 7);
        }
    }
    node_list_reset(&texts);
}

static void test_every_pattern_of_the_packs_is_understood_and_hides_no_match(void **state) {
    (void)state;
    struct random_source random = {20240501};
    struct rule_drafts drafts;
    struct diagnostics diagnostics;
    size_t pattern_count = 0, match_count = 0, walk_count = 0, refused_count = 0;
    rule_drafts_init(&drafts);
    diagnostics_init(&diagnostics);
    rule_sources_load(&drafts, NULL, 0, &diagnostics);
    assert_int_equal(diagnostics.error_count, 0);
    for (size_t i = 0; i < drafts.count; i++) {
        const struct rule_draft *const draft = &drafts.items[i];
        for (size_t j = 0; j < draft->patterns.count; j++) {
            struct pair pair;
            pattern_count++;
            if (pair_init(&pair, draft->patterns.items[j]->text)) {
                compare_examples(&pair, &draft->examples, &random);
                compare_examples(&pair, &draft->negative_examples, &random);
                for (int walk = 0; walk < 30; walk++) compare_walk(&pair, &random);
            } else {
                print_error("%s is not understood\n", draft->id->text);
                refused_count++;
            }
            match_count += pair.match_count;
            walk_count += pair.walk_count;
            pair_reset(&pair);
        }
    }
    print_message("%zu patterns, %zu matches, %zu walks\n", pattern_count, match_count, walk_count);
    assert_int_equal(refused_count, 0);
    assert_true(pattern_count > 100);
    assert_true(match_count > 10 * pattern_count);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
}

/* Patterns at random. */

static void test_no_match_of_a_pattern_made_at_random_is_hidden(void **state) {
    (void)state;
    static const char alphabet[] = "aaabAZ1_ -]^[{#\n\t\\E.\x85\xa0\xe9\xc9\0";
    struct pattern_writer writer = {.random = {20240502}};
    size_t match_count = 0, walk_count = 0, understood_count = 0, tried_count = 0;
    while (understood_count < 10000) {
        struct pair pair;
        write_pattern(&writer);
        tried_count++;
        if (pair_init(&pair, writer.text)) {
            understood_count++;
            for (int i = 0; i < 10; i++) {
                uint8_t bytes[12];
                const size_t length = random_below(&writer.random, sizeof bytes + 1);
                for (size_t j = 0; j < length; j++) bytes[j] = (uint8_t)ONE_OF(&writer.random, alphabet);
                compare_matches(&pair, bytes, length);
            }
            for (int i = 0; i < 5; i++) compare_walk(&pair, &writer.random);
        }
        match_count += pair.match_count;
        walk_count += pair.walk_count;
        pair_reset(&pair);
    }
    print_message("%zu of %zu patterns, %zu matches, %zu walks\n", understood_count, tried_count, match_count,
                  walk_count);
    assert_true(tried_count < 10 * understood_count);
    assert_true(match_count > 100000);
    assert_true(walk_count > 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pattern_of_the_packs_is_understood_and_hides_no_match),
        cmocka_unit_test(test_no_match_of_a_pattern_made_at_random_is_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
