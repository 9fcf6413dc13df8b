#include "rules/compile/compile.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rules/compile/digest.h"
#include "rules/compile/example.h"
#include "rules/compile/path_index.h"
#include "rules/compile/pattern.h"
#include "rules/compile/sieve_build.h"

/* Known whether or not a loaded rule uses them, so that a policy can name them. */
static const char *const design_classes[] = {"email",      "chat",      "file",      "personal",
                                             "identifier", "pseudonym", "credential"};

/* What is at hand while drafts become a rule set. Texts are borrowed from the drafts. */
struct compilation {
    const struct rule_drafts *drafts;
    struct diagnostics *diagnostics;
    struct rule_set *rules;
    struct pattern_text *patterns; /* by position in rules->patterns */
    const char **pattern_texts;
    const char **globs; /* by position in rules->paths */
    bool is_out_of_memory;
};

static void *allocate(struct compilation *own, size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) own->is_out_of_memory = true;
    return memory;
}

static char *copy_text(struct compilation *own, const struct yaml_node *node) {
    if (node == NULL) return NULL;
    char *text = strdup(node->text);
    if (text == NULL) own->is_out_of_memory = true;
    return text;
}

/* Makes the tables as large as the drafts need them. */
static void allocate_tables(struct compilation *own) {
    struct rule_set *rules = own->rules;
    size_t pattern_count = 0, path_count = 0, allowed_count = 0;
    for (size_t i = 0; i < own->drafts->count; i++) {
        const struct rule_draft *draft = &own->drafts->items[i];
        pattern_count += draft->patterns.count;
        path_count += draft->fields.count + draft->include.count + draft->exclude.count;
        allowed_count += draft->allow_count;
    }
    rules->rules = allocate(own, own->drafts->count, sizeof *rules->rules);
    rules->patterns = allocate(own, pattern_count, sizeof *rules->patterns);
    rules->paths = allocate(own, path_count, sizeof *rules->paths);
    rules->allowed = allocate(own, allowed_count, sizeof *rules->allowed);
    rules->scoped_rules = allocate(own, own->drafts->count, sizeof *rules->scoped_rules);
    own->patterns = allocate(own, pattern_count, sizeof *own->patterns);
    own->pattern_texts = allocate(own, pattern_count, sizeof *own->pattern_texts);
    own->globs = allocate(own, path_count, sizeof *own->globs);
}

/* The position of a class, added when it is new. */
static size_t find_class(struct compilation *own, const char *name) {
    struct rule_set *rules = own->rules;
    for (size_t i = 0; i < rules->class_count; i++)
        if (strcmp(rules->class_names[i], name) == 0) return i;
    if (rules->class_count == RULE_CLASS_MAX) return RULE_CLASS_MAX;
    char *copy = strdup(name);
    if (copy == NULL)
        own->is_out_of_memory = true;
    else
        rules->class_names[rules->class_count++] = copy;
    return rules->class_count - 1;
}

static struct table_range add_patterns(struct compilation *own, const struct rule_draft *draft, size_t rule) {
    struct rule_set *rules = own->rules;
    const struct table_range range = {(uint32_t)rules->pattern_count, (uint32_t)draft->patterns.count};
    for (size_t i = 0; i < draft->patterns.count; i++) {
        const struct yaml_node *node = draft->patterns.items[i];
        rules->patterns[rules->pattern_count].rule = (uint32_t)rule;
        own->pattern_texts[rules->pattern_count] = node->text;
        own->patterns[rules->pattern_count++] =
            (struct pattern_text){node->text, draft->file, node->place, draft->id->text};
    }
    return range;
}

static struct table_range add_globs(struct compilation *own, const struct rule_draft *draft,
                                    const struct node_list *globs) {
    struct rule_set *rules = own->rules;
    const struct table_range range = {(uint32_t)rules->path_count, (uint32_t)globs->count};
    for (size_t i = 0; i < globs->count; i++) {
        const struct yaml_node *node = globs->items[i];
        const char *reason;
        size_t at;
        own->globs[rules->path_count] = node->text;
        struct path_glob *glob = &rules->paths[rules->path_count++];
        if (path_glob_parse(node->text, &rules->words, glob, &reason, &at) != 0)
            diagnostics_error(own->diagnostics, draft->file, node->place, "rule '%s': path: %s, at byte %zu",
                              draft->id->text, reason, at);
    }
    return range;
}

/* Is a date, written YYYY-MM-DD, before today (UTC)? Such dates compare as text. */
static bool is_past(const struct yaml_node *date) {
    char today[sizeof "YYYY-MM-DD"];
    const time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    return strftime(today, sizeof today, "%Y-%m-%d", &parts) > 0 && strcmp(date->text, today) < 0;
}

static struct table_range add_allowed(struct compilation *own, const struct rule_draft *draft) {
    struct rule_set *rules = own->rules;
    const uint32_t first = (uint32_t)rules->allowed_count;
    for (size_t i = 0; i < draft->allow_count; i++) {
        const struct allow_draft *allow = &draft->allow[i];
        if (allow->expires != NULL && is_past(allow->expires)) {
            diagnostics_warning(own->diagnostics, draft->file, allow->place,
                                "rule '%s': this allow entry expired on %s and no longer applies", draft->id->text,
                                allow->expires->text);
            continue;
        }
        struct allowed_text *allowed = &rules->allowed[rules->allowed_count++];
        allowed->kind = allow->kind;
        allowed->length = allow->text->length;
        allowed->bytes = allocate(own, allowed->length, 1);
        if (allowed->bytes != NULL) memcpy(allowed->bytes, allow->text->text, allowed->length);
    }
    return (struct table_range){first, (uint32_t)rules->allowed_count - first};
}

static void add_rule(struct compilation *own, const struct rule_draft *draft) {
    const size_t index = own->rules->rule_count++;
    struct rule *rule = &own->rules->rules[index];
    rule->id = copy_text(own, draft->id);
    rule->name = copy_text(own, draft->name);
    rule->description = copy_text(own, draft->description);
    const size_t class_index = find_class(own, draft->class_name->text);
    if (class_index == RULE_CLASS_MAX)
        diagnostics_error(own->diagnostics, draft->file, draft->class_name->place, "more than %d classes",
                          RULE_CLASS_MAX);
    rule->class_index = (uint8_t)class_index;
    rule->types = draft->types;
    rule->min_count = draft->min_count;
    rule->validator = draft->validator;
    rule->patterns = add_patterns(own, draft, index);
    rule->fields = add_globs(own, draft, &draft->fields);
    rule->include = add_globs(own, draft, &draft->include);
    rule->exclude = add_globs(own, draft, &draft->exclude);
    rule->allow = add_allowed(own, draft);
    if (rule->patterns.count > 0 && rule->include.count > 0)
        own->rules->scoped_rules[own->rules->scoped_count++] = (uint32_t)index;
}

static void add_words(struct compilation *own) {
    for (size_t i = 0; i < own->drafts->words.count; i++)
        if (words_add(&own->rules->words, own->drafts->words.items[i]->text) == WORD_UNKNOWN)
            own->is_out_of_memory = true;
}

static void compile_tables(struct compilation *own) {
    for (size_t i = 0; i < sizeof design_classes / sizeof *design_classes; i++) find_class(own, design_classes[i]);
    add_words(own);
    for (size_t i = 0; i < own->drafts->count; i++) add_rule(own, &own->drafts->items[i]);
    if (path_index_build(own->rules) != 0) own->is_out_of_memory = true;
}

static void compile_patterns(struct compilation *own, struct rule_cache *cache, bool is_good) {
    if (is_good) {
        own->is_out_of_memory = digest_set(own->rules, own->pattern_texts, own->globs) != 0;
        if (!own->is_out_of_memory) rule_cache_load(cache, own->rules, own->patterns, own->diagnostics);
    }
    if (!own->is_out_of_memory && !cache->is_hit)
        own->is_out_of_memory = sieve_build(own->rules, own->pattern_texts) != 0;
    if (!own->is_out_of_memory)
        patterns_compile(own->rules, own->patterns, own->rules->pattern_count, own->diagnostics);
}

struct rule_set *rule_set_compile(const struct rule_drafts *drafts, struct diagnostics *diagnostics) {
    struct rule_cache none = {0};
    return rule_set_compile_cached(drafts, &none, diagnostics);
}

struct rule_set *rule_set_compile_cached(const struct rule_drafts *drafts, struct rule_cache *cache,
                                         struct diagnostics *diagnostics) {
    const size_t errors_before = diagnostics->error_count;
    struct compilation own = {.drafts = drafts, .diagnostics = diagnostics, .rules = calloc(1, sizeof *own.rules)};
    if (own.rules != NULL && words_init(&own.rules->words) == 0)
        allocate_tables(&own);
    else
        own.is_out_of_memory = true;
    if (!own.is_out_of_memory) compile_tables(&own);
    if (!own.is_out_of_memory) compile_patterns(&own, cache, diagnostics->error_count == errors_before);
    if (own.is_out_of_memory)
        diagnostics_error(diagnostics, "", (struct place){0}, "out of memory while compiling rules");
    free(own.patterns);
    free(own.pattern_texts);
    free(own.globs);
    if (diagnostics->error_count > errors_before) rule_set_destroy(&own.rules);
    return own.rules;
}

static void report_failure(void *context, const struct example_result *result) {
    if (result->is_held) return;
    diagnostics_error(context, result->draft->file, result->example->place, "rule '%s': %s", result->draft->id->text,
                      result->is_negative ? "this negative example is found" : "this example is not found");
}

static void ignore_result(void *context, const struct example_result *result) {
    (void)context;
    (void)result;
}

/* Compiles, with what the cache has unless the examples no longer hold with it. */
static struct rule_set *compile_with_cache(const struct rule_drafts *drafts, struct rule_cache *cache,
                                           struct diagnostics *diagnostics) {
    const size_t count_before = diagnostics->count;
    struct rule_set *rules = rule_set_compile_cached(drafts, cache, diagnostics);
    if (!cache->is_hit || rules == NULL || examples_run(rules, drafts, ignore_result, NULL) == 0) return rules;
    rule_set_destroy(&rules);
    diagnostics_cut(diagnostics, count_before);
    cache->is_hit = false;
    return rule_set_compile(drafts, diagnostics);
}

/* Reports the examples that do not hold. */
static void prove(const struct rule_set *rules, const struct rule_drafts *drafts, size_t errors_before,
                  struct diagnostics *diagnostics) {
    /* Where there are errors already, one may be of an example, which then cannot be packed. */
    if (examples_run(rules, drafts, report_failure, diagnostics) < 0 && diagnostics->error_count == errors_before)
        diagnostics_error(diagnostics, "", (struct place){0}, "out of memory while running examples");
}

struct rule_set *rule_set_load(const char *const *sources, size_t source_count, struct diagnostics *diagnostics) {
    struct rule_cache none = {0};
    return rule_set_load_cached(sources, source_count, &none, diagnostics);
}

struct rule_set *rule_set_load_cached(const char *const *sources, size_t source_count, struct rule_cache *cache,
                                      struct diagnostics *diagnostics) {
    const size_t errors_before = diagnostics->error_count;
    struct rule_drafts drafts;
    struct rule_set *rules = NULL;
    rule_drafts_init(&drafts);
    rule_sources_load(&drafts, sources, source_count, diagnostics);
    if (drafts.count > 0)
        rules = compile_with_cache(&drafts, cache, diagnostics);
    else if (diagnostics->error_count == errors_before)
        diagnostics_error(diagnostics, "", (struct place){0}, "no rules to load");
    if (rules != NULL && !cache->is_hit) prove(rules, &drafts, errors_before, diagnostics);
    if (rules != NULL && !cache->is_hit && diagnostics->error_count == errors_before)
        rule_cache_store(cache, rules, diagnostics);
    rule_drafts_reset(&drafts);
    if (diagnostics->error_count > errors_before) rule_set_destroy(&rules);
    return rules;
}

void rule_set_destroy(struct rule_set **rules) {
    struct rule_set *own = *rules;
    if (own == NULL) return;
    patterns_free(own);
    for (size_t i = 0; i < own->rule_count; i++) {
        free(own->rules[i].id);
        free(own->rules[i].name);
        free(own->rules[i].description);
    }
    for (size_t i = 0; i < own->path_count; i++) path_glob_reset(&own->paths[i]);
    for (size_t i = 0; i < own->allowed_count; i++) free(own->allowed[i].bytes);
    for (size_t i = 0; i < own->class_count; i++) free(own->class_names[i]);
    path_index_reset(&own->field_paths);
    words_reset(&own->words);
    free(own->rules);
    free(own->patterns);
    free(own->paths);
    free(own->allowed);
    free(own->scoped_rules);
    sieve_reset(&own->sieve);
    free(own);
    *rules = NULL;
}

uint64_t rule_set_class(const struct rule_set *rules, const char *name) {
    for (size_t i = 0; i < rules->class_count; i++)
        if (strcmp(rules->class_names[i], name) == 0) return UINT64_C(1) << i;
    return 0;
}
