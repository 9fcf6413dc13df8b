#include "inspect/encoded.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "inspect/base64.h"
#include "inspect/base64_text.h"
#include "inspect/marks.h"
#include "inspect/mask.h"
#include "inspect/utf8.h"

enum {
    BINARY_RUN_MIN = 64, /* from here on what is no text may be a file */
    LOOK = MARKS_WINDOW  /* characters that are looked at together */
};

static_assert(ENCODED_RUN_MIN == 11, "mask_runs_of_11() finds them");

/* A text in which runs are looked for. */
struct text {
    const uint8_t *bytes;
    size_t length;
    const uint8_t *readable_end;
    const struct marks *marks; /* that have it, or NULL */
};

/* What a run is made of. */
enum stretch { STRETCH_BASE64, STRETCH_PLAIN /* no joints: see base64_plain_bytes */ };

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

/* Bit s is set when what begins with the run's character s is long enough, and may be text: up to three may be glued to
   its front. */
static unsigned text_shifts(const uint8_t *run, size_t length, const uint8_t *readable_end) {
    const unsigned long_enough =
        (2u << (length < ENCODED_RUN_MIN + BASE64_SHIFTS ? length - ENCODED_RUN_MIN : BASE64_SHIFTS - 1)) - 1;
    uint8_t copy[BASE64_LOOK] = {0};
    if (readable_end - run < BASE64_LOOK) run = memcpy(copy, run, length < BASE64_LOOK ? length : BASE64_LOOK);
    return base64_text_shifts(run, length) & long_enough;
}

/* Tries a run as text, perhaps behind a few characters glued to its front. */
static enum reason take_text(const uint8_t *run, size_t run_length, const uint8_t *readable_end,
                             const struct encoded_sink *sink, bool *is_taken) {
    for (unsigned shifts = text_shifts(run, run_length, readable_end); shifts != 0; shifts &= shifts - 1) {
        const unsigned shift = (unsigned)__builtin_ctz(shifts);
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

/* The bytes from there on that belong to a stretch, by their marks. */
static uint64_t read_marks(const struct marks *marks, const uint8_t *bytes, enum stretch stretch) {
    const uint64_t words = marks_window(marks, MARK_WORD, bytes), joints = marks_window(marks, MARK_JOINT, bytes);
    return stretch == STRETCH_BASE64 ? words | joints : words & ~joints;
}

static uint64_t look_up(const struct text *text, const uint8_t *bytes, size_t count, const struct byte_class *set) {
    uint8_t copy[(LOOK / BYTE_BLOCK + 1) * BYTE_BLOCK];
    if ((size_t)(text->readable_end - bytes) < sizeof copy) {
        memset(copy, 0, sizeof copy);
        bytes = memcpy(copy, bytes, count);
    }
    uint64_t mask = 0;
    for (size_t block = 0; block < count; block += BYTE_BLOCK)
        mask |= (uint64_t)byte_block_mask(byte_block_load(bytes + block), set) << block;
    return mask;
}

/* Which of the next LOOK bytes, or as many as the text has, belong to a stretch. */
static uint64_t look(const struct text *text, size_t at, enum stretch stretch) {
    const size_t left = text->length - at, count = left < LOOK ? left : LOOK;
    const struct byte_class *const set = stretch == STRETCH_BASE64 ? &base64_bytes : &base64_plain_bytes;
    const uint8_t *const bytes = text->bytes + at;
    const uint64_t mask =
        text->marks != NULL ? read_marks(text->marks, bytes, stretch) : look_up(text, bytes, count, set);
    return mask & marks_first(count);
}

/* How many bytes of a stretch stand behind each other from there on. */
static size_t measure_run(const struct text *text, size_t at, enum stretch stretch) {
    size_t length = 0;
    unsigned part = LOOK;
    for (; part == LOOK && at + length < text->length; length += part)
        part = mask_run_length(look(text, at + length, stretch), 0);
    return length;
}

/* Finds the next ENCODED_RUN_MIN or more bytes of a stretch that stand behind each other, from `*at` on, which does not
   stand in the middle of some. Returns how many, 0 when there are none. */
static size_t find_run(const struct text *text, size_t *at, enum stretch stretch) {
    while (text->length >= *at + ENCODED_RUN_MIN) {
        const uint64_t mask = look(text, *at, stretch), starts = mask_runs_of_11(mask);
        if (starts != 0) {
            const unsigned from = (unsigned)__builtin_ctzll(starts), length = mask_run_length(mask, from);
            *at += from;
            return from + length < LOOK ? length : measure_run(text, *at, stretch);
        }
        const bool is_cut = mask >> (LOOK - 1) != 0; /* the text may go on with the last ones */
        *at += is_cut ? LOOK - (size_t)__builtin_clzll(~(mask << (64 - LOOK))) : LOOK;
    }
    return 0;
}

/* What looks like one run may be words of a path or name, joined by characters that belong to an alphabet too. */
static enum reason take_pieces(const struct text *run, const struct encoded_sink *sink) {
    enum reason reason = REASON_NONE;
    bool is_taken;
    size_t at = 0, length;
    for (; reason == REASON_NONE && (length = find_run(run, &at, STRETCH_PLAIN)) > 0; at += length)
        if (length < run->length) reason = take_text(run->bytes + at, length, run->readable_end, sink, &is_taken);
    return reason;
}

static enum reason take_run(const struct text *run, const struct encoded_sink *sink) {
    bool is_taken = false;
    enum reason reason = take_text(run->bytes, run->length, run->readable_end, sink, &is_taken);
    if (reason != REASON_NONE || is_taken) return reason;
    reason = take_pieces(run, sink);
    return reason != REASON_NONE ? reason : take_binary(run->bytes, run->length, sink);
}

enum reason encoded_base64(const uint8_t *text, size_t length, const uint8_t *readable_end, const struct marks *marks,
                           const struct encoded_sink *sink) {
    const struct text whole = {text, length, readable_end, marks};
    enum reason reason = REASON_NONE;
    size_t at = 0, run_length;
    for (; reason == REASON_NONE && (run_length = find_run(&whole, &at, STRETCH_BASE64)) > 0; at += run_length) {
        const struct text run = {text + at, run_length, readable_end, marks};
        reason = take_run(&run, sink);
    }
    return reason;
}

bool encoded_base64_may_hold(const uint8_t *text, uint64_t characters, uint64_t plain, const uint8_t *readable_end) {
    static_assert(BINARY_RUN_MIN > 63, "a text that short holds no file");
    /* Whole runs first, then their pieces; a run without joints is its only piece. */
    for (uint64_t left = characters, is_whole = true;; left = plain, is_whole = false) {
        for (uint64_t starts; (starts = mask_runs_of_11(left)) != 0;) {
            const unsigned at = (unsigned)__builtin_ctzll(starts), length = mask_run_length(left, at);
            const uint64_t run = ((UINT64_C(1) << length) - 1) << at;
            if (text_shifts(text + at, length, readable_end) != 0) return true;
            left &= ~run;
            if ((plain & run) == run) plain &= ~run;
        }
        if (!is_whole) return false;
    }
}
