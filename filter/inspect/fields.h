#pragma once
/*
 * The fields of one message: every leaf, key and container in document order, with all their text gathered in one
 * buffer so that it can be scanned in one go. Each text is followed by a line feed that belongs to no field.
 *
 * Numbers stand as decimal text. A number that JSON wrote with an exponent (4.1e3), or with a fraction that ends in 0
 * (41.0), stands as written, and once more in plain digits as a field decoded from it (LAYER_DECIMAL).
 *
 * Owned by one lane; fields_init() allocates everything, gathering never does.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/field_type.h"
#include "inspect/words.h"

enum layer { LAYER_PLAIN, LAYER_DECIMAL, LAYER_JSON, LAYER_MSGPACK, LAYER_BASE64, LAYER_PERCENT, LAYER_COUNT };

#define FIELD_NONE UINT32_MAX

struct field {
    uint32_t text;   /* where its text begins in fields.text; containers have none */
    uint32_t length; /* bytes of text */
    uint32_t parent; /* its container, or the value that it was decoded from, or FIELD_NONE */
    uint32_t key;    /* in a map: the field of its key; in an array: its position; FIELD_NONE elsewhere */
    uint16_t word;   /* the nearest key's word, its own included; array elements have their array's */
    uint8_t type;    /* enum field_type */
    uint8_t layer;   /* enum layer: how it was won from parent; LAYER_PLAIN when parent is its container */
    uint8_t depth;   /* layers between it and the message; decimal text counts as none */
};

struct fields {
    struct field *items;
    size_t count, capacity;
    uint8_t *text;
    size_t text_length, text_capacity;
};

/* How many fields of one message there is room for. */
size_t fields_capacity(const struct limits *limits);

/* Room for messages of that size. 0, or -1 when out of memory. */
int fields_init(struct fields *fields, const struct limits *limits);
void fields_reset(struct fields *fields);

/* Forgets the last message. */
void fields_clear(struct fields *fields);

/*
 * Appends the fields of one encoded value. `parent` is the field that holds it encoded, with the layer that was
 * taken off, or FIELD_NONE and LAYER_PLAIN for a message itself. On any reason but REASON_NONE the fields are as
 * before.
 */
enum reason fields_gather(struct fields *fields, const struct words *words, struct decoder *decoder, uint32_t parent,
                          enum layer layer);

/* Appends one text as a field of its own, decoded from `parent` or (FIELD_NONE) standing by itself. Returns a place to
   write up to `capacity` bytes to, for fields_end_text() to close, or NULL when there is no room. */
uint8_t *fields_begin_text(struct fields *fields, size_t capacity);
void fields_end_text(struct fields *fields, size_t length, enum field_type type, uint32_t parent, enum layer layer);

/* The name used in records ("plain", "base64", ...). */
const char *layer_name(enum layer layer);

static inline const uint8_t *fields_text(const struct fields *fields, uint32_t field) {
    return fields->text + fields->items[field].text;
}

static inline bool field_is_container(const struct field *field) {
    return field->type == FIELD_MAP || field->type == FIELD_ARRAY;
}
