#include "rules/compile/expense.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>

#include "rules/compile/expression.h"
#include "rules/compile/feature.h"
#include "rules/compile/text_model.h"

/* From where on something is dear. */
static const struct {
    size_t word_ways;        /* in which a word may begin */
    double presence;         /* of texts with a byte, or a run */
    size_t class_characters; /* of a class that is repeated ... */
    uint32_t repeats;        /* ... up to so many times */
    size_t open_characters;  /* of a class that is repeated without bound */
} dear_from = {.word_ways = 64, .presence = 0.1, .class_characters = 32, .repeats = 64, .open_characters = 128};

/* A pattern under inquiry. */
struct subject {
    const struct expression *expression; /* NULL: not understood ... */
    const char *refusal;                 /* ... for this reason */
    struct features features;            /* none: nothing to start from */
    bool is_scoped;
};

static bool explain_refusal(const struct subject *subject, char *out) {
    if (subject->is_scoped || subject->expression != NULL) return false;
    snprintf(out, EXPENSE_REASON_CHARS, "nothing to start from, with %s: every text is searched", subject->refusal);
    return true;
}

static bool explain_nothing_to_start_from(const struct subject *subject, char *out) {
    if (subject->is_scoped || subject->expression == NULL || subject->features.count > 0) return false;
    snprintf(out, EXPENSE_REASON_CHARS, "nothing to start from: every text is searched");
    return true;
}

/* A set for people: the character where there is one that can be shown. */
static void show_set(const struct byte_set *set, char *out, size_t capacity) {
    const size_t count = byte_set_count(set);
    unsigned byte = 0;
    while (byte < UINT8_MAX && !byte_set_has(set, (uint8_t)byte)) byte++;
    if (count > 1)
        snprintf(out, capacity, "any of %zu", count);
    else if (byte < 0x80 && isgraph((int)byte))
        snprintf(out, capacity, "%c", (int)byte);
    else
        snprintf(out, capacity, "\\x%02x", byte);
}

static bool explain_common_word(const struct subject *subject, char *out) {
    for (size_t i = 0; i < subject->features.count; i++) {
        const struct feature *const feature = &subject->features.items[i];
        if (feature->kind != FEATURE_WORD || !text_model_is_common(feature->sets, feature->length)) continue;
        snprintf(out, EXPENSE_REASON_CHARS, "starts from a common word");
        return true;
    }
    return false;
}

static bool explain_common_byte(const struct subject *subject, char *out) {
    for (size_t i = 0; i < subject->features.count; i++) {
        const struct feature *const feature = &subject->features.items[i];
        if (feature->kind != FEATURE_PAIR || text_model_presence(&feature->sets[0]) < dear_from.presence) continue;
        char shown[32];
        show_set(&feature->sets[0], shown, sizeof shown);
        snprintf(out, EXPENSE_REASON_CHARS, "starts from a common byte: %s", shown);
        return true;
    }
    return false;
}

static bool explain_common_run(const struct subject *subject, char *out) {
    for (size_t i = 0; i < subject->features.count; i++) {
        const struct feature *const feature = &subject->features.items[i];
        if (feature->kind != FEATURE_RUN || feature_run_weight(&feature->sets[0], feature->length) < dear_from.presence)
            continue;
        snprintf(out, EXPENSE_REASON_CHARS, "starts from a common run: %u characters out of %zu", feature->length,
                 byte_set_count(&feature->sets[0]));
        return true;
    }
    return false;
}

static bool explain_many_words(const struct subject *subject, char *out) {
    size_t count = 0;
    for (size_t i = 0; i < subject->features.count; i++) count += subject->features.items[i].kind == FEATURE_WORD;
    if (count < dear_from.word_ways) return false;
    snprintf(out, EXPENSE_REASON_CHARS, "starts from %zu ways a word may begin", count);
    return true;
}

/* The repeat of a single class that `is_dear` likes best, or NULL. */
static const struct expression *find_repeat(const struct expression *node, bool (*is_dear)(const struct expression *)) {
    const bool is_class = node->kind == EXPRESSION_REPEAT && node->parts[0]->kind == EXPRESSION_SET;
    if (is_class) return is_dear(node) ? node : NULL;
    const struct expression *best = NULL;
    for (size_t i = 0; i < node->part_count; i++) {
        const struct expression *const found = find_repeat(node->parts[i], is_dear);
        if (found != NULL && (best == NULL || found->maximum > best->maximum)) best = found;
    }
    return best;
}

static bool is_large(const struct expression *repeat) {
    return repeat->maximum != EXPRESSION_UNBOUNDED && repeat->maximum >= dear_from.repeats &&
           byte_set_count(&repeat->parts[0]->set) >= dear_from.class_characters;
}

static bool explain_large_repeat(const struct subject *subject, char *out) {
    const struct expression *const repeat =
        subject->expression != NULL ? find_repeat(subject->expression, is_large) : NULL;
    if (repeat == NULL) return false;
    snprintf(out, EXPENSE_REASON_CHARS, "a class of %zu characters repeated up to %u times",
             byte_set_count(&repeat->parts[0]->set), repeat->maximum);
    return true;
}

/* What stops at a line feed stops with the text. */
static bool is_open(const struct expression *repeat) {
    const struct byte_set *const set = &repeat->parts[0]->set;
    return repeat->maximum == EXPRESSION_UNBOUNDED && byte_set_has(set, '\n') &&
           byte_set_count(set) >= dear_from.open_characters;
}

static bool explain_open_repeat(const struct subject *subject, char *out) {
    const struct expression *const repeat =
        subject->expression != NULL ? find_repeat(subject->expression, is_open) : NULL;
    if (repeat == NULL) return false;
    snprintf(out, EXPENSE_REASON_CHARS, "a class of %zu characters, line feeds among them, repeated without bound",
             byte_set_count(&repeat->parts[0]->set));
    return true;
}

int expense_find(struct expense *expense, const char *pattern, bool is_scoped) {
    static bool (*const explanations[])(const struct subject *, char *) = {
        explain_refusal,    explain_nothing_to_start_from, explain_common_word, explain_common_byte, explain_common_run,
        explain_many_words, explain_large_repeat,          explain_open_repeat,
    };
    struct subject subject = {.is_scoped = is_scoped};
    struct expression *expression = expression_parse(pattern, &subject.refusal);
    subject.expression = expression;
    const int result = expression != NULL && !is_scoped ? features_find(&subject.features, expression) : 0;
    expense->count = 0;
    for (size_t i = 0; i < sizeof explanations / sizeof *explanations && result >= 0; i++)
        if (expense->count < EXPENSE_REASONS_MAX && explanations[i](&subject, expense->reasons[expense->count]))
            expense->count++;
    features_reset(&subject.features);
    expression_free(&expression);
    return result < 0 ? -1 : 0;
}
