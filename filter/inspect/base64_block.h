#pragma once
/* Sixteen characters of base64 at a time. Only base64*.c includes this. */

#include "inspect/byte_class.h"

#if defined(__SSSE3__)

/* The values of sixteen characters of the alphabets. */
static inline __m128i base64_values_of(__m128i characters) {
    /* By the high half: / and, one row on, digits; capitals in two rows; small letters in two. */
    const __m128i offsets =
        _mm_setr_epi8(0, 0, 63 - '/', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i half = _mm_and_si128(_mm_srli_epi16(characters, 4), _mm_set1_epi8(0x0f));
    const __m128i plus = _mm_cmpeq_epi8(characters, _mm_set1_epi8('+'));
    const __m128i hyphen = _mm_cmpeq_epi8(characters, _mm_set1_epi8('-'));
    const __m128i underscore = _mm_cmpeq_epi8(characters, _mm_set1_epi8('_'));
    __m128i offset = _mm_shuffle_epi8(offsets, half);
    offset = _mm_add_epi8(offset, _mm_and_si128(plus, _mm_set1_epi8('/' - 1 - '+')));
    offset = _mm_add_epi8(offset, _mm_and_si128(hyphen, _mm_set1_epi8('/' - 1 - '-')));
    offset = _mm_add_epi8(offset, _mm_and_si128(underscore, _mm_set1_epi8(63 - '_' + 'A')));
    return _mm_and_si128(_mm_add_epi8(characters, offset), _mm_set1_epi8(0x3f)); /* also of what is in no alphabet */
}

/* Sixteen values as twelve bytes, four of zeros behind them. */
static inline __m128i base64_join(__m128i six_bits) {
    const __m128i pairs = _mm_maddubs_epi16(six_bits, _mm_set1_epi32(0x01400140));
    const __m128i groups = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));
    return _mm_shuffle_epi8(groups, _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
}

#endif
