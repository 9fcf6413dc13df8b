#pragma once
/* A rule set's sieve, and the groups of its patterns, as bytes for the same build of this program to load again. */

#include <stdbool.h>
#include <stddef.h>

#include "inspect/rule_set.h"

/* The bytes, from malloc(). NULL when memory ran out. */
char *sieve_image_make(const struct rule_set *rules, size_t *length);

/* Gives the rule set, which has its patterns but no sieve, what the bytes hold. False when they cannot be of a rule set
   with as many patterns, or memory ran out: it then has none. */
bool sieve_image_load(struct rule_set *rules, const char *bytes, size_t length);
