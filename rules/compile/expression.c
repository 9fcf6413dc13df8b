#include "rules/compile/expression.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rules/compile/character.h"

/* A pattern while it is read. Every function that reads returns NULL or false when it refuses, and `reason` is set. */
struct reader {
    const char *at;
    const char *reason;
    unsigned settings; /* SETTING_*; those of a group end with it */
    unsigned nesting;
    unsigned capture_count; /* opened so far */
    bool is_quoted;         /* between \Q and \E */
};

/* m is no setting: edges are those of a line with it and without. */
enum { SETTING_CASELESS = 1, SETTING_DOT_ALL = 2, SETTING_EXTENDED = 4, SETTING_EXTENDED_MORE = 8 };

enum { REPEAT_MAX = 65535 };

static const char SETTING_LETTERS[] = "imsx-";

static struct expression *refuse(struct reader *own, const char *why) {
    own->reason = why;
    return NULL;
}

static bool starts_with(const struct reader *own, const char *text) {
    return strncmp(own->at, text, strlen(text)) == 0;
}

static bool take(struct reader *own, const char *text) {
    if (!starts_with(own, text)) return false;
    own->at += strlen(text);
    return true;
}

/* The tree. */

static struct expression *create(struct reader *own, enum expression_kind kind) {
    struct expression *expression = calloc(1, sizeof *expression);
    if (expression == NULL) return refuse(own, "out of memory");
    expression->kind = kind;
    return expression;
}

void expression_free(struct expression **expression) {
    if (*expression == NULL) return;
    for (size_t i = 0; i < (*expression)->part_count; i++) expression_free(&(*expression)->parts[i]);
    free((*expression)->parts);
    free(*expression);
    *expression = NULL;
}

/* Returns `whole` with the part added. When either is NULL or memory runs out, both are freed. */
static struct expression *add_part(struct reader *own, struct expression *whole, struct expression *part) {
    if (whole != NULL && part != NULL) {
        const size_t count = whole->part_count;
        struct expression **parts = whole->parts;
        if ((count & (count - 1)) == 0) /* full at every power of two */
            parts = realloc(parts, (count > 0 ? 2 * count : 1) * sizeof *parts);
        if (parts != NULL) {
            whole->parts = parts;
            whole->parts[whole->part_count++] = part;
            return whole;
        }
        own->reason = "out of memory";
    }
    expression_free(&whole);
    expression_free(&part);
    return NULL;
}

/* A sequence or choice of one is that one. */
static struct expression *simplify(struct expression *whole) {
    if (whole == NULL || whole->part_count != 1) return whole;
    struct expression *const part = whole->parts[0];
    whole->part_count = 0;
    expression_free(&whole);
    return part;
}

static struct expression *create_set(struct reader *own, const struct byte_set *set) {
    struct expression *expression = create(own, EXPRESSION_SET);
    if (expression != NULL) expression->set = *set;
    return expression;
}

static struct expression *create_byte(struct reader *own, uint8_t byte) {
    struct byte_set set = {0};
    byte_set_add(&set, byte);
    if (own->settings & SETTING_CASELESS) byte_set_add_other_case(&set);
    return create_set(own, &set);
}

static struct expression *create_any(struct reader *own, bool has_line_feed) {
    struct byte_set set = {0};
    byte_set_add(&set, '\n');
    if (has_line_feed)
        byte_set_add_range(&set, 0, UINT8_MAX);
    else
        byte_set_invert(&set);
    return create_set(own, &set);
}

static struct expression *create_edge(struct reader *own, enum expression_edge edge) {
    struct expression *expression = create(own, EXPRESSION_EDGE);
    if (expression != NULL) expression->edge = edge;
    return expression;
}

/* Reading. */

/* Moves over a comment, or over white space where x is on. PCRE2 takes NEL for white space, not the other bytes beyond
   ASCII. False: there is none here, or the comment has no end. */
static bool take_ignored(struct reader *own) {
    if (starts_with(own, "(?#")) {
        const char *const end = strchr(own->at, ')');
        if (end != NULL) own->at = end + 1;
        return end != NULL;
    }
    if (!(own->settings & SETTING_EXTENDED) || *own->at == '\0') return false;
    if (*own->at == '#') {
        own->at += strcspn(own->at, "\n");
        return true;
    }
    if (strchr(" \t\n\v\f\r\x85", *own->at) == NULL) return false;
    own->at++;
    return true;
}

/* Moves to what stands for something, over \Q and \E too. */
static void skip_ignored(struct reader *own) {
    for (;;) {
        if (take(own, "\\E"))
            own->is_quoted = false;
        else if (own->is_quoted)
            return;
        else if (take(own, "\\Q"))
            own->is_quoted = true;
        else if (!take_ignored(own))
            return;
    }
}

static bool read_number(const char **at, uint32_t *number) {
    const char *const start = *at;
    for (*number = 0; **at >= '0' && **at <= '9'; ++*at)
        if (*number <= REPEAT_MAX) *number = *number * 10 + (uint32_t)(**at - '0');
    return *at > start;
}

/* {n} {n,} {n,m}. False: the brace is a literal, and nothing was read. */
static bool take_counts(struct reader *own, uint32_t *minimum, uint32_t *maximum) {
    const char *at = own->at + 1;
    if (!read_number(&at, minimum)) return false;
    *maximum = *minimum;
    if (*at == ',') {
        at++;
        if (!read_number(&at, maximum)) *maximum = EXPRESSION_UNBOUNDED;
    }
    if (*at != '}') return false;
    own->at = at + 1;
    return true;
}

static bool take_quantifier(struct reader *own, uint32_t *minimum, uint32_t *maximum) {
    if (own->is_quoted) return false;
    *minimum = *own->at == '+';
    *maximum = *own->at == '?' ? 1 : EXPRESSION_UNBOUNDED;
    return take(own, "*") || take(own, "+") || take(own, "?") ||
           (*own->at == '{' && take_counts(own, minimum, maximum));
}

static const char *repeat_fault(uint32_t minimum, uint32_t maximum) {
    if (minimum > REPEAT_MAX || (maximum > REPEAT_MAX && maximum != EXPRESSION_UNBOUNDED))
        return "a repeat beyond 65535";
    return minimum > maximum ? "a repeat of at most less than at least" : NULL;
}

/* Reads what stands behind a part, which is taken over; whether it is lazy makes no difference. */
static struct expression *read_repeat(struct reader *own, struct expression *part) {
    uint32_t minimum, maximum;
    if (part == NULL) return NULL;
    skip_ignored(own);
    if (!take_quantifier(own, &minimum, &maximum)) return part;
    const char *const fault = repeat_fault(minimum, maximum);
    if (fault != NULL || take(own, "+")) {
        expression_free(&part);
        return refuse(own, fault != NULL ? fault : "a possessive repeat");
    }
    take(own, "?");
    struct expression *repeat = add_part(own, create(own, EXPRESSION_REPEAT), part);
    if (repeat == NULL) return NULL;
    repeat->minimum = minimum;
    repeat->maximum = maximum;
    return repeat;
}

/* Outside a class a number is a reference when it has one digit, begins with 8 or 9, or when there are so many groups.
 */
static bool is_reference(const struct reader *own) {
    const char *at = own->at;
    uint32_t number;
    if (*at == '0' || !read_number(&at, &number)) return false;
    return number < 10 || *own->at >= '8' || number <= own->capture_count;
}

static struct expression *read_escape(struct reader *own) {
    struct byte_set set;
    if (take(own, "b")) return create_edge(own, EDGE_WORD);
    if (take(own, "B")) return create_edge(own, EDGE_NO_WORD);
    if (starts_with(own, "N{")) return refuse(own, "\\N{...} is not understood");
    if (take(own, "N")) return create_any(own, false);
    if (is_reference(own)) return refuse(own, "references are not understood");
    const int byte = character_escape(&own->at, &set, &own->reason);
    if (byte == CHARACTER_REFUSED) return NULL;
    return byte == CHARACTER_SET ? create_set(own, &set) : create_byte(own, (uint8_t)byte);
}

static struct expression *read_class(struct reader *own) {
    const struct character_flags flags = {.is_caseless = own->settings & SETTING_CASELESS,
                                          .skips_blanks = own->settings & SETTING_EXTENDED_MORE};
    struct byte_set set;
    return character_class(&own->at, flags, &set, &own->reason) ? create_set(own, &set) : NULL;
}

static unsigned setting_of(const char *letter) {
    if (*letter == 'i') return SETTING_CASELESS;
    if (*letter == 's') return SETTING_DOT_ALL;
    if (*letter == 'x') return SETTING_EXTENDED | (letter[1] == 'x' ? SETTING_EXTENDED_MORE : 0);
    return 0;
}

/* The letters of (?i-s) or (?i-s: up to `end`. */
static bool read_settings(struct reader *own, const char *end) {
    const char *const minus = memchr(own->at, '-', (size_t)(end - own->at));
    unsigned on = 0, off = 0;
    for (; own->at < end; own->at++) {
        if (*own->at == '-' && own->at != minus) return refuse(own, "two minus signs in (?...)") != NULL;
        *(minus != NULL && own->at > minus ? &off : &on) |= setting_of(own->at);
    }
    /* x by itself means x alone, and no x means no xx. */
    if (((on & SETTING_EXTENDED) && !(on & SETTING_EXTENDED_MORE)) || (off & SETTING_EXTENDED))
        off |= SETTING_EXTENDED_MORE;
    own->settings = (own->settings | on) & ~off;
    return true;
}

/* The end of the letters of (?i-s) or (?i-s: , where the reader stands; NULL when there are none. */
static const char *settings_end(const struct reader *own) {
    if (!starts_with(own, "(?")) return NULL;
    const char *const end = own->at + 2 + strspn(own->at + 2, SETTING_LETTERS);
    return *end == ')' || *end == ':' ? end : NULL;
}

/* Moves over the name of a group and the byte that closes it. */
static bool take_name(struct reader *own, const char *close) {
    const size_t length = strspn(own->at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    const bool is_name = length > 0 && (*own->at < '0' || *own->at > '9');
    own->at += length;
    return is_name && take(own, close);
}

/* Moves behind what opens a group. */
static bool read_group_start(struct reader *own) {
    const char *const end = settings_end(own);
    if (end != NULL) {
        own->at += 2;
        if (!read_settings(own, end)) return false;
        own->at = end + 1;
        return true;
    }
    own->capture_count++;
    if (take(own, "(?P<") || take(own, "(?<")) {
        if (take_name(own, ">")) return true;
    } else if (take(own, "(?'")) {
        if (take_name(own, "'")) return true;
    } else if (!starts_with(own, "(?") && !starts_with(own, "(*")) {
        own->at++;
        return true;
    }
    return refuse(own, "a group that is not understood") != NULL;
}

static struct expression *read_choice(struct reader *own);

static struct expression *read_group(struct reader *own) {
    const unsigned settings = own->settings;
    if (own->nesting == EXPRESSION_NESTING_MAX) return refuse(own, "groups nested too deep");
    if (!read_group_start(own)) return NULL;
    own->nesting++;
    struct expression *group = read_choice(own);
    own->nesting--;
    own->settings = settings;
    if (group != NULL && !take(own, ")")) {
        expression_free(&group);
        return refuse(own, "a group without an end");
    }
    return group;
}

/* One part of a sequence, without what repeats it. */
static struct expression *read_part(struct reader *own) {
    uint32_t minimum, maximum;
    if (own->is_quoted) return create_byte(own, (uint8_t)*own->at++);
    if (take_quantifier(own, &minimum, &maximum)) return refuse(own, "a repeat of nothing or of another repeat");
    if (*own->at == '(') return read_group(own);
    if (take(own, "[")) return read_class(own);
    if (take(own, "\\")) return read_escape(own);
    if (take(own, ".")) return create_any(own, own->settings & SETTING_DOT_ALL);
    if (take(own, "^")) return create_edge(own, EDGE_LINE_START);
    if (take(own, "$")) return create_edge(own, EDGE_LINE_END);
    return create_byte(own, (uint8_t)*own->at++);
}

/* Up to the end of the pattern, of the group or of the alternative. Settings reach into the alternatives behind. */
static struct expression *read_sequence(struct reader *own) {
    struct expression *sequence = create(own, EXPRESSION_SEQUENCE);
    while (sequence != NULL) {
        skip_ignored(own);
        if (*own->at == '\0' || (!own->is_quoted && (*own->at == '|' || *own->at == ')'))) break;
        const char *const end = own->is_quoted ? NULL : settings_end(own);
        if (end == NULL || *end != ')') {
            sequence = add_part(own, sequence, read_repeat(own, read_part(own)));
        } else if (!read_group_start(own)) {
            expression_free(&sequence);
        }
    }
    return simplify(sequence);
}

static struct expression *read_choice(struct reader *own) {
    struct expression *choice = create(own, EXPRESSION_CHOICE);
    do choice = add_part(own, choice, read_sequence(own));
    while (choice != NULL && take(own, "|"));
    return simplify(choice);
}

struct expression *expression_parse(const char *pattern, const char **reason) {
    struct reader own = {.at = pattern};
    struct expression *expression = read_choice(&own);
    if (expression != NULL && *own.at != '\0') {
        expression_free(&expression);
        own.reason = "a ) that closes no group";
    }
    *reason = own.reason;
    return expression;
}

/* Reasoning. */

static const size_t NO_MATCH = SIZE_MAX, LONGEST = SIZE_MAX - 1;

static size_t times(size_t length, size_t count) {
    if (length == NO_MATCH) return NO_MATCH;
    return length <= LONGEST / count ? length * count : LONGEST;
}

static size_t sum(size_t length, size_t other) {
    if (length == NO_MATCH || other == NO_MATCH) return NO_MATCH;
    return length <= LONGEST - other ? length + other : LONGEST;
}

size_t expression_min_length(const struct expression *expression, const struct byte_set *alphabet) {
    size_t length = expression->kind == EXPRESSION_CHOICE ? NO_MATCH : 0;
    switch (expression->kind) {
    case EXPRESSION_SET:
        return byte_sets_meet(&expression->set, alphabet) ? 1 : NO_MATCH;
    case EXPRESSION_EDGE:
        return 0;
    case EXPRESSION_SEQUENCE:
        for (size_t i = 0; i < expression->part_count; i++)
            length = sum(length, expression_min_length(expression->parts[i], alphabet));
        return length;
    case EXPRESSION_CHOICE:
        for (size_t i = 0; i < expression->part_count; i++) {
            const size_t part_length = expression_min_length(expression->parts[i], alphabet);
            if (part_length < length) length = part_length;
        }
        return length;
    case EXPRESSION_REPEAT:
        if (expression->minimum == 0) return 0;
        return times(expression_min_length(expression->parts[0], alphabet), expression->minimum);
    }
    assert(false);
    return 0;
}
