#pragma once
/* Fills a rule set's sieve: finds the features of every pattern, and with them the group that it belongs to. */

#include "inspect/rule_set.h"

/* Sets rules->sieve and the group of every pattern; `texts` are the patterns as written, by position. Patterns of
   rules with paths to look in come into SIEVE_SCOPED, those that have no feature into SIEVE_ALWAYS. 0, or -1 when out
   of memory; what was built is freed with the rule set either way. */
int sieve_build(struct rule_set *rules, const char *const *texts);
