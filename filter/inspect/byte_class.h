#pragma once
/*
 * Which of sixteen bytes belong to a class of ASCII bytes, all sixteen at once. A class is a table of rows: bit h of
 * rows[l] says whether the byte 0xhl belongs to it. Bytes from 0x80 on belong to none.
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
    __m128i low, row; /* of every byte: its low half; one bit for its high half, none from 0x80 on */
    unsigned high;    /* the bytes from 0x80 on, one bit each */
};

static inline struct byte_block byte_block_load(const uint8_t bytes[BYTE_BLOCK]) {
    const __m128i rows = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i half = _mm_set1_epi8(0x0f);
    return (struct byte_block){
        .low = _mm_and_si128(block, half),
        .row = _mm_shuffle_epi8(rows, _mm_and_si128(_mm_srli_epi16(block, 4), half)),
        .high = (unsigned)_mm_movemask_epi8(block),
    };
}

/* The bytes of the block that belong to the class, one bit each, the first byte lowest. */
static inline unsigned byte_block_mask(struct byte_block block, const struct byte_class *set) {
    const __m128i rows = _mm_load_si128((const __m128i *)(const void *)set->rows);
    const __m128i found = _mm_and_si128(_mm_shuffle_epi8(rows, block.low), block.row);
    return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128())) & 0xffff;
}

#else

struct byte_block {
    uint8_t bytes[BYTE_BLOCK];
    unsigned high;
};

static inline struct byte_block byte_block_load(const uint8_t bytes[BYTE_BLOCK]) {
    struct byte_block block = {.high = 0};
    memcpy(block.bytes, bytes, BYTE_BLOCK);
    for (unsigned i = 0; i < BYTE_BLOCK; i++) block.high |= (unsigned)(bytes[i] >> 7) << i;
    return block;
}

static inline unsigned byte_block_mask(struct byte_block block, const struct byte_class *set) {
    unsigned mask = 0;
    for (unsigned i = 0; i < BYTE_BLOCK; i++) mask |= (unsigned)byte_class_has(set, block.bytes[i]) << i;
    return mask;
}

#endif
