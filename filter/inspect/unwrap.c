#include "inspect/unwrap.h"

#include "inspect/encoded.h"

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

/* Where decoded bytes become fields. */
struct field_sink {
    struct unwrap *own;
    struct fields *fields;
    uint32_t field; /* that they are decoded from */
};

static uint8_t *make_room(void *context, size_t capacity) {
    const struct field_sink *sink = context;
    return fields_begin_text(sink->fields, capacity);
}

static enum reason append_decoded(void *context, size_t length, enum field_type type, enum layer layer) {
    const struct field_sink *sink = context;
    const enum reason depth = may_unwrap(sink->own, sink->fields, sink->field);
    if (depth != REASON_NONE) return depth;
    fields_end_text(sink->fields, length, type, sink->field, layer);
    return spend(sink->own, length);
}

static enum reason unwrap_percent(struct unwrap *own, struct fields *fields, uint32_t field) {
    struct field_sink context = {own, fields, field};
    const struct encoded_sink sink = {&context, make_room, append_decoded};
    return encoded_percent(fields_text(fields, field), fields->items[field].length, &sink);
}

static enum reason unwrap_base64(struct unwrap *own, struct fields *fields, uint32_t field) {
    struct field_sink context = {own, fields, field};
    const struct encoded_sink sink = {&context, make_room, append_decoded};
    return encoded_base64(fields_text(fields, field), fields->items[field].length, fields->text + fields->text_capacity,
                          NULL, &sink);
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
