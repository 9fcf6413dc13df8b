#include "rules/compile/example.h"

#include <errno.h>
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/base64.h"
#include "inspect/inspect.h"

static bool is_word(const struct yaml_node *node, const char *word) {
    return strcmp(node->text, word) == 0;
}

static int pack_text(msgpack_packer *packer, const struct yaml_node *node) {
    if (msgpack_pack_str(packer, node->length) != 0) return -1;
    return msgpack_pack_str_body(packer, node->text, node->length);
}

/* A !!binary text: base64 in any number of lines. */
static int pack_binary(msgpack_packer *packer, const struct yaml_node *node) {
    uint8_t *const bytes = malloc(node->length + 1);
    if (bytes == NULL) return -1;
    size_t length = 0;
    for (size_t i = 0; i < node->length; i++)
        if (!strchr(" \t\r\n=", node->text[i])) bytes[length++] = (uint8_t)node->text[i];
    int result = base64_run_length(bytes, length) == length ? 0 : -1;
    length = base64_decode(bytes, result == 0 ? length : 0, bytes);
    if (result == 0) result = msgpack_pack_bin(packer, length);
    if (result == 0) result = msgpack_pack_bin_body(packer, bytes, length);
    free(bytes);
    return result;
}

/* A scalar without quotes is what YAML's core schema takes it for. */
static int pack_plain(msgpack_packer *packer, const struct yaml_node *node) {
    if (node->length == 0 || is_word(node, "null") || is_word(node, "~")) return msgpack_pack_nil(packer);
    if (is_word(node, "true")) return msgpack_pack_true(packer);
    if (is_word(node, "false")) return msgpack_pack_false(packer);
    if (strspn(node->text, "+-.0123456789eE") != node->length) return pack_text(packer, node);
    char *end;
    errno = 0;
    if (*node->text == '-') {
        const long long integer = strtoll(node->text, &end, 10);
        if (*end == '\0' && errno == 0) return msgpack_pack_int64(packer, integer);
    } else {
        const unsigned long long natural = strtoull(node->text, &end, 10);
        if (*end == '\0' && errno == 0) return msgpack_pack_uint64(packer, natural);
    }
    const double real = strtod(node->text, &end);
    return *end == '\0' ? msgpack_pack_double(packer, real) : pack_text(packer, node);
}

/* Recurses no deeper than yaml_parse() lets a document nest. */
static int pack_node(msgpack_packer *packer, const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR) {
        if (node->is_binary) return pack_binary(packer, node);
        return node->is_plain ? pack_plain(packer, node) : pack_text(packer, node);
    }
    int result = node->kind == YAML_MAPPING ? msgpack_pack_map(packer, node->count / 2)
                                            : msgpack_pack_array(packer, node->count);
    for (size_t i = 0; i < node->count && result == 0; i++) {
        const bool is_key = node->kind == YAML_MAPPING && i % 2 == 0;
        result = is_key ? pack_text(packer, node->items[i]) : pack_node(packer, node->items[i]);
    }
    return result;
}

uint8_t *example_pack(const struct yaml_node *example, size_t *length) {
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    int result = 0;
    if (example->kind == YAML_SCALAR) {
        result = msgpack_pack_map(&packer, 1);
        if (result == 0) result = msgpack_pack_str_with_body(&packer, "value", strlen("value"));
    }
    if (result == 0) result = pack_node(&packer, example);
    *length = buffer.size;
    if (result == 0) return (uint8_t *)msgpack_sbuffer_release(&buffer);
    msgpack_sbuffer_destroy(&buffer);
    return NULL;
}

struct example_run {
    struct inspector *inspector;
    struct inspection inspection;
    void (*each)(void *context, const struct example_result *result);
    void *context;
    int failure_count;
};

static int run_example(struct example_run *own, size_t rule, struct example_result result) {
    size_t length;
    uint8_t *const bytes = example_pack(result.example, &length);
    if (bytes == NULL) return -1;
    const struct frame frame = {bytes, length};
    const enum reason reason = inspect(own->inspector, &frame, 1, FORMAT_MSGPACK, &own->inspection);
    const bool is_found = inspector_found_rule(own->inspector, rule);
    result.is_held = reason == REASON_NONE && is_found != result.is_negative;
    own->failure_count += !result.is_held;
    own->each(own->context, &result);
    free(bytes);
    return 0;
}

static int run_list(struct example_run *own, size_t rule, const struct rule_draft *draft, const struct node_list *list,
                    bool is_negative) {
    for (size_t i = 0; i < list->count; i++) {
        const struct example_result result = {.draft = draft, .example = list->items[i], .is_negative = is_negative};
        if (run_example(own, rule, result) != 0) return -1;
    }
    return 0;
}

int examples_run(const struct rule_set *rules, const struct rule_drafts *drafts,
                 void (*each)(void *context, const struct example_result *result), void *context) {
    const struct limits limits = LIMITS_DEFAULT;
    struct example_run own = {.inspector = inspector_create(rules, &limits), .each = each, .context = context};
    int result = own.inspector != NULL ? 0 : -1;
    for (size_t i = 0; i < drafts->count && result == 0; i++) {
        const struct rule_draft *draft = &drafts->items[i];
        result = run_list(&own, i, draft, &draft->examples, false);
        if (result == 0) result = run_list(&own, i, draft, &draft->negative_examples, true);
    }
    inspector_destroy(&own.inspector);
    return result == 0 ? own.failure_count : -1;
}
