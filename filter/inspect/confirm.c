#include "inspect/confirm.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

struct confirm {
    pcre2_match_data *match_data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    size_t steps; /* of this message */
    size_t bytes; /* walked over in this message */
};

/* A value under test for one rule. */
struct value {
    const uint8_t *text;
    size_t length;
};

struct confirm *confirm_create(void) {
    struct confirm *confirm = calloc(1, sizeof *confirm);
    if (confirm == NULL) return NULL;
    confirm->match_data = pcre2_match_data_create(2, NULL);
    confirm->context = pcre2_match_context_create(NULL);
    confirm->stack = pcre2_jit_stack_create(CONFIRM_STACK_BYTES, CONFIRM_STACK_BYTES, NULL);
    if (confirm->match_data == NULL || confirm->context == NULL || confirm->stack == NULL) {
        confirm_destroy(&confirm);
        return NULL;
    }
    pcre2_jit_stack_assign(confirm->context, NULL, confirm->stack);
    return confirm;
}

void confirm_destroy(struct confirm **confirm) {
    if (*confirm == NULL) return;
    pcre2_match_data_free((*confirm)->match_data);
    pcre2_match_context_free((*confirm)->context);
    pcre2_jit_stack_free((*confirm)->stack);
    free(*confirm);
    *confirm = NULL;
}

void confirm_begin(struct confirm *confirm) {
    confirm->steps = confirm->bytes = 0;
}

static bool is_in_paths(const struct rule_set *rules, struct table_range paths, const struct fields *fields,
                        uint32_t field) {
    return path_matches_any(rules->paths + paths.first, paths.count, fields, field);
}

static bool is_in_scope(const struct rule_set *rules, const struct rule *rule, const struct fields *fields,
                        uint32_t field) {
    if (rule->include.count > 0 && !is_in_paths(rules, rule->include, fields, field)) return false;
    return !is_in_paths(rules, rule->exclude, fields, field);
}

static bool is_allowed(const struct rule_set *rules, const struct rule *rule, const uint8_t *text, size_t length) {
    for (uint32_t i = 0; i < rule->allow.count; i++) {
        const struct allowed_text *allowed = &rules->allowed[rule->allow.first + i];
        if (length < allowed->length || (allowed->kind == ALLOW_EXACT && length != allowed->length)) continue;
        const uint8_t *const part = allowed->kind == ALLOW_SUFFIX ? text + length - allowed->length : text;
        if (memcmp(part, allowed->bytes, allowed->length) == 0) return true;
    }
    return false;
}

/* The length of the valid value that begins with the match text[from, to), 0 when there is none. */
static size_t valid_length(const struct rule *rule, const struct value *value, size_t from, size_t to) {
    return rule->validator != NULL ? rule->validator->check(value->text, value->length, from, to) : to - from;
}

static bool is_at_limit(int result) {
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_JIT_STACKLIMIT ||
           result == PCRE2_ERROR_DEPTHLIMIT || result == PCRE2_ERROR_HEAPLIMIT;
}

/*
 * Counts the pattern's valid matches in one value that are not allowed, up to the rule's min_count. Behind a match that
 * the validator refuses the search goes on at its second byte, so that it hides nothing that begins inside it.
 */
static enum reason count_matches(struct confirm *own, const struct rule_set *rules, const struct rule *rule,
                                 const struct pattern *pattern, const struct value *value, uint32_t *count) {
    size_t at = 0;
    while (*count < rule->min_count && at <= value->length) {
        if (++own->steps > CONFIRM_STEPS_MAX) return REASON_BUDGET;
        const int result = pcre2_match(pattern->code, value->text, value->length, at, 0, own->match_data, own->context);
        const size_t *const ends = pcre2_get_ovector_pointer(own->match_data);
        own->bytes += (result < 0 ? value->length : ends[1]) - at;
        if (own->bytes > CONFIRM_BYTES_MAX) return REASON_BUDGET;
        if (result == PCRE2_ERROR_NOMATCH) return REASON_NONE;
        if (result == PCRE2_ERROR_NOMEMORY) return REASON_MEMORY;
        if (result < 0) return is_at_limit(result) ? REASON_BUDGET : REASON_ENGINE;
        /* A validator judges what the pattern's first group matched, if it has one: the rest is context. */
        const bool has_group = rule->validator != NULL && result != 1 && ends[2] != PCRE2_UNSET;
        const size_t group = has_group ? 2 : 0;
        const size_t length = valid_length(rule, value, ends[group], ends[group + 1]);
        if (length > 0 && !is_allowed(rules, rule, value->text + ends[group], length)) ++*count;
        at = length > 0 ? ends[group] + length : ends[0] + 1;
    }
    return REASON_NONE;
}

/* A rule that wants several matches counts those of all its patterns. */
static enum reason count_rule_matches(struct confirm *own, const struct rule_set *rules, const struct rule *rule,
                                      const struct pattern *candidate, const struct value *value, uint32_t *count) {
    if (rule->min_count == 1) return count_matches(own, rules, rule, candidate, value, count);
    enum reason reason = REASON_NONE;
    const struct pattern *const patterns = rules->patterns + rule->patterns.first;
    for (uint32_t i = 0; i < rule->patterns.count && reason == REASON_NONE; i++)
        reason = count_matches(own, rules, rule, &patterns[i], value, count);
    return reason;
}

/* PCRE2 counts anew at every place where a match may begin, so that its limit is what one place may have. */
static void limit_backtracks(struct confirm *own, const struct fields *fields) {
    const size_t share = CONFIRM_BACKTRACKS_ALL / (fields->text_length + 1) + 1;
    pcre2_set_match_limit(own->context, share < CONFIRM_BACKTRACKS_MAX ? (uint32_t)share : CONFIRM_BACKTRACKS_MAX);
}

enum reason confirm_candidates(struct confirm *confirm, const struct rule_set *rules, const struct fields *fields,
                               const struct candidate *candidates, size_t candidate_count, confirm_found *found,
                               void *context) {
    limit_backtracks(confirm, fields);
    for (size_t i = 0; i < candidate_count; i++) {
        const uint32_t field = candidates[i].field;
        const struct pattern *pattern = &rules->patterns[candidates[i].pattern];
        const struct rule *rule = &rules->rules[pattern->rule];
        if (!is_in_scope(rules, rule, fields, field)) continue;
        const struct value value = {fields_text(fields, field), fields->items[field].length};
        uint32_t count = 0;
        const enum reason reason = count_rule_matches(confirm, rules, rule, pattern, &value, &count);
        if (reason != REASON_NONE) return reason;
        if (count >= rule->min_count) found(context, pattern->rule, field);
    }
    return REASON_NONE;
}

/* The length of the valid value behind the spaces that `text` begins with, and where it begins; 0 when there is none.
 */
static size_t find_held(const struct rule *rule, const struct value *value, size_t *from) {
    *from = 0;
    while (*from < value->length && (value->text[*from] == ' ' || value->text[*from] == '\t')) ++*from;
    return *from < value->length ? valid_length(rule, value, *from, value->length) : 0;
}

bool confirm_may_hold(const struct rule *rule, const uint8_t *text, size_t length) {
    const struct value value = {text, length};
    size_t from;
    return find_held(rule, &value, &from) > 0;
}

static bool holds_at_place(const struct rule_set *rules, const struct rule *rule, const struct fields *fields,
                           uint32_t index) {
    const struct field *field = &fields->items[index];
    if (!(rule->types & FIELD_BIT(field->type)) || !is_in_scope(rules, rule, fields, index)) return false;
    if (field->type == FIELD_BOOL || field_is_container(field)) return rule->validator == NULL;
    const struct value value = {fields_text(fields, index), field->length};
    size_t from;
    const size_t length = find_held(rule, &value, &from);
    return length > 0 && !is_allowed(rules, rule, value.text + from, length);
}

/* Tries the globs of one group of the index on a field. */
static enum reason try_globs(struct confirm *own, const struct rule_set *rules, const struct fields *fields,
                             uint32_t field, uint16_t word, confirm_found *found, void *context) {
    const struct path_index *index = &rules->field_paths;
    for (uint32_t i = index->first_by_word[word]; i < index->first_by_word[word + 1]; i++) {
        const uint32_t owner = index->owners[i];
        if (!(rules->rules[owner].types & FIELD_BIT(fields->items[field].type))) continue;
        if (++own->steps > CONFIRM_STEPS_MAX) return REASON_BUDGET;
        if (!path_matches(&rules->paths[index->globs[i]], fields, field)) continue;
        if (holds_at_place(rules, &rules->rules[owner], fields, field)) found(context, owner, field);
    }
    return REASON_NONE;
}

enum reason confirm_places(struct confirm *confirm, const struct rule_set *rules, const struct fields *fields,
                           uint32_t first_field, uint32_t end_field, confirm_found *found, void *context) {
    if (rules->field_paths.word_count == 0) return REASON_NONE;
    enum reason reason = REASON_NONE;
    for (uint32_t field = first_field; field < end_field && reason == REASON_NONE; field++) {
        const uint16_t word = fields->items[field].word;
        if (word != WORD_UNKNOWN) reason = try_globs(confirm, rules, fields, field, word, found, context);
        if (reason == REASON_NONE) reason = try_globs(confirm, rules, fields, field, WORD_UNKNOWN, found, context);
    }
    return reason;
}
