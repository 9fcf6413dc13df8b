#pragma once
/* The texts of a tree: whether one is among them, and some of them at random. Edges are taken as true. */

#include <stdbool.h>
#include <string.h>

#include "filter/inspect/random_bytes.h"
#include "rules/compile/expression.h"

enum { TREE_TEXT_BYTES_MAX = 512 };

/* Positions in a text, the one behind its last byte among them. */
struct positions {
    bool has[TREE_TEXT_BYTES_MAX + 1];
    size_t count;
};

static inline void positions_add(struct positions *positions, size_t at) {
    positions->count += !positions->has[at];
    positions->has[at] = true;
}

static inline void positions_add_all(struct positions *positions, const struct positions *others) {
    for (size_t at = 0; at <= TREE_TEXT_BYTES_MAX; at++)
        if (others->has[at]) positions_add(positions, at);
}

/* Where a text of the tree can end when it begins at one of `from`. */
static inline struct positions tree_ends(const struct expression *tree, const uint8_t *text, size_t length,
                                         const struct positions *from) {
    struct positions to = {0}, frontier;
    if (from->count == 0) return to;
    switch (tree->kind) {
    case EXPRESSION_SET:
        for (size_t at = 0; at < length; at++)
            if (from->has[at] && byte_set_has(&tree->set, text[at])) positions_add(&to, at + 1);
        return to;
    case EXPRESSION_EDGE:
        return *from;
    case EXPRESSION_SEQUENCE:
        to = *from;
        for (size_t i = 0; i < tree->part_count && to.count > 0; i++) to = tree_ends(tree->parts[i], text, length, &to);
        return to;
    case EXPRESSION_CHOICE:
        for (size_t i = 0; i < tree->part_count; i++) {
            frontier = tree_ends(tree->parts[i], text, length, from);
            positions_add_all(&to, &frontier);
        }
        return to;
    case EXPRESSION_REPEAT:
        to = *from;
        for (uint32_t i = 0; i < tree->minimum && to.count > 0; i++) to = tree_ends(tree->parts[0], text, length, &to);
        frontier = to;
        for (uint32_t i = tree->minimum; i < tree->maximum && frontier.count > 0; i++) {
            const size_t count = to.count;
            frontier = tree_ends(tree->parts[0], text, length, &frontier);
            positions_add_all(&to, &frontier);
            if (to.count == count) break;
        }
        return to;
    }
    return to;
}

/* Is this whole text one of the tree's? Never for one above TREE_TEXT_BYTES_MAX. */
static inline bool tree_has(const struct expression *tree, const uint8_t *text, size_t length) {
    struct positions start = {0};
    positions_add(&start, 0);
    return length <= TREE_TEXT_BYTES_MAX && tree_ends(tree, text, length, &start).has[length];
}

static inline bool tree_has_edge(const struct expression *tree) {
    bool has_edge = tree->kind == EXPRESSION_EDGE;
    for (size_t i = 0; i < tree->part_count; i++) has_edge = has_edge || tree_has_edge(tree->parts[i]);
    return has_edge;
}

/* A text of the tree under way. */
struct walk {
    struct random_source *random;
    uint8_t *bytes; /* TREE_TEXT_BYTES_MAX */
    size_t length;
};

/* Appends one of the tree's texts. False: there is none, or no room for it. */
static inline bool walk_tree(struct walk *walk, const struct expression *tree) {
    switch (tree->kind) {
    case EXPRESSION_SET: {
        const size_t count = byte_set_count(&tree->set);
        if (count == 0 || walk->length == TREE_TEXT_BYTES_MAX) return false;
        size_t skipped = random_below(walk->random, count);
        uint8_t byte = 0;
        while (!byte_set_has(&tree->set, byte) || skipped-- > 0) byte++;
        walk->bytes[walk->length++] = byte;
        return true;
    }
    case EXPRESSION_EDGE:
        return true;
    case EXPRESSION_SEQUENCE:
        for (size_t i = 0; i < tree->part_count; i++)
            if (!walk_tree(walk, tree->parts[i])) return false;
        return true;
    case EXPRESSION_CHOICE:
        return walk_tree(walk, tree->parts[random_below(walk->random, tree->part_count)]);
    case EXPRESSION_REPEAT: {
        const uint32_t spare = tree->maximum - tree->minimum;
        const uint32_t count = tree->minimum + (uint32_t)random_below(walk->random, spare < 3 ? spare + 1 : 4);
        for (uint32_t i = 0; i < count; i++)
            if (!walk_tree(walk, tree->parts[0])) return false;
        return true;
    }
    }
    return false;
}
