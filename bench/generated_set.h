#pragma once
/* A rule set of generated rules, compiled. */

#include <stddef.h>

#include "inspect/rule_set.h"
#include "rules/compile/rule_cache.h"
#include "rules/compile/rule_file.h"

struct generated_set {
    struct rule_drafts drafts;
    struct rule_set *rules;
};

/* Compiles `rule_count` rules made from `seed`. 0, or -1 when that fails. Released with generated_set_reset() either
   way. */
int generated_set_make(struct generated_set *set, size_t rule_count, uint64_t seed);

/* The same, from a cache; what it does not have yet is kept there. */
int generated_set_make_cached(struct generated_set *set, size_t rule_count, uint64_t seed, struct rule_cache *cache);

void generated_set_reset(struct generated_set *set);
