#pragma once
/*
 * The engine's databases of a rule set as bytes, to be kept in a file and loaded again by the same build on the same
 * platform. The engine does not guard itself against made-up bytes: only load what is known to be unchanged.
 */

#include <stdbool.h>
#include <stddef.h>

#include "inspect/rule_set.h"

enum { DATABASE_COUNT = 1, ENGINE_CHARS = 256 }; /* databases that a rule set may have */

/* One database; no bytes stand for one that the rule set does not have. */
struct database_image {
    char *bytes;
    size_t length;
};

/* The engine's version, and the processor that it compiles for here, in one line. 0, or -1 when it does not work here
   at all. */
int engine_describe(char out[ENGINE_CHARS]);

/* Makes the images of all databases. 0, or -1 when memory ran out. Freed with database_images_free() either way. */
int database_images_make(const struct rule_set *rules, struct database_image images[DATABASE_COUNT]);
void database_images_free(struct database_image images[DATABASE_COUNT]);

/* Gives the rule set, which has none yet, its databases. False when the engine refuses one or it was not compiled for
   block mode on this platform: the rule set then has none. */
bool database_images_load(struct rule_set *rules, const struct database_image images[DATABASE_COUNT]);
