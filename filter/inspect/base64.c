#include "inspect/base64.h"

#include <stdbool.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Six bits and one more, so that 0 marks what belongs to neither alphabet. */
static const uint8_t values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,  ['I'] = 9,
    ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
    ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
    ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
    ['-'] = 63, ['/'] = 64, ['_'] = 64,
};

size_t base64_run_length(const uint8_t *text, size_t length) {
    size_t at = 0;
    while (at < length && values[text[at]] != 0) at++;
    return at;
}

const struct byte_class base64_bytes = {
    {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x54, 0x50, 0x54, 0x50, 0x74}};

/* What four characters hold, in the low 24 bits. */
static uint32_t decode_group(const uint8_t *text) {
    return (values[text[0]] - 1u) << 18 | (values[text[1]] - 1u) << 12 | (values[text[2]] - 1u) << 6 |
           (values[text[3]] - 1u);
}

size_t base64_decode(const uint8_t *text, size_t length, uint8_t *out) {
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t written = 0, at = 0;
    for (; length - at >= 4; at += 4) {
        const uint32_t group = decode_group(text + at);
        out[written++] = (uint8_t)(group >> 16);
        out[written++] = (uint8_t)(group >> 8);
        out[written++] = (uint8_t)group;
    }
    for (; at < length; at++) {
        bits = bits << 6 | (values[text[at]] - 1u);
        bit_count += 6;
        if (bit_count < 8) continue;
        bit_count -= 8;
        out[written++] = (uint8_t)(bits >> bit_count);
    }
    return written;
}

/* What a byte may be in text: never there, a character alone, the first of several bytes, or one of the others. */
enum text_kind { TEXT_NEVER, TEXT_ALONE, TEXT_LEAD, TEXT_INSIDE };
static const uint8_t text_kinds[256] = {
#define ROW(kind) kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind
    TEXT_NEVER,      TEXT_NEVER,      TEXT_NEVER,       TEXT_NEVER,       TEXT_NEVER,       TEXT_NEVER,
    TEXT_NEVER,      TEXT_NEVER,      TEXT_NEVER,       TEXT_ALONE,       TEXT_ALONE,       TEXT_NEVER,
    TEXT_NEVER,      TEXT_ALONE,      TEXT_NEVER,       TEXT_NEVER,       ROW(TEXT_NEVER),  ROW(TEXT_ALONE),
    ROW(TEXT_ALONE), ROW(TEXT_ALONE), ROW(TEXT_ALONE),  ROW(TEXT_ALONE),  TEXT_ALONE,       TEXT_ALONE,
    TEXT_ALONE,      TEXT_ALONE,      TEXT_ALONE,       TEXT_ALONE,       TEXT_ALONE,       TEXT_ALONE,
    TEXT_ALONE,      TEXT_ALONE,      TEXT_ALONE,       TEXT_ALONE,       TEXT_ALONE,       TEXT_ALONE,
    TEXT_ALONE,      TEXT_NEVER,      ROW(TEXT_INSIDE), ROW(TEXT_INSIDE), ROW(TEXT_INSIDE), ROW(TEXT_INSIDE),
    ROW(TEXT_LEAD),  ROW(TEXT_LEAD),  ROW(TEXT_LEAD),   ROW(TEXT_LEAD)
#undef ROW
};

/* May a byte of the second kind follow one of the first? */
static const bool may_follow[4][4] = {
    [TEXT_ALONE] = {[TEXT_ALONE] = true, [TEXT_LEAD] = true},
    [TEXT_LEAD] = {[TEXT_INSIDE] = true},
    [TEXT_INSIDE] = {[TEXT_ALONE] = true, [TEXT_LEAD] = true, [TEXT_INSIDE] = true},
};

bool base64_may_be_text(const uint8_t *text, size_t length) {
    /* The first byte alone rules out more than half. */
    const unsigned head = (values[text[0]] - 1u) << 2 | (values[text[1]] - 1u) >> 4;
    if (length >= 4 && !may_follow[TEXT_ALONE][text_kinds[head]]) return false;
    unsigned before = TEXT_ALONE;
    for (; length >= 4; text += 4, length -= 4) {
        const uint32_t group = decode_group(text);
        const unsigned first = text_kinds[group >> 16], second = text_kinds[group >> 8 & 0xff],
                       third = text_kinds[group & 0xff];
        if (!(may_follow[before][first] && may_follow[first][second] && may_follow[second][third])) return false;
        before = third;
    }
    return true;
}

size_t base64_encode(const uint8_t *bytes, size_t length, char *out) {
    size_t written = 0;
    for (size_t at = 0; at < length; at += 3) {
        const size_t left = length - at;
        const uint32_t group =
            (uint32_t)bytes[at] << 16 | (left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] : 0u);
        out[written++] = alphabet[group >> 18];
        out[written++] = alphabet[group >> 12 & 63];
        out[written++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        out[written++] = left > 2 ? alphabet[group & 63] : '=';
    }
    return written;
}
