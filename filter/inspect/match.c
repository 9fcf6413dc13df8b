#include "inspect/match.h"

#include <hs/hs_runtime.h>
#include <stdio.h>
#include <stdlib.h>

struct match {
    hs_scratch_t *scratch;
    uint64_t *seen;         /* by pattern: the field it was last proposed for, see stamp() */
    uint64_t fields_before; /* fields of all messages before, so that stamps never repeat */
    size_t candidate_count;
    struct candidate candidates[CANDIDATES_MAX];
};

/* What the engine's callback needs during one scan. */
struct scan {
    struct match *match;
    const struct rule_set *rules;
    const struct fields *fields;
    uint32_t base;  /* where the scanned text begins in fields.text */
    uint32_t field; /* the field of the last match: the next one is seldom far */
};

struct match *match_create(const struct rule_set *rules) {
    struct match *match = calloc(1, sizeof *match);
    if (match == NULL) return NULL;
    match->fields_before = 1;
    match->seen = calloc(rules->pattern_count + 1, sizeof *match->seen);
    bool has_scratch = true;
    for (size_t i = 0; i < SIEVE_GROUPS; i++)
        if (rules->databases[i] != NULL && hs_alloc_scratch(rules->databases[i], &match->scratch) != HS_SUCCESS)
            has_scratch = false;
    if (match->seen == NULL || !has_scratch) match_destroy(&match);
    return match;
}

void match_destroy(struct match **match) {
    if (*match == NULL) return;
    if ((*match)->scratch != NULL) hs_free_scratch((*match)->scratch);
    free((*match)->seen);
    free(*match);
    *match = NULL;
}

static bool ends_in(const struct field *field, uint32_t end) {
    return field->text < end && end <= field->text + field->length;
}

/* The field whose text holds a match that ends at `end`, or FIELD_NONE when it ends in a line feed between fields. */
static uint32_t find_field(const struct scan *scan, uint32_t end) {
    const struct field *items = scan->fields->items;
    if (ends_in(&items[scan->field], end)) return scan->field;
    uint32_t low = 0, high = (uint32_t)scan->fields->count;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (items[middle].text < end)
            low = middle;
        else
            high = middle;
    }
    return ends_in(&items[low], end) ? low : FIELD_NONE;
}

/* Where a rule does not look, its patterns propose nothing: a long list of what matches there costs no candidates. */
static bool may_apply(const struct scan *scan, const struct rule *rule, uint32_t field) {
    if (!(rule->types & FIELD_BIT(scan->fields->items[field].type))) return false;
    const struct path_glob *const globs = scan->rules->paths + rule->include.first;
    return rule->include.count == 0 || path_matches_any(globs, rule->include.count, scan->fields, field);
}

static int propose(unsigned pattern, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)flags;
    struct scan *scan = context;
    struct match *match = scan->match;
    const uint32_t field = find_field(scan, scan->base + (uint32_t)to);
    if (field == FIELD_NONE) return 0;
    scan->field = field;
    const uint64_t stamp = match->fields_before + field;
    if (match->seen[pattern] == stamp) return 0;
    match->seen[pattern] = stamp;
    const struct rule *rule = &scan->rules->rules[scan->rules->patterns[pattern].rule];
    if (!may_apply(scan, rule, field)) return 0;
    if (match->candidate_count == CANDIDATES_MAX) return 1;
    match->candidates[match->candidate_count++] = (struct candidate){.pattern = pattern, .field = field};
    return 0;
}

static enum reason scan_group(struct scan *scan, enum sieve_group group, uint32_t length) {
    if (scan->rules->databases[group] == NULL) return REASON_NONE;
    const char *const text = (const char *)scan->fields->text + scan->base;
    const hs_error_t result =
        hs_scan(scan->rules->databases[group], text, length, 0, scan->match->scratch, propose, scan);
    if (result == HS_SUCCESS) return REASON_NONE;
    return result == HS_SCAN_TERMINATED ? REASON_BUDGET : REASON_ENGINE;
}

enum reason match_scan(struct match *match, const struct rule_set *rules, const struct fields *fields,
                       uint32_t first_field) {
    match->candidate_count = 0;
    if (first_field == fields->count) return REASON_NONE;
    struct scan scan = {.match = match, .rules = rules, .fields = fields, .field = first_field};
    scan.base = fields->items[first_field].text;
    const uint32_t length = (uint32_t)(fields->text_length - scan.base);
    enum reason reason = REASON_NONE;
    for (unsigned group = 0; group < SIEVE_GROUPS && length > 0 && reason == REASON_NONE; group++)
        reason = scan_group(&scan, (enum sieve_group)group, length);
    match->fields_before += fields->count;
    return reason;
}

static int end_scan(unsigned pattern, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)pattern;
    (void)from;
    (void)to;
    (void)flags;
    (void)context;
    return 1;
}

bool match_finds_nothing(struct match *match, const struct rule_set *rules, enum sieve_group group, const uint8_t *text,
                         size_t length) {
    if (rules->databases[group] == NULL) return true;
    return hs_scan(rules->databases[group], (const char *)text, (unsigned)length, 0, match->scratch, end_scan, NULL) ==
           HS_SUCCESS;
}

const struct candidate *match_candidates(const struct match *match, size_t *count) {
    *count = match->candidate_count;
    return match->candidates;
}

const char *match_engine_version(void) {
    return hs_version();
}

void match_engine_platform(const struct rule_set *rules, char *out, size_t capacity) {
    char *info = NULL;
    for (size_t i = 0; i < SIEVE_GROUPS && info == NULL; i++)
        if (rules->databases[i] != NULL && hs_database_info(rules->databases[i], &info) != HS_SUCCESS) info = NULL;
    snprintf(out, capacity, "%s", info != NULL ? info : "");
    free(info);
}
