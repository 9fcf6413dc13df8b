#include "inspect/decode_formats.h"

#include <string.h>

static uint64_t read_big_endian(const uint8_t *bytes, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value << 8 | bytes[i];
    return value;
}

/* Takes `size` bytes as a big-endian number; false when they are not there. */
static bool take_number(struct decoder *decoder, size_t size, uint64_t *value) {
    if ((size_t)(decoder->end - decoder->next) < size) return decoder_fail(decoder, REASON_MALFORMED);
    *value = read_big_endian(decoder->next, size);
    decoder->next += size;
    return true;
}

static bool take_bytes(struct decoder *decoder, struct token *token, enum token_type type, uint64_t length) {
    if ((size_t)(decoder->end - decoder->next) < length) return decoder_fail(decoder, REASON_MALFORMED);
    token->type = type;
    token->bytes = decoder->next;
    token->length = (size_t)length;
    decoder->next += length;
    return true;
}

static bool take_sized_bytes(struct decoder *decoder, struct token *token, enum token_type type, size_t size) {
    uint64_t length;
    return take_number(decoder, size, &length) && take_bytes(decoder, token, type, length);
}

static bool take_ext(struct decoder *decoder, struct token *token, uint64_t length) {
    uint64_t type;
    if (!take_number(decoder, 1, &type)) return false;
    token->ext_type = (int8_t)(uint8_t)type;
    return take_bytes(decoder, token, TOKEN_EXT, length);
}

static bool take_sized_ext(struct decoder *decoder, struct token *token, size_t size) {
    uint64_t length;
    return take_number(decoder, size, &length) && take_ext(decoder, token, length);
}

/* Every element takes a byte at least: a count beyond what is left cannot be true. */
static bool open_container(struct decoder *decoder, struct token *token, bool is_map, uint64_t count) {
    const uint64_t values = is_map ? 2 * count : count;
    if ((size_t)(decoder->end - decoder->next) < values) return decoder_fail(decoder, REASON_MALFORMED);
    token->type = is_map ? TOKEN_MAP : TOKEN_ARRAY;
    return decoder_open(decoder, is_map, (size_t)values);
}

static bool open_sized_container(struct decoder *decoder, struct token *token, bool is_map, size_t size) {
    uint64_t count;
    return take_number(decoder, size, &count) && open_container(decoder, token, is_map, count);
}

static bool take_natural(struct decoder *decoder, struct token *token, size_t size) {
    token->type = TOKEN_INT;
    return take_number(decoder, size, &token->natural);
}

static bool take_integer(struct decoder *decoder, struct token *token, size_t size) {
    uint64_t value;
    if (!take_number(decoder, size, &value)) return false;
    const unsigned unused_bits = (unsigned)(64 - 8 * size);
    token->type = TOKEN_INT;
    token->integer = (int64_t)(value << unused_bits) >> unused_bits;
    token->is_negative = token->integer < 0;
    return true;
}

static bool take_real(struct decoder *decoder, struct token *token, size_t size) {
    uint64_t bits;
    if (!take_number(decoder, size, &bits)) return false;
    token->type = TOKEN_FLOAT;
    if (size == sizeof(float)) {
        const uint32_t narrow_bits = (uint32_t)bits;
        float narrow;
        memcpy(&narrow, &narrow_bits, sizeof narrow);
        token->real = (double)narrow;
    } else {
        memcpy(&token->real, &bits, sizeof bits);
    }
    return true;
}

static bool take_value(struct decoder *decoder, struct token *token, uint8_t head) {
    switch (head) {
    case 0xc0:
        token->type = TOKEN_NULL;
        return true;
    case 0xc2:
    case 0xc3:
        token->type = TOKEN_BOOL;
        token->truth = head == 0xc3;
        return true;
    case 0xc4:
        return take_sized_bytes(decoder, token, TOKEN_BIN, 1);
    case 0xc5:
        return take_sized_bytes(decoder, token, TOKEN_BIN, 2);
    case 0xc6:
        return take_sized_bytes(decoder, token, TOKEN_BIN, 4);
    case 0xc7:
        return take_sized_ext(decoder, token, 1);
    case 0xc8:
        return take_sized_ext(decoder, token, 2);
    case 0xc9:
        return take_sized_ext(decoder, token, 4);
    case 0xca:
        return take_real(decoder, token, 4);
    case 0xcb:
        return take_real(decoder, token, 8);
    case 0xcc:
        return take_natural(decoder, token, 1);
    case 0xcd:
        return take_natural(decoder, token, 2);
    case 0xce:
        return take_natural(decoder, token, 4);
    case 0xcf:
        return take_natural(decoder, token, 8);
    case 0xd0:
        return take_integer(decoder, token, 1);
    case 0xd1:
        return take_integer(decoder, token, 2);
    case 0xd2:
        return take_integer(decoder, token, 4);
    case 0xd3:
        return take_integer(decoder, token, 8);
    case 0xd4:
        return take_ext(decoder, token, 1);
    case 0xd5:
        return take_ext(decoder, token, 2);
    case 0xd6:
        return take_ext(decoder, token, 4);
    case 0xd7:
        return take_ext(decoder, token, 8);
    case 0xd8:
        return take_ext(decoder, token, 16);
    case 0xd9:
        return take_sized_bytes(decoder, token, TOKEN_STR, 1);
    case 0xda:
        return take_sized_bytes(decoder, token, TOKEN_STR, 2);
    case 0xdb:
        return take_sized_bytes(decoder, token, TOKEN_STR, 4);
    case 0xdc:
        return open_sized_container(decoder, token, false, 2);
    case 0xdd:
        return open_sized_container(decoder, token, false, 4);
    case 0xde:
        return open_sized_container(decoder, token, true, 2);
    case 0xdf:
        return open_sized_container(decoder, token, true, 4);
    default:
        return decoder_fail(decoder, REASON_MALFORMED); /* 0xc1, never used */
    }
}

/* The heads that hold a small value or length themselves: nearly all of real traffic. */
static bool take_head(struct decoder *decoder, struct token *token, uint8_t head) {
    if (head < 0x80) {
        token->type = TOKEN_INT;
        token->natural = head;
        return true;
    }
    if (head < 0x90) return open_container(decoder, token, true, head & 0x0f);
    if (head < 0xa0) return open_container(decoder, token, false, head & 0x0f);
    if (head < 0xc0) return take_bytes(decoder, token, TOKEN_STR, head & 0x1f);
    if (head >= 0xe0) {
        token->type = TOKEN_INT;
        token->integer = (int8_t)head;
        token->is_negative = true;
        return true;
    }
    return take_value(decoder, token, head);
}

bool msgpack_next(struct decoder *decoder, struct token *token) {
    *token = (struct token){0};
    if (decoder->error != REASON_NONE) return false;
    if (decoder->depth > 0) {
        size_t *left = &decoder->left[decoder->depth - 1];
        if (*left == 0) {
            token->type = TOKEN_END;
            decoder_close(decoder);
            return true;
        }
        token->is_key = decoder->is_map[decoder->depth - 1] && *left % 2 == 0;
        --*left;
    } else if (decoder->is_done) {
        if (decoder->next != decoder->end) decoder_fail(decoder, REASON_TRAILING_BYTES);
        return false;
    }
    if (decoder->next == decoder->end) return decoder_fail(decoder, REASON_MALFORMED);
    const bool is_whole = decoder->depth == 0;
    if (!take_head(decoder, token, *decoder->next++)) return false;
    if (is_whole && decoder->depth == 0) decoder->is_done = true;
    return true;
}
