#include "cli/convert.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <msgpack/pack.h>

#include "inspect/base64.h"
#include "inspect/decode.h"
#include "inspect/number.h"

enum { SHOWN_DEPTH_MAX = JSON_WRITER_DEPTH_MAX - 8 }; /* leaves room for what a payload is shown in */

enum reason convert_check_json(const uint8_t *text, size_t length, size_t *fault) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_JSON, text, length, LIMIT_DEPTH_MAX);
    do {
        *fault = (size_t)(decoder.next - decoder.start);
    } while (decoder_next(&decoder, &token));
    while (*fault < length && memchr(" \t\r\n", text[*fault], 4) != NULL) (*fault)++;
    return decoder.error;
}

/* How many items each container has, in the order in which they open: msgpack wants to know before the first item. */
struct item_counts {
    uint32_t *items;
    size_t count, capacity;
};

static int open_count(struct item_counts *counts) {
    if (counts->count == counts->capacity) {
        const size_t capacity = counts->capacity * 2 + 16;
        uint32_t *items = realloc(counts->items, capacity * sizeof *items);
        if (items == NULL) return -1;
        counts->items = items;
        counts->capacity = capacity;
    }
    counts->items[counts->count++] = 0;
    return 0;
}

static int count_items(struct decoder *decoder, struct item_counts *counts) {
    size_t open[LIMIT_DEPTH_MAX]; /* positions in counts */
    struct token token;
    for (size_t depth = 0; decoder_next(decoder, &token); depth = decoder->depth) {
        if (token.type == TOKEN_END) continue;
        if (depth > 0) counts->items[open[depth - 1]]++;
        if (token.type != TOKEN_MAP && token.type != TOKEN_ARRAY) continue;
        open[depth] = counts->count;
        if (open_count(counts) != 0) return -1;
    }
    return 0;
}

/* The text of a string token; `scratch` has room for all of the payload. */
static const uint8_t *token_text(const struct token *token, uint8_t *scratch, size_t *length) {
    *length = token->has_escapes ? decoder_unescape(token, scratch) : token->length;
    return token->has_escapes ? scratch : token->bytes;
}

static int pack_str(msgpack_packer *packer, const struct token *token, uint8_t *scratch) {
    size_t length;
    const uint8_t *text = token_text(token, scratch, &length);
    return msgpack_pack_str(packer, length) != 0 || msgpack_pack_str_body(packer, text, length) != 0 ? -1 : 0;
}

static int pack_real(msgpack_packer *packer, const struct token *token, uint8_t *scratch) {
    memcpy(scratch, token->bytes, token->length);
    scratch[token->length] = '\0';
    const double value = strtod((const char *)scratch, NULL);
    return isfinite(value) ? msgpack_pack_double(packer, value) : -1;
}

static int pack_token(msgpack_packer *packer, const struct token *token, uint32_t item_count, uint8_t *scratch) {
    switch (token->type) {
    case TOKEN_NULL:
        return msgpack_pack_nil(packer);
    case TOKEN_BOOL:
        return token->truth ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
    case TOKEN_INT:
        return token->is_negative ? msgpack_pack_int64(packer, token->integer)
                                  : msgpack_pack_uint64(packer, token->natural);
    case TOKEN_FLOAT:
        return pack_real(packer, token, scratch);
    case TOKEN_STR:
        return pack_str(packer, token, scratch);
    case TOKEN_ARRAY:
        return msgpack_pack_array(packer, item_count);
    case TOKEN_MAP:
        return msgpack_pack_map(packer, item_count / 2);
    default:
        return 0; /* ends need no mark, and JSON has no other types */
    }
}

static int pack_json(struct decoder *decoder, const struct item_counts *counts, uint8_t *scratch,
                     msgpack_sbuffer *out) {
    msgpack_packer packer;
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    struct token token;
    size_t container = 0;
    while (decoder_next(decoder, &token)) {
        const bool is_container = token.type == TOKEN_MAP || token.type == TOKEN_ARRAY;
        const uint32_t item_count = is_container ? counts->items[container++] : 0;
        if (pack_token(&packer, &token, item_count, scratch) != 0) return -1;
    }
    return decoder->error == REASON_NONE ? 0 : -1;
}

int convert_to_msgpack(const uint8_t *text, size_t length, msgpack_sbuffer *out) {
    struct item_counts counts = {0};
    uint8_t *scratch = length < UINT32_MAX ? malloc(length + 1) : NULL;
    struct decoder decoder;
    decoder_init(&decoder, FORMAT_JSON, text, length, LIMIT_DEPTH_MAX);
    int result = scratch != NULL ? count_items(&decoder, &counts) : -1;
    decoder_init(&decoder, FORMAT_JSON, text, length, LIMIT_DEPTH_MAX);
    if (result == 0) result = pack_json(&decoder, &counts, scratch, out);
    free(counts.items);
    free(scratch);
    return result;
}

static void write_base64(const uint8_t *bytes, size_t length, uint8_t *scratch, struct json_writer *json) {
    json_writer_bytes(json, scratch, base64_encode(bytes, length, (char *)scratch));
}

static void write_bin(const uint8_t *bytes, size_t length, uint8_t *scratch, struct json_writer *json) {
    json_writer_object(json);
    json_writer_key(json, "$bin");
    write_base64(bytes, length, scratch, json);
    json_writer_end(json);
}

static void write_ext(const struct token *token, uint8_t *scratch, struct json_writer *json) {
    uint8_t type[NUMBER_CHARS];
    json_writer_object(json);
    json_writer_key(json, "$ext");
    json_writer_array(json);
    json_writer_literal(json, type, number_write_integer(token->ext_type, type));
    write_base64(token->bytes, token->length, scratch, json);
    json_writer_end(json);
    json_writer_end(json);
}

static size_t integer_text(const struct token *token, uint8_t out[NUMBER_CHARS]) {
    return token->is_negative ? number_write_integer(token->integer, out) : number_write_natural(token->natural, out);
}

static void write_integer(const struct token *token, struct json_writer *json) {
    uint8_t digits[NUMBER_CHARS];
    json_writer_literal(json, digits, integer_text(token, digits));
}

static void write_real(const struct token *token, struct json_writer *json) {
    char digits[NUMBER_CHARS];
    if (token->bytes != NULL) {
        json_writer_literal(json, token->bytes, token->length);
    } else if (isfinite(token->real)) {
        json_writer_literal(json, digits, (size_t)snprintf(digits, sizeof digits, "%.17g", token->real));
    } else {
        json_writer_object(json);
        json_writer_key(json, "$float");
        json_writer_text(json, isnan(token->real) ? "nan" : token->real > 0 ? "inf" : "-inf");
        json_writer_end(json);
    }
}

/* The key as a text with a NUL behind it in `scratch`, or NULL when JSON cannot have it. */
static const char *key_text(const struct token *token, uint8_t *scratch) {
    size_t length = 0;
    if (token->type == TOKEN_INT) {
        length = integer_text(token, scratch);
    } else if (token->type == TOKEN_STR) {
        const uint8_t *text = token_text(token, scratch, &length);
        if (text != scratch) memcpy(scratch, text, length);
        if (memchr(scratch, '\0', length) != NULL) return NULL;
    } else {
        return NULL;
    }
    scratch[length] = '\0';
    return (const char *)scratch;
}

static void write_token(const struct token *token, uint8_t *scratch, struct json_writer *json) {
    size_t length;
    const uint8_t *text;
    if (token->is_key) {
        json_writer_key(json, key_text(token, scratch));
        return;
    }
    switch (token->type) {
    case TOKEN_NULL:
        json_writer_null(json);
        break;
    case TOKEN_BOOL:
        json_writer_bool(json, token->truth);
        break;
    case TOKEN_INT:
        write_integer(token, json);
        break;
    case TOKEN_FLOAT:
        write_real(token, json);
        break;
    case TOKEN_STR:
        text = token_text(token, scratch, &length);
        json_writer_bytes(json, text, length);
        break;
    case TOKEN_BIN:
        write_bin(token->bytes, token->length, scratch, json);
        break;
    case TOKEN_EXT:
        write_ext(token, scratch, json);
        break;
    case TOKEN_ARRAY:
        json_writer_array(json);
        break;
    case TOKEN_MAP:
        json_writer_object(json);
        break;
    case TOKEN_END:
        json_writer_end(json);
        break;
    }
}

/* Can all of the payload be written as JSON? */
static bool is_shown_whole(const uint8_t *payload, size_t length, uint8_t *scratch) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_AUTO, payload, length, SHOWN_DEPTH_MAX);
    while (decoder_next(&decoder, &token))
        if (token.is_key && key_text(&token, scratch) == NULL) return false;
    return decoder.error == REASON_NONE;
}

/* Room for any part of a payload, as base64, as digits or with a NUL behind it. */
static uint8_t *make_scratch(size_t length) {
    return malloc(length / 3 * 4 + 4 + NUMBER_CHARS);
}

int convert_to_json(const uint8_t *payload, size_t length, struct json_writer *json) {
    uint8_t *scratch = make_scratch(length);
    if (scratch == NULL) return -1;
    if (is_shown_whole(payload, length, scratch)) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, FORMAT_AUTO, payload, length, SHOWN_DEPTH_MAX);
        while (decoder_next(&decoder, &token)) write_token(&token, scratch, json);
    } else {
        write_bin(payload, length, scratch, json);
    }
    free(scratch);
    return 0;
}

int convert_bytes_to_json(const uint8_t *bytes, size_t length, struct json_writer *json) {
    uint8_t *scratch = make_scratch(length);
    if (scratch == NULL) return -1;
    write_bin(bytes, length, scratch, json);
    free(scratch);
    return 0;
}
