#pragma once
/*
 * A YAML document as a tree that knows where everything stands. Read with libyaml; what a rule file does not need is an
 * error: anchors, aliases, tags but !!str and !!binary, several documents in a file, duplicate keys, keys that are no
 * scalars, nesting beyond 64. UTF-8 only.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/compile/diagnostics.h"

enum {
    YAML_FILE_BYTES_MAX = 16 << 20,
    YAML_DEPTH_MAX = 64,
    YAML_NODES_MAX = 1000000 /* values and keys of a document */
};

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct place place;
    char *text;               /* scalar: NUL-terminated; may hold NULs inside, see length */
    size_t length;            /* scalar: bytes */
    bool is_plain;            /* scalar: written without quotes or tag, so that 1, true and null are not texts */
    bool is_binary;           /* scalar: tagged !!binary, text holds base64 (RFC 4648) in any number of lines */
    struct yaml_node **items; /* sequence: its items; mapping: key, value, key, value ... */
    size_t count;             /* entries in items */
};

/*
 * Reads a whole text. NULL when there is no tree to look at; an empty document is such an error. A tree can come with
 * errors too (duplicate keys, anchors, tags), so that the caller finds what else is wrong: what counts in the end is
 * diagnostics->error_count. Of duplicate keys the first is meant.
 */
struct yaml_node *yaml_parse(const char *file, const char *text, size_t length, struct diagnostics *diagnostics);

/* Reads a file of at most YAML_FILE_BYTES_MAX; `file` is also its name in diagnostics. */
struct yaml_node *yaml_load(const char *file, struct diagnostics *diagnostics);

void yaml_destroy(struct yaml_node **root);

/* The value of a key in a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* Is the node a scalar of exactly this text? */
bool yaml_is_text(const struct yaml_node *node, const char *text);

/* Is it one of YAML's ways to write nothing: no value at all, ~ or null? */
bool yaml_is_null(const struct yaml_node *node);

/* What a node is, in words for diagnostics: "a mapping", "a list", "a text", "a number", "nothing" ... */
const char *yaml_describe(const struct yaml_node *node);
