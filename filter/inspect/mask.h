#pragma once
/* Masks: one bit for each of up to 64 bytes that stand behind each other, the first byte lowest. */

#include <stdint.h>

/* Where at least `count` (1 to 64) ones stand behind each other in a mask: the first ones of all such places. */
static inline uint64_t mask_runs(uint64_t mask, unsigned count) {
    while (count > 1 && mask != 0) {
        const unsigned half = count / 2;
        mask &= mask >> half;
        count -= half;
    }
    return mask;
}

/* The same for eleven of them. */
static inline uint64_t mask_runs_of_11(uint64_t mask) {
    mask &= mask >> 1;
    mask &= mask >> 2;
    mask &= mask >> 4;
    return mask & mask >> 3;
}

enum { MASK_RUN_SHIFTS = 4, MASK_RUN_BY_MAX = 16 };

/* The same for as many as the shifts were made for. */
static inline uint64_t mask_runs_by(uint64_t mask, const uint8_t shifts[MASK_RUN_SHIFTS]) {
    mask &= mask >> shifts[0];
    mask &= mask >> shifts[1];
    mask &= mask >> shifts[2];
    return mask & mask >> shifts[3];
}

/* Shifts that find runs of `count` (1 or more) ones, or of MASK_RUN_BY_MAX when it is beyond that. */
static inline void mask_run_shifts(uint32_t count, uint8_t shifts[MASK_RUN_SHIFTS]) {
    uint32_t left = (count < MASK_RUN_BY_MAX ? count : MASK_RUN_BY_MAX) - 1;
    for (unsigned i = 0, have = 1; i < MASK_RUN_SHIFTS; i++) {
        shifts[i] = (uint8_t)(left < have ? left : have);
        left -= shifts[i];
        have += shifts[i];
    }
}

/* How many ones stand behind each other from there on. */
static inline unsigned mask_run_length(uint64_t mask, unsigned from) {
    const uint64_t behind = ~(mask >> from);
    return behind != 0 ? (unsigned)__builtin_ctzll(behind) : 64;
}
