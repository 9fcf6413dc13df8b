#pragma once
/* The digest that a rule set is known by: SHA-256 over its normalised rules. */

#include "inspect/rule_set.h"

/* Sets rules->digest from everything that can change a verdict or which keys a path shows: the rules in the order of
   their ids, with patterns, globs and allowed texts, and the words. Formatting, comments, names, examples and how a
   word is spelt do not count. 0, or -1 when out of memory. */
int digest_set(struct rule_set *rules, const char *const *pattern_texts, const char *const *glob_texts);
