#include "inspect/marks.h"

#include <stdlib.h>

#include "inspect/byte_class_wide.h"

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

#if defined(BYTE_WIDE)

BYTE_WIDE static void look_up_wide(struct marks *marks, size_t from, size_t length) {
    const struct mark_classes *const classes = marks->classes;
    const __m256i top_bit = _mm256_set1_epi8((char)0x80);
    __m256i rows[MARK_KINDS];
    for (size_t kind = 0; kind < MARK_KINDS; kind++) rows[kind] = byte_wide_rows(&classes->low[kind]);
    const __m256i high_rows = byte_wide_rows(&classes->high_notable);
    for (size_t at = from; at < from + length; at += sizeof(__m256i)) {
        const __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(marks->bytes + at));
        const __m256i row_bits = byte_wide_row_bits(block);
        uint32_t masks[MARK_KINDS];
        for (size_t kind = 0; kind < MARK_KINDS; kind++) masks[kind] = byte_wide_mask(block, row_bits, rows[kind]);
        if (classes->has_high_notable)
            masks[MARK_NOTABLE] |= byte_wide_mask(_mm256_xor_si256(block, top_bit), row_bits, high_rows);
        for (size_t kind = 0; kind < MARK_KINDS; kind++)
            memcpy(marks->bits[kind] + at / 8, &masks[kind], sizeof masks[kind]);
    }
}

#endif

const struct marks_method marks_methods[] = {
#if defined(BYTE_WIDE)
    {"AVX2", byte_wide_is_supported, look_up_wide},
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
