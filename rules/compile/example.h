#pragma once
/*
 * Examples: payloads that a rule must find, or must not. They are written in YAML, packed as msgpack and run through
 * inspect() like any message.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/rule_set.h"
#include "rules/compile/rule_file.h"

/* What one example or negative example of a rule did. */
struct example_result {
    const struct rule_draft *draft;
    const struct yaml_node *example;
    bool is_negative;
    bool is_held; /* found, or for a negative one not found; never when the message could not be inspected */
};

/* Packs an example as msgpack: a mapping or sequence as it is, anything else as the value of a field. Returns malloc'ed
   bytes, or NULL when memory ran out or a !!binary text is no base64. */
uint8_t *example_pack(const struct yaml_node *example, size_t *length);

/* Runs every example and calls `each` with the outcome. `rules` was compiled from `drafts`. Returns how many did not
   hold, or -1 when memory ran out. */
int examples_run(const struct rule_set *rules, const struct rule_drafts *drafts,
                 void (*each)(void *context, const struct example_result *result), void *context);
