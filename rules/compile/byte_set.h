#pragma once
/* A set of byte values. All zeros is the empty set. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_set {
    uint64_t bits[4];
};

static inline bool byte_set_has(const struct byte_set *set, uint8_t byte) {
    return (set->bits[byte / 64] >> (byte % 64)) & 1;
}

static inline void byte_set_add(struct byte_set *set, uint8_t byte) {
    set->bits[byte / 64] |= UINT64_C(1) << (byte % 64);
}

/* How many bytes are in it: 0 to 256. */
static inline size_t byte_set_count(const struct byte_set *set) {
    size_t count = 0;
    for (unsigned byte = 0; byte < 256; byte++) count += byte_set_has(set, (uint8_t)byte);
    return count;
}
