#pragma once
/*
 * Features: what every match of a pattern has, found in its tree. They are what the sieve (inspect/sieve.h) looks for
 * before the engine is asked. Where a pattern has several, the one is chosen that ordinary text is least likely to
 * have.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/sieve.h"
#include "rules/compile/byte_set.h"
#include "rules/compile/expression.h"

enum feature_kind {
    FEATURE_WORD,  /* a word begins with one byte out of each set, up to `length`, in this order */
    FEATURE_START, /* a line begins with one byte out of each of two sets, the first in no word */
    FEATURE_PAIR,  /* a byte out of sets[0], in no word, and then one out of sets[1] or, if that has it, the text's end
                    */
    FEATURE_RUN    /* `length` bytes out of sets[0] behind each other, and so many digits in the text */
};

struct feature {
    enum feature_kind kind;
    struct byte_set sets[SIEVE_SYMBOLS];
    uint32_t length;
    uint32_t digits;
    bool is_at_end; /* of a word: the last set stands for the end of the text, too */
};

/* Every match has one of these. */
struct features {
    struct feature *items;
    size_t count, capacity;
    double weight; /* about how many texts out of one have one */
};

/* 0: *features holds at least one. 1: the pattern has none that helps. -1: out of memory. Released with
   features_reset() either way. */
int features_find(struct features *features, const struct expression *expression);
void features_reset(struct features *features);

/* About how many texts out of one have a run of that length of bytes out of the set. */
double feature_run_weight(const struct byte_set *set, uint32_t length);
