#include "rules/compile/byte_set.h"

enum { WORDS = 4 };

size_t byte_set_count(const struct byte_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) count += (size_t)__builtin_popcountll(set->bits[i]);
    return count;
}

void byte_set_add_range(struct byte_set *set, uint8_t first, uint8_t last) {
    for (unsigned byte = first; byte <= last; byte++) byte_set_add(set, (uint8_t)byte);
}

void byte_set_add_all(struct byte_set *set, const struct byte_set *others) {
    for (size_t i = 0; i < WORDS; i++) set->bits[i] |= others->bits[i];
}

void byte_set_invert(struct byte_set *set) {
    for (size_t i = 0; i < WORDS; i++) set->bits[i] = ~set->bits[i];
}

void byte_set_add_other_case(struct byte_set *set) {
    for (uint8_t upper = 'A'; upper <= 'Z'; upper++) {
        const uint8_t lower = (uint8_t)(upper - 'A' + 'a');
        if (byte_set_has(set, upper)) byte_set_add(set, lower);
        if (byte_set_has(set, lower)) byte_set_add(set, upper);
    }
}

bool byte_sets_meet(const struct byte_set *set, const struct byte_set *other) {
    uint64_t common = 0;
    for (size_t i = 0; i < WORDS; i++) common |= set->bits[i] & other->bits[i];
    return common != 0;
}
