#pragma once
/*
 * A pull decoder over one complete buffer: msgpack (github.com/msgpack/msgpack, spec.md) or JSON (RFC 8259, strict).
 *
 * It borrows the buffer, allocates nothing, recurses never and holds one sticky error: after a failure
 * decoder_next() keeps returning false. It accepts exactly one value that fills the whole buffer. A container that
 * claims more elements than bytes are left is malformed at once, so a length bomb costs nothing.
 *
 * JSON strings must be valid UTF-8; an escaped lone surrogate, which the grammar allows, reads as U+FFFD. Duplicate
 * keys are all delivered. msgpack strings may hold any bytes, and msgpack map keys may be any value.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/limits.h"
#include "inspect/reason.h"

enum format { FORMAT_AUTO, FORMAT_MSGPACK, FORMAT_JSON };

enum token_type {
    TOKEN_NULL,
    TOKEN_BOOL,
    TOKEN_INT,   /* integer: negative ones in `integer`, others in `natural` (is_negative tells which) */
    TOKEN_FLOAT, /* msgpack: `real`; JSON: a number with fraction, exponent or beyond 64 bits, as its literal */
    TOKEN_STR,   /* `bytes`; with has_escapes set, still as written in JSON: see decoder_unescape() */
    TOKEN_BIN,   /* `bytes` */
    TOKEN_EXT,   /* `bytes`, `ext_type` */
    TOKEN_ARRAY, /* elements follow, then TOKEN_END */
    TOKEN_MAP,   /* keys (is_key set) and values in turn follow, then TOKEN_END */
    TOKEN_END    /* closes the innermost array or map */
};

struct token {
    enum token_type type;
    bool is_key;          /* stands where a map has its key */
    bool is_negative;     /* TOKEN_INT */
    bool has_escapes;     /* TOKEN_STR from JSON */
    bool truth;           /* TOKEN_BOOL */
    int8_t ext_type;      /* TOKEN_EXT */
    const uint8_t *bytes; /* borrowed from the buffer: STR, BIN, EXT; the literal of a JSON number, else NULL */
    size_t length;        /* bytes */
    union {
        int64_t integer;
        uint64_t natural;
        double real; /* msgpack only */
    };
};

struct decoder {
    enum format format;
    enum reason error; /* sticky */
    bool is_done;      /* the one value was read whole */
    const uint8_t *start, *next, *end;
    size_t depth, max_depth;
    size_t left[LIMIT_DEPTH_MAX]; /* per open container: msgpack, values still to come; JSON, what may come next */
    bool is_map[LIMIT_DEPTH_MAX];
};

/* The format that a buffer is in when FORMAT_AUTO is asked for: msgpack begins with a byte of 0x80 or more, or is one
   byte long; everything else can only be JSON. */
enum format decoder_detect(const uint8_t *bytes, size_t length);

/* Starts reading `length` bytes at `bytes`; max_depth is from 1 to LIMIT_DEPTH_MAX. */
void decoder_init(struct decoder *decoder, enum format format, const uint8_t *bytes, size_t length, size_t max_depth);

/* The next token, or false at the end of the value or on an error; decoder->error says which (REASON_NONE: the value
   was read whole and nothing follows it). */
bool decoder_next(struct decoder *decoder, struct token *token);

/* Writes a JSON string token's text with its escapes resolved, as UTF-8; returns its length, at most token->length. */
size_t decoder_unescape(const struct token *token, uint8_t *out);

/* Finds where the msgpack value at the beginning of a longer buffer ends: its length in bytes, or 0 when there is no
   whole value. For cutting files of values one after the other. */
size_t decoder_value_length(const uint8_t *bytes, size_t length, size_t max_depth);
