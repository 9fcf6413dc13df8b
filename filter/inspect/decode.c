#include "inspect/decode.h"

#include <assert.h>

#include "inspect/decode_formats.h"

enum format decoder_detect(const uint8_t *bytes, size_t length) {
    return length > 1 && bytes[0] < 0x80 ? FORMAT_JSON : FORMAT_MSGPACK;
}

void decoder_init(struct decoder *decoder, enum format format, const uint8_t *bytes, size_t length, size_t max_depth) {
    assert(max_depth >= 1 && max_depth <= LIMIT_DEPTH_MAX);
    static const uint8_t nothing[1];
    if (length == 0) bytes = nothing;
    decoder->format = format == FORMAT_AUTO ? decoder_detect(bytes, length) : format;
    decoder->error = REASON_NONE;
    decoder->is_done = false;
    decoder->start = decoder->next = bytes;
    decoder->end = bytes + length;
    decoder->depth = 0;
    decoder->max_depth = max_depth;
}

bool decoder_next(struct decoder *decoder, struct token *token) {
    return decoder->format == FORMAT_JSON ? json_next(decoder, token) : msgpack_next(decoder, token);
}

size_t decoder_value_length(const uint8_t *bytes, size_t length, size_t max_depth) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_MSGPACK, bytes, length, max_depth);
    while (!decoder.is_done && decoder_next(&decoder, &token)) {
    }
    return decoder.is_done ? (size_t)(decoder.next - decoder.start) : 0;
}
