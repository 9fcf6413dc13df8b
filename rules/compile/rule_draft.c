#include "rules/compile/rule_draft.h"

#include <stdlib.h>
#include <string.h>

#include "rules/compile/schema.h"
#include "rules/compile/spelling.h"

#define LOWER_CASE "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    CLASS_BYTES_MAX = 32,
    VALIDATORS_MAX = 256,
    PATTERN_TYPES = FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_BIN) | FIELD_BIT(FIELD_EXT) | FIELD_BIT(FIELD_INT) |
                    FIELD_BIT(FIELD_FLOAT) | FIELD_BIT(FIELD_KEY),
    VALUE_TYPES = PATTERN_TYPES & ~FIELD_BIT(FIELD_KEY)
};

/* In the order that they are listed in when one is unknown. */
static const char *const type_names[] = {"str", "bin", "ext", "int", "float", "bool", "map", "array", "key"};
static const enum field_type field_types[] = {FIELD_STR,  FIELD_BIN, FIELD_EXT,   FIELD_INT, FIELD_FLOAT,
                                              FIELD_BOOL, FIELD_MAP, FIELD_ARRAY, FIELD_KEY};

/* Words of lower-case letters and digits, held together by dots and hyphens, at least one of them a dot. */
static bool is_id(const char *text) {
    bool is_in_word = false, has_dot = false;
    for (; *text != '\0'; text++) {
        const bool is_word_byte = strchr(LOWER_CASE DIGITS, *text) != NULL;
        if (!is_word_byte && !(is_in_word && strchr(".-", *text))) return false;
        has_dot = has_dot || *text == '.';
        is_in_word = is_word_byte;
    }
    return is_in_word && has_dot;
}

static bool is_class(const char *text) {
    return strchr(LOWER_CASE, *text) && strspn(text, LOWER_CASE DIGITS "-") == strlen(text);
}

/* A day of the Gregorian calendar, written YYYY-MM-DD. */
static bool is_date(const char *text) {
    static const char form[] = "dddd-dd-dd";
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != strlen(form)) return false;
    for (size_t i = 0; form[i] != '\0'; i++)
        if (form[i] == 'd' ? !strchr(DIGITS, text[i]) : text[i] != form[i]) return false;
    const int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
    const bool is_leap_year = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= month_days[month - 1] + (month == 2 && is_leap_year);
}

static void read_id(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                    void *member) {
    if (!schema_is_text(reader, value, RULE_ID_BYTES_MAX)) return;
    if (is_id(value->text))
        schema_read_text(reader, key, value, member);
    else
        schema_error(reader, value,
                     "an id is of lower-case letters, digits, '-' and at least one '.', as in mail.body");
}

static void read_class(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    if (!schema_is_text(reader, value, CLASS_BYTES_MAX)) return;
    if (is_class(value->text))
        schema_read_text(reader, key, value, member);
    else
        schema_error(reader, value, "a class is of lower-case letters, digits and '-', and begins with a letter");
}

static void read_pattern(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                         void *member) {
    (void)key;
    if (schema_is_text(reader, value, RULE_PATTERN_BYTES_MAX)) schema_collect(reader, member, value);
}

static void read_patterns(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                          void *member) {
    if (!schema_is_list(reader, value, 1, RULE_PATTERNS_MAX)) return;
    for (size_t i = 0; i < value->count; i++) read_pattern(reader, key, value->items[i], member);
}

static uint16_t read_type(struct schema_reader *reader, const struct yaml_node *node) {
    if (!schema_is_text(reader, node, 0)) return 0;
    for (size_t i = 0; i < COUNT(type_names); i++)
        if (yaml_is_text(node, type_names[i])) return (uint16_t)FIELD_BIT(field_types[i]);
    spelling_refuse(reader->diagnostics, reader->file, node->place, "type", node->text, type_names, COUNT(type_names));
    return 0;
}

static void read_types(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    (void)key;
    uint16_t *types = member;
    if (!schema_is_list(reader, value, 1, 0)) return;
    for (size_t i = 0; i < value->count; i++) *types |= read_type(reader, value->items[i]);
}

static void refuse_validator(struct schema_reader *reader, const struct yaml_node *node) {
    const char *names[VALIDATORS_MAX];
    size_t count = 0;
    for (; count < validator_count() && count < VALIDATORS_MAX; count++) names[count] = validator_at(count)->name;
    spelling_refuse(reader->diagnostics, reader->file, node->place, "validator", node->text, names, count);
}

static void read_validator(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                           void *member) {
    (void)key;
    if (!schema_is_text(reader, value, 0)) return;
    const struct validator **validator = member;
    *validator = validator_find(value->text);
    if (*validator == NULL) refuse_validator(reader, value);
}

static void read_paths(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    static const struct schema_key keys[] = {
        {"include", schema_read_texts, offsetof(struct rule_draft, include), .min = 1},
        {"exclude", schema_read_texts, offsetof(struct rule_draft, exclude), .min = 1},
    };
    static const struct schema schema = {keys, COUNT(keys), NULL};
    (void)key;
    schema_read(reader, &schema, value, member);
}

static void read_date(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member) {
    if (!schema_is_text(reader, value, 0)) return;
    if (is_date(value->text))
        schema_read_text(reader, key, value, member);
    else
        schema_error(reader, value, "expected a date of the calendar, written YYYY-MM-DD");
}

/* An allow entry as it is written: which of the texts is there says what is compared. */
struct allow_entry {
    const struct yaml_node *texts[3]; /* by ALLOW_EXACT ... */
    const struct yaml_node *reason, *expires;
};

static void read_allow_entry(struct schema_reader *reader, const struct yaml_node *node, struct allow_draft *allow) {
    static const char *const text_keys[] = {
        [ALLOW_EXACT] = "exact", [ALLOW_PREFIX] = "prefix", [ALLOW_SUFFIX] = "suffix"};
    static const struct schema_key keys[] = {
        {"exact", schema_read_text, offsetof(struct allow_entry, texts[ALLOW_EXACT]), .is_required = false},
        {"prefix", schema_read_text, offsetof(struct allow_entry, texts[ALLOW_PREFIX]), .is_required = false},
        {"suffix", schema_read_text, offsetof(struct allow_entry, texts[ALLOW_SUFFIX]), .is_required = false},
        {"reason", schema_read_text, offsetof(struct allow_entry, reason), .is_required = true},
        {"expires", read_date, offsetof(struct allow_entry, expires), .is_required = false},
    };
    static const struct schema schema = {keys, COUNT(keys), NULL};
    struct allow_entry entry = {0};
    if (!schema_read(reader, &schema, node, &entry)) return;
    *allow = (struct allow_draft){.place = node->place, .reason = entry.reason, .expires = entry.expires};
    size_t given_count = 0;
    for (int kind = ALLOW_EXACT; kind <= ALLOW_SUFFIX; kind++) {
        given_count += yaml_get(node, text_keys[kind]) != NULL;
        if (entry.texts[kind] == NULL) continue;
        allow->kind = kind;
        allow->text = entry.texts[kind];
    }
    if (given_count != 1)
        schema_error(reader, node, "expected one of 'exact', 'prefix' and 'suffix', found %zu", given_count);
}

static void read_allow(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    (void)key;
    struct rule_draft *draft = member;
    if (!schema_is_list(reader, value, 1, 0)) return;
    draft->allow = calloc(value->count, sizeof *draft->allow);
    if (draft->allow == NULL)
        schema_error(reader, value, "out of memory");
    else
        draft->allow_count = value->count;
    for (size_t i = 0; i < draft->allow_count; i++) read_allow_entry(reader, value->items[i], &draft->allow[i]);
}

static void read_examples(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                          void *member) {
    if (!schema_is_list(reader, value, key->min, key->max)) return;
    for (size_t i = 0; i < value->count; i++) schema_collect(reader, member, value->items[i]);
}

static const struct schema_key rule_keys[] = {
    {"id", read_id, offsetof(struct rule_draft, id), .is_required = true},
    {"name", schema_read_text, offsetof(struct rule_draft, name), .is_required = true},
    {"class", read_class, offsetof(struct rule_draft, class_name), .is_required = true},
    {"description", schema_read_text, offsetof(struct rule_draft, description), .is_required = false},
    {"references", schema_read_texts, offsetof(struct rule_draft, references), .is_required = false},
    {"pattern", read_pattern, offsetof(struct rule_draft, patterns), .is_required = false},
    {"patterns", read_patterns, offsetof(struct rule_draft, patterns), .is_required = false},
    {"fields", schema_read_texts, offsetof(struct rule_draft, fields), .min = 1},
    {"types", read_types, offsetof(struct rule_draft, types), .is_required = false},
    {"validator", read_validator, offsetof(struct rule_draft, validator), .is_required = false},
    {"min_count", schema_read_number, offsetof(struct rule_draft, min_count), .min = 1, .max = RULE_MIN_COUNT_MAX},
    {"paths", read_paths, 0, .is_required = false},
    {"allow", read_allow, 0, .is_required = false},
    {"examples", read_examples, offsetof(struct rule_draft, examples), .is_required = true, .min = 1},
    {"negative_examples", read_examples, offsetof(struct rule_draft, negative_examples), .is_required = true, .min = 1},
};
static const char *const rule_later_keys[] = {"shape", "context", "all_of", "any_of", NULL};
static const struct schema rule_schema = {rule_keys, COUNT(rule_keys), rule_later_keys};

static size_t count_given(const struct yaml_node *node, const char *const *keys, size_t key_count) {
    size_t count = 0;
    for (size_t i = 0; i < key_count; i++) count += yaml_get(node, keys[i]) != NULL;
    return count;
}

/* What the rule looks for is said once. Keys of later versions that say it have been reported as such. */
static void check_conditions(struct schema_reader *reader, const struct yaml_node *node) {
    static const char *const keys[] = {"pattern", "patterns", "fields"};
    static const char *const later_keys[] = {"shape", "all_of", "any_of"};
    const size_t count = count_given(node, keys, COUNT(keys));
    if (count > 1)
        schema_error(reader, node, "expected one of 'pattern', 'patterns' and 'fields', found %zu", count);
    else if (count == 0 && count_given(node, later_keys, COUNT(later_keys)) == 0)
        schema_error(reader, node, "missing key 'pattern', 'patterns' or 'fields'");
}

bool rule_draft_read(struct rule_draft *draft, const char *file, const struct yaml_node *node,
                     struct diagnostics *diagnostics) {
    const size_t errors_before = diagnostics->error_count;
    struct schema_reader reader = {file, diagnostics};
    *draft = (struct rule_draft){.file = file, .place = node->place, .min_count = 1};
    if (!schema_read(&reader, &rule_schema, node, draft)) return false;
    check_conditions(&reader, node);
    if (draft->min_count > 1 && yaml_get(node, "fields") != NULL)
        schema_error(&reader, yaml_get(node, "min_count"),
                     "'min_count' counts matches of a pattern: 'fields' has none");
    if (draft->types == 0) draft->types = draft->fields.count > 0 ? VALUE_TYPES : PATTERN_TYPES;
    return diagnostics->error_count == errors_before;
}

void rule_draft_reset(struct rule_draft *draft) {
    node_list_reset(&draft->references);
    node_list_reset(&draft->patterns);
    node_list_reset(&draft->fields);
    node_list_reset(&draft->include);
    node_list_reset(&draft->exclude);
    node_list_reset(&draft->examples);
    node_list_reset(&draft->negative_examples);
    free(draft->allow);
    *draft = (struct rule_draft){0};
}
