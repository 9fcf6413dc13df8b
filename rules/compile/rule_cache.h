#pragma once
/*
 * What is dear about compiling, kept in a folder from one start to the next: the engine's databases, one file for each
 * rule set. The rules themselves are read, checked and proven by their examples every time.
 *
 * A file's name is a digest of all that its content depends on: the rule set, the order of its patterns, the engine's
 * version, the processor, and the build of this program. It ends with a digest of the whole file. It is only looked at
 * when nobody but root and the effective user can have written it. Whatever is wrong with it, the rules are compiled as
 * without it and the file is made anew; a warning tells of what should not be so, but not of a file that is not there.
 */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"
#include "rules/compile/pattern.h"
#include "rules/compile/rule_image.h"

enum {
    RULE_CACHE_KEEP = 16, /* files in a folder, those used last */
    RULE_CACHE_NAME_CHARS = 80,
    RULE_CACHE_PATH_CHARS = PATH_MAX + RULE_CACHE_NAME_CHARS
};

struct rule_cache {
    char folder[PATH_MAX]; /* made, mode 0700, when it is not there; "": nothing is kept */
    char engine[ENGINE_CHARS];
    char name[RULE_CACHE_NAME_CHARS]; /* of the file for the rule set that was looked for last; "" when none was */
    bool is_hit;                      /* the databases are from that file */
    size_t file_bytes;                /* of that file; 0 when there is none */
};

/* NULL for one that keeps nothing. Where nothing can be known about the engine or the build, or the folder's name is
   too long for any folder, nothing is kept either. */
void rule_cache_init(struct rule_cache *cache, const char *folder);

/* Where that file is. */
void rule_cache_path(const struct rule_cache *cache, char out[RULE_CACHE_PATH_CHARS]);

/* Gives the rule set, whose digest is known and which has no database yet, the databases that are kept for it; `texts`
   are its patterns in their order. True when it has them now; then every text has once been found fit for the scan. */
bool rule_cache_load(struct rule_cache *cache, struct rule_set *rules, const struct pattern_text *texts,
                     struct diagnostics *diagnostics);

/* Keeps the databases of the rule set that was looked for last. A failure is a warning. */
void rule_cache_store(struct rule_cache *cache, const struct rule_set *rules, struct diagnostics *diagnostics);
