#include "inspect/decode_formats.h"

#include <string.h>

#include "inspect/utf8.h"

/* What may come next inside an open container, kept in decoder->left. */
enum json_state {
    FIRST_ITEM, /* after [ or {: an item or key, or the end */
    NEXT_ITEM,  /* after a comma: an item or key */
    VALUE,      /* after a key and its colon */
    AFTER_ITEM  /* a comma or the end */
};

static void skip_space(struct decoder *decoder) {
    const uint8_t *next = decoder->next;
    while (next < decoder->end && (*next == ' ' || *next == '\n' || *next == '\r' || *next == '\t')) next++;
    decoder->next = next;
}

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static int hex_value(uint8_t byte) {
    if (is_digit(byte)) return byte - '0';
    const uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The four digits after \u, or -1. */
static int32_t hex4(const uint8_t *bytes, const uint8_t *end) {
    if (end - bytes < 4) return -1;
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_value(bytes[i]);
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The code point of a \u escape whose digits begin at `bytes`, surrogate pairs included; *length tells how many bytes
   follow the first `u`. A lone surrogate stands for no character: U+FFFD. -1 when there are not four digits. */
static int32_t unicode_escape(const uint8_t *bytes, const uint8_t *end, size_t *length) {
    const int32_t first = hex4(bytes, end);
    *length = 4;
    if (first < 0xd800 || first > 0xdfff) return first;
    if (first > 0xdbff || end - bytes < 6 || bytes[4] != '\\' || bytes[5] != 'u') return 0xfffd;
    const int32_t second = hex4(bytes + 6, end);
    if (second < 0xdc00 || second > 0xdfff) return 0xfffd;
    *length = 10;
    return 0x10000 + ((first - 0xd800) << 10 | (second - 0xdc00));
}

/* Steps over an escape behind its backslash; NULL when there is no such escape. */
static const uint8_t *skip_escape(const uint8_t *next, const uint8_t *end) {
    if (next == end) return NULL;
    if (*next != 'u') return memchr("\"\\/bfnrt", *next, 8) ? next + 1 : NULL;
    size_t length;
    return unicode_escape(next + 1, end, &length) >= 0 ? next + 1 + length : NULL;
}

static bool take_string(struct decoder *decoder, struct token *token) {
    const uint8_t *const start = decoder->next + 1;
    const uint8_t *next = start;
    const uint8_t *const end = decoder->end;
    for (;;) {
        while (next < end && *next != '"' && *next != '\\' && *next >= 0x20 && *next < 0x80) next++;
        if (next == end || *next < 0x20) return decoder_fail(decoder, REASON_MALFORMED);
        if (*next == '"') break;
        if (*next == '\\') {
            token->has_escapes = true;
            next = skip_escape(next + 1, end);
            if (next == NULL) return decoder_fail(decoder, REASON_MALFORMED);
            continue;
        }
        const size_t length = utf8_sequence_length(next, end);
        if (length == 0) return decoder_fail(decoder, REASON_MALFORMED);
        next += length;
    }
    token->type = TOKEN_STR;
    token->bytes = start;
    token->length = (size_t)(next - start);
    decoder->next = next + 1;
    return true;
}

static const uint8_t *skip_digits(const uint8_t *next, const uint8_t *end) {
    while (next < end && is_digit(*next)) next++;
    return next;
}

/* Reads the digits of an integer into the token; false when it does not fit 64 bits. */
static bool fits_integer(struct token *token, const uint8_t *next, const uint8_t *end) {
    token->is_negative = *next == '-';
    uint64_t value = 0;
    for (next += token->is_negative; next < end; next++) {
        const unsigned digit = (unsigned)(*next - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    if (!token->is_negative) {
        token->natural = value;
        return true;
    }
    if (value > (uint64_t)INT64_MAX + 1) return false;
    token->integer = (int64_t)(0 - value);
    return true;
}

static bool take_number(struct decoder *decoder, struct token *token) {
    const uint8_t *const start = decoder->next;
    const uint8_t *const end = decoder->end;
    const uint8_t *next = start + (*start == '-');
    const uint8_t *const digits = next;
    next = skip_digits(next, end);
    bool is_sound = next > digits && (*digits != '0' || next == digits + 1);
    bool is_integer = true;
    if (is_sound && next < end && *next == '.') {
        const uint8_t *const fraction = next + 1;
        next = skip_digits(fraction, end);
        is_integer = false;
        is_sound = next > fraction;
    }
    if (is_sound && next < end && (*next | 0x20) == 'e') {
        next++;
        if (next < end && (*next == '+' || *next == '-')) next++;
        const uint8_t *const exponent = next;
        next = skip_digits(exponent, end);
        is_integer = false;
        is_sound = next > exponent;
    }
    if (!is_sound) return decoder_fail(decoder, REASON_MALFORMED);
    token->type = is_integer && fits_integer(token, start, next) ? TOKEN_INT : TOKEN_FLOAT;
    token->bytes = start;
    token->length = (size_t)(next - start);
    decoder->next = next;
    return true;
}

static bool take_literal(struct decoder *decoder, struct token *token, const char *word, enum token_type type) {
    const size_t length = strlen(word);
    if ((size_t)(decoder->end - decoder->next) < length || memcmp(decoder->next, word, length) != 0)
        return decoder_fail(decoder, REASON_MALFORMED);
    decoder->next += length;
    token->type = type;
    token->truth = *word == 't';
    return true;
}

static bool open_container(struct decoder *decoder, struct token *token, bool is_map) {
    decoder->next++;
    token->type = is_map ? TOKEN_MAP : TOKEN_ARRAY;
    return decoder_open(decoder, is_map, FIRST_ITEM);
}

static bool take_value(struct decoder *decoder, struct token *token) {
    if (decoder->next == decoder->end) return decoder_fail(decoder, REASON_MALFORMED);
    switch (*decoder->next) {
    case '"':
        return take_string(decoder, token);
    case '{':
        return open_container(decoder, token, true);
    case '[':
        return open_container(decoder, token, false);
    case 't':
        return take_literal(decoder, token, "true", TOKEN_BOOL);
    case 'f':
        return take_literal(decoder, token, "false", TOKEN_BOOL);
    case 'n':
        return take_literal(decoder, token, "null", TOKEN_NULL);
    default:
        return take_number(decoder, token);
    }
}

static bool take_key(struct decoder *decoder, struct token *token) {
    if (decoder->next == decoder->end || *decoder->next != '"') return decoder_fail(decoder, REASON_MALFORMED);
    token->is_key = true;
    if (!take_string(decoder, token)) return false;
    skip_space(decoder);
    if (decoder->next == decoder->end || *decoder->next != ':') return decoder_fail(decoder, REASON_MALFORMED);
    decoder->next++;
    return true;
}

/* One step inside the innermost container. */
static bool take_inside(struct decoder *decoder, struct token *token) {
    size_t *state = &decoder->left[decoder->depth - 1];
    const bool is_map = decoder->is_map[decoder->depth - 1];
    if (decoder->next == decoder->end) return decoder_fail(decoder, REASON_MALFORMED);
    if (*state == AFTER_ITEM && *decoder->next == ',') {
        decoder->next++;
        *state = NEXT_ITEM;
        skip_space(decoder);
    } else if ((*state == AFTER_ITEM || *state == FIRST_ITEM) && *decoder->next == (is_map ? '}' : ']')) {
        decoder->next++;
        token->type = TOKEN_END;
        decoder_close(decoder);
        return true;
    } else if (*state == AFTER_ITEM) {
        return decoder_fail(decoder, REASON_MALFORMED);
    }
    if (is_map && *state != VALUE) {
        *state = VALUE;
        return take_key(decoder, token);
    }
    *state = AFTER_ITEM;
    return take_value(decoder, token);
}

bool json_next(struct decoder *decoder, struct token *token) {
    *token = (struct token){0};
    if (decoder->error != REASON_NONE) return false;
    skip_space(decoder);
    if (decoder->depth > 0) return take_inside(decoder, token);
    if (decoder->is_done) {
        if (decoder->next != decoder->end) decoder_fail(decoder, REASON_TRAILING_BYTES);
        return false;
    }
    if (!take_value(decoder, token)) return false;
    decoder->is_done = decoder->depth == 0;
    return true;
}

size_t decoder_unescape(const struct token *token, uint8_t *out) {
    const uint8_t *next = token->bytes;
    const uint8_t *const end = next + token->length;
    uint8_t *to = out;
    while (next < end) {
        if (*next != '\\') {
            *to++ = *next++;
            continue;
        }
        const uint8_t letter = next[1];
        next += 2;
        if (letter == 'u') {
            size_t length;
            const int32_t code_point = unicode_escape(next, end, &length);
            next += length;
            to += utf8_write((uint32_t)code_point, to);
        } else {
            static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
            const char *known = memchr(letters, letter, sizeof letters - 1);
            *to++ = known ? (uint8_t)controls[known - letters] : letter;
        }
    }
    return (size_t)(to - out);
}
