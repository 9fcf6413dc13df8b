#pragma once
/* Words that the sieve is to know, spelled out in their first characters while they are added, then made a table. */

#include <stddef.h>

#include "inspect/sieve.h"
#include "rules/compile/feature.h"

struct spelled_word {
    uint32_t head;
    struct sieve_word word;
};

/* All zeros is empty. */
struct sieve_words {
    struct spelled_word *items;
    size_t count, capacity;
};

/* Adds a word feature in all its spellings. 0, or -1 when out of memory. */
int sieve_words_add(struct sieve_words *words, const struct feature *feature);

/* Fills the sieve's table of words. 0, or -1 when out of memory. */
int sieve_words_finish(struct sieve_words *words, struct sieve *sieve);

void sieve_words_reset(struct sieve_words *words);
