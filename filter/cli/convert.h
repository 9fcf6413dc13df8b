#pragma once
/*
 * Messages in the forms that `cordon send` and `cordon recv` know: JSON as people write it, msgpack as it travels.
 * Hostile input costs time and memory in proportion to its length, and no recursion.
 */

#include <stddef.h>
#include <stdint.h>

#include <msgpack/sbuffer.h>

#include "inspect/reason.h"
#include "record/json_writer.h"

/* Is this text one JSON value? If not, *fault is the byte position of what cannot be read. */
enum reason convert_check_json(const uint8_t *text, size_t length, size_t *fault);

/* Appends a JSON text that was checked as msgpack; numbers with a fraction, an exponent or beyond 64 bits become
   doubles. 0, or -1 when memory ran out or it holds a number beyond what msgpack can hold. */
int convert_to_msgpack(const uint8_t *text, size_t length, msgpack_sbuffer *out);

/*
 * Writes a payload, msgpack or JSON, as one JSON value. What JSON does not have is written in objects of one key:
 *
 *   {"$bin":"base64"}         binary data
 *   {"$ext":[type,"base64"]}  an extension
 *   {"$float":"nan"}          a number that is none
 *
 * Integers as map keys become texts. A payload that is neither format, is nested deeper than JSON_WRITER_DEPTH_MAX - 8,
 * or has a map key that is neither a text without NUL nor an integer, is written as {"$bin":...} as a whole.
 * 0, or -1 when memory ran out.
 */
int convert_to_json(const uint8_t *payload, size_t length, struct json_writer *json);

/* Writes bytes as {"$bin":"base64"}. 0, or -1 when memory ran out. */
int convert_bytes_to_json(const uint8_t *bytes, size_t length, struct json_writer *json);
