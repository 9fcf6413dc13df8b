#pragma once
/*
 * What a rule adds to inspect(), measured: a rule set of it alone against one without any rule, on the same messages in
 * turn, in processor time of this thread.
 *
 * What disturbs a measurement only makes it slower: of every few messages the quickest round counts. Where things come
 * to lie in memory makes a difference of its own, so all is done in several trials, each with new working memory.
 */

#include "cli/cost_sample.h"
#include "inspect/rule_set.h"

struct rule_cost {
    double base_ns;   /* per message without any rule */
    double added_ns;  /* per message: the median of the trials; next to nothing may come out below 0 */
    double spread_ns; /* between the trials */
};

/* The sample has a message. 0, or -1 when memory could not be had. */
int rule_cost_measure(struct rule_cost *cost, const struct rule_set *none, const struct rule_set *rule,
                      const struct cost_sample *sample);
