#include "inspect/base64_text.h"

#include "inspect/base64.h"
#include "inspect/base64_block.h"
#include "inspect/byte_class_wide.h"

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
    const unsigned head = (base64_values[text[0]] - 1u) << 2 | (base64_values[text[1]] - 1u) >> 4;
    if (length >= 4 && !may_follow[TEXT_ALONE][text_kinds[head]]) return false;
    unsigned before = TEXT_ALONE;
    for (; length >= 4; text += 4, length -= 4) {
        const uint32_t group = base64_group(text);
        const unsigned first = text_kinds[group >> 16], second = text_kinds[group >> 8 & 0xff],
                       third = text_kinds[group & 0xff];
        if (!(may_follow[before][first] && may_follow[first][second] && may_follow[second][third])) return false;
        before = third;
    }
    return true;
}

static unsigned try_each_shift(const uint8_t *text, size_t length) {
    const size_t count = length < BASE64_LOOK ? length : BASE64_LOOK;
    unsigned shifts = 0;
    for (unsigned shift = 0; shift < BASE64_SHIFTS; shift++)
        shifts |= (unsigned)base64_may_be_text(text + shift, count - shift) << shift;
    return shifts;
}

static bool is_always_supported(void) {
    return true;
}

#if defined(BYTE_WIDE)

/* What is never in text, see utf8_is_text(). */
static const struct byte_class never = {{3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 3, 3, 2, 3, 0x83}};

/* Could these bytes be text, those in `there`? */
static inline bool may_begin_text(__m128i bytes, unsigned there) {
    const unsigned high = (unsigned)_mm_movemask_epi8(bytes);
    const unsigned lead = high & (unsigned)_mm_movemask_epi8(_mm_slli_epi16(bytes, 1)), inside = high & ~lead;
    const unsigned astray = inside & ~(high << 1), cut = lead << 1 & ~inside;
    return ((byte_block_mask(byte_block_of(bytes), &never) | astray | cut) & there) == 0;
}

/* Of n characters come 3n / 4 bytes; those from each of the first four on. */
static const uint16_t bytes_there[BASE64_LOOK + 1][BASE64_SHIFTS] = {
#define BYTES(n) ((1u << (n)*3 / 4) - 1)
#define ROW(n)                                                                                                         \
    { BYTES(n), BYTES((n)-1), BYTES((n)-2), BYTES((n)-3) }
    [4] = ROW(4u), ROW(5u),  ROW(6u),  ROW(7u),  ROW(8u),  ROW(9u), ROW(10u),
    ROW(11u),      ROW(12u), ROW(13u), ROW(14u), ROW(15u), ROW(16u)
#undef ROW
#undef BYTES
};

static unsigned look_at_block(const uint8_t *text, size_t length) {
    const uint16_t *const there = bytes_there[length < BASE64_LOOK ? length : BASE64_LOOK];
    const __m128i values_there = base64_values_of(_mm_loadu_si128((const __m128i *)(const void *)text));
    return (unsigned)may_begin_text(base64_join(values_there), there[0]) |
           (unsigned)may_begin_text(base64_join(_mm_srli_si128(values_there, 1)), there[1]) << 1 |
           (unsigned)may_begin_text(base64_join(_mm_srli_si128(values_there, 2)), there[2]) << 2 |
           (unsigned)may_begin_text(base64_join(_mm_srli_si128(values_there, 3)), there[3]) << 3;
}

/* What is wrong with twice sixteen bytes as text, one bit each, perhaps set for what stands behind it instead. */
BYTE_WIDE static inline uint32_t find_faults(__m256i six_bits) {
    const __m256i pairs = _mm256_maddubs_epi16(six_bits, _mm256_set1_epi32(0x01400140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i bytes = _mm256_shuffle_epi8(
        groups, byte_wide_twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
    const uint32_t control = byte_wide_mask(bytes, byte_wide_row_bits(bytes), byte_wide_rows(&never));
    const uint32_t high = (uint32_t)_mm256_movemask_epi8(bytes);
    const uint32_t lead = high & (uint32_t)_mm256_movemask_epi8(_mm256_slli_epi16(bytes, 1)), inside = high & ~lead;
    return control | (inside & ~(high << 1)) | (lead << 1 & ~inside);
}

/* The same, two shifts side by side. */
BYTE_WIDE static unsigned look_at_wide_block(const uint8_t *text, size_t length) {
    const uint16_t *const there = bytes_there[length < BASE64_LOOK ? length : BASE64_LOOK];
    const __m256i six_bits = byte_wide_twice(base64_values_of(_mm_loadu_si128((const __m128i *)(const void *)text)));
    const __m256i by_0_and_1 = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, /**/
                                                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1);
    const __m256i by_2_and_3 = _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1, -1, /**/
                                                3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1, -1, -1);
    const uint32_t first = find_faults(_mm256_shuffle_epi8(six_bits, by_0_and_1));
    const uint32_t second = find_faults(_mm256_shuffle_epi8(six_bits, by_2_and_3));
    return (unsigned)((first & there[0]) == 0) | (unsigned)((first >> 16 & there[1]) == 0) << 1 |
           (unsigned)((second & there[2]) == 0) << 2 | (unsigned)((second >> 16 & there[3]) == 0) << 3;
}

unsigned base64_text_shifts(const uint8_t *text, size_t length) {
    return byte_wide_is_supported() ? look_at_wide_block(text, length) : look_at_block(text, length);
}

#else

unsigned base64_text_shifts(const uint8_t *text, size_t length) {
    return try_each_shift(text, length);
}

#endif

const struct base64_method base64_methods[] = {
#if defined(BYTE_WIDE)
    {"AVX2", byte_wide_is_supported, look_at_wide_block},
    {"SSSE3", is_always_supported, look_at_block},
#endif
    {"plain", is_always_supported, try_each_shift},
};
const size_t base64_method_count = sizeof base64_methods / sizeof *base64_methods;
