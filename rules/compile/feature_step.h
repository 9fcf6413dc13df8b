#pragma once
/* What the search for features is made of; only feature*.c includes this. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "rules/compile/feature.h"

/* What is still to come of a pattern: a node, with a repeat's bounds as they are left, and what follows it. */
struct rest {
    const struct expression *node;
    uint32_t minimum, maximum;
    const struct rest *next;
};

/* How far a search has come. */
struct search {
    size_t steps;
    size_t effort;
    bool is_out_of_memory;
};

/* 0-9, A-Z, a-z and _; all others; all bytes. */
static const struct byte_set words = {{UINT64_C(0x03ff000000000000), UINT64_C(0x07fffffe87fffffe)}};
static const struct byte_set others = {
    {~UINT64_C(0x03ff000000000000), ~UINT64_C(0x07fffffe87fffffe), UINT64_MAX, UINT64_MAX}};
static const struct byte_set all_bytes = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
static const struct byte_set digit_bytes = {{UINT64_C(0x03ff000000000000)}};

static inline struct byte_set intersect(const struct byte_set *one, const struct byte_set *other) {
    struct byte_set both;
    for (size_t i = 0; i < 4; i++) both.bits[i] = one->bits[i] & other->bits[i];
    return both;
}

static inline bool is_within(const struct byte_set *set, const struct byte_set *bounds) {
    const struct byte_set both = intersect(set, bounds);
    return memcmp(&both, set, sizeof both) == 0;
}

static inline bool is_empty(const struct byte_set *set) {
    return (set->bits[0] | set->bits[1] | set->bits[2] | set->bits[3]) == 0;
}

static inline struct rest rest_of(const struct expression *node, const struct rest *next) {
    return (struct rest){node, node->minimum, node->maximum, next};
}

/* Appends an empty feature, or returns NULL when out of memory. */
struct feature *feature_add(struct features *features, struct search *search);

/*
 * All ways in which texts may begin with what `rest` has left, as words of at most `length_max` sets. False when that
 * helps nobody: there are too many, or one takes nothing.
 */
bool feature_ways(struct features *found, struct search *search, const struct rest *rest, size_t length_max);
