#include "rules/compile/digest.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every part goes in with its length before it, so that no two rule sets can look alike. */
static void add_bytes(crypto_hash_sha256_state *state, const void *bytes, size_t length) {
    char head[32];
    const int head_length = snprintf(head, sizeof head, "%zu:", length);
    crypto_hash_sha256_update(state, (const unsigned char *)head, (unsigned long long)head_length);
    if (length > 0) crypto_hash_sha256_update(state, bytes, length);
}

static void add_text(crypto_hash_sha256_state *state, const char *text) {
    add_bytes(state, text, strlen(text));
}

static void add_number(crypto_hash_sha256_state *state, size_t number) {
    char text[32];
    snprintf(text, sizeof text, "%zu", number);
    add_text(state, text);
}

static void add_texts(crypto_hash_sha256_state *state, const char *const *texts, struct table_range range) {
    add_number(state, range.count);
    for (uint32_t i = 0; i < range.count; i++) add_text(state, texts[range.first + i]);
}

static int by_text(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Their order, and the spelling that a path shows, come from the order in which files were read. */
static int add_words(crypto_hash_sha256_state *state, const struct words *words) {
    const char **sorted = malloc((words->count + 1) * sizeof *sorted);
    if (sorted == NULL) return -1;
    for (size_t i = 0; i < words->count; i++) sorted[i] = words->normal[i];
    qsort(sorted, words->count, sizeof *sorted, by_text);
    add_number(state, words->count);
    for (size_t i = 0; i < words->count; i++) add_text(state, sorted[i]);
    free(sorted);
    return 0;
}

static int by_id(const void *left, const void *right) {
    return strcmp((*(const struct rule *const *)left)->id, (*(const struct rule *const *)right)->id);
}

static void add_rule(crypto_hash_sha256_state *state, const struct rule_set *rules, const struct rule *rule,
                     const char *const *pattern_texts, const char *const *glob_texts) {
    add_text(state, rule->id);
    add_text(state, rules->class_names[rule->class_index]);
    add_number(state, rule->types);
    add_number(state, rule->min_count);
    add_text(state, rule->validator != NULL ? rule->validator->name : "");
    add_texts(state, pattern_texts, rule->patterns);
    add_texts(state, glob_texts, rule->fields);
    add_texts(state, glob_texts, rule->include);
    add_texts(state, glob_texts, rule->exclude);
    add_number(state, rule->allow.count);
    for (uint32_t i = 0; i < rule->allow.count; i++) {
        const struct allowed_text *allowed = &rules->allowed[rule->allow.first + i];
        add_number(state, (size_t)allowed->kind);
        add_bytes(state, allowed->bytes, allowed->length);
    }
}

int digest_set(struct rule_set *rules, const char *const *pattern_texts, const char *const *glob_texts) {
    const struct rule **sorted = malloc((rules->rule_count + 1) * sizeof *sorted);
    if (sorted == NULL || sodium_init() < 0) {
        free(sorted);
        return -1;
    }
    for (size_t i = 0; i < rules->rule_count; i++) sorted[i] = &rules->rules[i];
    qsort(sorted, rules->rule_count, sizeof *sorted, by_id);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    add_text(&state, "cordon rule set 1");
    for (size_t i = 0; i < rules->rule_count; i++) add_rule(&state, rules, sorted[i], pattern_texts, glob_texts);
    const int result = add_words(&state, &rules->words);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(rules->digest, sizeof rules->digest, digest, sizeof digest);
    free(sorted);
    return result;
}
