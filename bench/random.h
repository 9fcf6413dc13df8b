#pragma once
/* Numbers that repeat with their seed on every machine (splitmix64). */

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed at first */
};

static inline uint64_t random_next(struct random *random) {
    uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

/* From 0 up to, without, `bound`, which is at least 1. */
static inline size_t random_below(struct random *random, size_t bound) {
    return (size_t)(random_next(random) % bound);
}

/* The same with the low numbers far more often, as popular pages and phones are. */
static inline size_t random_popular(struct random *random, size_t bound) {
    const size_t one = random_below(random, bound), other = random_below(random, bound);
    return one < other ? one : other;
}
