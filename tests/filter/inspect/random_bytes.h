#pragma once
/* Pseudo-random numbers that are the same in every run (xorshift64*), and byte strings changed with them. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct random_source {
    uint64_t state; /* never 0 */
};

static inline uint64_t random_next(struct random_source *random) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717);
}

/* A number from 0 up to, without, `bound`. */
static inline size_t random_below(struct random_source *random, size_t bound) {
    return (size_t)(random_next(random) >> 16) % bound;
}

/* A number of any size: few bits as likely as many. */
static inline uint64_t random_bits(struct random_source *random) {
    return random_next(random) >> random_below(random, 64);
}

/* Flips a bit, changes a byte, takes one out or puts one in (there is room for it). `alphabet` holds the bytes that are
   put in. Returns the new length. */
static inline size_t random_mutate(struct random_source *random, uint8_t *bytes, size_t length, const char *alphabet,
                                   size_t alphabet_length) {
    const size_t at = random_below(random, length + 1);
    const uint8_t fresh = (uint8_t)alphabet[random_below(random, alphabet_length)];
    switch (at == length ? 3 : random_below(random, 4)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << random_below(random, 8));
        return length;
    case 1:
        bytes[at] = fresh;
        return length;
    case 2:
        memmove(bytes + at, bytes + at + 1, length - at - 1);
        return length - 1;
    default:
        memmove(bytes + at + 1, bytes + at, length - at);
        bytes[at] = fresh;
        return length + 1;
    }
}
