#pragma once
/*
 * Validators: the second opinion on a candidate, by check digit, number plan or grammar. Pure, no allocation, any
 * thread.
 *
 * A validator sees the whole value, so that it can look at what stands beside the match. It answers how many bytes
 * from `from` on make a valid value, 0 for none. That may be less than was matched, as in a card number that is
 * followed by more digits after a space, or more, where the value goes on behind the match; never a value that begins
 * elsewhere.
 *
 * A value is never cut out of a longer one: no digit may stand beside a number, no ASCII letter or digit beside an
 * identifier that has letters. Digits behind a decimal point, in a UUID or in a long hexadecimal run are no number
 * either.
 */

#include <stddef.h>
#include <stdint.h>

struct validator {
    const char *name;        /* as written in rules: "luhn" */
    const char *description; /* one line */
    const char *reference;   /* the standard that it follows */
    size_t (*check)(const uint8_t *text, size_t length, size_t from,
                    size_t to); /* match: text[from, to) of length bytes */
};

/* The validator of that name, or NULL. */
const struct validator *validator_find(const char *name);

/* All validators by position, for listing; NULL from validator_count() on. */
const struct validator *validator_at(size_t position);
size_t validator_count(void);
