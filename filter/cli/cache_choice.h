#pragma once
/* Where compiled rules are kept between starts, as the command line or a configuration says. */

#include <stdbool.h>

#include "rules/compile/rule_cache.h"

struct cache_choice {
    bool is_off;
    const char *folder; /* NULL: the user's own, $XDG_CACHE_HOME/cordon or ~/.cache/cordon */
};

/* What follows --cache: a folder, or "none". */
struct cache_choice cache_choice_of(const char *argument);

/* Opens the cache. The user's own folder is made, for the user alone, where it is not there yet; where it cannot be
   made nothing is kept, and nothing is said. */
void cache_choice_open(const struct cache_choice *choice, struct rule_cache *cache);
