#include "rules/compile/sieve_words.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHOICES_MAX = 4,
    WORDS_WANTED = 8 /* at most with one head */
};

/* One spelling of a word, as far as it has come. */
struct spelling {
    struct sieve_words *words;
    const struct feature *feature;
    struct sieve_word behind; /* what the feature says where it allows one symbol only */
    uint8_t characters[SIEVE_HEAD];
    unsigned choice_at; /* the first position where it allows a few symbols that are in no word: each is spelled out */
    uint8_t choices[CHOICES_MAX];
    size_t choice_count;
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

static void set_symbol(struct sieve_word *word, unsigned position, uint8_t symbol, uint64_t mask) {
    const unsigned half = position / 8, shift = 8 * (position % 8);
    word->mask[half] = (word->mask[half] & ~(UINT64_C(0xff) << shift)) | mask << shift;
    word->symbols[half] = (word->symbols[half] & ~(UINT64_C(0xff) << shift)) | (symbol & mask) << shift;
}

static bool is_in_no_word(unsigned byte) {
    return (sieve_symbol((uint8_t)byte) & SIEVE_NO_WORD) != 0;
}

/* Asks for anything that is in no word. */
static void set_no_word(struct sieve_word *word, unsigned position, bool may_be_end) {
    set_symbol(word, position, SIEVE_NO_WORD, may_be_end ? SIEVE_NO_WORD_OR_BEHIND_MASK : SIEVE_NO_WORD_MASK);
}

static void keep_spelled(struct spelling *own, uint32_t head, const struct sieve_word *word) {
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
    words->items[words->count++] = (struct spelled_word){head, *word};
}

/* A spelling whose head is complete: once for each symbol where the feature has a few of them. */
static void add_spelled(struct spelling *own, unsigned length) {
    uint32_t characters;
    memcpy(&characters, own->characters, sizeof characters);
    const uint32_t head = sieve_head(characters, length);
    struct sieve_word word = own->behind;
    const bool is_known = length < own->feature->length && (word.mask[0] >> 8 * length & 0xff) != 0;
    if (length < SIEVE_HEAD && !is_known) set_no_word(&word, length, may_be_behind(own->feature, length));
    if (own->choice_count == 0) keep_spelled(own, head, &word);
    for (size_t i = 0; i < own->choice_count; i++) {
        set_symbol(&word, own->choice_at, own->choices[i], 0xff);
        keep_spelled(own, head, &word);
    }
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
        if (is_in_no_word(byte)) {
            may_end = true;
        } else if (is_open ? byte < 'A' || byte > 'Z' : !is_other_case(&own->feature->sets[length], byte)) {
            own->characters[length] = (uint8_t)byte;
            spell(own, length + 1);
        }
    }
    own->characters[length] = 0;
    if (may_end) add_spelled(own, length);
}

/* The symbols of all bytes in a set, at most `most`; one more means that there are more. */
static size_t list_symbols(const struct byte_set *set, uint8_t *symbols, size_t most) {
    size_t count = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!byte_set_has(set, (uint8_t)byte)) continue;
        const uint8_t symbol = sieve_symbol((uint8_t)byte);
        size_t at = 0;
        while (at < count && symbols[at] != symbol) at++;
        if (at < count) continue;
        if (count == most) return most + 1;
        symbols[count++] = symbol;
    }
    return count;
}

static bool has_only_no_word(const struct byte_set *set) {
    for (unsigned byte = 0; byte < 256; byte++)
        if (byte_set_has(set, (uint8_t)byte) && !is_in_no_word(byte)) return false;
    return true;
}

/* What the feature says of one position. */
static void describe_position(struct spelling *own, unsigned position) {
    const struct byte_set *const set = &own->feature->sets[position];
    const bool may_be_end = may_be_behind(own->feature, position);
    uint8_t symbols[CHOICES_MAX];
    const size_t count = list_symbols(set, symbols, CHOICES_MAX);
    if (count == 1 && !may_be_end) {
        set_symbol(&own->behind, position, symbols[0], 0xff);
    } else if (has_only_no_word(set)) {
        set_no_word(&own->behind, position, may_be_end);
        if (count > CHOICES_MAX || may_be_end || own->choice_count > 0) return;
        own->choice_at = position;
        own->choice_count = count;
        memcpy(own->choices, symbols, count);
    }
}

int sieve_words_add(struct sieve_words *words, const struct feature *feature) {
    struct spelling own = {.words = words, .feature = feature};
    for (unsigned i = 0; i < feature->length; i++) describe_position(&own, i);
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

/* What a word allows at a place of the first eight. */
static uint32_t symbols_at(const struct sieve_word *word, unsigned place) {
    const uint8_t mask = (uint8_t)(word->mask[0] >> 8 * place), wanted = (uint8_t)(word->symbols[0] >> 8 * place);
    uint32_t bits = (SIEVE_BEHIND & mask) == wanted ? sieve_symbol_bit(SIEVE_BEHIND) : 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        const uint8_t symbol = sieve_symbol((uint8_t)byte);
        if ((symbol & mask) == wanted) bits |= sieve_symbol_bit(symbol);
    }
    return bits;
}

/* Compares no more than so many characters. */
static void cut_word(struct sieve_word *word, unsigned length) {
    for (unsigned half = 0; half < SIEVE_SYMBOLS / 8; half++) {
        const unsigned kept = length > 8 * half ? length - 8 * half : 0;
        const uint64_t mask = kept >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * kept) - 1;
        word->mask[half] &= mask;
        word->symbols[half] &= mask;
    }
}

/* Sorts words and leaves each one once; returns how many are left. */
static size_t sort_out(struct spelled_word *items, size_t count) {
    size_t kept = 0;
    qsort(items, count, sizeof *items, by_head);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_head(&items[i], &items[kept - 1]) != 0) items[kept++] = items[i];
    return kept;
}

/* A head with many words is dear to look at: then they are compared less closely, until there are few or little is left
   of them. Returns how many there are. */
static size_t thin_out(struct spelled_word *items, size_t count) {
    for (unsigned length = SIEVE_SYMBOLS; count > WORDS_WANTED && length > SIEVE_HEAD + SIEVE_FOLLOW;) {
        length -= SIEVE_FOLLOW;
        for (size_t i = 0; i < count; i++) cut_word(&items[i].word, length);
        count = sort_out(items, count);
    }
    return count;
}

/* Puts the words of one head into the table. */
static void place_head(struct sieve *sieve, const struct spelled_word *items, size_t count) {
    const uint32_t hash = sieve_hash(items->head);
    struct sieve_head *head = slot_of(sieve, items->head);
    *head = (struct sieve_head){.head = items->head, .first = (uint32_t)sieve->word_count, .count = (uint32_t)count};
    const unsigned place = sieve_follow_place(items->head);
    for (size_t i = 0; i < count; i++) {
        for (unsigned j = 0; j < SIEVE_FOLLOW; j++) head->follow[j] |= symbols_at(&items[i].word, place + j);
        sieve->words[sieve->word_count++] = items[i].word;
    }
    sieve->head_filter[hash / 64] |= UINT64_C(1) << hash % 64;
}

int sieve_words_finish(struct sieve_words *words, struct sieve *sieve) {
    if (words->count > 0) words->count = sort_out(words->items, words->count);
    sieve->head_slots = 16;
    while (sieve->head_slots < 2 * count_heads(words)) sieve->head_slots *= 2;
    sieve->heads = calloc(sieve->head_slots, sizeof *sieve->heads);
    sieve->words = calloc(words->count + 1, sizeof *sieve->words);
    if (sieve->heads == NULL || sieve->words == NULL) return -1;
    for (size_t first = 0, next = 0; first < words->count; first = next) {
        while (next < words->count && words->items[next].head == words->items[first].head) next++;
        place_head(sieve, words->items + first, thin_out(words->items + first, next - first));
    }
    return 0;
}
