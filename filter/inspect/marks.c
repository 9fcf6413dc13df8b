#include "inspect/marks.h"

#include <stdlib.h>

#if defined(__x86_64__) && defined(__SSSE3__)
#include <immintrin.h>
#endif

void mark_classes_init(struct mark_classes *classes) {
    *classes = (struct mark_classes){0};
    for (unsigned byte = 0; byte < 0x80; byte++) {
        const unsigned lower = byte | 0x20;
        const bool is_digit = byte >= '0' && byte <= '9', is_letter = lower >= 'a' && lower <= 'z';
        if (is_digit || is_letter || byte == '_') byte_class_add(&classes->low[MARK_WORD], (uint8_t)byte);
        if (byte == '+' || byte == '/' || byte == '-' || byte == '_')
            byte_class_add(&classes->low[MARK_JOINT], (uint8_t)byte);
    }
}

static void write_bits(uint8_t *bits, uint16_t mask) {
    mask = htole16(mask);
    memcpy(bits, &mask, sizeof mask);
}

static void look_up_blocks(struct marks *marks, size_t from, size_t length) {
    const struct mark_classes *const classes = marks->classes;
    for (size_t at = from; at < from + length; at += BYTE_BLOCK) {
        const struct byte_block block = byte_block_load(marks->bytes + at);
        for (size_t kind = 0; kind < MARK_KINDS; kind++) {
            unsigned mask = byte_block_mask(block, &classes->low[kind]);
            if (kind == MARK_NOTABLE && classes->has_high_notable)
                mask |= byte_block_high_mask(block, &classes->high_notable);
            write_bits(marks->bits[kind] + at / 8, (uint16_t)mask);
        }
    }
}

static bool is_always_supported(void) {
    return true;
}

#if defined(__x86_64__) && defined(__SSSE3__)

/* A class' rows in both halves of a register. */
__attribute__((target("avx2"))) static inline __m256i load_rows(const struct byte_class *set) {
    return _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)(const void *)set->rows));
}

/* The bytes whose row's bit is set in what their low half looks up; a byte from 0x80 on looks up nothing. */
__attribute__((target("avx2"))) static inline uint32_t find(__m256i block, __m256i row_bits, __m256i rows) {
    const __m256i found = _mm256_and_si256(_mm256_shuffle_epi8(rows, block), row_bits);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, row_bits));
}

__attribute__((target("avx2"))) static void look_up_wide(struct marks *marks, size_t from, size_t length) {
    const struct mark_classes *const classes = marks->classes;
    /* A byte from 0x80 on has a row bit, too, so that nothing is not what it asks for. */
    const __m256i all_rows = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, (char)128, 1, 2, 4, 8, 16, 32, 64, (char)128));
    const __m256i half_mask = _mm256_set1_epi8(0x0f), top_bit = _mm256_set1_epi8((char)0x80);
    __m256i rows[MARK_KINDS];
    for (size_t kind = 0; kind < MARK_KINDS; kind++) rows[kind] = load_rows(&classes->low[kind]);
    const __m256i high_rows = load_rows(&classes->high_notable);
    for (size_t at = from; at < from + length; at += sizeof(__m256i)) {
        const __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(marks->bytes + at));
        const __m256i row_bits =
            _mm256_shuffle_epi8(all_rows, _mm256_and_si256(_mm256_srli_epi16(block, 4), half_mask));
        uint32_t masks[MARK_KINDS];
        for (size_t kind = 0; kind < MARK_KINDS; kind++) masks[kind] = find(block, row_bits, rows[kind]);
        if (classes->has_high_notable)
            masks[MARK_NOTABLE] |= find(_mm256_xor_si256(block, top_bit), row_bits, high_rows);
        for (size_t kind = 0; kind < MARK_KINDS; kind++)
            memcpy(marks->bits[kind] + at / 8, &masks[kind], sizeof masks[kind]);
    }
}

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}

#endif

const struct marks_method marks_methods[] = {
#if defined(__x86_64__) && defined(__SSSE3__)
    {"AVX2", has_avx2, look_up_wide},
#endif
    {"blocks", is_always_supported, look_up_blocks},
};
const size_t marks_method_count = sizeof marks_methods / sizeof *marks_methods;

int marks_init(struct marks *marks, const struct mark_classes *classes, size_t capacity) {
    const size_t rounded = (capacity + MARKS_ALIGNMENT - 1) & ~(size_t)(MARKS_ALIGNMENT - 1);
    const size_t bits_bytes = (rounded + MARKS_BEHIND) / 8 + sizeof(uint64_t);
    *marks = (struct marks){.classes = classes, .capacity = rounded};
    marks->bytes = calloc(rounded + MARKS_BEHIND, 1);
    bool is_complete = marks->bytes != NULL;
    for (size_t kind = 0; kind < MARK_KINDS; kind++) {
        marks->bits[kind] = calloc(bits_bytes, 1);
        is_complete = is_complete && marks->bits[kind] != NULL;
    }
    size_t method = 0;
    while (!marks_methods[method].is_supported()) method++;
    marks->look_up = marks_methods[method].look_up;
    return is_complete ? 0 : -1;
}

void marks_reset(struct marks *marks) {
    free(marks->bytes);
    for (size_t kind = 0; kind < MARK_KINDS; kind++) free(marks->bits[kind]);
    *marks = (struct marks){0};
}

const uint8_t *marks_take(struct marks *marks, const uint8_t *text, size_t length) {
    uint8_t *const room = marks_room(marks, length);
    if (room == NULL) return NULL;
    memcpy(room, text, length);
    marks_look_up(marks, length);
    marks_keep(marks, length);
    return room;
}
