#pragma once
/* Names that nothing goes by: what was meant, perhaps, and what there is. */

#include <stddef.h>

#include "rules/compile/diagnostics.h"

/* The name that somebody who wrote `text` most likely meant: one that at most two slips of the hand (a letter too many,
   missing, wrong, or two swapped) lead to; NULL when none is that near. */
const char *spelling_nearest(const char *text, const char *const *names, size_t name_count);

/* Reports "unknown WHAT 'text'" with the nearest name. The names are listed where they are few, or none is near. */
void spelling_refuse(struct diagnostics *diagnostics, const char *file, struct place place, const char *what,
                     const char *text, const char *const *names, size_t name_count);
