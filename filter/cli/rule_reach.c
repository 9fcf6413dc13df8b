#include "cli/rule_reach.h"

#include <stdbool.h>

#include "inspect/fields.h"
#include "inspect/match.h"
#include "inspect/unwrap.h"

/* One rule on its way through a sample. */
struct tracing {
    const struct rule_set *rules;
    const struct rule *rule;
    struct fields fields;
    struct marks marks;
    struct match *match;
    size_t text_count, searched_count, candidate_count;
    bool has_candidate; /* in the message at hand */
};

static bool stands_at(const struct tracing *own, struct table_range paths, uint32_t field) {
    if ((own->rule->types & FIELD_BIT(own->fields.items[field].type)) == 0) return false;
    for (uint32_t i = 0; i < paths.count; i++)
        if (path_matches(&own->rules->paths[paths.first + i], &own->fields, field)) return true;
    return false;
}

static bool is_searched(struct tracing *own, uint32_t field) {
    if (own->rule->patterns.count == 0) return stands_at(own, own->rule->fields, field);
    if (own->rule->include.count > 0) return stands_at(own, own->rule->include, field);
    const size_t length = own->fields.items[field].length;
    marks_clear(&own->marks);
    const uint8_t *const text = marks_take(&own->marks, fields_text(&own->fields, field), length);
    return (sieve_look(&own->rules->sieve, &own->marks, text, length) & SIEVE_ALL) != 0;
}

/* The scan of the long way looks beyond a rule's paths. */
static bool has_candidate(const struct tracing *own, uint32_t first) {
    size_t count;
    if (match_scan(own->match, own->rules, &own->fields, first) != REASON_NONE) return true;
    const struct candidate *const candidates = match_candidates(own->match, &count);
    for (size_t i = 0; i < count; i++)
        if (own->rule->include.count == 0 || stands_at(own, own->rule->include, candidates[i].field)) return true;
    return false;
}

static void trace_fields(struct tracing *own, uint32_t first, uint32_t end) {
    for (uint32_t field = first; field < end; field++) {
        if (own->fields.items[field].length == 0) continue;
        const bool is_reached = is_searched(own, field);
        own->text_count++;
        own->searched_count += is_reached;
        own->has_candidate = own->has_candidate || (is_reached && own->rule->patterns.count == 0);
    }
    own->has_candidate = own->has_candidate || has_candidate(own, first);
}

/* Every layer of a message, as inspect() does without a finding to make. */
static void trace_message(struct tracing *own, const struct sample_message *message, const struct limits *limits) {
    struct decoder decoder;
    struct unwrap unwrap;
    fields_clear(&own->fields);
    own->has_candidate = false;
    unwrap_begin(&unwrap, limits, &own->rules->words);
    decoder_init(&decoder, message->format, message->bytes, message->length, limits->depth);
    enum reason reason = fields_gather(&own->fields, &own->rules->words, &decoder, FIELD_NONE, LAYER_PLAIN);
    uint32_t first = 0;
    while (reason == REASON_NONE && first < own->fields.count) {
        const uint32_t end = (uint32_t)own->fields.count;
        trace_fields(own, first, end);
        reason = unwrap_fields(&unwrap, &own->fields, first, end);
        first = end;
    }
    own->candidate_count += own->has_candidate;
}

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

int rule_reach_find(struct rule_reach *reach, const struct rule_set *rules, const struct cost_sample *sample) {
    const struct limits limits = LIMITS_DEFAULT;
    struct tracing own = {.rules = rules, .rule = rules->rules, .match = match_create(rules)};
    const bool has_fields = fields_init(&own.fields, &limits) == 0;
    const bool has_marks = marks_init(&own.marks, &rules->sieve.classes, own.fields.text_capacity) == 0;
    const bool is_ready = has_fields && has_marks && own.match != NULL;
    for (size_t i = 0; i < sample->count && is_ready; i++) trace_message(&own, &sample->messages[i], &limits);
    *reach = (struct rule_reach){.searched = share(own.searched_count, own.text_count),
                                 .candidates = share(own.candidate_count, sample->count)};
    match_destroy(&own.match);
    fields_reset(&own.fields);
    marks_reset(&own.marks);
    return is_ready ? 0 : -1;
}
