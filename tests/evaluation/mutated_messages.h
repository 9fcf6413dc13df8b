#pragma once
/*
 * Messages with personal texts spliced into their values, keys and numbers at random: bare or below encodings, with
 * something glued to them, at every place around the borders that the search for them has.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/inspect/random_bytes.h"
#include "inspect/base64.h"
#include "inspect/decode.h"
#include "inspect/words.h"

enum { CONTENT_BYTES_MAX = 16384, LEAVES_MAX = 4096 };

/* Bytes that grow; what is too much is left out. */
struct content {
    size_t length;
    uint8_t bytes[CONTENT_BYTES_MAX];
};

/* A personal text, from the examples of the rules. */
struct seed_text {
    const uint8_t *bytes;
    size_t length;
};

struct mutator {
    struct random_source random;
    const struct seed_text *seeds;
    size_t seed_count;
    const struct words *words;
};

static inline bool is_drawn(struct mutator *own, size_t one_out_of) {
    return random_below(&own->random, one_out_of) == 0;
}

static inline void content_add(struct content *content, const void *bytes, size_t length) {
    const size_t room = CONTENT_BYTES_MAX - content->length;
    if (length > room) length = room;
    if (length > 0) memcpy(content->bytes + content->length, bytes, length);
    content->length += length;
}

static inline void content_add_byte(struct content *content, uint8_t byte) {
    content_add(content, &byte, 1);
}

static inline void add_junk(struct mutator *own, struct content *content, size_t length) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH", edges[] = " .,;:-_/+=\n\t@%\"'<([{";
    const size_t kind = random_below(&own->random, 4);
    for (size_t i = 0; i < length; i++) {
        const bool is_edge = kind == 0 || (kind == 1 && is_drawn(own, 6));
        const uint8_t byte = is_edge ? (uint8_t)edges[random_below(&own->random, sizeof edges - 1)]
                                     : (uint8_t)plain[random_below(&own->random, sizeof plain - 1)];
        content_add_byte(content, byte);
    }
}

static inline void change_case(struct mutator *own, uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const uint8_t lower = bytes[i] | 0x20;
        if (lower >= 'a' && lower <= 'z' && is_drawn(own, 2)) bytes[i] ^= 0x20;
    }
}

/* A personal text, often changed a little, between other characters. */
static inline void add_personal(struct mutator *own, struct content *content) {
    static const char alphabet[] = "aA0 .-@:\n%=\"\\{";
    const struct seed_text *const seed = &own->seeds[random_below(&own->random, own->seed_count)];
    uint8_t text[1024 + 8];
    size_t length = seed->length < 1024 ? seed->length : 1024;
    memcpy(text, seed->bytes, length);
    if (is_drawn(own, 4)) change_case(own, text, length);
    if (is_drawn(own, 6) && length < 1024)
        length = random_mutate(&own->random, text, length, alphabet, sizeof alphabet - 1);
    if (is_drawn(own, 8) && length > 0) length = 1 + random_below(&own->random, length);
    switch (random_below(&own->random, 6)) {
    case 0: /* at the border of a chunk */
        add_junk(own, content, 50 + random_below(&own->random, 20));
        break;
    case 1: /* glued to a few characters */
        add_junk(own, content, random_below(&own->random, 5));
        break;
    case 2: /* so that the text ends at a border */
        if (length < 64) add_junk(own, content, 63 + random_below(&own->random, 4) - length);
        break;
    case 3:
        add_junk(own, content, random_below(&own->random, 600));
        break;
    default:
        break;
    }
    content_add(content, text, length);
    if (is_drawn(own, 3)) add_junk(own, content, random_below(&own->random, 100));
}

/* Encodings. */

static inline void encode_base64(struct mutator *own, struct content *content) {
    static char text[CONTENT_BYTES_MAX * 2];
    size_t length = base64_encode(content->bytes, content->length, text);
    if (is_drawn(own, 2))
        while (length > 0 && text[length - 1] == '=') length--;
    const bool is_url = is_drawn(own, 2);
    content->length = 0;
    if (is_drawn(own, 3)) add_junk(own, content, random_below(&own->random, 5));
    for (size_t i = 0; i < length; i++)
        content_add_byte(content, (uint8_t)(is_url && text[i] == '+' ? '-' : is_url && text[i] == '/' ? '_' : text[i]));
    if (is_drawn(own, 3)) add_junk(own, content, random_below(&own->random, 80));
}

static inline void encode_percent(struct mutator *own, struct content *content) {
    static struct content plain;
    const size_t share = 1 + random_below(&own->random, 8);
    plain = *content;
    content->length = 0;
    for (size_t i = 0; i < plain.length; i++) {
        char escape[4];
        snprintf(escape, sizeof escape, is_drawn(own, 2) ? "%%%02x" : "%%%02X", (unsigned)plain.bytes[i]);
        if (is_drawn(own, share))
            content_add(content, escape, 3);
        else
            content_add_byte(content, plain.bytes[i]);
    }
}

/* As a JSON string; bytes beyond ASCII stand for the characters of that number. */
static inline void add_json_string(struct mutator *own, struct content *out, const uint8_t *bytes, size_t length) {
    const size_t share = is_drawn(own, 2) ? 1000000 : 1 + random_below(&own->random, 10);
    content_add_byte(out, '"');
    for (size_t i = 0; i < length; i++) {
        char escape[8];
        snprintf(escape, sizeof escape, is_drawn(own, 2) ? "\\u%04x" : "\\u%04X", (unsigned)bytes[i]);
        if (bytes[i] < 0x20 || bytes[i] >= 0x80 || is_drawn(own, share)) {
            content_add(out, escape, 6);
        } else {
            if (bytes[i] == '"' || bytes[i] == '\\') content_add_byte(out, '\\');
            content_add_byte(out, bytes[i]);
        }
    }
    content_add_byte(out, '"');
}

static inline void add_msgpack_bytes(struct mutator *own, struct content *out, const uint8_t *bytes, size_t length) {
    const size_t kind = random_below(&own->random, 4);
    const uint8_t size[2] = {(uint8_t)(length >> 8), (uint8_t)length};
    if (kind == 0 && length < 256) {
        content_add(out, (const uint8_t[]){0xc4, (uint8_t)length}, 2);
    } else if (kind == 1 && length < 256) {
        content_add(out, (const uint8_t[]){0xc7, (uint8_t)length, 5}, 3);
    } else if (length < 32) {
        content_add_byte(out, (uint8_t)(0xa0 | length));
    } else {
        content_add_byte(out, kind == 2 ? 0xc5 : 0xda);
        content_add(out, size, 2);
    }
    content_add(out, bytes, length);
}

static inline const char *draw_word(struct mutator *own) {
    return own->words->shown[random_below(&own->random, own->words->count)];
}

static inline void encode_value(struct mutator *own, struct content *content, enum format format) {
    static struct content plain;
    const char *const word = draw_word(own);
    const size_t shape = random_below(&own->random, 3);
    plain = *content;
    content->length = 0;
    if (format == FORMAT_JSON) {
        if (is_drawn(own, 4)) content_add_byte(content, " \n\r\t"[random_below(&own->random, 4)]);
        content_add(content, "{[\"" + shape, shape < 2 ? 1 : 0);
        if (shape == 0) add_json_string(own, content, (const uint8_t *)word, strlen(word));
        if (shape == 0) content_add_byte(content, ':');
        add_json_string(own, content, plain.bytes, plain.length);
        content_add(content, "}]" + shape, shape < 2 ? 1 : 0);
    } else {
        content_add_byte(content, shape == 0 ? 0x81 : 0x91);
        if (shape == 0) content_add_byte(content, (uint8_t)(0xa0 | (strlen(word) & 31)));
        if (shape == 0) content_add(content, word, strlen(word) & 31);
        add_msgpack_bytes(own, content, plain.bytes, plain.length);
    }
}

static inline void encode(struct mutator *own, struct content *content) {
    switch (random_below(&own->random, 5)) {
    case 0:
    case 1:
        encode_base64(own, content);
        break;
    case 2:
        encode_percent(own, content);
        break;
    case 3:
        encode_value(own, content, FORMAT_JSON);
        break;
    default:
        encode_value(own, content, FORMAT_MSGPACK);
        break;
    }
}

/* Messages. */

/* Where the leaves of a message stand, keys among them. */
struct leaf {
    size_t begin, end;
    const uint8_t *bytes; /* of a text */
    size_t length;
};

struct leaves {
    size_t count;
    struct leaf items[LEAVES_MAX];
};

static inline void find_leaves(struct leaves *leaves, enum format format, const uint8_t *bytes, size_t length) {
    struct decoder decoder;
    struct token token;
    leaves->count = 0;
    decoder_init(&decoder, format, bytes, length, LIMIT_DEPTH_MAX);
    for (const uint8_t *before = bytes; decoder_next(&decoder, &token) && leaves->count < LEAVES_MAX;
         before = decoder.next) {
        if (token.type >= TOKEN_ARRAY) continue;
        const bool is_text = token.type == TOKEN_STR || token.type == TOKEN_BIN || token.type == TOKEN_EXT;
        const bool is_json_text = format == FORMAT_JSON && token.bytes != NULL;
        if (format == FORMAT_JSON && !is_json_text) continue;
        if (is_json_text) before = token.bytes - is_text;
        const size_t json_end = (size_t)(token.bytes - bytes) + token.length + is_text;
        leaves->items[leaves->count++] =
            (struct leaf){(size_t)(before - bytes), is_json_text ? json_end : (size_t)(decoder.next - bytes),
                          is_text ? token.bytes : NULL, is_text ? token.length : 0};
    }
}

/* The digits of a personal text as a number, or one near the borders of what a number can be. */
static inline void add_number(struct mutator *own, struct content *out, enum format format) {
    static const char *const literals[] = {"-0",  "-0.0", "1e5", "0", "41.0", "123456789012.30", "18446744073709551616",
                                           "0.5", "-1",   "1E-7"};
    const struct seed_text *const seed = &own->seeds[random_below(&own->random, own->seed_count)];
    char digits[24] = "";
    size_t count = 0;
    for (size_t i = 0; i < seed->length && count < 19; i++)
        if (seed->bytes[i] >= '0' && seed->bytes[i] <= '9' && (count > 0 || seed->bytes[i] != '0'))
            digits[count++] = (char)seed->bytes[i];
    const uint64_t natural = is_drawn(own, 4) ? random_bits(&own->random) : strtoull(digits, NULL, 10);
    const bool is_negative = is_drawn(own, 6), is_real = is_drawn(own, 3);
    if (format == FORMAT_JSON) {
        char text[64];
        const int length = snprintf(text, sizeof text, "%s%llu%s", is_negative ? "-" : "", (unsigned long long)natural,
                                    is_real ? ".0" : "");
        const char *const literal = literals[random_below(&own->random, sizeof literals / sizeof *literals)];
        if (is_drawn(own, 5))
            content_add(out, literal, strlen(literal));
        else
            content_add(out, text, (size_t)length);
        return;
    }
    const double real = (is_negative ? -1.0 : 1.0) * (double)natural / (is_drawn(own, 4) ? 1000 : 1);
    uint64_t bits = is_negative ? 0 - natural : natural;
    if (is_real) memcpy(&bits, &real, sizeof bits);
    content_add_byte(out, is_real ? 0xcb : is_negative ? 0xd3 : 0xcf);
    for (int shift = 56; shift >= 0; shift -= 8) content_add_byte(out, (uint8_t)(bits >> shift));
}

/* What a leaf becomes. */
static inline void add_leaf(struct mutator *own, struct content *out, enum format format, const struct leaf *leaf) {
    static struct content content;
    content.length = 0;
    if (is_drawn(own, 8)) {
        add_number(own, out, format);
        return;
    }
    if (is_drawn(own, 6)) {
        const char *const word = draw_word(own);
        content_add(&content, word, strlen(word));
        if (is_drawn(own, 2)) change_case(own, content.bytes, content.length);
    } else if (is_drawn(own, 3) && leaf->length > 0) {
        const size_t at = random_below(&own->random, leaf->length + 1);
        content_add(&content, leaf->bytes, at);
        add_personal(own, &content);
        content_add(&content, leaf->bytes + at, leaf->length - at);
    } else {
        add_personal(own, &content);
    }
    if (!is_drawn(own, 3))
        for (size_t layers = random_below(&own->random, 4); layers > 0; layers--) encode(own, &content);
    if (format == FORMAT_JSON)
        add_json_string(own, out, content.bytes, content.length);
    else
        add_msgpack_bytes(own, out, content.bytes, content.length);
}

/* Puts personal texts in place of one to three leaves. `leaves` are those of the message. */
static inline void mutate_message(struct mutator *own, struct content *out, enum format format,
                                  const struct leaves *leaves, const uint8_t *bytes, size_t length) {
    size_t at = 0;
    out->length = 0;
    for (size_t left = 1 + random_below(&own->random, 3); left > 0 && leaves->count > 0; left--) {
        const struct leaf *const leaf = &leaves->items[random_below(&own->random, leaves->count)];
        if (leaf->begin < at) continue;
        content_add(out, bytes + at, leaf->begin - at);
        add_leaf(own, out, format, leaf);
        at = leaf->end;
    }
    content_add(out, bytes + at, length - at);
    if (is_drawn(own, 40) && out->length < CONTENT_BYTES_MAX && out->length > 0)
        out->length = random_mutate(&own->random, out->bytes, out->length, "\"\\{}[],: 0\xc1\x81", 12);
}
