#pragma once
/*
 * Rule files as their authors wrote them: checked for form, names and ranges, not yet compiled. Every rule keeps
 * its place so that later stages can point at it.
 */

#include <stddef.h>
#include <stdint.h>

#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"
#include "rules/compile/node_list.h"
#include "rules/compile/pack.h"
#include "rules/compile/rule_draft.h"
#include "rules/compile/rule_sources.h"
#include "rules/compile/yaml.h"

/* Where an id is given, be the rule good or faulty. */
struct rule_id {
    const char *file;
    const struct yaml_node *node;
};

struct rule_drafts {
    struct rule_draft *items; /* the good rules */
    size_t count;
    struct rule_id *ids; /* of all rules, in the order they were read */
    size_t id_count;
    struct node_list words;   /* key names of `words`, shown in paths though no rule names them */
    struct yaml_node **trees; /* owned */
    char **file_names;        /* owned */
    size_t tree_count;
};

void rule_drafts_init(struct rule_drafts *drafts);
void rule_drafts_reset(struct rule_drafts *drafts);

/* Reads one rule file's text and appends its rules; `file` names it in diagnostics, which are in the order of the
   file. Good rules are appended even when others are faulty, so that later checks can report more; the caller stops
   when diagnostics->error_count grew. */
void rule_file_parse(struct rule_drafts *drafts, const char *file, const char *text, size_t length,
                     struct diagnostics *diagnostics);

/* The same for a file of that name. */
void rule_file_load(struct rule_drafts *drafts, const char *file, struct diagnostics *diagnostics);
