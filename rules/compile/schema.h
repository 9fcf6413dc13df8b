#pragma once
/*
 * Reads a YAML mapping into a struct, led by a const table with one row per key. Every mistake becomes a diagnostic
 * with its place, and reading goes on, so that one run reports all of them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/compile/diagnostics.h"
#include "rules/compile/node_list.h"
#include "rules/compile/yaml.h"

struct schema_reader {
    const char *file; /* as in diagnostics */
    struct diagnostics *diagnostics;
};

struct schema_key {
    const char *name;
    /* Reads the value into `member`, which lies `offset` bytes into the struct that the mapping fills. */
    void (*read)(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                 void *member);
    size_t offset;
    bool is_required;
    size_t min, max; /* bytes of a text, entries of a list or mapping, value of a number; no bound when max is 0 */
};

struct schema {
    const struct schema_key *keys;
    size_t key_count;              /* at most 64 */
    const char *const *later_keys; /* of later versions, to be told apart from mistakes; ends with NULL, may be NULL */
};

/* Reads a mapping; false when it is none. Of a key that is given twice the first value is read. */
bool schema_read(struct schema_reader *reader, const struct schema *schema, const struct yaml_node *node, void *target);

/* Readers for a table. Nodes stay in the tree; a member whose value is faulty stays as it was. */
void schema_read_text(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member); /* const struct yaml_node * */
void schema_read_texts(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member); /* struct node_list */
void schema_read_list(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member); /* const struct yaml_node * */
void schema_read_number(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                        void *member); /* uint32_t */

/* Is the node what is expected? A diagnostic says so when it is not. A text is any scalar that is neither null nor
   empty, no longer than `max_bytes` (0: any length) and holds no NUL. */
bool schema_is_text(struct schema_reader *reader, const struct yaml_node *node, size_t max_bytes);
bool schema_is_list(struct schema_reader *reader, const struct yaml_node *node, size_t min, size_t max);
bool schema_is_mapping(struct schema_reader *reader, const struct yaml_node *node);

/* Appends to a list, or reports that memory ran out. */
void schema_collect(struct schema_reader *reader, struct node_list *list, const struct yaml_node *node);

#define schema_error(reader, node, ...)                                                                                \
    diagnostics_error((reader)->diagnostics, (reader)->file, (node)->place, __VA_ARGS__)
