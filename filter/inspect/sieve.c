#include "inspect/sieve.h"

#include <assert.h>
#include <stdlib.h>

enum { STEP = MARKS_WINDOW - MASK_RUN_BY_MAX /* in a long text: what begins in it can be told in the window */ };

static_assert(SIEVE_ENCODED_RUN == 11, "mask_runs_of_11() finds them");
static_assert(2 * sizeof(uint64_t) == SIEVE_SYMBOLS && (int)SIEVE_SYMBOLS <= (int)MARKS_WINDOW, "two reads have them");
static_assert((int)SIEVE_ENCODED_RUN <= (int)MASK_RUN_BY_MAX && (int)SIEVE_HEAD <= (int)MASK_RUN_BY_MAX, "see STEP");
static_assert((int)SIEVE_SYMBOLS <= (int)MARKS_BEHIND, "what follows a word's beginning can be read");

/* See byte_class.h: the letters stand in rows 4 to 7, the digits in row 3. */
static const struct byte_class word_bytes = {
    {0xa8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf0, 0x50, 0x50, 0x50, 0x50, 0x70}};
static const struct byte_class digit_bytes = {{8, 8, 8, 8, 8, 8, 8, 8, 8, 8}};

uint8_t sieve_symbol(uint8_t byte) {
    if (!byte_class_has(&word_bytes, byte)) return SIEVE_NO_WORD | (byte & 0x1f);
    return byte_class_has(&digit_bytes, byte) ? '0' : byte | 0x20;
}

void sieve_init(struct sieve *sieve) {
    *sieve = (struct sieve){0};
    mark_classes_init(&sieve->classes);
    for (unsigned byte = 0; byte <= UINT8_MAX; byte++)
        sieve->symbol_bits[byte] = sieve_symbol_bit(sieve_symbol((uint8_t)byte));
}

/* A byte of ones for each one of eight bits. */
static uint64_t spread(uint64_t bits) {
    const uint64_t copies = (bits & 0xff) * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);
    return ((copies + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101)) * 0xff;
}

/* Eight characters as sieve_symbol() has them; `words` says which of them are in words, `left` how many there are. */
static uint64_t read_symbols(const uint8_t *at, uint64_t words, size_t left) {
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    /* In a word, what has no bit 6 is a digit: its low half goes. */
    const uint64_t letters = (bytes >> 6 & UINT64_C(0x0101010101010101)) * 0x0f;
    const uint64_t word_symbols = (bytes | UINT64_C(0x2020202020202020)) & (letters | UINT64_C(0xf0f0f0f0f0f0f0f0));
    const uint64_t other_symbols = (bytes & UINT64_C(0x1f1f1f1f1f1f1f1f)) | UINT64_C(0x8080808080808080);
    const uint64_t in_words = spread(words);
    const uint64_t symbols = (word_symbols & in_words) | (other_symbols & ~in_words);
    if (left >= 8) return symbols;
    const uint64_t there = left > 0 ? UINT64_MAX >> (64 - 8 * left) : 0;
    return (symbols & there) | (UINT64_C(0xc0c0c0c0c0c0c0c0) & ~there);
}

/* Does a match's word begin here? `words` says which of the bytes from here on are in words. */
__attribute__((noinline)) static bool begins_word(const struct sieve *sieve, uint32_t head, const uint8_t *at,
                                                  uint64_t words, size_t left) {
    size_t slot = sieve_hash(head) & (sieve->head_slots - 1);
    while (sieve->heads[slot].count > 0 && sieve->heads[slot].head != head) slot = (slot + 1) & (sieve->head_slots - 1);
    const struct sieve_head *const found = &sieve->heads[slot];
    size_t place = sieve_follow_place(head);
    for (size_t i = 0; i < SIEVE_FOLLOW; i++, place++) {
        const uint32_t bit = place < left ? sieve->symbol_bits[at[place]] : sieve_symbol_bit(SIEVE_BEHIND);
        if ((found->follow[i] & bit) == 0) return false;
    }
    const uint64_t first = read_symbols(at, words, left);
    const uint64_t second = read_symbols(at + 8, words >> 8, left > 8 ? left - 8 : 0);
    for (uint32_t i = found->first; i < found->first + found->count; i++) {
        const struct sieve_word *const word = &sieve->words[i];
        if ((first & word->mask[0]) == word->symbols[0] && (second & word->mask[1]) == word->symbols[1]) return true;
    }
    return false;
}

/* Part of a text. */
struct part {
    const struct sieve *sieve;
    const struct marks *marks;
    const uint8_t *bytes;
    size_t left; /* bytes of the text from here on */
};

/* Does a word that begins at one of `starts` begin a match? `words` are all bytes that are in words. */
static inline bool has_word(const struct part *part, uint64_t words, uint64_t starts) {
    for (; starts != 0; starts &= starts - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(starts);
        const uint8_t *const word = part->bytes + at;
        uint32_t characters;
        memcpy(&characters, word, sizeof characters);
        const uint32_t head = sieve_head(characters, mask_run_length(words, at));
        const uint32_t hash = sieve_hash(head);
        if ((part->sieve->head_filter[hash / 64] >> hash % 64 & 1) != 0 &&
            begins_word(part->sieve, head, word, marks_window(part->marks, MARK_WORD, word), part->left - at))
            return true;
    }
    return false;
}

/* Does a match begin with these bytes, the first of which is in no word? */
static bool begins_start(const struct sieve *sieve, const uint8_t *text, size_t left) {
    const unsigned pair = (unsigned)text[0] << 8 | (left > 1 ? text[1] : '\n');
    return (sieve->starts[pair / 64] >> pair % 64 & 1) != 0;
}

static bool begins_line(const struct sieve *sieve, const uint8_t *text, size_t left) {
    return left > 0 && !byte_class_has(&word_bytes, text[0]) && begins_start(sieve, text, left);
}

static unsigned look_at_notable(const struct part *part, uint64_t notable) {
    unsigned sight = 0;
    for (; notable != 0; notable &= notable - 1) {
        const size_t at = (size_t)__builtin_ctzll(notable), left = part->left - at;
        const uint8_t *const bytes = part->bytes + at;
        if (*bytes == '%') sight |= SIEVE_SEES_PERCENT;
        const unsigned pair = (unsigned)*bytes << 8 | (left > 1 ? bytes[1] : '\n');
        const bool is_rare = (part->sieve->pairs[pair / 64] >> pair % 64 & 1) != 0;
        if (is_rare || (*bytes == '\n' && begins_line(part->sieve, bytes + 1, left - 1)))
            sight |= SIEVE_BIT(SIEVE_PAIRS);
    }
    return sight;
}

/* Is there such a run? Looks at the last byte that one could have and goes back, so that most bytes are never seen. */
static bool has_run(const struct sieve_run *run, const uint8_t *text, size_t length) {
    size_t from = 0;
    while (length - from >= run->length) {
        size_t at = from + run->length;
        while (at > from && byte_class_has(&run->bytes, text[at - 1])) at--;
        if (at == from) return true;
        from = at;
    }
    return false;
}

static bool has_digits(const struct sieve_run *run, const uint8_t *text, size_t length) {
    uint32_t count = 0;
    for (size_t at = 0; at < length && count < run->digits; at++) count += byte_class_has(&digit_bytes, text[at]);
    return count >= run->digits;
}

/* Is there a run of one of these kinds, with its digits? */
static bool has_any_run(const struct sieve_run *runs, size_t run_count, const uint8_t *text, size_t length) {
    for (size_t i = 0; i < run_count; i++)
        if (has_run(&runs[i], text, length) && has_digits(&runs[i], text, length)) return true;
    return false;
}

/* Short runs are looked for where marks show that there may be some, long ones in long texts. */
static bool looks_like_run(const struct sieve *sieve, bool is_marked, const uint8_t *text, size_t length) {
    const size_t short_count = sieve->short_run_count, long_count = sieve->run_count - short_count;
    return (is_marked && has_any_run(sieve->runs, short_count, text, length)) ||
           (length >= sieve->long_run_min && has_any_run(sieve->runs + short_count, long_count, text, length));
}

unsigned sieve_look(const struct sieve *sieve, const struct marks *marks, const uint8_t *text, size_t length) {
    unsigned sight = sieve->groups_always;
    struct part part = {sieve, marks, text, length};
    uint64_t before = 0; /* 1 when the byte before the part is in a word */
    uint64_t runs = 0, encoded = 0;
    for (;; part.bytes += STEP, part.left -= STEP) {
        const bool is_last = part.left <= MARKS_WINDOW;
        const uint64_t there = marks_first(part.left), step = is_last ? there : marks_first(STEP);
        const uint64_t words = marks_window(marks, MARK_WORD, part.bytes) & there;
        const uint64_t joints = marks_window(marks, MARK_JOINT, part.bytes) & there;
        const uint64_t notable = marks_window(marks, MARK_NOTABLE, part.bytes) & step;
        runs |= mask_runs_by(marks_window(marks, MARK_RUN, part.bytes) & there, sieve->run_shifts);
        encoded |= mask_runs_of_11(words | joints);
        if (has_word(&part, words, words & ~(words << 1 | before) & step)) sight |= SIEVE_BIT(SIEVE_WORDS);
        if (notable != 0) sight |= look_at_notable(&part, notable);
        if (is_last) break;
        before = words >> (STEP - 1) & 1;
    }
    if (begins_line(sieve, text, length)) sight |= SIEVE_BIT(SIEVE_PAIRS);
    if (looks_like_run(sieve, runs != 0, text, length)) sight |= SIEVE_BIT(SIEVE_RUNS);
    if (encoded != 0) sight |= SIEVE_SEES_BASE64;
    return sight;
}

void sieve_reset(struct sieve *sieve) {
    free(sieve->heads);
    free(sieve->words);
    *sieve = (struct sieve){0};
}
