#pragma once
/* The fields of a message written down in a test. */

#include <string.h>

#include "inspect/fields.h"
#include "test.h"

static inline enum reason gather_bytes(struct fields *fields, const struct words *words, enum format format,
                                       const void *bytes, size_t length) {
    struct decoder decoder;
    decoder_init(&decoder, format, bytes, length, 64);
    return fields_gather(fields, words, &decoder, FIELD_NONE, LAYER_PLAIN);
}

/* Gathers a JSON text that has no fault. */
static inline void gather_json(struct fields *fields, const struct words *words, const char *json) {
    assert_int_equal(gather_bytes(fields, words, FORMAT_JSON, json, strlen(json)), REASON_NONE);
}

/* Appends one text that stands by itself; returns its field. */
static inline uint32_t add_text(struct fields *fields, const void *text, size_t length) {
    uint8_t *out = fields_begin_text(fields, length);
    assert_non_null(out);
    if (length > 0) memcpy(out, text, length);
    fields_end_text(fields, length, FIELD_STR, FIELD_NONE, LAYER_PLAIN);
    return (uint32_t)(fields->count - 1);
}

static inline int is_text_of(const struct fields *fields, uint32_t field, const char *text) {
    const size_t length = strlen(text);
    return fields->items[field].length == length && memcmp(fields_text(fields, field), text, length) == 0;
}

/* The first field with that text. */
static inline uint32_t field_of_text(const struct fields *fields, const char *text) {
    for (uint32_t field = 0; field < fields->count; field++)
        if (is_text_of(fields, field, text)) return field;
    fail_msg("no field says \"%s\"", text);
    return FIELD_NONE;
}
