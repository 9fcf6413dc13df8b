#include "inspect/records.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum {
    TEXT_PER_BYTE = 6, /* what fields set aside for a message of full size */
    TEXT_SHARES = 16
};

static bool is_too_large(const struct frame *frames, size_t frame_count, const struct limits *limits) {
    size_t bytes = 0;
    for (size_t i = 0; i < frame_count && i < LIMIT_FRAMES; i++) bytes += frames[i].length;
    return frame_count > LIMIT_FRAMES || bytes > limits->message_bytes;
}

/* JSON has white space and a comma before a record; no value begins with either. */
static const uint8_t *skip_separators(const uint8_t *next, enum format format) {
    while (format == FORMAT_JSON && memchr(" \n\r\t,", *next, 5) != NULL) next++;
    return next;
}

static enum reason cut_elements(struct records *own, struct decoder *decoder) {
    struct token token;
    for (;;) {
        const uint8_t *const before = decoder->next;
        if (!decoder_next(decoder, &token)) return decoder->error;
        if (decoder->depth == 0) break;
        while (decoder->depth > 1 && decoder_next(decoder, &token)) {
        }
        if (decoder->error != REASON_NONE) return decoder->error;
        if (own->count == RECORDS_MAX) return REASON_BUDGET;
        const uint8_t *const start = skip_separators(before, decoder->format);
        own->items[own->count++] = (struct record){
            .offset = (uint32_t)(start - decoder->start),
            .length = (uint32_t)(decoder->next - start),
        };
    }
    decoder_next(decoder, &token); /* nothing may follow */
    return decoder->error;
}

enum reason records_cut(struct records *records, const struct frame *frames, size_t frame_count, enum format format,
                        const struct limits *limits) {
    assert(limits->message_bytes <= UINT32_MAX);
    records->count = 0;
    if (frame_count == 0 || is_too_large(frames, frame_count, limits)) return REASON_NONE;
    memcpy(records->frames, frames, frame_count * sizeof *frames);
    records->frame_count = frame_count;
    records->text_left = TEXT_PER_BYTE * limits->message_bytes + limits->unwrap_bytes;
    records->text_share = records->text_left / TEXT_SHARES;
    records->inspected_count = 0;

    const struct frame *const payload = &frames[frame_count - 1];
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, format, payload->bytes, payload->length, LIMIT_DEPTH_MAX);
    records->format = decoder.format;
    if (!decoder_next(&decoder, &token) || token.type != TOKEN_ARRAY) return REASON_NONE;
    const enum reason reason = cut_elements(records, &decoder);
    if (reason != REASON_NONE) records->count = 0;
    return reason;
}

static const uint8_t *record_bytes(const struct records *own, const struct record *record) {
    return own->frames[own->frame_count - 1].bytes + record->offset;
}

static void use_text(struct records *own, size_t length) {
    own->text_left -= length < own->text_left ? length : own->text_left;
}

static void inspect_slice(struct records *own, const struct record *record, struct inspector *inspector,
                          struct inspection *out) {
    struct frame *const payload = &own->frames[own->frame_count - 1];
    const struct frame whole = *payload;
    *payload = (struct frame){record_bytes(own, record), record->length};
    inspect(inspector, own->frames, own->frame_count, own->format, out);
    *payload = whole;
}

enum reason records_inspect(struct records *records, size_t position, struct inspector *inspector,
                            struct inspection *out) {
    assert(position < records->count);
    const struct record *const record = &records->items[position];
    const bool is_known = position < records->inspected_count;
    const bool has_text_left = records->text_left > 0;
    assert(is_known || position == records->inspected_count || !has_text_left);
    if (is_known || has_text_left) {
        inspect_slice(records, record, inspector, out);
    } else {
        *out = (struct inspection){.reason = REASON_BUDGET};
    }
    if (!is_known && has_text_left) {
        use_text(records, TEXT_PER_BYTE * out->bytes);
        if (out->reason == REASON_BUDGET) use_text(records, records->text_share);
        records->inspected_count++;
    }
    out->bytes = record->length;
    return out->reason;
}

static bool may_pass(const struct record *record, size_t output) {
    return (record->withheld_from >> output & 1) == 0;
}

size_t records_passing(const struct records *records, size_t output) {
    size_t count = 0;
    for (size_t i = 0; i < records->count; i++) count += may_pass(&records->items[i], output);
    return count;
}

static_assert(RECORDS_MAX <= UINT16_MAX, "the head of an array16 is long enough");

/* The smallest head of an array of that many elements; returns its length. */
static size_t write_head(enum format format, size_t count, uint8_t *out) {
    if (format == FORMAT_JSON) {
        out[0] = '[';
        return 1;
    }
    if (count < 16) {
        out[0] = (uint8_t)(0x90 | count);
        return 1;
    }
    out[0] = 0xdc;
    out[1] = (uint8_t)(count >> 8);
    out[2] = (uint8_t)count;
    return 3;
}

size_t records_rebuild(const struct records *records, size_t output, uint8_t *out) {
    const bool is_json = records->format == FORMAT_JSON;
    size_t left = records_passing(records, output);
    assert(left > 0);
    uint8_t *to = out + write_head(records->format, left, out);
    for (const struct record *record = records->items; left > 0; record++) {
        if (!may_pass(record, output)) continue;
        memcpy(to, record_bytes(records, record), record->length);
        to += record->length;
        if (--left > 0 && is_json) *to++ = ',';
    }
    if (is_json) *to++ = ']';
    return (size_t)(to - out);
}
