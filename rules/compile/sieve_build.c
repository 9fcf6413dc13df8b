#include "rules/compile/sieve_build.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/mask.h"
#include "rules/compile/expression.h"
#include "rules/compile/feature.h"
#include "rules/compile/sieve_words.h"

enum {
    RUN_KINDS_WANTED = 5, /* each takes time in every text of some length ... */
    RUN_WEIGHT_SPENT = 20 /* ... so that a few more texts to scan, in thousandths, are cheaper than one kind more */
};

/* Runs that were asked for, before they are made few enough. */
struct run_list {
    struct feature *items;
    size_t count;
};

struct building {
    struct rule_set *rules;
    struct sieve *sieve;
    struct sieve_words words;
    struct run_list runs;
    bool is_out_of_memory;
};

/* Marks all pairs of a byte of the first set with one of the second. */
static void add_pairs(uint64_t *pairs, const struct feature *feature) {
    for (unsigned first = 0; first < 256; first++) {
        if (!byte_set_has(&feature->sets[0], (uint8_t)first)) continue;
        for (unsigned second = 0; second < 256; second++) {
            const unsigned pair = first << 8 | second;
            if (byte_set_has(&feature->sets[1], (uint8_t)second)) pairs[pair / 64] |= UINT64_C(1) << pair % 64;
        }
    }
}

static void add_rare_pair(struct sieve *sieve, const struct feature *feature) {
    add_pairs(sieve->pairs, feature);
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!byte_set_has(&feature->sets[0], (uint8_t)byte)) continue;
        byte_class_add(&sieve->classes.low[MARK_NOTABLE], (uint8_t)byte);
        if (byte < 0x80) continue;
        byte_class_add(&sieve->classes.high_notable, (uint8_t)(byte - 0x80));
        sieve->classes.has_high_notable = true;
    }
}

static void add_run(struct building *own, const struct feature *feature) {
    struct feature *items = realloc(own->runs.items, (own->runs.count + 1) * sizeof *items);
    if (items == NULL) {
        own->is_out_of_memory = true;
        return;
    }
    own->runs.items = items;
    items[own->runs.count++] = *feature;
}

static void add_features(struct building *own, const struct features *features) {
    for (size_t i = 0; i < features->count; i++) {
        const struct feature *const feature = &features->items[i];
        switch (feature->kind) {
        case FEATURE_WORD:
            if (sieve_words_add(&own->words, feature) != 0) own->is_out_of_memory = true;
            break;
        case FEATURE_START:
            add_pairs(own->sieve->starts, feature);
            break;
        case FEATURE_PAIR:
            add_rare_pair(own->sieve, feature);
            break;
        case FEATURE_RUN:
            add_run(own, feature);
            break;
        }
    }
}

/* The groups that a pattern's features lead to. */
static uint8_t groups_of(const struct features *features) {
    static const enum sieve_group groups[] = {[FEATURE_WORD] = SIEVE_WORDS,
                                              [FEATURE_START] = SIEVE_PAIRS,
                                              [FEATURE_PAIR] = SIEVE_PAIRS,
                                              [FEATURE_RUN] = SIEVE_RUNS};
    unsigned mask = 0;
    for (size_t i = 0; i < features->count; i++) mask |= SIEVE_BIT(groups[features->items[i].kind]);
    return (uint8_t)mask;
}

static size_t smaller(size_t one, size_t other) {
    return one < other ? one : other;
}

/* Numbers need not be written as text when no pattern can match in so few characters. */
static void note_number_length(struct sieve *sieve, const struct expression *expression) {
    struct byte_set digits = {{0}}, number = {{0}};
    byte_set_add_range(&digits, '0', '9');
    byte_set_add_range(&number, '0', '9');
    byte_set_add(&number, '-');
    byte_set_add(&number, '.');
    sieve->digits_length_min = smaller(sieve->digits_length_min, expression_min_length(expression, &digits));
    sieve->number_length_min = smaller(sieve->number_length_min, expression_min_length(expression, &number));
}

static void note_scoped_length(struct sieve *sieve, const struct expression *expression) {
    struct byte_set any = {{0}};
    byte_set_invert(&any);
    const size_t length = expression != NULL ? expression_min_length(expression, &any) : 0;
    sieve->scoped_length_min = smaller(sieve->scoped_length_min, length);
}

static void add_pattern(struct building *own, struct pattern *pattern, const char *text) {
    const char *reason;
    struct features features = {0};
    pattern->groups = SIEVE_BIT(SIEVE_ALWAYS);
    struct expression *expression = expression_parse(text, &reason);
    if (own->rules->rules[pattern->rule].include.count > 0) {
        pattern->groups = SIEVE_BIT(SIEVE_SCOPED);
        note_scoped_length(own->sieve, expression);
    } else if (expression == NULL) {
        own->sieve->digits_length_min = own->sieve->number_length_min = 0;
    } else {
        note_number_length(own->sieve, expression);
        const int result = features_find(&features, expression);
        own->is_out_of_memory |= result < 0;
        if (result == 0) {
            pattern->groups = groups_of(&features);
            add_features(own, &features);
        }
    }
    own->sieve->groups_always |= pattern->groups & SIEVE_BIT(SIEVE_ALWAYS);
    features_reset(&features);
    expression_free(&expression);
}

/* One kind of run that finds both. */
static struct feature join(const struct feature *one, const struct feature *other) {
    struct feature joint = *one;
    byte_set_add_all(&joint.sets[0], &other->sets[0]);
    joint.length = (uint32_t)smaller(one->length, other->length);
    joint.digits = (uint32_t)smaller(one->digits, other->digits);
    return joint;
}

/* What joining two adds to the texts that must be scanned. */
static double cost_of_joining(const struct feature *one, const struct feature *other) {
    const struct feature joint = join(one, other);
    return feature_run_weight(&joint.sets[0], joint.length) - feature_run_weight(&one->sets[0], one->length) -
           feature_run_weight(&other->sets[0], other->length);
}

/* Joins the two kinds of which that costs least; false when it costs more than it spares. */
static bool join_cheapest(struct run_list *runs) {
    size_t best = 0, best_other = 1;
    double least = 1e300;
    for (size_t i = 0; i < runs->count; i++) {
        for (size_t j = i + 1; j < runs->count; j++) {
            const double cost = cost_of_joining(&runs->items[i], &runs->items[j]);
            if (cost >= least) continue;
            least = cost;
            best = i;
            best_other = j;
        }
    }
    const bool is_needed = runs->count > SIEVE_RUNS_MAX;
    if (runs->count < 2 || (!is_needed && least > (runs->count > RUN_KINDS_WANTED ? RUN_WEIGHT_SPENT / 1e3 : 0)))
        return false;
    runs->items[best] = join(&runs->items[best], &runs->items[best_other]);
    runs->items[best_other] = runs->items[--runs->count];
    return true;
}

static struct sieve_run run_of(const struct feature *feature) {
    struct sieve_run run = {.length = feature->length, .digits = feature->digits};
    for (unsigned byte = 0; byte < 0x80; byte++)
        if (byte_set_has(&feature->sets[0], (uint8_t)byte)) byte_class_add(&run.bytes, (uint8_t)byte);
    return run;
}

/* What marks short runs: the bytes and the length that all kinds of them have. */
static void mark_short_run(struct sieve *sieve, const struct sieve_run *run, uint32_t *length_min) {
    for (unsigned byte = 0; byte < 0x80; byte++)
        if (byte_class_has(&run->bytes, (uint8_t)byte)) byte_class_add(&sieve->classes.low[MARK_RUN], (uint8_t)byte);
    *length_min = (uint32_t)smaller(*length_min, run->length);
}

static void finish_runs(struct building *own) {
    struct sieve *sieve = own->sieve;
    while (join_cheapest(&own->runs)) {
    }
    uint32_t short_min = UINT32_MAX;
    size_t long_at = own->runs.count;
    sieve->run_count = own->runs.count;
    sieve->long_run_min = UINT32_MAX;
    for (size_t i = 0; i < own->runs.count; i++) {
        const struct sieve_run run = run_of(&own->runs.items[i]);
        if (run.length >= SIEVE_LONG_RUN) {
            sieve->runs[--long_at] = run;
            sieve->long_run_min = (uint32_t)smaller(sieve->long_run_min, run.length);
        } else {
            sieve->runs[sieve->short_run_count++] = run;
            mark_short_run(sieve, &run, &short_min);
        }
    }
    mask_run_shifts(short_min, sieve->run_shifts);
}

int sieve_build(struct rule_set *rules, const char *const *texts) {
    struct building own = {.rules = rules, .sieve = &rules->sieve};
    sieve_init(own.sieve);
    own.sieve->digits_length_min = own.sieve->number_length_min = own.sieve->scoped_length_min = SIZE_MAX;
    byte_class_add(&own.sieve->classes.low[MARK_NOTABLE], '\n');
    byte_class_add(&own.sieve->classes.low[MARK_NOTABLE], '%');
    for (size_t i = 0; i < rules->pattern_count && !own.is_out_of_memory; i++)
        add_pattern(&own, &rules->patterns[i], texts[i]);
    if (!own.is_out_of_memory) {
        finish_runs(&own);
        own.is_out_of_memory = sieve_words_finish(&own.words, own.sieve) != 0;
    }
    sieve_words_reset(&own.words);
    free(own.runs.items);
    return own.is_out_of_memory ? -1 : 0;
}
