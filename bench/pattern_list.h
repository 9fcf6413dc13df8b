#pragma once
/* The patterns of a rule set as texts, in the order of rule_set.patterns. */

#include <stddef.h>

#include "rules/compile/rule_file.h"

struct pattern_list {
    const char **texts; /* borrowed from the drafts */
    size_t count;
};

/* Of the drafts that the rule set was compiled from. 0, or -1 when out of memory. */
int pattern_list_make(struct pattern_list *patterns, const struct rule_drafts *drafts);
void pattern_list_reset(struct pattern_list *patterns);
