#pragma once
/* A few findings of an audit, chosen to be shown: of different classes, and one that had to be unwrapped. */

#include <stddef.h>
#include <stdio.h>

#include "inspect/rule_set.h"

/* Prints up to `count` (at most 8) findings of the audit file at `path`, read from byte `offset` on; only its first
   thousand records are looked at. Returns how many were printed. */
size_t audit_sample_print(FILE *out, const char *path, long offset, const struct rule_set *rules, size_t count);
