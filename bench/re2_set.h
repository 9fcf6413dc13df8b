#pragma once
/* RE2::Set for C. Like all regular expressions of RE2 it takes time in proportion to the text and some memory. */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct re2_set;

/* A set of those patterns that RE2 takes; *taken_count is how many these are. NULL when it cannot be compiled. */
struct re2_set *re2_set_create(const char *const *patterns, size_t count, size_t *taken_count);
void re2_set_destroy(struct re2_set *set);

/* How many patterns match somewhere in the text, or SIZE_MAX when it ran out of memory. */
size_t re2_set_match(struct re2_set *set, const void *text, size_t length);

#ifdef __cplusplus
}
#endif
