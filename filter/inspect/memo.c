#include "inspect/memo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    ENTRIES = 4096,
    SIGHTINGS = 8192,      /* texts that came once */
    STEP = MEMO_BEHIND + 1 /* bytes that are hashed at a time */
};

struct entry {
    uint64_t length;
    uint8_t text[MEMO_TEXT_MAX];
};

struct memo {
    uint64_t key[2];
    uint16_t sightings[SIGHTINGS]; /* a part of the hash of what came last */
    struct entry entries[ENTRIES];
};

struct memo *memo_create(void) {
    struct memo *memo = calloc(1, sizeof *memo);
    if (memo != NULL && getrandom(memo->key, sizeof memo->key, 0) != sizeof memo->key) memo_destroy(&memo);
    return memo;
}

void memo_destroy(struct memo **memo) {
    free(*memo);
    *memo = NULL;
}

/* Sixteen bytes of text, zeros behind its end. */
static void read_step(const uint8_t *text, size_t left, uint64_t words[2]) {
    memcpy(words, text, STEP);
    if (left >= STEP) return;
    words[0] &= left >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * left) - 1;
    words[1] &= left > 8 ? (UINT64_C(1) << 8 * (left - 8)) - 1 : 0;
}

/* Both halves of the product of two words. */
static uint64_t mix(uint64_t one, uint64_t other) {
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)one * other;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t memo_hash(const struct memo *memo, const uint8_t *text, size_t length) {
    uint64_t hash = memo->key[0] ^ length;
    for (size_t at = 0; at < length; at += STEP) {
        uint64_t words[2];
        read_step(text + at, length - at, words);
        hash = mix(hash ^ words[0], memo->key[1] ^ words[1]);
    }
    return hash;
}

bool memo_has(const struct memo *memo, uint64_t hash, const uint8_t *text, size_t length) {
    const struct entry *const entry = &memo->entries[hash % ENTRIES];
    return entry->length == length && memcmp(entry->text, text, length) == 0;
}

void memo_note(struct memo *memo, uint64_t hash, const uint8_t *text, size_t length) {
    uint16_t *const sighting = &memo->sightings[hash / ENTRIES % SIGHTINGS];
    const uint16_t tag = (uint16_t)(hash >> 48);
    if (*sighting != tag) {
        *sighting = tag;
        return;
    }
    struct entry *const entry = &memo->entries[hash % ENTRIES];
    entry->length = length;
    memcpy(entry->text, text, length);
}
