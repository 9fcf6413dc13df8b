#include "inspect/proof_step.h"

#include "inspect/byte_class.h"
#include "inspect/utf8.h"

/* JSON as RFC 8259 has it. What is rare (escapes in keys, exponents of long numbers) is left to the long way. */

/* An open object or array. */
struct level {
    struct route *container; /* the route to it */
    struct route *previous;  /* the key read last, NULL at first */
    bool is_map;
};

struct walk {
    struct proof *own;
    const uint8_t *next, *end;
    struct route *at; /* to the value that comes next */
    size_t layers;
    size_t depth;
    struct level levels[LIMIT_DEPTH_MAX];
};

static void skip_space(struct walk *walk) {
    const uint8_t *next = walk->next;
    while (next < walk->end && *next <= ' ' && (*next == ' ' || *next == '\n' || *next == '\r' || *next == '\t'))
        next++;
    walk->next = next;
}

/* The next byte that is no space, 0 at the end. */
static uint8_t peek(struct walk *walk) {
    skip_space(walk);
    return walk->next < walk->end ? *walk->next : 0;
}

static bool take_byte(struct walk *walk, uint8_t byte) {
    if (peek(walk) != byte) return false;
    walk->next++;
    return true;
}

/* Where the plain characters of a string end: at a quotation mark, backslash, control character or one beyond ASCII. */
static const uint8_t *skip_plain(const uint8_t *next, const uint8_t *end) {
    static const struct byte_class any_high = {
        {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};
    static const struct byte_class special = {{3, 3, 7, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0x23, 3, 3, 3}};
    while (end - next >= BYTE_BLOCK) {
        const struct byte_block block = byte_block_load(next);
        const unsigned found = byte_block_mask(block, &special) | byte_block_high_mask(block, &any_high);
        if (found != 0) return next + __builtin_ctz(found);
        next += BYTE_BLOCK;
    }
    while (next < end && *next < 0x80 && !byte_class_has(&special, *next)) next++;
    return next;
}

/* The bytes of a string whose quotation mark was read; steps over the one at its end. */
static bool read_string(struct walk *walk, const uint8_t **bytes, size_t *length, bool *has_escapes) {
    const uint8_t *next = walk->next;
    *bytes = next;
    *has_escapes = false;
    for (;;) {
        next = skip_plain(next, walk->end);
        if (next == walk->end || *next < 0x20) return false;
        if (*next == '"') break;
        if (*next == '\\') {
            *has_escapes = true;
            next += 2; /* what follows the backslash is checked when it is resolved */
            if (next >= walk->end) return false;
            continue;
        }
        const size_t sequence = utf8_sequence_length(next, walk->end);
        if (sequence == 0) return false;
        next += sequence;
    }
    *length = (size_t)(next - *bytes);
    walk->next = next + 1;
    return true;
}

/* A string with escapes in it, by the decoder that the long way has. */
static bool take_escaped(struct walk *walk, const uint8_t *bytes, size_t length) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_JSON, bytes - 1, length + 2, 1);
    if (!decoder_next(&decoder, &token) || token.length != length) return false;
    struct marks *const marks = &walk->own->marks;
    uint8_t *const out = marks_room(marks, length);
    if (out == NULL || !token.has_escapes) return false;
    const size_t written = decoder_unescape(&token, out);
    marks_look_up(marks, written);
    marks_keep(marks, written);
    const struct proof_text text = {out, written, walk->at, FIELD_STR, walk->layers};
    return proof_take_text(walk->own, &text);
}

static bool take_string(struct walk *walk) {
    const uint8_t *bytes;
    size_t length;
    bool has_escapes;
    walk->next++;
    if (!read_string(walk, &bytes, &length, &has_escapes)) return false;
    if (has_escapes) return take_escaped(walk, bytes, length);
    const struct proof_text text = {bytes, length, walk->at, FIELD_STR, walk->layers};
    return proof_take_text(walk->own, &text);
}

static const uint8_t *skip_digits(const uint8_t *next, const uint8_t *end) {
    while (next < end && *next >= '0' && *next <= '9') next++;
    return next;
}

/* Is it written otherwise in plain digits: -0, or 41.0, which then stands there once more? Up to so many characters the
   digits are those that are written, fewer at most. */
static bool has_other_digits(const uint8_t *number, size_t length, bool is_real, bool is_short) {
    enum { PLAIN_REAL_CHARS = 11 };
    if (!is_real) return length == 2 && number[0] == '-' && number[1] == '0';
    return number[length - 1] == '0' && (!is_short || length > PLAIN_REAL_CHARS);
}

/* An integer, or a number with a fraction. */
static bool take_number(struct walk *walk) {
    const uint8_t *const start = walk->next;
    const uint8_t *const digits = start + (*start == '-');
    const uint8_t *next = skip_digits(digits, walk->end);
    if (next == digits || (*digits == '0' && next > digits + 1)) return false;
    const bool is_real = next < walk->end && *next == '.';
    if (is_real) {
        const uint8_t *const fraction = next + 1;
        next = skip_digits(fraction, walk->end);
        if (next == fraction) return false;
    }
    if (next < walk->end && (*next | 0x20) == 'e') return false;
    walk->next = next;
    if (is_real) walk->own->steps += walk->at->value_steps; /* it may stand there once more, in plain digits */
    const size_t length = (size_t)(next - start);
    const struct sieve *const sieve = &walk->own->rules->sieve;
    const bool is_natural = !is_real && digits == start;
    const bool is_short = length < (is_natural ? sieve->digits_length_min : sieve->number_length_min);
    /* Beyond 64 bits an integer is a real to the long way. */
    const unsigned types = is_real       ? FIELD_BIT(FIELD_FLOAT)
                           : length < 19 ? FIELD_BIT(FIELD_INT)
                                         : FIELD_BIT(FIELD_INT) | FIELD_BIT(FIELD_FLOAT);
    const bool is_marked = ((walk->at->scoped | walk->at->judged) & types) != 0;
    if ((walk->at->ruled & types) != 0 || has_other_digits(start, length, is_real, is_short && !is_marked))
        return false;
    if (is_short && !is_marked) return true;
    return types != (FIELD_BIT(FIELD_INT) | FIELD_BIT(FIELD_FLOAT)) &&
           proof_take_number(walk->own, start, length, walk->at, is_real ? FIELD_FLOAT : FIELD_INT);
}

static bool take_literal(struct walk *walk, const char *word, size_t length, enum field_type type) {
    if ((size_t)(walk->end - walk->next) < length || memcmp(walk->next, word, length) != 0) return false;
    walk->next += length;
    return !proof_is_ruled(walk->at, type);
}

/* The next key of an object, which is most often the one that followed its forerunner the last time. */
static bool take_key(struct walk *walk, struct level *level) {
    if (!take_byte(walk, '"')) return false;
    struct route **const foreseen = level->previous != NULL ? &level->previous->next : &level->container->first;
    struct route *route = *foreseen;
    if (route != NULL && walk->end - walk->next >= ROUTE_READ && route_is_at(route, walk->next, 1)) {
        walk->next += route->key_length + 1;
    } else {
        const uint8_t *key;
        size_t length;
        bool has_escapes;
        if (!read_string(walk, &key, &length, &has_escapes) || has_escapes) return false;
        route = proof_take_key(walk->own, level->container, key, length, walk->layers);
        if (route == NULL) return false;
        if (route->key_length > 0) *foreseen = route;
    }
    level->previous = walk->at = route;
    walk->own->steps += route->key_steps;
    return take_byte(walk, ':');
}

/* What an opening bracket begins; `*is_open` unless it ends at once. */
static bool open_container(struct walk *walk, bool is_map, bool *is_open) {
    if (walk->depth == walk->own->limits.depth) return false;
    if (proof_is_ruled(walk->at, is_map ? FIELD_MAP : FIELD_ARRAY)) return false;
    walk->next++;
    *is_open = peek(walk) != (is_map ? '}' : ']');
    if (!*is_open) {
        walk->next++;
        return true;
    }
    struct level *const level = &walk->levels[walk->depth++];
    *level = (struct level){walk->at, NULL, is_map};
    return !is_map || take_key(walk, level);
}

static bool take_value(struct walk *walk, bool *is_open) {
    *is_open = false;
    walk->own->steps += walk->at->value_steps;
    switch (peek(walk)) {
    case '"':
        return take_string(walk);
    case '{':
        return open_container(walk, true, is_open);
    case '[':
        return open_container(walk, false, is_open);
    case 't':
        return take_literal(walk, "true", 4, FIELD_BOOL);
    case 'f':
        return take_literal(walk, "false", 5, FIELD_BOOL);
    case 'n':
        return take_literal(walk, "null", 4, FIELD_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return take_number(walk);
    default:
        return false;
    }
}

/* Closes what ends behind a value, up to where the next value or the end is due. */
static bool close_containers(struct walk *walk) {
    while (walk->depth > 0) {
        struct level *const level = &walk->levels[walk->depth - 1];
        const uint8_t byte = peek(walk);
        if (byte == ',') {
            walk->next++;
            walk->at = level->container;
            return !level->is_map || take_key(walk, level);
        }
        if (byte != (level->is_map ? '}' : ']')) return false;
        walk->next++;
        walk->depth--;
    }
    return true;
}

bool proof_walk_json(struct proof *own, const struct proof_text *text) {
    struct walk walk;
    walk.own = own;
    walk.next = text->bytes;
    walk.end = text->bytes + text->length;
    walk.at = text->route;
    walk.layers = text->layers;
    walk.depth = 0;
    bool is_open;
    while (take_value(&walk, &is_open)) {
        if (is_open) continue;
        if (!close_containers(&walk)) return false;
        if (walk.depth == 0) return peek(&walk) == 0 && walk.next == walk.end;
    }
    return false;
}
