#include "inspect/short_memo.h"

#include <sys/random.h>

int short_memo_init(struct short_memo *memo) {
    *memo = (struct short_memo){0};
    if (getrandom(memo->key, sizeof memo->key, 0) != sizeof memo->key) return -1;
    memo->key[0] |= 1;
    memo->key[1] |= 1;
    return 0;
}

void short_memo_note(struct short_memo *memo, const struct short_text *text) {
    const uint64_t hash = short_memo_hash(memo, text);
    uint16_t *const sighting = &memo->sightings[hash >> 36 & (SHORT_MEMO_SIGHTINGS - 1)];
    const uint16_t tag = (uint16_t)(hash >> 20);
    if (*sighting != tag) {
        *sighting = tag;
        return;
    }
    memo->entries[hash >> (64 - SHORT_MEMO_BITS)] = *text;
}
