#pragma once
/*
 * Which of sixteen bytes belong to a class of ASCII bytes, all sixteen at once. A class is a table of rows: bit h of
 * rows[l] says whether the byte 0xhl belongs to it. Bytes from 0x80 on belong to none; a class of those is written down
 * as if each were 0x80 less, and asked for by byte_block_high_mask().
 *
 * With SSSE3, which Hyperscan demands anyway, that is two table look-ups in registers; elsewhere a loop.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

enum { BYTE_BLOCK = 16 };

struct byte_class {
    _Alignas(BYTE_BLOCK) uint8_t rows[BYTE_BLOCK];
};

static inline bool byte_class_has(const struct byte_class *set, uint8_t byte) {
    return byte < 0x80 && (set->rows[byte & 0x0f] >> (byte >> 4) & 1) != 0;
}

static inline void byte_class_add(struct byte_class *set, uint8_t byte) {
    if (byte < 0x80) set->rows[byte & 0x0f] |= (uint8_t)(1u << (byte >> 4));
}

#if defined(__SSSE3__)

struct byte_block {
    __m128i low, half, row; /* of every byte: its low half; its high half; a bit for that, none from 0x80 on */
};

static inline struct byte_block byte_block_of(__m128i block) {
    const __m128i rows = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i half_mask = _mm_set1_epi8(0x0f);
    const __m128i half = _mm_and_si128(_mm_srli_epi16(block, 4), half_mask);
    return (struct byte_block){
        .low = _mm_and_si128(block, half_mask), .half = half, .row = _mm_shuffle_epi8(rows, half)};
}

static inline struct byte_block byte_block_load(const uint8_t bytes[BYTE_BLOCK]) {
    return byte_block_of(_mm_loadu_si128((const __m128i *)(const void *)bytes));
}

static inline unsigned byte_block_find(__m128i low, __m128i row, const struct byte_class *set) {
    const __m128i rows = _mm_load_si128((const __m128i *)(const void *)set->rows);
    const __m128i found = _mm_and_si128(_mm_shuffle_epi8(rows, low), row);
    return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128())) & 0xffff;
}

/* The bytes of the block that belong to the class, one bit each, the first byte lowest. */
static inline unsigned byte_block_mask(struct byte_block block, const struct byte_class *set) {
    return byte_block_find(block.low, block.row, set);
}

static inline unsigned byte_block_high_mask(struct byte_block block, const struct byte_class *set) {
    const __m128i rows = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, (char)128);
    return byte_block_find(block.low, _mm_shuffle_epi8(rows, block.half), set);
}

#else

struct byte_block {
    uint8_t bytes[BYTE_BLOCK];
};

static inline struct byte_block byte_block_load(const uint8_t bytes[BYTE_BLOCK]) {
    struct byte_block block;
    memcpy(block.bytes, bytes, BYTE_BLOCK);
    return block;
}

static inline unsigned byte_block_mask(struct byte_block block, const struct byte_class *set) {
    unsigned mask = 0;
    for (unsigned i = 0; i < BYTE_BLOCK; i++) mask |= (unsigned)byte_class_has(set, block.bytes[i]) << i;
    return mask;
}

static inline unsigned byte_block_high_mask(struct byte_block block, const struct byte_class *set) {
    unsigned mask = 0;
    for (unsigned i = 0; i < BYTE_BLOCK; i++) mask |= (unsigned)byte_class_has(set, block.bytes[i] ^ 0x80) << i;
    return mask;
}

#endif
