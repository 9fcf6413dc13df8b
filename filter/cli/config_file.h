#pragma once
/*
 * cordon.yaml: read and checked as a whole, so that one run reports every mistake with its place. Nothing is opened or
 * connected here.
 */

#include <stddef.h>

#include "cli/cache_choice.h"
#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"
#include "rules/compile/yaml.h"
#include "stage/stage_config.h"

struct cordon_config {
    const char *file;          /* as the user named it */
    struct stage_config stage; /* withheld_classes of its outputs are set by config_resolve() */
    const char **rules;        /* rule sources, see rule_sources_load(); none means all packs */
    size_t rule_source_count;
    struct cache_choice cache;      /* a folder is relative to the working directory */
    const char *audit_file;         /* "audit.jsonl" when not given; relative to the working directory */
    const char *console_address;    /* host:port, or NULL for no console */
    const struct yaml_node *policy; /* what the file says, or NULL */
    struct yaml_node *tree;         /* owns every text above */
};

/* Reads a configuration. 0, or -1 when anything is wrong; the reasons are in `diagnostics`. `file` must outlive the
   configuration, which is released with config_reset() either way. */
int config_load(struct cordon_config *config, const char *file, struct diagnostics *diagnostics);

/* Turns the policy into the class masks of the outputs: a purpose that the policy does not name withholds every class.
   0, or -1 when it names a class that the rule set does not have; a purpose of no output is a warning. */
int config_resolve(struct cordon_config *config, const struct rule_set *rules, struct diagnostics *diagnostics);

void config_reset(struct cordon_config *config);
