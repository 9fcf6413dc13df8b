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
size_t byte_set_count(const struct byte_set *set);

/* Adds first to last, both included; nothing when last is below first. */
void byte_set_add_range(struct byte_set *set, uint8_t first, uint8_t last);

/* Adds all that is in another. */
void byte_set_add_all(struct byte_set *set, const struct byte_set *others);

/* What was in it is not, what was not is. */
void byte_set_invert(struct byte_set *set);

/* Adds the other case of each ASCII letter in it. */
void byte_set_add_other_case(struct byte_set *set);

/* Is there a byte that both have? */
bool byte_sets_meet(const struct byte_set *set, const struct byte_set *other);
