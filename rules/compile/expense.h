#pragma once
/*
 * What makes a pattern dear to look for, read from its text: that there is little to start from, or much to keep track
 * of. What a rule costs in truth is measured; this tells its author why.
 */

#include <stdbool.h>
#include <stddef.h>

enum { EXPENSE_REASONS_MAX = 6, EXPENSE_REASON_CHARS = 160 };

/* In words, what weighs most first; none where nothing in the pattern is dear. */
struct expense {
    char reasons[EXPENSE_REASONS_MAX][EXPENSE_REASON_CHARS];
    size_t count;
};

/* Fills in *expense. `is_scoped`: the pattern's rule has paths to look in, and its texts are found by them alone. 0, or
   -1 when out of memory. */
int expense_find(struct expense *expense, const char *pattern, bool is_scoped);
