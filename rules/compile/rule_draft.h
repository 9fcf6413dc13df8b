#pragma once
/* One rule as its author wrote it: checked for form, names and ranges, not yet compiled. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"
#include "rules/compile/node_list.h"
#include "rules/compile/yaml.h"

enum { RULE_ID_BYTES_MAX = 64, RULE_PATTERNS_MAX = 64, RULE_PATTERN_BYTES_MAX = 4096, RULE_MIN_COUNT_MAX = 10000 };

struct allow_draft {
    struct place place;
    int kind; /* ALLOW_EXACT ... of struct allowed_text */
    const struct yaml_node *text;
    const struct yaml_node *reason;
    const struct yaml_node *expires; /* NULL: never; a valid date YYYY-MM-DD */
};

/* Nodes belong to the tree that the rule was read from. */
struct rule_draft {
    const char *file;                                             /* as in diagnostics */
    struct place place;                                           /* of its first key */
    const struct yaml_node *id, *name, *class_name, *description; /* description may be NULL */
    struct node_list references;
    struct node_list patterns;         /* of `pattern` or `patterns` */
    struct node_list fields;           /* globs */
    uint16_t types;                    /* FIELD_BIT()s; the default of its kind when not given */
    const struct validator *validator; /* may be NULL */
    uint32_t min_count;                /* 1 when not given */
    struct node_list include, exclude; /* globs of `paths` */
    struct allow_draft *allow;
    size_t allow_count;
    struct node_list examples, negative_examples; /* at least one each */
};

/* Reads a rule. `file` must outlive the draft, which is released with rule_draft_reset() either way. Returns false when
   anything is wrong, which is then in `diagnostics`; draft->id may be set nevertheless. */
bool rule_draft_read(struct rule_draft *draft, const char *file, const struct yaml_node *node,
                     struct diagnostics *diagnostics);

void rule_draft_reset(struct rule_draft *draft);
