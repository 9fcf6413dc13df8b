#pragma once
/*
 * A lane's memory of harmless texts: that no pattern matches in a text and nothing is encoded in it. Never a verdict:
 * what the rules say of the place where a text stands counts each time anew. User agents, domains and categories come
 * again in nearly every message.
 *
 * Whole texts are compared, no hashes alone. It is bounded, forgets by overwriting, and goes with its lane, so with its
 * rule set.
 *
 * Its timing tells nothing worth knowing: only harmless texts are ever kept, and only when they come for the second
 * time within a few thousand texts, so that whoever asks for a text by sending it brings it in himself. Where a
 * text is kept depends on a key drawn at random for each memo, so nobody can push out a chosen one and see it come
 * back.
 *
 * Owned by one lane; memo_create() allocates everything.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMO_TEXT_MAX = 120, /* bytes; longer texts are not kept */
    MEMO_BEHIND = 15
};

struct memo;

/* NULL when memory or randomness could not be had. */
struct memo *memo_create(void);
void memo_destroy(struct memo **memo);

/* Where a text of 1 to MEMO_TEXT_MAX bytes would be. MEMO_BEHIND bytes behind it may be read. */
uint64_t memo_hash(const struct memo *memo, const uint8_t *text, size_t length);

/* Is this very text kept? */
bool memo_has(const struct memo *memo, uint64_t hash, const uint8_t *text, size_t length);

/* A harmless text has come: keeps it when it came before not long ago. */
void memo_note(struct memo *memo, uint64_t hash, const uint8_t *text, size_t length);
