/*
 * Decodes arbitrary bytes as msgpack or JSON, to ensure that every token lies inside the buffer, containers balance,
 * keys and values take turns and an error sticks. The first byte chooses format and depth.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "inspect/decode.h"
#include "inspect/utf8.h"

struct walk {
    const uint8_t *bytes;
    size_t length;
    enum format format;
    size_t max_depth;
    size_t depth;
    size_t token_count;
    bool is_map[LIMIT_DEPTH_MAX];
    bool is_key_due[LIMIT_DEPTH_MAX]; /* per open map */
};

static bool is_utf8(const uint8_t *bytes, size_t length) {
    const uint8_t *const end = bytes + length;
    while (bytes < end) {
        const size_t step = utf8_sequence_length(bytes, end);
        if (step == 0) return false;
        bytes += step;
    }
    return true;
}

static void check_text(const struct walk *own, const struct token *token) {
    fuzz_expect(!token->has_escapes || own->format == FORMAT_JSON);
    if (own->format != FORMAT_JSON) return;
    fuzz_expect(is_utf8(token->bytes, token->length));
    uint8_t *const plain = fuzz_copy(token->bytes, token->length);
    const size_t length = decoder_unescape(token, plain);
    fuzz_expect(length <= token->length && is_utf8(plain, length));
    fuzz_expect(token->has_escapes ? length < token->length : length == token->length);
    free(plain);
}

static void check_bytes(const struct walk *own, const struct token *token) {
    if (token->bytes == NULL) {
        fuzz_expect(token->length == 0);
        return;
    }
    fuzz_expect(token->bytes >= own->bytes && token->bytes <= own->bytes + own->length);
    fuzz_expect(token->length <= (size_t)(own->bytes + own->length - token->bytes));
}

/* Does it stand where its container has it due? */
static void check_place(struct walk *own, const struct token *token) {
    if (own->depth == 0 || !own->is_map[own->depth - 1]) {
        fuzz_expect(!token->is_key);
        return;
    }
    bool *const is_key_due = &own->is_key_due[own->depth - 1];
    fuzz_expect(token->is_key == *is_key_due);
    *is_key_due = !*is_key_due;
}

static void check_token(struct walk *own, const struct token *token) {
    fuzz_expect(++own->token_count <= 2 * own->length);
    check_bytes(own, token);
    if (token->type == TOKEN_END) {
        fuzz_expect(own->depth > 0);
        own->depth--;
        fuzz_expect(!own->is_map[own->depth] || own->is_key_due[own->depth]);
        return;
    }
    check_place(own, token);
    if (token->type == TOKEN_STR) check_text(own, token);
    if (token->type != TOKEN_ARRAY && token->type != TOKEN_MAP) return;
    fuzz_expect(own->depth < own->max_depth);
    own->is_map[own->depth] = token->type == TOKEN_MAP;
    own->is_key_due[own->depth] = token->type == TOKEN_MAP;
    own->depth++;
}

static enum reason walk_tokens(struct walk *own) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, own->format, own->bytes, own->length, own->max_depth);
    own->format = decoder.format;
    while (decoder_next(&decoder, &token)) check_token(own, &token);
    const enum reason error = decoder.error;
    fuzz_expect(!decoder_next(&decoder, &token) && decoder.error == error);
    if (error == REASON_NONE) fuzz_expect(decoder.is_done && own->depth == 0 && decoder.next == decoder.end);
    return error;
}

static enum reason decode(enum format format, const uint8_t *bytes, size_t length, size_t max_depth) {
    uint8_t *const copy = fuzz_copy(bytes, length);
    struct walk walk = {.bytes = copy, .length = length, .format = format, .max_depth = max_depth};
    const enum reason error = walk_tokens(&walk);
    free(copy);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const enum format format = data[0] % 3;
    const size_t max_depth = 1 + 4 * (size_t)(data[0] / 4);
    const uint8_t *const bytes = data + 1;
    const size_t length = size - 1;
    const enum reason error = decode(format, bytes, length, max_depth);
    fuzz_expect(error == REASON_NONE || error == REASON_MALFORMED || error == REASON_TRAILING_BYTES ||
                error == REASON_TOO_DEEP);
    fuzz_expect(format != FORMAT_AUTO || error == decode(decoder_detect(bytes, length), bytes, length, max_depth));

    /* Cutting a stream into values agrees with decoding them; a msgpack value less its last byte is none. */
    const size_t value_length = decoder_value_length(bytes, length, max_depth);
    const enum reason whole = decode(FORMAT_MSGPACK, bytes, length, max_depth);
    fuzz_expect(value_length <= length);
    fuzz_expect((value_length > 0) == (whole == REASON_NONE || whole == REASON_TRAILING_BYTES));
    fuzz_expect((value_length == length) == (whole == REASON_NONE) || length == 0);
    if (value_length > 0) {
        fuzz_expect(decode(FORMAT_MSGPACK, bytes, value_length, max_depth) == REASON_NONE);
        fuzz_expect(decode(FORMAT_MSGPACK, bytes, value_length - 1, max_depth) == REASON_MALFORMED);
    }
    return 0;
}
