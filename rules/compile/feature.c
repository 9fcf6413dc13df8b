#include "rules/compile/feature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/compile/feature_step.h"
#include "rules/compile/text_model.h"

enum {
    HEADS_MAX = 4096,     /* words that a pattern may begin with, spelled out in their first characters */
    EFFORT_MAX = 4 << 20, /* of one pattern, in steps: repeats of choices have no end of ways ... */
    PLACE_EFFORT = 256,   /* ... nor of places */
    WORDS_PER_TEXT = 4,
    RUN_CHANCES = 30,  /* places in a text where a run may begin */
    RUN_LENGTH_MIN = 8 /* shorter ones, and those without digits or upper case, are better found as words */
};

/* What is known of the byte before a place. */
enum before { BEFORE_UNKNOWN, BEFORE_NO_WORD /* no byte, or one that is in no word */ };

void features_reset(struct features *features) {
    free(features->items);
    *features = (struct features){0};
}

struct feature *feature_add(struct features *features, struct search *search) {
    if (features->count == features->capacity) {
        const size_t capacity = 2 * features->capacity + 8;
        struct feature *items = realloc(features->items, capacity * sizeof *items);
        if (items == NULL) {
            search->is_out_of_memory = true;
            return NULL;
        }
        features->items = items;
        features->capacity = capacity;
    }
    struct feature *feature = &features->items[features->count++];
    *feature = (struct feature){0};
    return feature;
}

/* Takes `other` in place of what is there when it is the better choice; releases the loser. */
static void choose(struct features *best, struct features *other) {
    struct features loser = *other;
    if (other->count > 0 && (best->count == 0 || other->weight < best->weight)) {
        loser = *best;
        *best = *other;
    }
    features_reset(&loser);
    *other = (struct features){0};
}

/* Every head more leads to a few texts more that have it by accident. */
static const double HEAD_WEIGHT = 1e-5;

/* How many spelled-out heads a word has: letters in one case, up to what is in no word. */
static double count_heads(const struct feature *word) {
    double count = 1, ended = 0;
    for (size_t i = 0; i < SIEVE_HEAD; i++) {
        struct byte_set set = i < word->length ? word->sets[i] : all_bytes;
        bool ends = byte_sets_meet(&set, &others);
        size_t characters = 0;
        for (unsigned byte = 0; byte < 256; byte++) {
            const bool is_other_case = byte >= 'A' && byte <= 'Z' && byte_set_has(&set, (uint8_t)(byte | 0x20));
            characters += byte_set_has(&set, (uint8_t)byte) && !byte_set_has(&others, (uint8_t)byte) && !is_other_case;
        }
        if (ends) ended += count;
        count *= (double)characters;
    }
    return count + ended;
}

/* Do all bytes of a set look the same behind the head of a word? */
static bool is_one_symbol(const struct byte_set *set) {
    if (is_within(set, &others) || is_within(set, &digit_bytes)) return true;
    struct byte_set upper = {{0}};
    byte_set_add_range(&upper, 'A', 'Z');
    struct byte_set folded = intersect(set, &upper);
    folded = (struct byte_set){
        {set->bits[0], (set->bits[1] & ~folded.bits[1]) | folded.bits[1] << 32, set->bits[2], set->bits[3]}};
    return byte_set_count(&folded) == 1;
}

/* Numbers begin with any digits: their heads tell nothing. */
static const double NUMBER_WEIGHT = 0.05;

static const double COMMON_WORD_WEIGHT = 0.2;

static double word_weight(const struct feature *word) {
    double weight = byte_sets_meet(&word->sets[0], &digit_bytes) ? NUMBER_WEIGHT : 0;
    double share = WORDS_PER_TEXT;
    bool is_head = true;
    for (size_t i = 0; i < word->length; i++) {
        is_head = is_head && i < SIEVE_HEAD && is_within(&word->sets[i], &words);
        if (is_head || is_one_symbol(&word->sets[i])) share *= text_model_share(&word->sets[i]);
    }
    weight += share;
    return weight;
}

static bool weigh_words(struct features *found) {
    double heads = 0;
    bool has_common = false;
    found->weight = 0;
    for (size_t i = 0; i < found->count; i++) {
        if (!is_within(&found->items[i].sets[0], &words)) return false;
        heads += count_heads(&found->items[i]);
        found->weight += word_weight(&found->items[i]);
        has_common = has_common || text_model_is_common(found->items[i].sets, found->items[i].length);
    }
    found->weight += heads * HEAD_WEIGHT + (has_common ? COMMON_WORD_WEIGHT : 0);
    return heads <= HEADS_MAX;
}

/* The words that begin where `rest` does. */
static void find_words(struct features *best, struct search *search, const struct rest *rest) {
    static const size_t lengths[] = {SIEVE_SYMBOLS, 8, 6, SIEVE_HEAD};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct features found = {0};
        if (!feature_ways(&found, search, rest, lengths[i]) || !weigh_words(&found)) {
            features_reset(&found);
            continue;
        }
        choose(best, &found);
        return;
    }
}

/* The two bytes that a line begins with. */
static void find_start(struct features *best, struct search *search, const struct rest *rest) {
    struct features found = {0};
    double pairs = 0;
    bool is_useful = feature_ways(&found, search, rest, SIEVE_HEAD - 1);
    for (size_t i = 0; i < found.count; i++) {
        is_useful = is_useful && found.items[i].length >= 2 && is_within(&found.items[i].sets[0], &others);
        found.items[i].kind = FEATURE_START;
        pairs += (double)(byte_set_count(&found.items[i].sets[0]) * byte_set_count(&found.items[i].sets[1]));
        found.weight += text_model_presence(&found.items[i].sets[0]) / 4;
    }
    if (found.weight > pairs / 256) found.weight = pairs / 256;
    if (is_useful)
        choose(best, &found);
    else
        features_reset(&found);
}

/* Pairs and runs. */

/* The bytes that may follow what `rest` is behind; with a line feed where the text may end. */
static struct byte_set find_next(struct search *search, const struct rest *rest) {
    struct features found = {0};
    struct byte_set next = {{0}};
    const bool is_known = feature_ways(&found, search, rest, 1);
    for (size_t i = 0; i < found.count; i++) {
        byte_set_add_all(&next, &found.items[i].sets[0]);
        if (found.items[i].is_at_end) byte_set_add(&next, '\n');
    }
    features_reset(&found);
    return is_known && !is_empty(&next) ? next : all_bytes;
}

/* To stop at a byte that is not so rare takes time even where nothing comes of it. */
static const double PAIR_CLOSE_LOOK = 0.5;

/* A rare byte, and what comes behind it. */
static void find_pair(struct features *best, struct search *search, const struct rest *rest) {
    const struct expression *node = rest->node;
    const struct rest again = {node, rest->minimum - 1, rest->maximum - 1, rest->next};
    const struct rest *behind = rest->next;
    if (node->kind == EXPRESSION_REPEAT && rest->minimum > 0) {
        behind = rest->maximum > 1 ? &again : rest->next;
        node = node->parts[0];
    }
    if (node->kind != EXPRESSION_SET || byte_sets_meet(&node->set, &words) || is_empty(&node->set)) return;
    struct features found = {0};
    struct feature *feature = feature_add(&found, search);
    if (feature == NULL) return;
    feature->kind = FEATURE_PAIR;
    feature->sets[0] = node->set;
    feature->sets[1] = find_next(search, behind);
    found.weight = text_model_presence(&node->set) * (text_model_share(&feature->sets[1]) + PAIR_CLOSE_LOOK);
    choose(best, &found);
}

/* All bytes that a node may take, and the fewest digits. */
static void add_bytes_of(struct byte_set *set, const struct expression *node) {
    if (node->kind == EXPRESSION_SET) byte_set_add_all(set, &node->set);
    if (node->kind == EXPRESSION_REPEAT && node->maximum == 0) return;
    for (size_t i = 0; i < node->part_count; i++) add_bytes_of(set, node->parts[i]);
}

static size_t count_digits_of(const struct expression *node) {
    if (node->kind == EXPRESSION_SET) return is_within(&node->set, &digit_bytes);
    size_t count = 0;
    for (size_t i = 0; i < node->part_count; i++) {
        const size_t part = count_digits_of(node->parts[i]);
        if (node->kind == EXPRESSION_CHOICE)
            count = i == 0 || part < count ? part : count;
        else
            count += part;
    }
    return node->kind == EXPRESSION_REPEAT ? count * node->minimum : count;
}

/* Runs are dearer to look for than words, and less telling. */
static const double RUN_CLOSE_LOOK = 0.01;

double feature_run_weight(const struct byte_set *set, uint32_t length) {
    return RUN_CLOSE_LOOK + RUN_CHANCES * pow(text_model_persistence(set), length);
}

static size_t length_of_rest(const struct rest *rest) {
    if (rest->node->kind != EXPRESSION_REPEAT) return expression_min_length(rest->node, &all_bytes);
    const size_t once = rest->minimum > 0 ? expression_min_length(rest->node->parts[0], &all_bytes) : 0;
    return once < SIEVE_RUN_LENGTH_MAX && rest->minimum <= SIEVE_RUN_LENGTH_MAX ? once * rest->minimum : SIZE_MAX;
}

static size_t digits_of_rest(const struct rest *rest) {
    if (rest->node->kind != EXPRESSION_REPEAT) return count_digits_of(rest->node);
    return rest->minimum > 0 ? count_digits_of(rest->node->parts[0]) * rest->minimum : 0;
}

/* Has it all digits, or most capital letters? */
static bool makes_runs(const struct byte_set *set) {
    struct byte_set capitals = {{0}};
    byte_set_add_range(&capitals, 'A', 'Z');
    const struct byte_set some_digits = intersect(set, &digit_bytes), some_capitals = intersect(set, &capitals);
    return byte_set_count(&some_digits) >= 8 || byte_set_count(&some_capitals) >= 20;
}

/* A run that begins with this node and ends with one that follows it. */
static void find_runs(struct features *best, struct search *search, const struct rest *rest) {
    struct byte_set set = {{0}}, ascii = {{0}};
    byte_set_add_range(&ascii, 0, 0x7f);
    size_t length = 0, digits = 0;
    for (; rest != NULL; rest = rest->next) {
        const size_t node_length = length_of_rest(rest);
        add_bytes_of(&set, rest->node);
        if (!is_within(&set, &ascii) || node_length >= SIEVE_RUN_LENGTH_MAX) return;
        length += node_length;
        digits += digits_of_rest(rest);
        if (length < RUN_LENGTH_MIN || length > SIEVE_RUN_LENGTH_MAX || !makes_runs(&set)) continue;
        struct features found = {.weight = feature_run_weight(&set, (uint32_t)length)};
        struct feature *feature = feature_add(&found, search);
        if (feature == NULL) return;
        feature->kind = FEATURE_RUN;
        feature->sets[0] = set;
        feature->length = (uint32_t)length;
        feature->digits = (uint32_t)digits;
        choose(best, &found);
    }
}

/* The search. */

static enum before before_next(const struct expression *node, uint32_t minimum, enum before before) {
    switch (node->kind) {
    case EXPRESSION_SET:
        return is_within(&node->set, &others) ? BEFORE_NO_WORD : BEFORE_UNKNOWN;
    case EXPRESSION_EDGE:
        /* Behind \b a word begins, or none does: find_words() asks that one does. */
        return node->edge == EDGE_LINE_START || node->edge == EDGE_WORD ? BEFORE_NO_WORD : before;
    case EXPRESSION_SEQUENCE:
        for (size_t i = 0; i < node->part_count; i++)
            before = before_next(node->parts[i], node->parts[i]->minimum, before);
        return before;
    case EXPRESSION_CHOICE:
        for (size_t i = 0; i < node->part_count; i++)
            if (before_next(node->parts[i], node->parts[i]->minimum, before) == BEFORE_UNKNOWN) return BEFORE_UNKNOWN;
        return BEFORE_NO_WORD;
    case EXPRESSION_REPEAT:
        if (minimum == 0 && before == BEFORE_UNKNOWN) return BEFORE_UNKNOWN;
        return before_next(node->parts[0], node->parts[0]->minimum, before);
    }
    return BEFORE_UNKNOWN;
}

/* Where a search stands in a pattern. */
struct place_in_pattern {
    const struct rest *rest;
    enum before before;
    bool is_at_line_start;
};

static void find_best(struct features *best, struct search *search, struct place_in_pattern at);

/* Each branch by itself, with what follows it; all of them together are a choice like any other. */
static void find_in_branches(struct features *best, struct search *search, struct place_in_pattern at) {
    struct features all = {0};
    const struct rest *const rest = at.rest;
    for (size_t i = 0; i < rest->node->part_count && !search->is_out_of_memory; i++) {
        struct features branch = {0};
        const struct rest first = rest_of(rest->node->parts[i], rest->next);
        at.rest = &first;
        find_best(&branch, search, at);
        if (branch.count == 0) {
            features_reset(&all);
            return;
        }
        for (size_t j = 0; j < branch.count; j++) {
            struct feature *feature = feature_add(&all, search);
            if (feature != NULL) *feature = branch.items[j];
        }
        all.weight += branch.weight;
        features_reset(&branch);
    }
    choose(best, &all);
}

static void find_in_sequence(struct features *best, struct search *search, struct place_in_pattern at) {
    const struct expression *const node = at.rest->node;
    struct rest *parts = malloc(node->part_count * sizeof *parts);
    if (parts == NULL) {
        search->is_out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < node->part_count; i++)
        parts[i] = rest_of(node->parts[i], i + 1 < node->part_count ? &parts[i + 1] : at.rest->next);
    find_best(best, search, (struct place_in_pattern){parts, at.before, at.is_at_line_start});
    free(parts);
}

/* What a repeat repeats comes once, then the rest of the repeat. */
static void find_in_repeat(struct features *best, struct search *search, struct place_in_pattern at) {
    const struct rest *const rest = at.rest;
    const struct rest again = {rest->node, rest->minimum - 1, rest->maximum, rest->next};
    const struct rest once = rest_of(rest->node->parts[0], &again);
    at.rest = &once;
    find_best(best, search, at);
}

/* Does a line begin behind this node? */
static bool is_line_start(const struct expression *node) {
    if (node->kind == EXPRESSION_EDGE) return node->edge == EDGE_LINE_START;
    return node->kind == EXPRESSION_SET && byte_set_has(&node->set, '\n') && byte_set_count(&node->set) == 1;
}

/* Looks at every place of what is left of a pattern, as far as EFFORT_MAX goes: what is left out would be as right. */
static void find_best(struct features *best, struct search *search, struct place_in_pattern at) {
    for (; at.rest != NULL && !search->is_out_of_memory; at.rest = at.rest->next) {
        search->effort += PLACE_EFFORT;
        if (search->effort > EFFORT_MAX) return;
        const struct expression *const node = at.rest->node;
        if (node->kind == EXPRESSION_SEQUENCE && node->part_count > 0) {
            find_in_sequence(best, search, at);
            return;
        }
        if (at.before == BEFORE_NO_WORD) find_words(best, search, at.rest);
        if (at.is_at_line_start) find_start(best, search, at.rest);
        find_runs(best, search, at.rest);
        find_pair(best, search, at.rest);
        if (node->kind == EXPRESSION_CHOICE) find_in_branches(best, search, at);
        if (node->kind == EXPRESSION_REPEAT && at.rest->minimum > 0 && node->parts[0]->kind != EXPRESSION_SET) {
            find_in_repeat(best, search, at);
            return;
        }
        at.is_at_line_start = is_line_start(node);
        at.before = before_next(node, at.rest->minimum, at.before);
    }
}

int features_find(struct features *features, const struct expression *expression) {
    struct search search = {0};
    const struct rest rest = rest_of(expression, NULL);
    *features = (struct features){0};
    find_best(features, &search, (struct place_in_pattern){.rest = &rest, .before = BEFORE_UNKNOWN});
    if (search.is_out_of_memory) return -1;
    return features->count > 0 ? 0 : 1;
}
