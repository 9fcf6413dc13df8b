#include "inspect/base64.h"

#include "inspect/base64_block.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const uint8_t base64_values[UINT8_MAX + 1] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,  ['I'] = 9,
    ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27,
    ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
    ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
    ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54,
    ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
    ['-'] = 63, ['/'] = 64, ['_'] = 64,
};

const struct byte_class base64_bytes = {
    {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x54, 0x50, 0x54, 0x50, 0x74}};
const struct byte_class base64_plain_bytes = {
    {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x50, 0x50, 0x50}};

size_t base64_run_length(const uint8_t *text, size_t length) {
    size_t at = 0;
    for (; length - at >= BYTE_BLOCK; at += BYTE_BLOCK) {
        const unsigned others = ~byte_block_mask(byte_block_load(text + at), &base64_bytes) & 0xffff;
        if (others != 0) return at + (unsigned)__builtin_ctz(others);
    }
    while (at < length && base64_values[text[at]] != 0) at++;
    return at;
}

#if defined(__SSSE3__)

/* Decodes sixteen characters at a time, as long as there is room to write sixteen bytes; returns how many. */
static size_t decode_blocks(const uint8_t *text, size_t length, uint8_t *out) {
    enum { ROOM = 24 /* characters that decode to more than sixteen bytes */ };
    size_t at = 0;
    for (; length - at >= ROOM; at += BYTE_BLOCK, out += BYTE_BLOCK * 3 / 4) {
        const __m128i characters = _mm_loadu_si128((const __m128i *)(const void *)(text + at));
        _mm_storeu_si128((__m128i *)(void *)out, base64_join(base64_values_of(characters)));
    }
    return at;
}

#else

static size_t decode_blocks(const uint8_t *text, size_t length, uint8_t *out) {
    (void)text, (void)length, (void)out;
    return 0;
}

#endif

size_t base64_decode(const uint8_t *text, size_t length, uint8_t *out) {
    uint32_t bits = 0;
    unsigned bit_count = 0;
    size_t at = decode_blocks(text, length, out), written = at / 4 * 3;
    for (; length - at >= 4; at += 4) {
        const uint32_t group = base64_group(text + at);
        out[written++] = (uint8_t)(group >> 16);
        out[written++] = (uint8_t)(group >> 8);
        out[written++] = (uint8_t)group;
    }
    for (; at < length; at++) {
        bits = bits << 6 | (base64_values[text[at]] - 1u);
        bit_count += 6;
        if (bit_count < 8) continue;
        bit_count -= 8;
        out[written++] = (uint8_t)(bits >> bit_count);
    }
    return written;
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
