#include "rules/compile/rule_file.h"

#include <stdlib.h>
#include <string.h>

#include "rules/compile/schema.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

void rule_drafts_init(struct rule_drafts *drafts) {
    *drafts = (struct rule_drafts){0};
}

void rule_drafts_reset(struct rule_drafts *drafts) {
    for (size_t i = 0; i < drafts->count; i++) rule_draft_reset(&drafts->items[i]);
    for (size_t i = 0; i < drafts->tree_count; i++) {
        yaml_destroy(&drafts->trees[i]);
        free(drafts->file_names[i]);
    }
    node_list_reset(&drafts->words);
    free(drafts->items);
    free(drafts->ids);
    free(drafts->trees);
    free(drafts->file_names);
    rule_drafts_init(drafts);
}

static void report_out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_error(diagnostics, "", (struct place){0}, "out of memory while reading rules");
}

/* Room for that many more rules. 0, or -1 when out of memory. */
static int reserve(struct rule_drafts *drafts, size_t rule_count) {
    struct rule_draft *items = realloc(drafts->items, (drafts->count + rule_count) * sizeof *items);
    if (items == NULL) return -1;
    drafts->items = items;
    struct rule_id *ids = realloc(drafts->ids, (drafts->id_count + rule_count) * sizeof *ids);
    if (ids == NULL) return -1;
    drafts->ids = ids;
    return 0;
}

/* Takes a tree over. Returns the name of its file, which lives as long, or NULL when out of memory; the tree is then
   destroyed. */
static const char *keep_tree(struct rule_drafts *drafts, const char *file, struct yaml_node *tree) {
    const size_t count = drafts->tree_count;
    struct yaml_node **trees = realloc(drafts->trees, (count + 1) * sizeof *trees);
    if (trees != NULL) drafts->trees = trees;
    char **file_names = realloc(drafts->file_names, (count + 1) * sizeof *file_names);
    if (file_names != NULL) drafts->file_names = file_names;
    char *file_name = strdup(file);
    if (trees == NULL || file_names == NULL || file_name == NULL) {
        free(file_name);
        yaml_destroy(&tree);
        return NULL;
    }
    drafts->trees[count] = tree;
    drafts->file_names[count] = file_name;
    drafts->tree_count++;
    return file_name;
}

static void read_words(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    char normal[WORD_LENGTH_MAX];
    if (!schema_is_list(reader, value, key->min, key->max)) return;
    for (size_t i = 0; i < value->count; i++) {
        const struct yaml_node *word = value->items[i];
        if (!schema_is_text(reader, word, 0)) continue;
        if (words_normalise((const uint8_t *)word->text, word->length, normal) > 0)
            schema_collect(reader, member, word);
        else
            schema_error(reader, word, "a word has 1 to %d bytes besides '_', '-' and '.'", WORD_LENGTH_MAX);
    }
}

static void read_rule(struct rule_drafts *drafts, const char *file, const struct yaml_node *node,
                      struct diagnostics *diagnostics) {
    struct rule_draft draft;
    const bool is_good = rule_draft_read(&draft, file, node, diagnostics);
    if (draft.id != NULL) drafts->ids[drafts->id_count++] = (struct rule_id){file, draft.id};
    if (is_good)
        drafts->items[drafts->count++] = draft;
    else
        rule_draft_reset(&draft);
}

/* The keys of a file. */
struct file_keys {
    const struct yaml_node *pack, *rules;
    struct node_list words;
};

static const struct schema_key file_keys[] = {
    {"pack", schema_read_text, offsetof(struct file_keys, pack), .is_required = false},
    {"words", read_words, offsetof(struct file_keys, words), .min = 1},
    {"rules", schema_read_list, offsetof(struct file_keys, rules), .is_required = false},
};
static const struct schema file_schema = {file_keys, COUNT(file_keys), NULL};

/* A file without rules is a mistake, unless it is there for its words. */
static void check_rules(struct schema_reader *reader, const struct yaml_node *tree) {
    const struct yaml_node *rules = yaml_get(tree, "rules");
    if (yaml_get(tree, "words") != NULL) return;
    if (rules == NULL)
        schema_error(reader, tree, "missing key 'rules'");
    else if (rules->kind == YAML_SEQUENCE)
        schema_is_list(reader, rules, 1, 0);
}

static void read_tree(struct rule_drafts *drafts, const char *file, const struct yaml_node *tree,
                      struct diagnostics *diagnostics) {
    struct schema_reader reader = {file, diagnostics};
    struct file_keys keys = {.words = drafts->words};
    if (!schema_read(&reader, &file_schema, tree, &keys)) return;
    drafts->words = keys.words;
    check_rules(&reader, tree);
    if (keys.rules == NULL || keys.rules->count == 0) return;
    if (reserve(drafts, keys.rules->count) != 0) {
        report_out_of_memory(diagnostics);
        return;
    }
    for (size_t i = 0; i < keys.rules->count; i++) read_rule(drafts, file, keys.rules->items[i], diagnostics);
}

static void take_tree(struct rule_drafts *drafts, const char *file, struct yaml_node *tree, size_t first_diagnostic,
                      struct diagnostics *diagnostics) {
    const char *const kept = tree != NULL ? keep_tree(drafts, file, tree) : NULL;
    if (kept != NULL)
        read_tree(drafts, kept, tree, diagnostics);
    else if (tree != NULL)
        report_out_of_memory(diagnostics);
    diagnostics_sort(diagnostics, first_diagnostic);
}

void rule_file_parse(struct rule_drafts *drafts, const char *file, const char *text, size_t length,
                     struct diagnostics *diagnostics) {
    const size_t first_diagnostic = diagnostics->count;
    take_tree(drafts, file, yaml_parse(file, text, length, diagnostics), first_diagnostic, diagnostics);
}

void rule_file_load(struct rule_drafts *drafts, const char *file, struct diagnostics *diagnostics) {
    const size_t first_diagnostic = diagnostics->count;
    take_tree(drafts, file, yaml_load(file, diagnostics), first_diagnostic, diagnostics);
}
