#pragma once
/*
 * What takes long to compile of a rule set, the engine's databases and the sieve, as bytes, to be kept in a file and
 * loaded again by the same build on the same platform. The engine does not guard itself against made-up bytes: only
 * load what is known to be unchanged.
 */

#include <stdbool.h>
#include <stddef.h>

#include "inspect/rule_set.h"

enum { IMAGE_OF_SIEVE = SIEVE_GROUPS, RULE_IMAGES, ENGINE_CHARS = 256 }; /* the database of each group comes first */

/* No bytes stand for a database that the rule set does not have. */
struct rule_image {
    char *bytes;
    size_t length;
};

/* The engine's version, and the processor that it compiles for here, in one line. 0, or -1 when it does not work here
   at all. */
int engine_describe(char out[ENGINE_CHARS]);

/* Makes all images. 0, or -1 when memory ran out. Freed with rule_images_free() either way. */
int rule_images_make(const struct rule_set *rules, struct rule_image images[RULE_IMAGES]);
void rule_images_free(struct rule_image images[RULE_IMAGES]);

/* Gives the rule set, which has none yet, its databases, sieve and groups of patterns. False when the engine refuses a
   database, it was not compiled for block mode on this platform, or the sieve is of another rule set: it then has
   none. */
bool rule_images_load(struct rule_set *rules, const struct rule_image images[RULE_IMAGES]);
