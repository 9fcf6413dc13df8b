#include "inspect/route.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 2 * ROUTES_MAX,
    ROOM_MIN = ROUTES_MAX / 2, /* for the keys of one message */
    FIXED_STRING = 0xa0        /* msgpack's head of a string of up to 31 bytes */
};

struct routes {
    const struct rule_set *rules;
    size_t count;
    struct route *slots[SLOTS];
    struct route items[ROUTES_MAX];
};

struct routes *routes_create(const struct rule_set *rules) {
    struct routes *routes = calloc(1, sizeof *routes);
    if (routes == NULL) return NULL;
    routes->rules = rules;
    routes->count = ROUTES_MAX; /* nothing is ready: routes_begin() makes the root */
    return routes;
}

void routes_destroy(struct routes **routes) {
    free(*routes);
    *routes = NULL;
}

static bool is_among(const struct rule_set *rules, struct table_range globs, const uint16_t *words, size_t count) {
    for (uint32_t i = 0; i < globs.count; i++)
        if (path_may_match(&rules->paths[globs.first + i], words, count)) return true;
    return false;
}

/* Is what the keys lead to excluded, at whatever array positions? */
static bool is_excluded(const struct rule_set *rules, const struct rule *rule, const uint16_t *words, size_t count) {
    for (uint32_t i = rule->exclude.first; i < rule->exclude.first + rule->exclude.count; i++)
        if (!path_has_positions(&rules->paths[i]) && path_may_match(&rules->paths[i], words, count)) return true;
    return false;
}

static bool may_apply(const struct rule_set *rules, const struct rule *rule, const uint16_t *words, size_t count) {
    if (rule->include.count > 0 && !is_among(rules, rule->include, words, count)) return false;
    return !is_excluded(rules, rule, words, count);
}

/* A field rule that has a say here. */
static void admit(struct route *route, const struct rule_set *rules, uint32_t index) {
    const unsigned valueless = FIELD_BIT(FIELD_BOOL) | FIELD_BIT(FIELD_MAP) | FIELD_BIT(FIELD_ARRAY);
    const struct rule *const rule = &rules->rules[index];
    if (rule->validator == NULL || route->judge_count == ROUTE_JUDGES_MAX) {
        route->ruled |= rule->types;
        return;
    }
    for (size_t i = 0; i < route->judge_count; i++)
        if (route->judges[i] == index) return;
    route->judges[route->judge_count++] = index;
    route->judged |= (uint16_t)(rule->types & ~valueless);
}

static void count_step(uint16_t *steps, unsigned types) {
    if (types != 0 && *steps < UINT16_MAX) ++*steps;
}

/* Admits the field rules with globs of that group of the index that name what the keys lead to. */
static void admit_group(struct route *route, const struct rule_set *rules, uint16_t group, const uint16_t *words,
                        size_t count) {
    const struct path_index *const index = &rules->field_paths;
    for (uint32_t i = index->first_by_word[group]; i < index->first_by_word[group + 1]; i++) {
        const struct rule *const rule = &rules->rules[index->owners[i]];
        count_step(&route->key_steps, rule->types & FIELD_BIT(FIELD_KEY));
        count_step(&route->value_steps, rule->types & ~FIELD_BIT(FIELD_KEY));
        if ((rule->types & ~route->ruled) != 0 && path_may_match(&rules->paths[index->globs[i]], words, count) &&
            may_apply(rules, rule, words, count))
            admit(route, rules, index->owners[i]);
    }
}

static uint16_t scoped_types(const struct rule_set *rules, const uint16_t *words, size_t count) {
    uint16_t types = 0;
    for (size_t i = 0; i < rules->scoped_count; i++) {
        const struct rule *const rule = &rules->rules[rules->scoped_rules[i]];
        if (may_apply(rules, rule, words, count)) types |= rule->types;
    }
    return types;
}

/* Asks the rules about a route. False when it is too long to tell. */
static bool ask_rules(const struct rule_set *rules, struct route *route) {
    uint16_t words[PATH_WORDS_MAX];
    size_t count = 0;
    for (const struct route *at = route; at->container != NULL; at = at->container) {
        if (count == PATH_WORDS_MAX) return false;
        words[PATH_WORDS_MAX - ++count] = at->word;
    }
    const uint16_t *const path = words + PATH_WORDS_MAX - count;
    if (rules->field_paths.word_count > 0) {
        admit_group(route, rules, WORD_UNKNOWN, path, count);
        if (route->word != WORD_UNKNOWN) admit_group(route, rules, route->word, path, count);
    }
    route->scoped = scoped_types(rules, path, count);
    route->attended = route->ruled | route->judged | route->scoped;
    return true;
}

/* Which slot a key, or with no key a word, has in a map. */
static size_t slot_of(const struct route *container, const uint8_t *key, size_t length, uint16_t word) {
    uint64_t hash = (uintptr_t)container ^ (uint64_t)word << 48;
    for (size_t i = 0; i < length; i++) hash = (hash ^ key[i]) * UINT64_C(0x100000001b3);
    return (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (SLOTS - 1);
}

static struct route *add(struct routes *routes, struct route *container, uint16_t word) {
    if (routes->count == ROUTES_MAX) return NULL;
    struct route *route = &routes->items[routes->count];
    *route = (struct route){.word = word, .container = container};
    if (!ask_rules(routes->rules, route)) return NULL;
    routes->count++;
    return route;
}

static void link_in(struct routes *routes, struct route *route, size_t slot) {
    route->slot_next = routes->slots[slot];
    routes->slots[slot] = route;
}

struct route *routes_begin(struct routes *routes) {
    if (routes->count + ROOM_MIN > ROUTES_MAX) {
        memset(routes->slots, 0, sizeof routes->slots);
        routes->count = 0;
        add(routes, NULL, WORD_UNKNOWN);
    }
    return &routes->items[0];
}

struct route *routes_find(const struct routes *routes, const struct route *container, const uint8_t *key,
                          size_t length) {
    if (length == 0 || length > ROUTE_KEY_MAX) return NULL;
    struct route *route = routes->slots[slot_of(container, key, length, WORD_UNKNOWN)];
    while (route != NULL && !(route->container == container && route->key_length == length &&
                              memcmp(route->image + 1, key, length) == 0))
        route = route->slot_next;
    return route;
}

struct route *routes_of_word(struct routes *routes, struct route *container, uint16_t word) {
    const size_t slot = slot_of(container, NULL, 0, word);
    struct route *route = routes->slots[slot];
    while (route != NULL && !(route->container == container && route->key_length == 0 && route->word == word))
        route = route->slot_next;
    if (route != NULL) return route;
    route = add(routes, container, word);
    if (route != NULL) link_in(routes, route, slot);
    return route;
}

struct route *routes_remember(struct routes *routes, struct route *container, const uint8_t *key, size_t length,
                              uint16_t word) {
    assert(length > 0 && length <= ROUTE_KEY_MAX && word != WORD_UNKNOWN);
    struct route *route = add(routes, container, word);
    if (route == NULL) return NULL;
    route->key_length = (uint8_t)length;
    route->image[0] = (uint8_t)(FIXED_STRING | length);
    memcpy(route->image + 1, key, length);
    route->image[1 + length] = '"';
    uint8_t mask[sizeof route->image_mask] = {0};
    memset(mask, 0xff, length + 1 < sizeof mask ? length + 1 : sizeof mask);
    memcpy(route->image_mask, mask, sizeof mask);
    link_in(routes, route, slot_of(container, key, length, WORD_UNKNOWN));
    return route;
}
