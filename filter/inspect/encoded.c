#include "inspect/encoded.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "inspect/base64.h"
#include "inspect/chunk.h"
#include "inspect/utf8.h"

enum {
    BINARY_RUN_MIN = 64, /* from here on what is no text may be a file */
    SHIFTS = 4           /* a run may begin with up to three characters that do not belong to it */
};

static_assert(ENCODED_RUN_MIN == 11, "chunk_runs_of_11() finds them");

static int hex_value(uint8_t byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_percent_escape(const uint8_t *bytes, const uint8_t *end) {
    return end - bytes >= 3 && *bytes == '%' && hex_value(bytes[1]) >= 0 && hex_value(bytes[2]) >= 0;
}

static bool has_percent_escape(const uint8_t *text, const uint8_t *end) {
    const uint8_t *at = memchr(text, '%', (size_t)(end - text));
    while (at != NULL && !is_percent_escape(at, end)) at = memchr(at + 1, '%', (size_t)(end - at - 1));
    return at != NULL;
}

enum reason encoded_percent(const uint8_t *text, size_t length, const struct encoded_sink *sink) {
    const uint8_t *const end = text + length;
    if (!has_percent_escape(text, end)) return REASON_NONE;
    uint8_t *const out = sink->room(sink->context, length);
    if (out == NULL) return REASON_BUDGET;
    size_t written = 0;
    while (text < end) {
        if (is_percent_escape(text, end)) {
            out[written++] = (uint8_t)(hex_value(text[1]) << 4 | hex_value(text[2]));
            text += 3;
        } else {
            out[written++] = *text++;
        }
    }
    return sink->take(sink->context, written, FIELD_STR, LAYER_PERCENT);
}

/* Tries a run as text, perhaps behind a few characters glued to its front. */
static enum reason take_text(const uint8_t *run, size_t run_length, const struct encoded_sink *sink, bool *is_taken) {
    for (size_t shift = 0; shift < SHIFTS && run_length - shift >= ENCODED_RUN_MIN; shift++) {
        if (!base64_may_be_text(run + shift, run_length - shift)) continue;
        uint8_t *const out = sink->room(sink->context, run_length);
        if (out == NULL) return REASON_BUDGET;
        const size_t length = base64_decode(run + shift, run_length - shift, out);
        if (!utf8_is_text(out, length)) continue;
        *is_taken = true;
        return sink->take(sink->context, length, FIELD_STR, LAYER_BASE64);
    }
    return REASON_NONE;
}

/* A run that holds no text, as a whole or in pieces, may be a file when it is long. */
static enum reason take_binary(const uint8_t *run, size_t run_length, const struct encoded_sink *sink) {
    if (run_length < BINARY_RUN_MIN) return REASON_NONE;
    uint8_t *const out = sink->room(sink->context, run_length);
    if (out == NULL) return REASON_BUDGET;
    return sink->take(sink->context, base64_decode(run, run_length, out), FIELD_BIN, LAYER_BASE64);
}

/* What looks like one run may be words of a path or name, joined by characters that belong to an alphabet too. */
static bool is_joint(uint8_t byte) {
    return byte == '-' || byte == '_' || byte == '/' || byte == '+';
}

static enum reason take_pieces(const uint8_t *run, size_t run_length, const struct encoded_sink *sink) {
    enum reason reason = REASON_NONE;
    size_t piece = 0;
    for (size_t at = 0; at <= run_length && reason == REASON_NONE; at++) {
        if (at < run_length && !is_joint(run[at])) continue;
        const size_t length = at - piece;
        bool is_taken;
        if (length >= ENCODED_RUN_MIN && length < run_length) reason = take_text(run + piece, length, sink, &is_taken);
        piece = at + 1;
    }
    return reason;
}

static enum reason take_run(const uint8_t *run, size_t run_length, const struct encoded_sink *sink) {
    bool is_taken = false;
    enum reason reason = take_text(run, run_length, sink, &is_taken);
    if (reason != REASON_NONE || is_taken) return reason;
    reason = take_pieces(run, run_length, sink);
    return reason != REASON_NONE ? reason : take_binary(run, run_length, sink);
}

static enum reason take_long(const uint8_t *text, size_t length, const struct encoded_sink *sink) {
    enum reason reason = REASON_NONE;
    for (size_t at = 0; reason == REASON_NONE && at < length && length - at >= ENCODED_RUN_MIN;) {
        const size_t run_length = base64_run_length(text + at, length - at);
        if (run_length >= ENCODED_RUN_MIN) reason = take_run(text + at, run_length, sink);
        at += run_length + 1;
    }
    return reason;
}

/* The same with masks: `characters` of the alphabets, those of them that are no joints in `plain`. */
static enum reason take_short_run(const uint8_t *text, unsigned from, unsigned run_length, uint64_t plain,
                                  const struct encoded_sink *sink) {
    bool is_taken = false;
    enum reason reason = take_text(text + from, run_length, sink, &is_taken);
    if (reason != REASON_NONE || is_taken) return reason;
    uint64_t pieces = plain & (chunk_bits(run_length) << from);
    if (chunk_run_length(pieces, from) < run_length) {
        for (uint64_t starts; reason == REASON_NONE && (starts = chunk_runs_of_11(pieces)) != 0;) {
            const unsigned piece = (unsigned)__builtin_ctzll(starts), length = chunk_run_length(pieces, piece);
            reason = take_text(text + piece, length, sink, &is_taken);
            pieces &= ~(chunk_bits(length) << piece);
        }
    }
    return reason != REASON_NONE ? reason : take_binary(text + from, run_length, sink);
}

enum reason encoded_base64_in_chunk(const struct chunk *chunk, const uint8_t *text, const struct encoded_sink *sink) {
    static const struct byte_class joints = {{[0xb] = 1 << 2, [0xd] = 1 << 2, [0xf] = 1 << 2 | 1 << 5}};
    uint64_t characters = chunk_mask(chunk, &base64_bytes);
    const uint64_t plain = characters & ~chunk_mask(chunk, &joints);
    enum reason reason = REASON_NONE;
    for (uint64_t starts; reason == REASON_NONE && (starts = chunk_runs_of_11(characters)) != 0;) {
        const unsigned from = (unsigned)__builtin_ctzll(starts), run_length = chunk_run_length(characters, from);
        reason = take_short_run(text, from, run_length, plain, sink);
        characters &= ~(chunk_bits(run_length) << from);
    }
    return reason;
}

enum reason encoded_base64(const uint8_t *text, size_t length, const uint8_t *readable_end,
                           const struct encoded_sink *sink) {
    if (length < ENCODED_RUN_MIN) return REASON_NONE;
    if (length > CHUNK) return take_long(text, length, sink);
    struct chunk chunk;
    chunk_take(&chunk, text, length, readable_end);
    return encoded_base64_in_chunk(&chunk, text, sink);
}
