#pragma once
/*
 * Patterns: each is compiled twice. Hyperscan proposes from all patterns at once over the text of a whole message;
 * PCRE2 decides within one value. Only what means the same to both is accepted, and everything that would silently
 * never match in gathered text is refused.
 *
 * The only place that compiles for the engine; rule_image keeps what it compiled.
 */

#include <stddef.h>

#include "inspect/rule_set.h"
#include "rules/compile/diagnostics.h"

/* A pattern and where it stands. */
struct pattern_text {
    const char *text;
    const char *file;
    struct place place;
    const char *rule_id;
};

/* Sets rules->patterns[i].code for every text, and rules->database over all of them. A database that is there already,
   from the cache, is kept, and proves that the scan takes the texts. 0, or -1 with the reasons added to `diagnostics`;
   what was compiled is freed with the rule set either way. */
int patterns_compile(struct rule_set *rules, const struct pattern_text *texts, size_t count,
                     struct diagnostics *diagnostics);

/* Frees what patterns_compile() made. */
void patterns_free(struct rule_set *rules);
