#pragma once
/*
 * Unwrapping: what is encoded inside a value becomes fields of its own, which are then searched like any other and
 * unwrapped in turn, within limits.unwrap_depth and limits.unwrap_bytes. A value that could still be unwrapped when a
 * limit is reached makes the message undecidable.
 *
 *   json      an object, array or string as text (RFC 8259)
 *   msgpack   a map or array in binary data or a string
 *   percent, base64   see encoded.h
 */

#include <stdint.h>

#include "inspect/fields.h"
#include "inspect/limits.h"
#include "inspect/reason.h"
#include "inspect/words.h"

/* The unwrapping of one message. */
struct unwrap {
    const struct limits *limits;
    const struct words *words;
    size_t bytes; /* decoded so far */
};

void unwrap_begin(struct unwrap *unwrap, const struct limits *limits, const struct words *words);

/* Appends what is encoded in the fields from first_field up to, without, end_field. */
enum reason unwrap_fields(struct unwrap *unwrap, struct fields *fields, uint32_t first_field, uint32_t end_field);
