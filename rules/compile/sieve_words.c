#include "rules/compile/sieve_words.h"

#include <stdlib.h>
#include <string.h>

/* One spelling of a word, as far as it has come. */
struct spelling {
    struct sieve_words *words;
    const struct feature *feature;
    struct sieve_word behind; /* what the feature says where it allows one symbol only */
    uint8_t characters[SIEVE_HEAD];
    bool is_out_of_memory;
};

void sieve_words_reset(struct sieve_words *words) {
    free(words->items);
    *words = (struct sieve_words){0};
}

/* May the text end here? */
static bool may_be_behind(const struct feature *feature, unsigned position) {
    return position >= feature->length || (feature->is_at_end && position == feature->length - 1);
}

static void set_symbol(struct sieve_word *word, unsigned position, uint8_t symbol, bool may_be_end) {
    const bool is_either = symbol == SIEVE_NO_WORD && may_be_end;
    const uint64_t mask = is_either ? SIEVE_NO_WORD_OR_BEHIND_MASK : 0xff;
    const unsigned half = position / 8, shift = 8 * (position % 8);
    word->mask[half] = (word->mask[half] & ~(UINT64_C(0xff) << shift)) | mask << shift;
    word->symbols[half] = (word->symbols[half] & ~(UINT64_C(0xff) << shift)) | (symbol & mask) << shift;
}

static void add_spelled(struct spelling *own, unsigned length) {
    struct sieve_words *words = own->words;
    if (words->count == words->capacity) {
        const size_t capacity = 2 * words->capacity + 1024;
        struct spelled_word *items = realloc(words->items, capacity * sizeof *items);
        if (items == NULL) {
            own->is_out_of_memory = true;
            return;
        }
        words->items = items;
        words->capacity = capacity;
    }
    uint32_t characters;
    memcpy(&characters, own->characters, sizeof characters);
    struct sieve_word word = own->behind;
    if (length < SIEVE_HEAD) set_symbol(&word, length, SIEVE_NO_WORD, may_be_behind(own->feature, length));
    words->items[words->count++] = (struct spelled_word){sieve_head(characters, length), word};
}

static bool is_other_case(const struct byte_set *set, unsigned byte) {
    return byte >= 'A' && byte <= 'Z' && byte_set_has(set, (uint8_t)(byte | 0x20));
}

/* Spells the character at `length`, and those behind it. */
static void spell(struct spelling *own, unsigned length) {
    if (length == SIEVE_HEAD) {
        add_spelled(own, length);
        return;
    }
    bool may_end = length >= own->feature->length;
    for (unsigned byte = 0; byte < 256; byte++) {
        const bool is_open = length >= own->feature->length;
        if (!is_open && !byte_set_has(&own->feature->sets[length], (uint8_t)byte)) continue;
        if (sieve_symbol((uint8_t)byte) == SIEVE_NO_WORD) {
            may_end = true;
        } else if (is_open ? byte < 'A' || byte > 'Z' : !is_other_case(&own->feature->sets[length], byte)) {
            own->characters[length] = (uint8_t)byte;
            spell(own, length + 1);
        }
    }
    own->characters[length] = 0;
    if (may_end) add_spelled(own, length);
}

/* The one symbol that all bytes of a set have; 0 when they have several. */
static uint8_t only_symbol(const struct byte_set *set) {
    uint8_t only = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!byte_set_has(set, (uint8_t)byte)) continue;
        const uint8_t symbol = sieve_symbol((uint8_t)byte);
        if (only != 0 && only != symbol) return 0;
        only = symbol;
    }
    return only;
}

int sieve_words_add(struct sieve_words *words, const struct feature *feature) {
    struct spelling own = {.words = words, .feature = feature};
    for (size_t i = 0; i < feature->length; i++) {
        const uint8_t symbol = only_symbol(&feature->sets[i]);
        if (symbol != 0) set_symbol(&own.behind, (unsigned)i, symbol, may_be_behind(feature, (unsigned)i));
    }
    spell(&own, 0);
    return own.is_out_of_memory ? -1 : 0;
}

static int by_head(const void *left, const void *right) {
    const struct spelled_word *const one = left, *const other = right;
    if (one->head != other->head) return one->head > other->head ? 1 : -1;
    return memcmp(&one->word, &other->word, sizeof one->word);
}

static size_t count_heads(const struct sieve_words *words) {
    size_t count = 0;
    for (size_t i = 0; i < words->count; i++) count += i == 0 || words->items[i].head != words->items[i - 1].head;
    return count;
}

static struct sieve_head *slot_of(struct sieve *sieve, uint32_t head) {
    size_t slot = sieve_hash(head) & (sieve->head_slots - 1);
    while (sieve->heads[slot].count > 0 && sieve->heads[slot].head != head) slot = (slot + 1) & (sieve->head_slots - 1);
    return &sieve->heads[slot];
}

int sieve_words_finish(struct sieve_words *words, struct sieve *sieve) {
    if (words->count > 0) qsort(words->items, words->count, sizeof *words->items, by_head);
    sieve->head_slots = 16;
    while (sieve->head_slots < 2 * count_heads(words)) sieve->head_slots *= 2;
    sieve->heads = calloc(sieve->head_slots, sizeof *sieve->heads);
    sieve->words = calloc(words->count + 1, sizeof *sieve->words);
    if (sieve->heads == NULL || sieve->words == NULL) return -1;
    for (size_t i = 0; i < words->count; i++) {
        const struct spelled_word *const item = &words->items[i];
        if (i > 0 && by_head(item, item - 1) == 0) continue;
        struct sieve_head *head = slot_of(sieve, item->head);
        if (head->count == 0) *head = (struct sieve_head){item->head, (uint32_t)sieve->word_count, 0};
        head->count++;
        sieve->words[sieve->word_count++] = item->word;
        const uint32_t hash = sieve_hash(item->head);
        sieve->head_filter[hash / 64] |= UINT64_C(1) << hash % 64;
    }
    return 0;
}
