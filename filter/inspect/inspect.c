#include "inspect/inspect.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/confirm.h"
#include "inspect/fields.h"
#include "inspect/match.h"
#include "inspect/proof.h"
#include "inspect/unwrap.h"
#include "inspect/utf8.h"

struct inspector {
    const struct rule_set *rules;
    struct limits limits;
    struct fields fields;
    struct match *match;
    struct confirm *confirm;
    struct unwrap unwrap;
    struct proof *proof; /* NULL: none is tried */
    bool is_proven;      /* the last message was, and nothing found in it */
    uint32_t *found_in;  /* by rule: the field it was found in last, FIELD_NONE when not found in this message */
    struct inspection *out;
};

struct inspector *inspector_create(const struct rule_set *rules, const struct limits *limits) {
    assert(limits->unwrap_depth <= LIMIT_UNWRAP_DEPTH_MAX);
    struct inspector *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->rules = rules;
    own->limits = *limits;
    own->match = match_create(rules);
    own->confirm = confirm_create();
    own->found_in = malloc((rules->rule_count + 1) * sizeof *own->found_in);
    if (own->found_in != NULL) memset(own->found_in, 0xff, rules->rule_count * sizeof *own->found_in);
    const bool has_fields = fields_init(&own->fields, limits) == 0;
    if (has_fields && own->match != NULL) own->proof = proof_create(rules, limits, own->match);
    if (own->match == NULL || own->confirm == NULL || own->found_in == NULL || !has_fields || own->proof == NULL)
        inspector_destroy(&own);
    return own;
}

void inspector_destroy(struct inspector **inspector) {
    if (*inspector == NULL) return;
    proof_destroy(&(*inspector)->proof);
    match_destroy(&(*inspector)->match);
    confirm_destroy(&(*inspector)->confirm);
    fields_reset(&(*inspector)->fields);
    free((*inspector)->found_in);
    free(*inspector);
    *inspector = NULL;
}

void inspector_forgo_proofs(struct inspector *inspector) {
    proof_destroy(&inspector->proof);
}

void inspector_forgo_memos(struct inspector *inspector) {
    proof_forgo_memos(inspector->proof);
}

static void note_finding(void *context, uint32_t rule, uint32_t field) {
    struct inspector *own = context;
    struct inspection *out = own->out;
    if (own->found_in[rule] == field) return;
    own->found_in[rule] = field;
    out->classes |= UINT64_C(1) << own->rules->rules[rule].class_index;
    if (out->kept_count < FINDINGS_KEPT)
        out->findings[out->kept_count++] = (struct finding){rule, field, own->fields.items[field].length};
    out->finding_count++;
}

static enum reason gather_payload(struct inspector *own, const struct frame *frame, enum format format) {
    struct decoder decoder;
    decoder_init(&decoder, format, frame->bytes, frame->length, own->limits.depth);
    return fields_gather(&own->fields, &own->rules->words, &decoder, FIELD_NONE, LAYER_PLAIN);
}

/* A frame before the payload, such as a topic, is a value by itself; unwrapping finds what it may hold. */
static enum reason gather_envelope(struct inspector *own, const struct frame *frame) {
    if (frame->length == 0) return REASON_NONE;
    uint8_t *text = fields_begin_text(&own->fields, frame->length);
    if (text == NULL) return REASON_BUDGET;
    memcpy(text, frame->bytes, frame->length);
    const enum field_type type = utf8_is_text(frame->bytes, frame->length) ? FIELD_STR : FIELD_BIN;
    fields_end_text(&own->fields, frame->length, type, FIELD_NONE, LAYER_PLAIN);
    return REASON_NONE;
}

static enum reason gather_frames(struct inspector *own, const struct frame *frames, size_t frame_count,
                                 enum format format) {
    enum reason reason = REASON_NONE;
    for (size_t i = 0; i + 1 < frame_count && reason == REASON_NONE; i++) reason = gather_envelope(own, &frames[i]);
    return reason != REASON_NONE ? reason : gather_payload(own, &frames[frame_count - 1], format);
}

/* Searches the fields from `first` up to, without, `end`, and appends what is encoded in them. */
static enum reason search_fields(struct inspector *own, uint32_t first, uint32_t end) {
    enum reason reason = match_scan(own->match, own->rules, &own->fields, first);
    if (reason != REASON_NONE) return reason;
    size_t count;
    const struct candidate *candidates = match_candidates(own->match, &count);
    reason = confirm_candidates(own->confirm, own->rules, &own->fields, candidates, count, note_finding, own);
    if (reason != REASON_NONE) return reason;
    reason = confirm_places(own->confirm, own->rules, &own->fields, first, end, note_finding, own);
    if (reason != REASON_NONE) return reason;
    return unwrap_fields(&own->unwrap, &own->fields, first, end);
}

static enum reason check_frames(struct inspector *own, const struct frame *frames, size_t frame_count) {
    for (size_t i = 0; i < frame_count; i++) own->out->bytes += frames[i].length;
    if (frame_count > LIMIT_FRAMES || own->out->bytes > own->limits.message_bytes) return REASON_TOO_LARGE;
    return frame_count == 0 ? REASON_MALFORMED : REASON_NONE;
}

/* Takes every field down and searches it, and what is encoded in it, layer by layer. */
static enum reason search_message(struct inspector *own, const struct frame *frames, size_t frame_count,
                                  enum format format) {
    fields_clear(&own->fields);
    confirm_begin(own->confirm);
    unwrap_begin(&own->unwrap, &own->limits, &own->rules->words);
    enum reason reason = gather_frames(own, frames, frame_count, format);
    uint32_t first = 0;
    while (reason == REASON_NONE && first < own->fields.count) {
        const uint32_t end = (uint32_t)own->fields.count;
        reason = search_fields(own, first, end);
        first = end;
    }
    return reason;
}

enum reason inspect(struct inspector *inspector, const struct frame *frames, size_t frame_count, enum format format,
                    struct inspection *out) {
    inspector->out = out;
    out->classes = 0;
    out->bytes = out->finding_count = out->kept_count = 0;
    out->reason = check_frames(inspector, frames, frame_count);
    inspector->is_proven = out->reason == REASON_NONE && inspector->proof != NULL &&
                           proof_holds(inspector->proof, frames, frame_count, format);
    if (inspector->is_proven) return REASON_NONE;
    memset(inspector->found_in, 0xff, inspector->rules->rule_count * sizeof *inspector->found_in);
    if (out->reason == REASON_NONE) out->reason = search_message(inspector, frames, frame_count, format);
    return out->reason;
}

bool inspector_found_rule(const struct inspector *inspector, size_t rule) {
    return !inspector->is_proven && inspector->found_in[rule] != FIELD_NONE;
}

size_t inspector_path(const struct inspector *inspector, const struct finding *finding, char *out, size_t capacity) {
    return path_write(&inspector->rules->words, &inspector->fields, finding->field, out, capacity);
}

size_t inspector_layers(const struct inspector *inspector, const struct finding *finding,
                        const char *names[FINDING_LAYERS]) {
    const struct field *items = inspector->fields.items;
    const size_t count = items[finding->field].depth;
    size_t left = count;
    for (uint32_t at = finding->field; at != FIELD_NONE && left > 0; at = items[at].parent) {
        const enum layer layer = items[at].layer;
        if (layer != LAYER_PLAIN && layer != LAYER_DECIMAL) names[--left] = layer_name(layer);
    }
    return count;
}
