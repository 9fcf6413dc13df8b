#include "rules/compile/schema.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "rules/compile/spelling.h"

enum { KEYS_MAX = 64 };

static bool refuse_kind(struct schema_reader *reader, const struct yaml_node *node, const char *expected) {
    schema_error(reader, node, "expected %s, found %s", expected, yaml_describe(node));
    return false;
}

static bool is_later_key(const struct schema *schema, const struct yaml_node *key) {
    for (const char *const *later = schema->later_keys; later != NULL && *later != NULL; later++)
        if (yaml_is_text(key, *later)) return true;
    return false;
}

static void refuse_key(struct schema_reader *reader, const struct schema *schema, const struct yaml_node *key) {
    const struct shown_text shown = diagnostics_show(key->text, key->length);
    const char *names[KEYS_MAX];
    for (size_t i = 0; i < schema->key_count; i++) names[i] = schema->keys[i].name;
    const char *const nearest = spelling_nearest(key->text, names, schema->key_count);
    if (is_later_key(schema, key))
        schema_error(reader, key, "'%s' is not supported by this version", shown.text);
    else if (nearest != NULL)
        schema_error(reader, key, "unknown key '%s', did you mean '%s'?", shown.text, nearest);
    else
        schema_error(reader, key, "unknown key '%s'", shown.text);
}

/* The position of a key in the table, or key_count. */
static size_t find_key(const struct schema *schema, const struct yaml_node *key) {
    size_t position = 0;
    while (position < schema->key_count && !yaml_is_text(key, schema->keys[position].name)) position++;
    return position;
}

bool schema_read(struct schema_reader *reader, const struct schema *schema, const struct yaml_node *node,
                 void *target) {
    assert(schema->key_count <= KEYS_MAX);
    if (!schema_is_mapping(reader, node)) return false;
    bool is_given[KEYS_MAX + 1] = {false};
    for (size_t i = 0; i + 1 < node->count; i += 2) {
        const size_t position = find_key(schema, node->items[i]);
        const struct schema_key *key = &schema->keys[position];
        if (position == schema->key_count)
            refuse_key(reader, schema, node->items[i]);
        else if (!is_given[position])
            key->read(reader, key, node->items[i + 1], (char *)target + key->offset);
        is_given[position] = true; /* the last for unknown ones */
    }
    for (size_t i = 0; i < schema->key_count; i++)
        if (schema->keys[i].is_required && !is_given[i])
            schema_error(reader, node, "missing key '%s'", schema->keys[i].name);
    return true;
}

bool schema_is_mapping(struct schema_reader *reader, const struct yaml_node *node) {
    return node->kind == YAML_MAPPING || refuse_kind(reader, node, "a mapping");
}

bool schema_is_list(struct schema_reader *reader, const struct yaml_node *node, size_t min, size_t max) {
    if (node->kind != YAML_SEQUENCE) return refuse_kind(reader, node, "a list");
    if (node->count < min)
        schema_error(reader, node, "the list must have %zu or more entries", min);
    else if (max > 0 && node->count > max)
        schema_error(reader, node, "the list must have no more than %zu entries", max);
    else
        return true;
    return false;
}

bool schema_is_text(struct schema_reader *reader, const struct yaml_node *node, size_t max_bytes) {
    if (node->kind != YAML_SCALAR || node->is_binary || yaml_is_null(node)) return refuse_kind(reader, node, "a text");
    if (node->length == 0)
        schema_error(reader, node, "the text must not be empty");
    else if (memchr(node->text, '\0', node->length))
        schema_error(reader, node, "the text must not hold NUL");
    else if (max_bytes > 0 && node->length > max_bytes)
        schema_error(reader, node, "the text must not be longer than %zu bytes", max_bytes);
    else
        return true;
    return false;
}

void schema_collect(struct schema_reader *reader, struct node_list *list, const struct yaml_node *node) {
    if (node_list_add(list, node) != 0) schema_error(reader, node, "out of memory");
}

void schema_read_text(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member) {
    if (schema_is_text(reader, value, key->max)) memcpy(member, &value, sizeof value);
}

void schema_read_list(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member) {
    if (schema_is_list(reader, value, key->min, key->max)) memcpy(member, &value, sizeof value);
}

void schema_read_texts(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    if (!schema_is_list(reader, value, key->min, key->max)) return;
    for (size_t i = 0; i < value->count; i++)
        if (schema_is_text(reader, value->items[i], 0)) schema_collect(reader, member, value->items[i]);
}

static bool is_natural(const struct yaml_node *node) {
    return node->kind == YAML_SCALAR && node->is_plain && node->length > 0 &&
           strspn(node->text, "0123456789") == node->length;
}

static void refuse_number(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node) {
    const bool is_word = node->kind == YAML_SCALAR && node->is_plain && !yaml_is_null(node);
    schema_error(reader, node, "expected a whole number from %zu to %zu, found %s", key->min, key->max,
                 is_word ? diagnostics_show(node->text, node->length).text : yaml_describe(node));
}

void schema_read_number(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                        void *member) {
    assert(key->max > 0 && key->max <= UINT32_MAX);
    const unsigned long long number = is_natural(value) ? strtoull(value->text, NULL, 10) : ULLONG_MAX;
    if (number < key->min || number > key->max) {
        refuse_number(reader, key, value);
        return;
    }
    const uint32_t result = (uint32_t)number;
    memcpy(member, &result, sizeof result);
}
