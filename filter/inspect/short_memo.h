#pragma once
/*
 * What memo.h says, for texts of at most SHORT_MEMO_TEXT_MAX bytes: small enough to stay in a processor's first cache,
 * and quicker asked than a short text is looked at. The whole text is the entry.
 *
 * Owned by one lane; nothing is allocated.
 */

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    SHORT_MEMO_TEXT_MAX = 15, /* bytes */
    SHORT_MEMO_BITS = 10,
    SHORT_MEMO_ENTRIES = 1 << SHORT_MEMO_BITS,
    SHORT_MEMO_SIGHTINGS = 4096 /* texts that came once */
};

/* A text as two numbers, its length in the last byte: 0 and 0 for none. */
struct short_text {
    uint64_t words[2];
};

struct short_memo {
    uint64_t key[2]; /* odd */
    struct short_text entries[SHORT_MEMO_ENTRIES];
    uint16_t sightings[SHORT_MEMO_SIGHTINGS]; /* a part of the hash of what came last */
};

/* Empties it and draws a key. 0, or -1 when randomness could not be had. */
int short_memo_init(struct short_memo *memo);

/* A text of 1 to SHORT_MEMO_TEXT_MAX bytes; sixteen may be read. */
static inline struct short_text short_memo_text(const uint8_t *text, size_t length) {
    struct short_text own;
    memcpy(own.words, text, sizeof own.words);
    const uint64_t first = le64toh(own.words[0]), second = le64toh(own.words[1]);
    const unsigned left = (unsigned)(8 * (8 - length % 8)) % 64;
    own.words[0] = length < 8 ? first << left >> left : first;
    own.words[1] = (length <= 8 ? 0 : second << left >> left) | (uint64_t)length << 56;
    return own;
}

static inline uint64_t short_memo_hash(const struct short_memo *memo, const struct short_text *text) {
    return text->words[0] * memo->key[0] + text->words[1] * memo->key[1];
}

/* Is this very text kept? */
static inline bool short_memo_has(const struct short_memo *memo, const struct short_text *text) {
    const struct short_text *const entry = &memo->entries[short_memo_hash(memo, text) >> (64 - SHORT_MEMO_BITS)];
    return ((entry->words[0] ^ text->words[0]) | (entry->words[1] ^ text->words[1])) == 0;
}

/* A harmless text has come: keeps it when it came before not long ago. */
void short_memo_note(struct short_memo *memo, const struct short_text *text);
