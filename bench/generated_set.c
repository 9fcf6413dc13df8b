#include "bench/generated_set.h"

#include <stdlib.h>

#include "bench/generated_rules.h"
#include "rules/compile/compile.h"

int generated_set_make(struct generated_set *set, size_t rule_count, uint64_t seed) {
    struct rule_cache none = {0};
    return generated_set_make_cached(set, rule_count, seed, &none);
}

int generated_set_make_cached(struct generated_set *set, size_t rule_count, uint64_t seed, struct rule_cache *cache) {
    size_t length;
    struct diagnostics diagnostics;
    rule_drafts_init(&set->drafts);
    set->rules = NULL;
    char *text = generated_rules_write(rule_count, seed, &length);
    if (text == NULL) return -1;
    diagnostics_init(&diagnostics);
    rule_file_parse(&set->drafts, "generated.yaml", text, length, &diagnostics);
    if (diagnostics.error_count == 0) set->rules = rule_set_compile_cached(&set->drafts, cache, &diagnostics);
    if (set->rules != NULL && !cache->is_hit) rule_cache_store(cache, set->rules, &diagnostics);
    diagnostics_reset(&diagnostics);
    free(text);
    return set->rules != NULL ? 0 : -1;
}

void generated_set_reset(struct generated_set *set) {
    rule_set_destroy(&set->rules);
    rule_drafts_reset(&set->drafts);
}
