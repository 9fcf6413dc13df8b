#pragma once
/*
 * The key names that the rules know. A key is compared in a normal form: ASCII letters in lower case, `_`, `-`, `.`
 * and spaces left out, so that "E-Mail", "e_mail" and "email" are one word. Only such words are ever shown in a path.
 *
 * Built once by rules/compile, const afterwards.
 */

#include <stddef.h>
#include <stdint.h>

enum {
    WORD_UNKNOWN = 0,    /* a key that no rule knows */
    WORD_LENGTH_MAX = 64 /* bytes in normal form; a longer key is unknown */
};

struct words {
    char **shown;      /* by word: as the rules first wrote it; shown[WORD_UNKNOWN] is "*" */
    char **normal;     /* by word: the normal form */
    size_t count;      /* words, WORD_UNKNOWN included; at most UINT16_MAX + 1 */
    uint16_t *slots;   /* open addressing; WORD_UNKNOWN marks a free one */
    size_t slot_count; /* a power of two */
};

/* Writes the normal form of a key of `length` bytes to `out` (WORD_LENGTH_MAX bytes); returns its length, 0 when it is
   empty or longer than WORD_LENGTH_MAX. */
size_t words_normalise(const uint8_t *key, size_t length, char *out);

/* The word for a key as it stands in a message, or WORD_UNKNOWN. */
uint16_t words_find(const struct words *words, const uint8_t *key, size_t length);

/* Starts an empty table. 0, or -1 when out of memory. */
int words_init(struct words *words);

/* The word for a name, added when it is new. WORD_UNKNOWN when it has no normal form, the table is full or memory ran
 * out. */
uint16_t words_add(struct words *words, const char *name);

void words_reset(struct words *words);
