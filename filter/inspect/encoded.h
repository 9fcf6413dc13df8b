#pragma once
/*
 * What is encoded inside a text by percent escapes (RFC 3986, 2.1) or base64 and base64url (RFC 4648, 4 and 5), padded
 * or not. Runs of at least 11 characters of base64 count when they hold text, as a whole, behind up to three
 * characters glued to their front, or between the characters + / - _; runs of 64 that hold none may be a file.
 *
 * Pure; decoded bytes go where the caller says.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/field_type.h"
#include "inspect/fields.h"
#include "inspect/marks.h"
#include "inspect/reason.h"

enum { ENCODED_RUN_MIN = 11 /* characters of base64 that can hide the shortest personal content: eight bytes */ };

struct encoded_sink {
    void *context;
    /* A place to decode up to `capacity` bytes to, or NULL when there is none. */
    uint8_t *(*room)(void *context, size_t capacity);
    /* The first `length` bytes there are a text of that type, won by taking the layer off. Any reason ends the search.
     */
    enum reason (*take)(void *context, size_t length, enum field_type type, enum layer layer);
};

/* Takes the percent escapes off the whole text, if it has any. REASON_BUDGET when there is no room. */
enum reason encoded_percent(const uint8_t *text, size_t length, const struct encoded_sink *sink);

/* Takes the base64 off each run in the text. Bytes up to, without, `readable_end` may be read, which is at or behind
   its end. With `marks` that have the text its bytes are not looked up again; NULL otherwise. REASON_BUDGET when there
   is no room. */
enum reason encoded_base64(const uint8_t *text, size_t length, const uint8_t *readable_end, const struct marks *marks,
                           const struct encoded_sink *sink);

/* Could encoded_base64() take anything out of a text of at most 63 bytes, in which these are the characters of base64,
   and these the letters and digits among them (see mask.h)? False is certain. */
bool encoded_base64_may_hold(const uint8_t *text, uint64_t characters, uint64_t plain, const uint8_t *readable_end);
