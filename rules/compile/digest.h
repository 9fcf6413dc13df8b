#pragma once
/* The digest that a rule set is known by: SHA-256 over its normalised rules. */

#include "inspect/rule_set.h"

/* Sets rules->digest from everything that can change a verdict or a shown path: the rules in the order of their ids,
   with patterns, globs and allowed texts. Formatting, comments, names and examples do not count. 0, or -1 when out of
   memory. */
int digest_set(struct rule_set *rules, const char *const *pattern_texts, const char *const *glob_texts);
