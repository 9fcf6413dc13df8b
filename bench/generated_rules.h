#pragma once
/* Rule files of any length, invented but realistic: tokens with a prefix, phrases, header lines, named fields. */

#include <stddef.h>
#include <stdint.h>

/* A rule file with `count` rules as YAML, NUL-terminated, to be freed; the same for the same seed. NULL when
   out of memory. */
char *generated_rules_write(size_t count, uint64_t seed, size_t *length);
