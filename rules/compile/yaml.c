#include "rules/compile/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "inspect/base64.h"

#define TAG_PREFIX "tag:yaml.org,2002:"

/* A position in the text, in every unit that somebody counts in. */
struct cursor {
    size_t character, byte; /* from 0 */
    struct place place;
};

static const struct cursor text_start = {.place = {1, 1}};

struct reader {
    yaml_parser_t parser;
    const char *file;
    const char *text;
    size_t length;
    struct diagnostics *diagnostics;
    struct cursor cursor; /* where a place was last looked for */
    size_t node_count;
    bool has_bad_keys; /* such that no tree can be handed out */
};

static struct yaml_node *read_node(struct reader *own, yaml_event_t *event, unsigned depth);

/* One character on; lines end where editors end them. */
static void step(const struct reader *own, struct cursor *at) {
    const char first = own->text[at->byte];
    const size_t from = at->byte++;
    while (at->byte < own->length && (own->text[at->byte] & 0xC0) == 0x80) at->byte++;
    const bool is_line_end =
        first == '\n' || (first == '\r' && (at->byte == own->length || own->text[at->byte] != '\n'));
    at->character++;
    at->place.column = is_line_end ? 1 : at->place.column + (unsigned)(at->byte - from);
    at->place.line += is_line_end;
}

/* libyaml counts characters, and lines by more line ends than editors know. */
static struct place find_place(struct reader *own, const yaml_mark_t *mark) {
    if (mark->index < own->cursor.character) own->cursor = text_start;
    while (own->cursor.character < mark->index && own->cursor.byte < own->length) step(own, &own->cursor);
    return own->cursor.place;
}

static struct place find_place_of_byte(const struct reader *own, size_t byte) {
    struct cursor at = text_start;
    while (at.byte < byte && at.byte < own->length) step(own, &at);
    return at.place;
}

#define report(own, place, ...) diagnostics_error((own)->diagnostics, (own)->file, place, __VA_ARGS__)

static void report_out_of_memory(struct reader *own) {
    report(own, ((struct place){0}), "out of memory");
}

/* Says what libyaml stumbled over. Its reasons are constants, never text of the file. */
static void report_parser_error(struct reader *own) {
    const yaml_parser_t *parser = &own->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        report_out_of_memory(own);
    } else if (parser->error == YAML_READER_ERROR) {
        report(own, find_place_of_byte(own, parser->problem_offset), "%s", parser->problem);
    } else if (parser->context != NULL) {
        const unsigned line = find_place(own, &parser->context_mark).line;
        report(own, find_place(own, &parser->problem_mark), "%s (%s, from line %u on)", parser->problem,
               parser->context, line);
    } else {
        report(own, find_place(own, &parser->problem_mark), "%s", parser->problem);
    }
}

static bool next_event(struct reader *own, yaml_event_t *event) {
    if (yaml_parser_parse(&own->parser, event)) return true;
    report_parser_error(own);
    return false;
}

static struct yaml_node *create_node(struct reader *own, enum yaml_kind kind, struct place place) {
    if (++own->node_count > YAML_NODES_MAX) {
        report(own, place, "more than %d values", YAML_NODES_MAX);
        return NULL;
    }
    struct yaml_node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        report_out_of_memory(own);
        return NULL;
    }
    node->kind = kind;
    node->place = place;
    return node;
}

/* Appends an item, which the node then owns; false when there is none or no room for it. */
static bool append(struct reader *own, struct yaml_node *node, struct yaml_node *item) {
    if (item == NULL) return false;
    const size_t count = node->count;
    if ((count & (count - 1)) == 0) { /* full at every power of two */
        struct yaml_node **items = realloc(node->items, (count > 0 ? 2 * count : 1) * sizeof *items);
        if (items == NULL) {
            report_out_of_memory(own);
            yaml_destroy(&item);
            return false;
        }
        node->items = items;
    }
    node->items[node->count++] = item;
    return true;
}

static void refuse_anchor(struct reader *own, struct place place, const yaml_char_t *anchor) {
    if (anchor != NULL) report(own, place, "anchors are not supported");
}

static void refuse_tag(struct reader *own, struct place place, const yaml_char_t *tag) {
    if (tag != NULL) report(own, place, "no tags but !!str and !!binary are supported");
}

/* Base64 in any number of lines, padded or not. */
static bool is_base64(const char *text, size_t length) {
    size_t character_count = 0, padding = 0;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r\n", text[i]) && text[i] != '\0') continue;
        if (text[i] == '=') {
            padding++;
        } else if (padding > 0 || base64_run_length((const uint8_t *)text + i, 1) == 0) {
            return false;
        } else {
            character_count++;
        }
    }
    return character_count % 4 != 1 && (padding == 0 || (padding <= 2 && (character_count + padding) % 4 == 0));
}

static void read_tag(struct reader *own, struct yaml_node *node, const char *tag) {
    node->is_plain = false;
    node->is_binary = strcmp(tag, TAG_PREFIX "binary") == 0;
    if (!node->is_binary && strcmp(tag, TAG_PREFIX "str") != 0) refuse_tag(own, node->place, (const yaml_char_t *)tag);
    if (node->is_binary && !is_base64(node->text, node->length)) report(own, node->place, "this !!binary is no base64");
}

static struct yaml_node *read_scalar(struct reader *own, const yaml_event_t *event, struct place place) {
    struct yaml_node *node = create_node(own, YAML_SCALAR, place);
    if (node == NULL) return NULL;
    node->length = event->data.scalar.length;
    node->text = malloc(node->length + 1);
    if (node->text == NULL) {
        report_out_of_memory(own);
        yaml_destroy(&node);
        return NULL;
    }
    memcpy(node->text, event->data.scalar.value, node->length);
    node->text[node->length] = '\0';
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    refuse_anchor(own, place, event->data.scalar.anchor);
    if (event->data.scalar.tag != NULL) read_tag(own, node, (const char *)event->data.scalar.tag);
    return node;
}

static bool read_items(struct reader *own, struct yaml_node *node, yaml_event_type_t end, unsigned depth) {
    for (;;) {
        yaml_event_t event;
        if (!next_event(own, &event)) return false;
        if (event.type == end) {
            yaml_event_delete(&event);
            return true;
        }
        if (!append(own, node, read_node(own, &event, depth + 1))) return false;
    }
}

static struct yaml_node *read_sequence(struct reader *own, const yaml_event_t *event, struct place place,
                                       unsigned depth) {
    refuse_anchor(own, place, event->data.sequence_start.anchor);
    refuse_tag(own, place, event->data.sequence_start.tag);
    struct yaml_node *node = create_node(own, YAML_SEQUENCE, place);
    if (node != NULL && !read_items(own, node, YAML_SEQUENCE_END_EVENT, depth)) yaml_destroy(&node);
    return node;
}

/* By text, then in the order of the file. */
static int by_text(const void *left, const void *right) {
    const struct yaml_node *a = *(const struct yaml_node *const *)left, *b = *(const struct yaml_node *const *)right;
    const int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    if (order != 0) return order;
    if (a->length != b->length) return a->length < b->length ? -1 : 1;
    if (a->place.line != b->place.line) return a->place.line < b->place.line ? -1 : 1;
    return a->place.column < b->place.column ? -1 : a->place.column > b->place.column;
}

static void report_duplicates(struct reader *own, const struct yaml_node **keys, size_t count) {
    qsort(keys, count, sizeof *keys, by_text);
    const struct yaml_node *first = NULL;
    for (size_t i = 0; i < count; i++) {
        if (first == NULL || first->length != keys[i]->length || memcmp(first->text, keys[i]->text, first->length) != 0)
            first = keys[i];
        else
            report(own, keys[i]->place, "key '%s' is given twice, first in line %u",
                   diagnostics_show(first->text, first->length).text, first->place.line);
    }
}

static bool check_keys(struct reader *own, const struct yaml_node *mapping) {
    const struct yaml_node **keys = malloc((mapping->count / 2 + 1) * sizeof *keys);
    if (keys == NULL) {
        report_out_of_memory(own);
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < mapping->count; i += 2) {
        if (mapping->items[i]->kind == YAML_SCALAR && !mapping->items[i]->is_binary) {
            keys[count++] = mapping->items[i];
        } else {
            report(own, mapping->items[i]->place, "a key must be a text, not %s", yaml_describe(mapping->items[i]));
            own->has_bad_keys = true;
        }
    }
    report_duplicates(own, keys, count);
    free(keys);
    return true;
}

static struct yaml_node *read_mapping(struct reader *own, const yaml_event_t *event, struct place place,
                                      unsigned depth) {
    refuse_anchor(own, place, event->data.mapping_start.anchor);
    refuse_tag(own, place, event->data.mapping_start.tag);
    struct yaml_node *node = create_node(own, YAML_MAPPING, place);
    if (node != NULL && !(read_items(own, node, YAML_MAPPING_END_EVENT, depth) && check_keys(own, node)))
        yaml_destroy(&node);
    return node;
}

/* The node that an event begins; NULL when reading cannot go on. Deletes the event. */
static struct yaml_node *read_node(struct reader *own, yaml_event_t *event, unsigned depth) {
    const struct place place = find_place(own, &event->start_mark);
    struct yaml_node *node = NULL;
    if (event->type == YAML_ALIAS_EVENT)
        report(own, place, "aliases are not supported");
    else if (event->type == YAML_SCALAR_EVENT)
        node = read_scalar(own, event, place);
    else if (depth >= YAML_DEPTH_MAX)
        report(own, place, "nested more than %d levels deep", YAML_DEPTH_MAX);
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        node = read_sequence(own, event, place, depth);
    else if (event->type == YAML_MAPPING_START_EVENT)
        node = read_mapping(own, event, place, depth);
    yaml_event_delete(event);
    return node;
}

/* The type of the next event, where nothing else of it matters; YAML_NO_EVENT after an error. */
static yaml_event_type_t next_type(struct reader *own, struct place *place) {
    yaml_event_t event;
    if (!next_event(own, &event)) return YAML_NO_EVENT;
    const yaml_event_type_t type = event.type;
    *place = find_place(own, &event.start_mark);
    yaml_event_delete(&event);
    return type;
}

static void refuse_empty(struct reader *own) {
    report(own, ((struct place){0}), "the file is empty");
}

/* What comes behind the document: nothing, that is the end of the document and of the stream. */
static bool check_end(struct reader *own) {
    struct place place;
    next_type(own, &place);
    const yaml_event_type_t type = next_type(own, &place);
    if (type == YAML_DOCUMENT_START_EVENT) report(own, place, "a second document begins here: a file holds one");
    return type == YAML_STREAM_END_EVENT;
}

static struct yaml_node *read_document(struct reader *own) {
    struct place place;
    yaml_event_t event;
    next_type(own, &place);
    const yaml_event_type_t type = next_type(own, &place);
    if (type == YAML_STREAM_END_EVENT) refuse_empty(own);
    if (type != YAML_DOCUMENT_START_EVENT || !next_event(own, &event)) return NULL;
    struct yaml_node *root = read_node(own, &event, 0);
    if (root == NULL) return NULL;
    const bool is_empty = yaml_is_null(root);
    if (is_empty) refuse_empty(own);
    if (!check_end(own) || is_empty || own->has_bad_keys) yaml_destroy(&root);
    return root;
}

struct yaml_node *yaml_parse(const char *file, const char *text, size_t length, struct diagnostics *diagnostics) {
    const bool has_byte_order_mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    struct reader own = {.file = file, .diagnostics = diagnostics, .cursor = text_start};
    own.text = has_byte_order_mark ? text + 3 : text;
    own.length = has_byte_order_mark ? length - 3 : length;
    if (length > YAML_FILE_BYTES_MAX) {
        report(&own, ((struct place){0}), "larger than %d MiB", YAML_FILE_BYTES_MAX >> 20);
        return NULL;
    }
    if (!yaml_parser_initialize(&own.parser)) {
        report_out_of_memory(&own);
        return NULL;
    }
    yaml_parser_set_encoding(&own.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&own.parser, (const unsigned char *)own.text, own.length);
    struct yaml_node *root = read_document(&own);
    yaml_parser_delete(&own.parser);
    return root;
}

/* All bytes of a file, or as many as show that it is too large; NULL with errno. */
static char *read_bytes(FILE *file, size_t *length) {
    char *text = NULL;
    size_t capacity = 0;
    *length = 0;
    do {
        capacity = capacity > 0 ? 2 * capacity : 64 * 1024;
        char *larger = realloc(text, capacity);
        if (larger == NULL) break;
        text = larger;
        *length += fread(text + *length, 1, capacity - *length, file);
        if (ferror(file)) break;
        if (*length < capacity || *length > YAML_FILE_BYTES_MAX) return text;
    } while (true);
    free(text);
    return NULL;
}

struct yaml_node *yaml_load(const char *file, struct diagnostics *diagnostics) {
    FILE *stream = fopen(file, "rbe");
    size_t length;
    char *text = stream != NULL ? read_bytes(stream, &length) : NULL;
    if (text == NULL) diagnostics_error(diagnostics, file, (struct place){0}, "%s", strerror(errno));
    if (stream != NULL) fclose(stream);
    struct yaml_node *root = text != NULL ? yaml_parse(file, text, length, diagnostics) : NULL;
    free(text);
    return root;
}

void yaml_destroy(struct yaml_node **root) {
    struct yaml_node *node = *root;
    if (node == NULL) return;
    for (size_t i = 0; i < node->count; i++) yaml_destroy(&node->items[i]);
    free(node->items);
    free(node->text);
    free(node);
    *root = NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key) {
    if (mapping->kind != YAML_MAPPING) return NULL;
    for (size_t i = 0; i + 1 < mapping->count; i += 2)
        if (yaml_is_text(mapping->items[i], key)) return mapping->items[i + 1];
    return NULL;
}

bool yaml_is_text(const struct yaml_node *node, const char *text) {
    return node->kind == YAML_SCALAR && node->length == strlen(text) && memcmp(node->text, text, node->length) == 0;
}

bool yaml_is_null(const struct yaml_node *node) {
    return node->kind == YAML_SCALAR && node->is_plain &&
           (node->length == 0 || yaml_is_text(node, "~") || yaml_is_text(node, "null"));
}

static bool is_number(const struct yaml_node *node) {
    return strspn(node->text, "+-.0123456789eE") == node->length && strpbrk(node->text, "0123456789");
}

const char *yaml_describe(const struct yaml_node *node) {
    if (node->kind == YAML_MAPPING) return "a mapping";
    if (node->kind == YAML_SEQUENCE) return "a list";
    if (node->is_binary) return "binary data";
    if (yaml_is_null(node)) return "nothing";
    return node->is_plain && is_number(node) ? "a number" : "a text";
}
