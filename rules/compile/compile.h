#pragma once
/*
 * Rule drafts in, rule set out. A rule set is only handed out when every rule compiled and every example held when run
 * through inspect() on this very machine.
 */

#include <stddef.h>
#include <stdint.h>

#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"
#include "rules/compile/rule_cache.h"
#include "rules/compile/rule_file.h"

/* Loads, checks, compiles and proves the rules of these sources (see rule_sources_load). NULL when anything is wrong;
   the reasons are in `diagnostics`. */
struct rule_set *rule_set_load(const char *const *sources, size_t source_count, struct diagnostics *diagnostics);

/* The same, with what is dear about compiling kept in a cache. What it holds is proven by the examples as well: when
   they do not hold with it, it is left aside and everything compiled. Only what is proven is kept. */
struct rule_set *rule_set_load_cached(const char *const *sources, size_t source_count, struct rule_cache *cache,
                                      struct diagnostics *diagnostics);

/* Compiles drafts without running their examples; rules keep the drafts' positions. Allow entries that have expired are
   left out with a warning. NULL: the reasons are in `diagnostics`. */
struct rule_set *rule_set_compile(const struct rule_drafts *drafts, struct diagnostics *diagnostics);

/* The same, with databases from a cache where it has them. Nothing is stored. */
struct rule_set *rule_set_compile_cached(const struct rule_drafts *drafts, struct rule_cache *cache,
                                         struct diagnostics *diagnostics);

void rule_set_destroy(struct rule_set **rules);

/* The class of that name as a bit of a class mask, or 0 when the rule set has no such class. The classes of the design
   (email chat file personal identifier pseudonym credential) are always there, rules or not. */
uint64_t rule_set_class(const struct rule_set *rules, const char *name);
