#include "rules/compile/sieve_image.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The sieve with its tables behind it, then a byte for each pattern. */
struct layout {
    size_t heads, words, groups; /* where they begin */
    size_t length;
};

static struct layout lay_out(const struct sieve *sieve, size_t pattern_count) {
    struct layout layout;
    layout.heads = sizeof *sieve;
    layout.words = layout.heads + sieve->head_slots * sizeof *sieve->heads;
    layout.groups = layout.words + sieve->word_count * sizeof *sieve->words;
    layout.length = layout.groups + pattern_count;
    return layout;
}

char *sieve_image_make(const struct rule_set *rules, size_t *length) {
    const struct sieve *const sieve = &rules->sieve;
    const struct layout layout = lay_out(sieve, rules->pattern_count);
    char *bytes = calloc(1, layout.length);
    if (bytes == NULL) return NULL;
    struct sieve copy = *sieve;
    copy.heads = NULL;
    copy.words = NULL;
    memcpy(bytes, &copy, sizeof copy);
    if (sieve->head_slots > 0) memcpy(bytes + layout.heads, sieve->heads, layout.words - layout.heads);
    if (sieve->word_count > 0) memcpy(bytes + layout.words, sieve->words, layout.groups - layout.words);
    for (size_t i = 0; i < rules->pattern_count; i++) bytes[layout.groups + i] = (char)rules->patterns[i].groups;
    *length = layout.length;
    return bytes;
}

static bool has_sound_runs(const struct sieve *sieve) {
    if (sieve->run_count > SIEVE_RUNS_MAX || sieve->short_run_count > sieve->run_count) return false;
    for (size_t i = 0; i < MASK_RUN_SHIFTS; i++)
        if (sieve->run_shifts[i] >= MASK_RUN_BY_MAX) return false;
    for (size_t i = 0; i < sieve->run_count; i++)
        if (sieve->runs[i].length < 1 || sieve->runs[i].length > SIEVE_RUN_LENGTH_MAX) return false;
    return true;
}

/* Could these be a sieve's own numbers? */
static bool is_plausible(const struct sieve *sieve, size_t length) {
    const bool is_power = sieve->head_slots > 0 && (sieve->head_slots & (sieve->head_slots - 1)) == 0;
    return is_power && sieve->head_slots <= length / sizeof *sieve->heads &&
           sieve->word_count <= length / sizeof *sieve->words && has_sound_runs(sieve);
}

static bool has_sound_tables(const struct sieve *sieve, const char *groups, size_t pattern_count) {
    bool has_free_slot = false;
    for (size_t i = 0; i < sieve->head_slots; i++) {
        const struct sieve_head *const head = &sieve->heads[i];
        if (head->first > sieve->word_count || head->count > sieve->word_count - head->first) return false;
        has_free_slot |= head->count == 0;
    }
    for (size_t i = 0; i < pattern_count; i++)
        if (groups[i] == 0 || (uint8_t)groups[i] > SIEVE_ALL) return false;
    return has_free_slot;
}

bool sieve_image_load(struct rule_set *rules, const char *bytes, size_t length) {
    struct sieve *const sieve = &rules->sieve;
    if (length < sizeof *sieve) return false;
    memcpy(sieve, bytes, sizeof *sieve);
    sieve->heads = NULL;
    sieve->words = NULL;
    const struct layout layout = lay_out(sieve, rules->pattern_count);
    bool is_good = is_plausible(sieve, length) && layout.length == length;
    if (is_good) {
        sieve->heads = malloc(sieve->head_slots * sizeof *sieve->heads);
        sieve->words = malloc((sieve->word_count + 1) * sizeof *sieve->words);
        is_good = sieve->heads != NULL && sieve->words != NULL;
    }
    if (is_good) {
        memcpy(sieve->heads, bytes + layout.heads, layout.words - layout.heads);
        memcpy(sieve->words, bytes + layout.words, layout.groups - layout.words);
        is_good = has_sound_tables(sieve, bytes + layout.groups, rules->pattern_count);
    }
    for (size_t i = 0; i < rules->pattern_count && is_good; i++)
        rules->patterns[i].groups = (uint8_t)bytes[layout.groups + i];
    if (!is_good) sieve_reset(sieve);
    return is_good;
}
