#include "cli/config_value.h"

#include <assert.h>
#include <string.h>

#include "rules/compile/spelling.h"

enum { CHOICES_MAX = 8, NAME_CHARS_MAX = 64, SIZE_DIGITS_MAX = 18 };

static const char letters_and_digits[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

void config_read_text(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member) {
    if (schema_is_text(reader, value, key->max)) memcpy(member, &value->text, sizeof value->text);
}

void config_read_name(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                      void *member) {
    (void)key;
    if (!schema_is_text(reader, value, NAME_CHARS_MAX)) return;
    if (strspn(value->text, letters_and_digits) == value->length && !strchr("._-", value->text[0])) {
        memcpy(member, &value->text, sizeof value->text);
    } else {
        schema_error(reader, value, "a name has letters, digits, '.', '_' and '-', and begins with a letter or digit");
    }
}

void config_read_count(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    size_t count;
    memcpy(&count, member, sizeof count);
    uint32_t number = (uint32_t)count;
    schema_read_number(reader, key, value, &number);
    count = number;
    memcpy(member, &count, sizeof count);
}

/* How far a unit shifts, or -1. */
static int unit_shift(const char *unit) {
    static const struct config_choice units[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {NULL, 0}};
    for (const struct config_choice *known = units; known->name; known++)
        if (strcmp(known->name, unit) == 0) return known->value;
    return -1;
}

/* A number and a unit as bytes, SIZE_MAX when that is too much; false when it is of another form. */
static bool parse_bytes(const char *text, size_t *bytes) {
    const size_t digits = strspn(text, "0123456789");
    const int shift = unit_shift(text + digits);
    if (digits == 0 || shift < 0) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < digits && i <= SIZE_DIGITS_MAX; i++) value = value * 10 + (uint64_t)(text[i] - '0');
    *bytes = digits <= SIZE_DIGITS_MAX && value <= SIZE_MAX >> shift ? value << shift : SIZE_MAX;
    return true;
}

void config_read_bytes(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                       void *member) {
    size_t bytes;
    if (value->kind != YAML_SCALAR || !value->is_plain || !parse_bytes(value->text, &bytes)) {
        schema_error(reader, value, "expected a size such as 65536, 64KiB or 1MiB, found %s", yaml_describe(value));
    } else if (bytes < key->min || bytes > key->max) {
        schema_error(reader, value, "'%s' must be from %zu to %zu bytes", key->name, key->min, key->max);
    } else {
        memcpy(member, &bytes, sizeof bytes);
    }
}

void config_read_choice(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *value,
                        const struct config_choice *choices, void *member) {
    const char *names[CHOICES_MAX];
    size_t name_count = 0;
    if (!schema_is_text(reader, value, 0)) return;
    for (const struct config_choice *choice = choices; choice->name; choice++) {
        if (strcmp(choice->name, value->text) == 0) {
            memcpy(member, &choice->value, sizeof choice->value);
            return;
        }
        assert(name_count < CHOICES_MAX);
        names[name_count++] = choice->name;
    }
    spelling_refuse(reader->diagnostics, reader->file, value->place, key->name, value->text, names, name_count);
}
