#pragma once
/*
 * The sieve: a quick look at one text that tells which groups of patterns could match in it. No group means that no
 * pattern of the rule set matches there: the scan would propose nothing. It never errs in that direction; in the other
 * it does as often as it must, and the scan decides.
 *
 * Every pattern has one feature that each of its matches has:
 *
 *   word    a word (of letters, digits, _) begins with these characters, perhaps with what follows it
 *   start   the text, or a line of it, begins with these two bytes, the first one being in no word
 *   pair    a rare byte stands in the text, such as @, with one of certain bytes behind it
 *   run     a long run of certain bytes, such as digits and hyphens, with so many digits in the text
 *
 * A pattern whose matches have one feature or the other is in the groups of both. Patterns without any make a group of
 * their own, which must see every text. rules/compile builds the sieve; const
 * afterwards.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/byte_class.h"
#include "inspect/marks.h"
#include "inspect/mask.h"

/* Groups of patterns by what leads to them; each is scanned for by itself. */
enum sieve_group {
    SIEVE_WORDS,  /* a word */
    SIEVE_PAIRS,  /* a start or pair */
    SIEVE_RUNS,   /* a run */
    SIEVE_ALWAYS, /* nothing: every text */
    SIEVE_SCOPED, /* where the text stands: patterns of rules with paths to look in, which the sieve does not know */
    SIEVE_GROUPS
};

#define SIEVE_BIT(group) (1u << (group))
#define SIEVE_ALL (SIEVE_BIT(SIEVE_GROUPS) - 1)

enum {
    SIEVE_FOLLOW = 4,
    SIEVE_HEAD = 4,              /* characters of a word that lead to what may follow */
    SIEVE_SYMBOLS = 16,          /* characters that are compared in all */
    SIEVE_FILTER_BITS = 1 << 17, /* of the first look at a word's head */
    SIEVE_RUNS_MAX = 8,
    SIEVE_LONG_RUN = 24, /* bytes, from which on a kind of run is looked for in long texts alone */
    SIEVE_RUN_LENGTH_MAX = 1024,
    SIEVE_ENCODED_RUN = 11 /* characters of base64 that can hide something */
};

/* A word's first characters as symbols: see sieve_symbol(). Compared where the mask is set. */
struct sieve_word {
    uint64_t symbols[SIEVE_SYMBOLS / 8], mask[SIEVE_SYMBOLS / 8]; /* eight in each, the first one lowest */
};

/* The words with one head, a range of sieve.words. A count of 0 marks a free slot. */
struct sieve_head {
    uint32_t head; /* see sieve_head() */
    uint32_t first, count;
    uint32_t
        follow[SIEVE_FOLLOW]; /* sieve_symbol_bit()s of what may stand at each place from sieve_follow_place() on */
};

struct sieve_run {
    struct byte_class bytes;
    uint32_t length; /* of the run, from 1 to SIEVE_RUN_LENGTH_MAX */
    uint32_t digits; /* in the whole text */
};

struct sieve {
    uint32_t symbol_bits[UINT8_MAX + 1]; /* of every byte, see sieve_symbol_bit() */
    uint64_t head_filter[SIEVE_FILTER_BITS / 64];
    struct sieve_head *heads; /* open addressing */
    size_t head_slots;        /* a power of two */
    struct sieve_word *words;
    size_t word_count;
    uint64_t starts[UINT16_MAX / 64 + 1];  /* by two bytes, the first one high: do they begin a match? */
    uint64_t pairs[UINT16_MAX / 64 + 1];   /* the same anywhere in the text; a line feed stands for its end */
    struct mark_classes classes;           /* notable: what pairs begin with, the line feed and the percent sign; run:
                                              what any short kind of run consists of */
    uint8_t run_shifts[MASK_RUN_SHIFTS];   /* of marked runs that may be of any short kind */
    struct sieve_run runs[SIEVE_RUNS_MAX]; /* the short kinds first, from SIEVE_LONG_RUN bytes on the long ones */
    size_t run_count, short_run_count;
    uint32_t long_run_min;    /* bytes of a text that may have a long one */
    size_t digits_length_min; /* fewer digits with nothing else: no pattern can match */
    size_t number_length_min; /* the same with digits, hyphens and full stops */
    size_t scoped_length_min; /* of any text, for the patterns of SIEVE_SCOPED */
    unsigned groups_always;   /* SIEVE_BIT(SIEVE_ALWAYS) when there are such patterns */
};

/* What is seen in a text beside groups. */
enum {
    SIEVE_SEES_PERCENT = 1 << SIEVE_GROUPS,      /* a percent sign */
    SIEVE_SEES_BASE64 = 1 << (SIEVE_GROUPS + 1), /* SIEVE_ENCODED_RUN or more characters of base64 behind each other */
    SIEVE_SEES_ENCODED = SIEVE_SEES_PERCENT | SIEVE_SEES_BASE64
};

/* Looks at a text of one byte or more that is kept in `marks`, which has the sieve's classes. Returns SIEVE_BIT()s of
   the groups that must scan it, and what else is seen. */
unsigned sieve_look(const struct sieve *sieve, const struct marks *marks, const uint8_t *text, size_t length);

/* The first characters of a word as one number: ASCII letters in lower case, zeros behind its end. */
static inline uint32_t sieve_head(uint32_t characters, unsigned length) {
    static const uint32_t masks[SIEVE_HEAD + 1] = {0, 0xff, 0xffff, 0xffffff, 0xffffffff};
    return (characters | 0x20202020) & masks[length < SIEVE_HEAD ? length : SIEVE_HEAD];
}

/* The first place that the head does not tell about: behind it, and behind what ends a word that is shorter. */
static inline unsigned sieve_follow_place(uint32_t head) {
    return head >> 16 != 0 ? SIEVE_HEAD : head >> 8 != 0 ? 3 : 2;
}

static inline uint32_t sieve_hash(uint32_t head) {
    return head * 0x9e3779b1u >> 15;
}

/*
 * How characters are compared behind the head: letters in lower case, one symbol for all digits, `_`, some for what is
 * in no word, and one for what is behind the text. Masks ask for any of the last two kinds.
 */
enum {
    SIEVE_NO_WORD = 0x80, /* with the low five bits of the byte */
    SIEVE_BEHIND = 0xc0,
    SIEVE_NO_WORD_MASK = 0xc0,
    SIEVE_NO_WORD_OR_BEHIND_MASK = 0x80
};
uint8_t sieve_symbol(uint8_t byte);

/* A symbol as one bit out of 32. */
static inline uint32_t sieve_symbol_bit(uint8_t symbol) {
    if (symbol >= 'a' && symbol <= 'z') return UINT32_C(1) << (symbol - 'a');
    if (symbol >= SIEVE_NO_WORD) return UINT32_C(1) << (symbol == SIEVE_BEHIND ? 28 : 27);
    return UINT32_C(1) << (symbol == '0' ? 26 : 29);
}

/* An empty sieve, for rules/compile to fill. */
void sieve_init(struct sieve *sieve);
void sieve_reset(struct sieve *sieve);
