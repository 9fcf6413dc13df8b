#pragma once
/* Orders the globs of field rules by the word they end in, so that a field is only tried against globs that can name
 * it. */

#include "inspect/rule_set.h"

/* Fills rules->field_paths from the field rules' globs; all words must be known by now. 0, or -1 when out of memory. */
int path_index_build(struct rule_set *rules);

void path_index_reset(struct path_index *index);
