#pragma once
/* What byte_class.h does, for 32 bytes at a time with AVX2, where the processor has it. For functions that have the
   attribute BYTE_WIDE and are called only when byte_wide_is_supported(). */

#include "inspect/byte_class.h"

#if defined(__x86_64__) && defined(__SSSE3__)

#include <immintrin.h>

#define BYTE_WIDE __attribute__((target("avx2")))

static inline bool byte_wide_is_supported(void) {
    return __builtin_cpu_supports("avx2");
}

/* Sixteen bytes in both halves of a register. */
BYTE_WIDE static inline __m256i byte_wide_twice(__m128i half) {
    return _mm256_broadcastsi128_si256(half);
}

/* A class' rows, for byte_wide_mask(). */
BYTE_WIDE static inline __m256i byte_wide_rows(const struct byte_class *set) {
    return byte_wide_twice(_mm_load_si128((const __m128i *)(const void *)set->rows));
}

/* A bit for the row of each byte; one from 0x80 on has that of the byte 0x80 less, too. */
BYTE_WIDE static inline __m256i byte_wide_row_bits(__m256i block) {
    const __m256i bits =
        byte_wide_twice(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 1, 2, 4, 8, 16, 32, 64, (char)128));
    return _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(block, 4), _mm256_set1_epi8(0x0f)));
}

/* The bytes that belong to the class, one bit each, the first byte lowest. A byte from 0x80 on looks up nothing, which
   is not its row's bit. */
BYTE_WIDE static inline uint32_t byte_wide_mask(__m256i block, __m256i row_bits, __m256i rows) {
    const __m256i found = _mm256_and_si256(_mm256_shuffle_epi8(rows, block), row_bits);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, row_bits));
}

#endif
