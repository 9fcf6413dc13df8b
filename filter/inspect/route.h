#pragma once
/*
 * Routes: the keys that lead to fields of messages, as a tree, each with what the rules say about the place that it
 * leads to. One lane learns them from the messages that it sees, so that the next message with the same keys finds its
 * way at a glance, and forgets all of them when there are too many.
 *
 * Only keys are remembered that are words of the rules (see words.h) and in which nothing was found: never content, and
 * nothing that one sender could learn of another. Array positions are no part of a route, and an encoded value
 * continues the route of the value that holds it.
 *
 * Owned by one lane; routes_create() allocates everything.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/rule_set.h"

enum { ROUTE_IMAGE = 40, ROUTE_KEY_MAX = 31, ROUTE_READ = 32, ROUTE_JUDGES_MAX = 4, ROUTES_MAX = 4096 };

struct route {
    uint8_t image[ROUTE_IMAGE]; /* the key as msgpack writes it, a quotation mark behind it as JSON has it */
    uint64_t image_mask[2];     /* the first key_length + 1 of sixteen bytes */
    uint8_t key_length;         /* bytes; 0 when this key must be looked at each time */
    uint16_t word;              /* of the key */
    uint16_t ruled;             /* FIELD_BIT()s of the types of which a field rule may hold here, whatever the value */
    uint16_t judged;            /* the same for field rules that ask a validator: those in judges[] */
    uint8_t judge_count;
    uint32_t judges[ROUTE_JUDGES_MAX]; /* positions in rule_set.rules */
    uint16_t scoped;                   /* the same for patterns that apply in some paths only */
    uint16_t attended;                 /* ruled, judged or scoped */
    uint16_t key_steps, value_steps;   /* globs that the long way tries at the most on a key here, and on a value */
    struct route *container;           /* NULL for the root */
    struct route *first;               /* the key that was the first one of this map the last time */
    struct route *next;                /* the key that followed this one in its map the last time */
    struct route *slot_next;           /* in the same slot of the table */
};

struct routes;

/* Do the ROUTE_READ bytes at `at` begin with the route's last key and one byte more: the head that msgpack has before
   it
   (`offset` 0) or the quotation mark that JSON has behind it (1)? */
static inline bool route_is_at(const struct route *route, const uint8_t *at, size_t offset) {
    uint64_t here[2], there[2];
    memcpy(here, at, sizeof here);
    memcpy(there, route->image + offset, sizeof there);
    uint64_t difference = ((here[0] ^ there[0]) & route->image_mask[0]) | ((here[1] ^ there[1]) & route->image_mask[1]);
    if (route->key_length < sizeof here) return difference == 0 && route->key_length > 0;
    return difference == 0 &&
           memcmp(at + sizeof here, route->image + offset + sizeof there, route->key_length + 1 - sizeof here) == 0;
}

struct routes *routes_create(const struct rule_set *rules);
void routes_destroy(struct routes **routes);

/* Before each message: forgets what was learned when little room is left. Returns the route to the message itself,
   which has no key. */
struct route *routes_begin(struct routes *routes);

/* The remembered route to a key in a map, or NULL. */
struct route *routes_find(const struct routes *routes, const struct route *container, const uint8_t *key,
                          size_t length);

/* The route to keys of that word, of whatever spelling, each of which must be looked at. NULL when there is no room. */
struct route *routes_of_word(struct routes *routes, struct route *container, uint16_t word);

/* Remembers a key of at most ROUTE_KEY_MAX bytes in which nothing is found. NULL when there is no room. */
struct route *routes_remember(struct routes *routes, struct route *container, const uint8_t *key, size_t length,
                              uint16_t word);
