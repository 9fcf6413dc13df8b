#pragma once
/* Where rules come from, as the command line and the configuration name it. */

#include <stddef.h>

struct diagnostics;
struct rule_drafts;

/*
 * Reads the rules of sources: a file, a folder (its *.yaml in the order of their names, hidden ones left out), or
 * pack:NAME for a pack that is built in. No source at all means all packs. The pack of well-known words
 * is always read. What is named twice is read once. Also
 * reports ids that are used twice, in one file or in two.
 */
void rule_sources_load(struct rule_drafts *drafts, const char *const *sources, size_t source_count,
                       struct diagnostics *diagnostics);
