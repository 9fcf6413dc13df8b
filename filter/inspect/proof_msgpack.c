#include "inspect/proof_step.h"

#include <math.h>

#include "inspect/number.h"

/* An open map or array. */
struct level {
    struct route *container; /* the route to it */
    struct route *previous;  /* the key read last, NULL at first */
    size_t left;             /* values, or keys with their values, still to come */
    bool is_map;
};

struct walk {
    struct proof *own;
    const uint8_t *next, *end;
    struct route *at; /* to the value that comes next */
    size_t layers;
    struct level *level;                      /* the innermost one that is open */
    struct level levels[LIMIT_DEPTH_MAX + 1]; /* the first one holds the value itself */
};

static bool read_size(struct walk *walk, size_t bytes, uint64_t *value) {
    if ((size_t)(walk->end - walk->next) < bytes) return false;
    *value = 0;
    for (size_t i = 0; i < bytes; i++) *value = *value << 8 | *walk->next++;
    return true;
}

static bool take_text(struct walk *walk, uint64_t length, enum field_type type) {
    if ((size_t)(walk->end - walk->next) < length) return false;
    const struct proof_text text = {walk->next, (size_t)length, walk->at, type, walk->layers};
    walk->next += length;
    return proof_take_text(walk->own, &text);
}

static bool take_sized_text(struct walk *walk, size_t size_bytes, enum field_type type) {
    uint64_t length;
    return read_size(walk, size_bytes, &length) && take_text(walk, length, type);
}

static bool take_ext(struct walk *walk, uint64_t length) {
    uint64_t ext_type;
    return read_size(walk, 1, &ext_type) && take_text(walk, length, FIELD_EXT);
}

static bool take_sized_ext(struct walk *walk, size_t size_bytes) {
    uint64_t length;
    return read_size(walk, size_bytes, &length) && take_ext(walk, length);
}

/* Where a number's digits are written. */
static uint8_t *digits_room(struct walk *walk) {
    return marks_room(&walk->own->marks, NUMBER_CHARS);
}

/* A number whose digits are there. */
static bool take_digits(struct walk *walk, const uint8_t *digits, size_t length, enum field_type type) {
    marks_look_up(&walk->own->marks, length);
    return proof_take_number(walk->own, digits, length, walk->at, type);
}

static bool take_natural(struct walk *walk, uint64_t value) {
    if (value < walk->own->natural_min && !proof_is_attended(walk->at, FIELD_INT)) return true;
    if (proof_is_ruled(walk->at, FIELD_INT)) return false;
    uint8_t *const digits = digits_room(walk);
    return digits != NULL && take_digits(walk, digits, number_write_natural(value, digits), FIELD_INT);
}

static bool take_integer(struct walk *walk, int64_t value) {
    if (value >= 0) return take_natural(walk, (uint64_t)value);
    if (0 - (uint64_t)value < walk->own->integer_min && !proof_is_attended(walk->at, FIELD_INT)) return true;
    if (proof_is_ruled(walk->at, FIELD_INT)) return false;
    uint8_t *const digits = digits_room(walk);
    return digits != NULL && take_digits(walk, digits, number_write_integer(value, digits), FIELD_INT);
}

static bool take_sized_natural(struct walk *walk, size_t bytes) {
    uint64_t value;
    return read_size(walk, bytes, &value) && take_natural(walk, value);
}

static bool take_sized_integer(struct walk *walk, size_t bytes) {
    uint64_t value;
    if (!read_size(walk, bytes, &value)) return false;
    const unsigned unused_bits = (unsigned)(64 - 8 * bytes);
    return take_integer(walk, (int64_t)(value << unused_bits) >> unused_bits);
}

static bool take_real(struct walk *walk, double value) {
    if (fabs(value) < walk->own->real_min && !proof_is_attended(walk->at, FIELD_FLOAT)) return true;
    if (proof_is_ruled(walk->at, FIELD_FLOAT)) return false;
    uint8_t *const digits = digits_room(walk);
    return digits != NULL && take_digits(walk, digits, number_write_real(value, digits), FIELD_FLOAT);
}

static bool take_single(struct walk *walk) {
    uint64_t bits;
    if (!read_size(walk, sizeof(float), &bits)) return false;
    const uint32_t narrow_bits = (uint32_t)bits;
    float value;
    memcpy(&value, &narrow_bits, sizeof value);
    return take_real(walk, (double)value);
}

static bool take_double(struct walk *walk) {
    uint64_t bits;
    double value;
    if (!read_size(walk, sizeof value, &bits)) return false;
    memcpy(&value, &bits, sizeof value);
    return take_real(walk, value);
}

static bool open_container(struct walk *walk, bool is_map, uint64_t count) {
    if ((size_t)(walk->level - walk->levels) == walk->own->limits.depth) return false;
    if (proof_is_ruled(walk->at, is_map ? FIELD_MAP : FIELD_ARRAY)) return false;
    *++walk->level = (struct level){walk->at, NULL, (size_t)count, is_map};
    return true;
}

static bool open_sized_container(struct walk *walk, bool is_map, size_t size_bytes) {
    uint64_t count;
    return read_size(walk, size_bytes, &count) && open_container(walk, is_map, count);
}

/* The heads from 0xc0 to 0xdf. */
static bool take_headed(struct walk *walk, uint8_t head) {
    switch (head) {
    case 0xc0:
        return !proof_is_ruled(walk->at, FIELD_NULL);
    case 0xc2:
    case 0xc3:
        return !proof_is_ruled(walk->at, FIELD_BOOL);
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return take_sized_text(walk, (size_t)1 << (head - 0xc4), FIELD_BIN);
    case 0xc7:
    case 0xc8:
    case 0xc9:
        return take_sized_ext(walk, (size_t)1 << (head - 0xc7));
    case 0xca:
        return take_single(walk);
    case 0xcb:
        return take_double(walk);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return take_sized_natural(walk, (size_t)1 << (head - 0xcc));
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return take_sized_integer(walk, (size_t)1 << (head - 0xd0));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return take_ext(walk, UINT64_C(1) << (head - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
        return take_sized_text(walk, (size_t)1 << (head - 0xd9), FIELD_STR);
    case 0xdc:
    case 0xdd:
        return open_sized_container(walk, false, (size_t)2 << (head - 0xdc));
    case 0xde:
    case 0xdf:
        return open_sized_container(walk, true, (size_t)2 << (head - 0xde));
    default:
        return false; /* 0xc1, never used */
    }
}

static bool take_value(struct walk *walk) {
    if (walk->next == walk->end) return false;
    walk->own->steps += walk->at->value_steps;
    const uint8_t head = *walk->next++;
    if (head < 0x80) return take_natural(walk, head);
    if (head < 0x90) return open_container(walk, true, head & 0x0f);
    if (head < 0xa0) return open_container(walk, false, head & 0x0f);
    if (head < 0xc0) return take_text(walk, head & 0x1f, FIELD_STR);
    if (head >= 0xe0) return take_integer(walk, (int8_t)head);
    return take_headed(walk, head);
}

/* A key that is no string is left to the long way. */
static struct route *read_key(struct walk *walk, struct level *level) {
    if (walk->next == walk->end) return NULL;
    const uint8_t head = *walk->next++;
    uint64_t length = head & 0x1f;
    if (head >= 0xd9 && head <= 0xdb) {
        if (!read_size(walk, (size_t)1 << (head - 0xd9), &length)) return NULL;
    } else if ((head & 0xe0) != 0xa0) {
        return NULL;
    }
    if ((size_t)(walk->end - walk->next) < length) return NULL;
    const uint8_t *const key = walk->next;
    walk->next += length;
    return proof_take_key(walk->own, level->container, key, (size_t)length, walk->layers);
}

/* The next key of a map, which is most often the one that followed its forerunner the last time. */
static struct route *take_key(struct walk *walk, struct level *level) {
    struct route **const foreseen = level->previous != NULL ? &level->previous->next : &level->container->first;
    struct route *route = *foreseen;
    if (route != NULL && walk->end - walk->next >= ROUTE_READ && route_is_at(route, walk->next, 0)) {
        walk->next += 1 + route->key_length;
    } else {
        route = read_key(walk, level);
        if (route != NULL && route->key_length > 0) *foreseen = route;
    }
    level->previous = route;
    if (route != NULL) walk->own->steps += route->key_steps;
    return route;
}

bool proof_walk_msgpack(struct proof *own, const struct proof_text *text) {
    struct walk walk;
    walk.own = own;
    walk.next = text->bytes;
    walk.end = text->bytes + text->length;
    walk.at = text->route;
    walk.layers = text->layers;
    walk.level = walk.levels;
    *walk.level = (struct level){0};
    while (take_value(&walk)) {
        struct level *level = walk.level;
        for (; level->left == 0; level--)
            if (level == walk.levels) return walk.next == walk.end;
        walk.level = level;
        level->left--;
        walk.at = level->is_map ? take_key(&walk, level) : level->container;
        if (walk.at == NULL) return false;
    }
    return false;
}
