#include "rules/compile/character.h"

#include <string.h>

/* Bytes as pairs of first and last. */
struct named_set {
    const char *name;
    size_t range_count;
    const char *ranges;
};

/* The capital letter is all the other bytes. */
static const struct named_set shorthands[] = {
    {"d", 1, "09"}, {"w", 4, "09AZ__az"}, {"s", 2, "\t\r  "}, {"h", 3, "\t\t  \xa0\xa0"}, {"v", 2, "\n\r\x85\x85"},
};

static const struct named_set posix_classes[] = {
    {"alpha", 2, "AZaz"},    {"lower", 1, "az"},      {"upper", 1, "AZ"},     {"alnum", 3, "09AZaz"},
    {"ascii", 1, "\0\x7f"},  {"blank", 2, "\t\t  "},  {"digit", 1, "09"},     {"cntrl", 2, "\0\x1f\x7f\x7f"},
    {"graph", 1, "!~"},      {"print", 1, " ~"},      {"space", 2, "\t\r  "}, {"punct", 4, "!/:@[`{~"},
    {"word", 4, "09AZ__az"}, {"xdigit", 3, "09AFaf"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct named_set *find_set(const struct named_set *sets, size_t count, const char *name, size_t length) {
    for (size_t i = 0; i < count; i++)
        if (strlen(sets[i].name) == length && memcmp(sets[i].name, name, length) == 0) return &sets[i];
    return NULL;
}

static struct byte_set bytes_of(const struct named_set *named, bool is_inverted) {
    struct byte_set set = {0};
    for (size_t i = 0; i < named->range_count; i++)
        byte_set_add_range(&set, (uint8_t)named->ranges[2 * i], (uint8_t)named->ranges[2 * i + 1]);
    if (is_inverted) byte_set_invert(&set);
    return set;
}

static int refuse(const char **reason, const char *why) {
    *reason = why;
    return CHARACTER_REFUSED;
}

static unsigned digit_value(char digit) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *const found = digit != '\0' ? strchr(digits, digit) : NULL;
    return found != NULL ? (unsigned)(found - digits) % 16 : 16;
}

/* Reads up to `most` digits; returns how many there were. The value stays above a byte's once it is. */
static size_t read_digits(const char **at, unsigned base, size_t most, unsigned *value) {
    size_t count = 0;
    *value = 0;
    for (; count < most && digit_value(**at) < base; ++*at, count++)
        if (*value <= UINT8_MAX) *value = *value * base + digit_value(**at);
    return count;
}

static int read_code(const char **at, unsigned base, size_t most, const char **reason) {
    const bool is_braced = **at == '{';
    unsigned value;
    if (is_braced) ++*at;
    const size_t count = read_digits(at, base, is_braced ? SIZE_MAX : most, &value);
    if (is_braced && (count == 0 || *(*at)++ != '}')) return refuse(reason, "a code in braces that is none");
    return value <= UINT8_MAX ? (int)value : refuse(reason, "a code beyond one byte");
}

static int read_octal_code(const char **at, const char **reason) {
    return **at == '{' ? read_code(at, 8, 0, reason) : refuse(reason, "\\o without braces");
}

static int read_hexadecimal_code(const char **at, const char **reason) {
    return read_code(at, 16, 2, reason);
}

static int read_control(const char **at, const char **reason) {
    const char letter = **at;
    if (letter < ' ' || letter > '~') return refuse(reason, "\\c without a printable character");
    ++*at;
    return (letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter) ^ 0x40;
}

/* What begins with a digit is up to three octal ones; 8 and 9 are themselves. */
static int read_digit_code(const char **at, const char **reason) {
    unsigned value;
    if (read_digits(at, 8, 3, &value) == 0) return *(*at)++;
    return value <= UINT8_MAX ? (int)value : refuse(reason, "a code beyond one byte");
}

static bool is_letter_or_digit(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* Escapes that stand for one byte, and those whose byte is read from what follows. */
static const struct {
    char letter;
    char byte;
    int (*read)(const char **at, const char **reason);
} byte_escapes[] = {
    {'a', '\a', NULL},      {'e', '\x1b', NULL}, {'f', '\f', NULL},         {'n', '\n', NULL},
    {'r', '\r', NULL},      {'t', '\t', NULL},   {'o', 0, read_octal_code}, {'x', 0, read_hexadecimal_code},
    {'c', 0, read_control},
};

int character_escape(const char **at, struct byte_set *set, const char **reason) {
    const char letter = **at;
    if (letter == '\0') return refuse(reason, "a backslash at the end");
    if (letter >= '0' && letter <= '9') return read_digit_code(at, reason);
    ++*at;
    if (!is_letter_or_digit(letter)) return (uint8_t)letter;
    for (size_t i = 0; i < COUNT(byte_escapes); i++)
        if (byte_escapes[i].letter == letter)
            return byte_escapes[i].read != NULL ? byte_escapes[i].read(at, reason) : byte_escapes[i].byte;
    const char lower = (char)(letter | 0x20);
    const struct named_set *const shorthand = find_set(shorthands, COUNT(shorthands), &lower, 1);
    if (shorthand == NULL) return refuse(reason, "an escape that is not understood");
    *set = bytes_of(shorthand, letter != lower);
    return CHARACTER_SET;
}

/* A class while it is read. */
struct class_reader {
    const char *at;
    struct character_flags flags;
    struct byte_set set;
    const char *reason;
    bool is_quoted;     /* between \Q and \E */
    bool is_range_open; /* behind the hyphen of a range */
    int range_first;    /* what a hyphen would make a range of, or NO_RANGE */
};

enum { NO_RANGE = -1 };

static bool refuse_class(struct class_reader *own, const char *why) {
    own->reason = why;
    return false;
}

static bool take(struct class_reader *own, const char *text) {
    const size_t length = strlen(text);
    if (strncmp(own->at, text, length) != 0) return false;
    own->at += length;
    return true;
}

static bool take_blank(struct class_reader *own) {
    return own->flags.skips_blanks && (take(own, " ") || take(own, "\t"));
}

static bool add_byte(struct class_reader *own, uint8_t byte) {
    if (!own->is_range_open) {
        byte_set_add(&own->set, byte);
        own->range_first = byte;
        return true;
    }
    if (own->range_first > byte) return refuse_class(own, "a range whose end is before its start");
    byte_set_add_range(&own->set, (uint8_t)own->range_first, byte);
    own->is_range_open = false;
    own->range_first = NO_RANGE;
    return true;
}

/* Neither end of a range can be a set. */
static bool add_set(struct class_reader *own, const struct byte_set *set) {
    if (own->is_range_open || (own->at[0] == '-' && own->at[1] != ']'))
        return refuse_class(own, "a range from or to a set");
    byte_set_add_all(&own->set, set);
    own->range_first = NO_RANGE;
    return true;
}

/* Behind "[:". Without regard to case, lower and upper are all letters, also when inverted. */
static bool read_posix_class(struct class_reader *own) {
    const bool is_inverted = take(own, "^");
    const size_t length = strspn(own->at, "abcdefghijklmnopqrstuvwxyz");
    const struct named_set *named = find_set(posix_classes, COUNT(posix_classes), own->at, length);
    own->at += length;
    if (named == NULL || !take(own, ":]")) return refuse_class(own, "a [: that begins no class known by name");
    const bool is_case = strcmp(named->name, "lower") == 0 || strcmp(named->name, "upper") == 0;
    if (is_case && own->flags.is_caseless) named = find_set(posix_classes, COUNT(posix_classes), "alpha", 5);
    const struct byte_set set = bytes_of(named, is_inverted);
    return add_set(own, &set);
}

static bool read_class_escape(struct class_reader *own) {
    struct byte_set set;
    if (take(own, "E")) return true;
    if (take(own, "Q")) return own->is_quoted = true;
    if (take(own, "b")) return add_byte(own, '\b');
    const int byte = character_escape(&own->at, &set, &own->reason);
    if (byte == CHARACTER_REFUSED) return false;
    return byte == CHARACTER_SET ? add_set(own, &set) : add_byte(own, (uint8_t)byte);
}

static bool read_class_item(struct class_reader *own) {
    if (*own->at == '\0') return refuse_class(own, "a class without an end");
    if (own->is_quoted) {
        if (!take(own, "\\E")) return add_byte(own, (uint8_t)*own->at++);
        own->is_quoted = false;
        return true;
    }
    if (take_blank(own)) return true;
    if (take(own, "[:")) return read_posix_class(own);
    if (take(own, "[.") || take(own, "[=")) return refuse_class(own, "a [. or [= in a class");
    if (take(own, "\\")) return read_class_escape(own);
    if (*own->at == '-' && own->range_first != NO_RANGE && !own->is_range_open) {
        own->at++;
        return own->is_range_open = true;
    }
    return add_byte(own, (uint8_t)*own->at++);
}

/* Is the class inverted? Moves on to its first item. */
static bool read_class_start(struct class_reader *own) {
    bool is_inverted = false;
    for (;;) {
        if (take(own, "\\E") || take(own, "\\Q\\E") || take_blank(own)) continue;
        if (is_inverted || !take(own, "^")) return is_inverted;
        is_inverted = true;
    }
}

bool character_class(const char **at, struct character_flags flags, struct byte_set *set, const char **reason) {
    struct class_reader own = {.at = *at, .flags = flags, .range_first = NO_RANGE};
    const bool is_inverted = read_class_start(&own);
    /* A closing bracket that comes first is an item. */
    do
        if (!read_class_item(&own)) {
            *reason = own.reason;
            return false;
        }
    while (own.is_quoted || *own.at != ']');
    if (own.is_range_open) byte_set_add(&own.set, '-');
    if (flags.is_caseless) byte_set_add_other_case(&own.set);
    if (is_inverted) byte_set_invert(&own.set);
    *at = own.at + 1;
    *set = own.set;
    return true;
}
