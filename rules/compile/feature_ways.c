#include "rules/compile/feature_step.h"

#include <stdlib.h>

enum {
    WAYS_MAX = 512,    /* of one place in a pattern */
    STEPS_MAX = 20000, /* of one search, so that no pattern takes long */
    DEPTH_MAX = 500    /* of a search, so that it may recurse */
};

struct prefixes {
    struct features *found;
    struct search *search;
    size_t length_max;
    size_t depth;    /* ways within ways, at most DEPTH_MAX */
    bool is_useless; /* there are too many, or one takes nothing */
};

/* A prefix that grows. `next` is what an edge leaves open for the byte to come. */
struct prefix {
    struct byte_set sets[SIEVE_SYMBOLS];
    size_t length;
    struct byte_set next;
};

static void push(struct prefix *prefix, const struct byte_set *set) {
    prefix->sets[prefix->length++] = intersect(set, &prefix->next);
    prefix->next = all_bytes;
}

static void keep_prefix(struct prefixes *own, const struct prefix *prefix, bool is_at_end) {
    if (own->found->count == WAYS_MAX || prefix->length == 0) {
        own->is_useless = true;
        return;
    }
    struct feature *feature = feature_add(own->found, own->search);
    if (feature == NULL) return;
    feature->kind = FEATURE_WORD;
    memcpy(feature->sets, prefix->sets, sizeof feature->sets);
    feature->length = (uint32_t)prefix->length;
    feature->is_at_end = is_at_end;
}

/* Where the pattern ends the text goes on with anything, but for what an edge at its end asks for. */
static void end_prefix(struct prefixes *own, struct prefix *prefix) {
    const bool is_at_end = prefix->length < own->length_max && is_within(&prefix->next, &others);
    if (is_at_end) push(prefix, &all_bytes);
    keep_prefix(own, prefix, is_at_end);
}

static void narrow_at_edge(struct prefix *prefix, enum expression_edge edge) {
    if (edge == EDGE_LINE_END) prefix->next = intersect(&prefix->next, &others);
    if (edge != EDGE_WORD || prefix->length == 0) return;
    const struct byte_set *const last = &prefix->sets[prefix->length - 1];
    if (is_within(last, &words)) prefix->next = intersect(&prefix->next, &others);
    if (is_within(last, &others)) prefix->next = intersect(&prefix->next, &words);
}

/* Follows every way on, one byte after the other. */
static void grow_prefix(struct prefixes *own, struct prefix prefix, const struct rest *rest) {
    own->search->effort++;
    if (own->is_useless || ++own->search->steps > STEPS_MAX || own->depth == DEPTH_MAX) {
        own->is_useless = true;
        return;
    }
    if (prefix.length == own->length_max) {
        keep_prefix(own, &prefix, false);
        return;
    }
    if (rest == NULL) {
        end_prefix(own, &prefix);
        return;
    }
    const struct expression *const node = rest->node;
    own->depth++;
    switch (node->kind) {
    case EXPRESSION_SET:
        push(&prefix, &node->set);
        if (!is_empty(&prefix.sets[prefix.length - 1])) grow_prefix(own, prefix, rest->next);
        break;
    case EXPRESSION_EDGE:
        narrow_at_edge(&prefix, node->edge);
        grow_prefix(own, prefix, rest->next);
        break;
    case EXPRESSION_SEQUENCE: {
        if (node->part_count == 0) {
            grow_prefix(own, prefix, rest->next);
            break;
        }
        struct rest *parts = malloc(node->part_count * sizeof *parts);
        if (parts == NULL) {
            own->search->is_out_of_memory = own->is_useless = true;
            break;
        }
        for (size_t i = 0; i < node->part_count; i++)
            parts[i] = rest_of(node->parts[i], i + 1 < node->part_count ? &parts[i + 1] : rest->next);
        grow_prefix(own, prefix, parts);
        free(parts);
        break;
    }
    case EXPRESSION_CHOICE:
        for (size_t i = 0; i < node->part_count; i++) {
            const struct rest branch = rest_of(node->parts[i], rest->next);
            grow_prefix(own, prefix, &branch);
        }
        break;
    case EXPRESSION_REPEAT: {
        if (rest->minimum == 0) grow_prefix(own, prefix, rest->next);
        if (rest->maximum == 0) break;
        const struct rest again = {node, rest->minimum > 0 ? rest->minimum - 1 : 0,
                                   rest->maximum == EXPRESSION_UNBOUNDED ? EXPRESSION_UNBOUNDED : rest->maximum - 1,
                                   rest->next};
        const struct rest once = rest_of(node->parts[0], &again);
        grow_prefix(own, prefix, &once);
        break;
    }
    }
    own->depth--;
}

bool feature_ways(struct features *found, struct search *search, const struct rest *rest, size_t length_max) {
    struct prefixes own = {.found = found, .search = search, .length_max = length_max};
    search->steps = 0;
    grow_prefix(&own, (struct prefix){.next = all_bytes}, rest);
    return !own.is_useless;
}
