#pragma once
/* Up to 64 bytes of a text as masks: one bit for each byte that belongs to a class, the first byte lowest. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/byte_class.h"

enum {
    CHUNK = 64,
    CHUNK_AHEAD = 16, /* bytes behind a chunk that may be read, too */
    CHUNK_READ = CHUNK + CHUNK_AHEAD
};

/* The bytes of a text from one place on. */
struct chunk {
    const uint8_t *bytes; /* CHUNK_READ of them may be read */
    size_t count;         /* those that belong to the text, from 1 to CHUNK */
    struct byte_block blocks[CHUNK / BYTE_BLOCK];
    uint8_t copy[CHUNK_READ];
};

/* A mask of the first `count` bytes, at least one. */
static inline uint64_t chunk_bits(size_t count) {
    return UINT64_MAX >> (count < CHUNK ? CHUNK - count : 0);
}

/* Takes a text's next bytes. What stands before `readable_end` may be read where it stands, all else is copied. */
static inline void chunk_take(struct chunk *chunk, const uint8_t *text, size_t left, const uint8_t *readable_end) {
    chunk->count = left < CHUNK ? left : CHUNK;
    chunk->bytes = text;
    if (readable_end - text < CHUNK_READ) {
        memset(chunk->copy, 0, sizeof chunk->copy);
        memcpy(chunk->copy, text, left < CHUNK_READ ? left : CHUNK_READ);
        chunk->bytes = chunk->copy;
    }
    chunk->blocks[0] = byte_block_load(chunk->bytes);
    for (size_t at = BYTE_BLOCK; at < chunk->count; at += BYTE_BLOCK)
        chunk->blocks[at / BYTE_BLOCK] = byte_block_load(chunk->bytes + at);
}

/* The bytes that belong to a class. */
static inline uint64_t chunk_mask(const struct chunk *chunk, const struct byte_class *set) {
    uint64_t mask = byte_block_mask(chunk->blocks[0], set);
    for (size_t at = BYTE_BLOCK; at < chunk->count; at += BYTE_BLOCK)
        mask |= (uint64_t)byte_block_mask(chunk->blocks[at / BYTE_BLOCK], set) << at;
    return mask & chunk_bits(chunk->count);
}

/* The same for a class of bytes from 0x80 on. */
static inline uint64_t chunk_high_mask(const struct chunk *chunk, const struct byte_class *set) {
    uint64_t mask = byte_block_high_mask(chunk->blocks[0], set);
    for (size_t at = BYTE_BLOCK; at < chunk->count; at += BYTE_BLOCK)
        mask |= (uint64_t)byte_block_high_mask(chunk->blocks[at / BYTE_BLOCK], set) << at;
    return mask & chunk_bits(chunk->count);
}

/* Where at least `count` (1 to 64) ones stand behind each other: the first ones of all such places. */
static inline uint64_t chunk_runs(uint64_t mask, unsigned count) {
    while (count > 1 && mask != 0) {
        const unsigned half = count / 2;
        mask &= mask >> half;
        count -= half;
    }
    return mask;
}

/* The same for eleven of them. */
static inline uint64_t chunk_runs_of_11(uint64_t mask) {
    mask &= mask >> 1;
    mask &= mask >> 2;
    mask &= mask >> 4;
    return mask & mask >> 3;
}

/* How many ones stand behind each other from there on. */
static inline unsigned chunk_run_length(uint64_t mask, unsigned from) {
    const uint64_t behind = ~(mask >> from);
    return behind != 0 ? (unsigned)__builtin_ctzll(behind) : CHUNK;
}
