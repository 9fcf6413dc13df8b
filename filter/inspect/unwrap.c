#include "inspect/unwrap.h"

#include <string.h>

#include "inspect/base64.h"
#include "inspect/utf8.h"

enum {
    BASE64_RUN_MIN = 11,        /* characters that can hide the shortest personal content: eight bytes */
    BASE64_BINARY_RUN_MIN = 64, /* from here on what is no text may be a file */
    BASE64_SHIFTS = 4           /* a run may begin with up to three characters that do not belong to it */
};

/* An unwrapper appends what one field holds in its encoding, or nothing. */
typedef enum reason unwrapper(struct unwrap *own, struct fields *fields, uint32_t field);

/* Something could be unwrapped here: may it still be? */
static enum reason may_unwrap(const struct unwrap *own, const struct fields *fields, uint32_t field) {
    return fields->items[field].depth < own->limits->unwrap_depth ? REASON_NONE : REASON_BUDGET;
}

static enum reason spend(struct unwrap *own, size_t bytes) {
    own->bytes += bytes;
    return own->bytes <= own->limits->unwrap_bytes ? REASON_NONE : REASON_BUDGET;
}

/* Gathers the fields of an encoded value; text that is no such value after all is nothing to unwrap. */
static enum reason gather(struct unwrap *own, struct fields *fields, uint32_t field, enum format format,
                          enum layer layer) {
    const size_t text_before = fields->text_length;
    struct decoder decoder;
    decoder_init(&decoder, format, fields_text(fields, field), fields->items[field].length, own->limits->depth);
    const enum reason reason = fields_gather(fields, own->words, &decoder, field, layer);
    if (reason == REASON_MALFORMED || reason == REASON_TRAILING_BYTES) return REASON_NONE;
    if (reason != REASON_NONE) return reason;
    const enum reason depth = may_unwrap(own, fields, field);
    return depth != REASON_NONE ? depth : spend(own, fields->text_length - text_before);
}

static enum reason unwrap_json(struct unwrap *own, struct fields *fields, uint32_t field) {
    const uint8_t *text = fields_text(fields, field);
    const uint8_t *const end = text + fields->items[field].length;
    while (text < end && (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t')) text++;
    if (end - text < 2 || (*text != '{' && *text != '[' && *text != '"')) return REASON_NONE;
    return gather(own, fields, field, FORMAT_JSON, LAYER_JSON);
}

static enum reason unwrap_msgpack(struct unwrap *own, struct fields *fields, uint32_t field) {
    const uint8_t head = *fields_text(fields, field);
    const bool is_container = (head >= 0x80 && head < 0xa0) || (head >= 0xdc && head <= 0xdf);
    if (!is_container || fields->items[field].length < 2) return REASON_NONE;
    return gather(own, fields, field, FORMAT_MSGPACK, LAYER_MSGPACK);
}

static int hex_value(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_percent_escape(const uint8_t *bytes, const uint8_t *end) {
    return end - bytes >= 3 && *bytes == '%' && hex_value(bytes[1]) >= 0 && hex_value(bytes[2]) >= 0;
}

static enum reason unwrap_percent(struct unwrap *own, struct fields *fields, uint32_t field) {
    const uint8_t *next = fields_text(fields, field);
    const uint8_t *const end = next + fields->items[field].length;
    const uint8_t *escape = memchr(next, '%', (size_t)(end - next));
    while (escape != NULL && !is_percent_escape(escape, end))
        escape = memchr(escape + 1, '%', (size_t)(end - escape - 1));
    if (escape == NULL) return REASON_NONE;
    enum reason reason = may_unwrap(own, fields, field);
    uint8_t *const out = fields_begin_text(fields, (size_t)(end - next));
    if (reason != REASON_NONE || out == NULL) return REASON_BUDGET;
    size_t length = 0;
    while (next < end) {
        if (is_percent_escape(next, end)) {
            out[length++] = (uint8_t)(hex_value(next[1]) << 4 | hex_value(next[2]));
            next += 3;
        } else {
            out[length++] = *next++;
        }
    }
    fields_end_text(fields, length, FIELD_STR, field, LAYER_PERCENT);
    return spend(own, length);
}

/* Appends what a run holds when that is text, perhaps behind a few characters glued to its front. */
static enum reason unwrap_base64_text(struct unwrap *own, struct fields *fields, uint32_t field, size_t from,
                                      size_t run_length) {
    const uint8_t *const run = fields_text(fields, field) + from;
    uint8_t *const out = fields_begin_text(fields, run_length);
    if (out == NULL) return REASON_BUDGET;
    for (size_t shift = 0; shift < BASE64_SHIFTS && run_length - shift >= BASE64_RUN_MIN; shift++) {
        const size_t length = base64_decode(run + shift, run_length - shift, out);
        if (!utf8_is_text(out, length)) continue;
        if (may_unwrap(own, fields, field) != REASON_NONE) return REASON_BUDGET;
        fields_end_text(fields, length, FIELD_STR, field, LAYER_BASE64);
        return spend(own, length);
    }
    return REASON_NONE;
}

/* What looks like one run may be words of a path or name, joined by characters that belong to an alphabet too. */
static enum reason unwrap_base64_pieces(struct unwrap *own, struct fields *fields, uint32_t field, size_t from,
                                        size_t run_length) {
    const uint8_t *const run = fields_text(fields, field) + from;
    enum reason reason = REASON_NONE;
    size_t piece = 0;
    for (size_t at = 0; at <= run_length && reason == REASON_NONE; at++) {
        if (at < run_length && !strchr("+/-_", run[at])) continue;
        const size_t length = at - piece;
        if (length >= BASE64_RUN_MIN && length < run_length)
            reason = unwrap_base64_text(own, fields, field, from + piece, length);
        piece = at + 1;
    }
    return reason;
}

/* A run that holds no text, as a whole or in pieces, may be a file when it is long. */
static enum reason unwrap_base64_run(struct unwrap *own, struct fields *fields, uint32_t field, size_t from,
                                     size_t run_length) {
    const size_t count_before = fields->count;
    enum reason reason = unwrap_base64_text(own, fields, field, from, run_length);
    if (reason != REASON_NONE || fields->count > count_before) return reason;
    reason = unwrap_base64_pieces(own, fields, field, from, run_length);
    if (reason != REASON_NONE || run_length < BASE64_BINARY_RUN_MIN) return reason;
    uint8_t *const out = fields_begin_text(fields, run_length);
    if (out == NULL || may_unwrap(own, fields, field) != REASON_NONE) return REASON_BUDGET;
    const size_t length = base64_decode(fields_text(fields, field) + from, run_length, out);
    fields_end_text(fields, length, FIELD_BIN, field, LAYER_BASE64);
    return spend(own, length);
}

static enum reason unwrap_base64(struct unwrap *own, struct fields *fields, uint32_t field) {
    const size_t length = fields->items[field].length;
    enum reason reason = REASON_NONE;
    size_t at = 0;
    while (reason == REASON_NONE && length - at >= BASE64_RUN_MIN) {
        const uint8_t *const text = fields_text(fields, field) + at;
        const size_t run_length = base64_run_length(text, length - at);
        if (run_length >= BASE64_RUN_MIN) reason = unwrap_base64_run(own, fields, field, at, run_length);
        at += run_length + 1;
        if (at > length) break;
    }
    return reason;
}

/* In this order. Bytes may be msgpack by accident, and hold something else in truth; JSON is JSON. */
static unwrapper *const unwrappers[] = {unwrap_msgpack, unwrap_percent, unwrap_base64};

static enum reason unwrap_field(struct unwrap *own, struct fields *fields, uint32_t field) {
    const size_t count_before = fields->count;
    enum reason reason = unwrap_json(own, fields, field);
    if (fields->count > count_before) return reason; /* its parts are fields now, and hold all that it holds */
    for (size_t i = 0; i < sizeof unwrappers / sizeof *unwrappers && reason == REASON_NONE; i++)
        reason = unwrappers[i](own, fields, field);
    return reason;
}

static bool can_hold_encoded(const struct field *field) {
    const unsigned types = FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_BIN) | FIELD_BIT(FIELD_EXT) | FIELD_BIT(FIELD_KEY);
    return (types & FIELD_BIT(field->type)) != 0 && field->length > 0;
}

void unwrap_begin(struct unwrap *unwrap, const struct limits *limits, const struct words *words) {
    *unwrap = (struct unwrap){.limits = limits, .words = words};
}

enum reason unwrap_fields(struct unwrap *unwrap, struct fields *fields, uint32_t first_field, uint32_t end_field) {
    enum reason reason = REASON_NONE;
    for (uint32_t field = first_field; field < end_field && reason == REASON_NONE; field++)
        if (can_hold_encoded(&fields->items[field])) reason = unwrap_field(unwrap, fields, field);
    return reason;
}
