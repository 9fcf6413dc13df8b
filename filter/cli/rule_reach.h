#pragma once
/* How far a rule reaches into a sample: what the engine must look at because of it, and how often it proposes
   something. */

#include "cli/cost_sample.h"
#include "inspect/rule_set.h"

struct rule_reach {
    double searched;   /* the share of texts (values, keys, what is encoded in them) that are searched for its patterns,
                          or, for a field rule, that stand at its places */
    double candidates; /* the share of messages with a candidate, to be confirmed */
};

/* `rules` holds that one rule. 0, or -1 when memory could not be had. */
int rule_reach_find(struct rule_reach *reach, const struct rule_set *rules, const struct cost_sample *sample);
