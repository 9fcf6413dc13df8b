#include "inspect/sieve.h"

#include <assert.h>
#include <stdlib.h>

#include "inspect/base64.h"
#include "inspect/chunk.h"

enum {
    CHUNK_STEP = CHUNK - SIEVE_SYMBOLS /* in a long text: words that begin behind are looked at with what follows */
};

static_assert(SIEVE_ENCODED_RUN == 11, "chunk_runs_of_11() finds them");
static_assert((int)CHUNK_AHEAD >= (int)SIEVE_SYMBOLS, "what follows a chunk can be compared");

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

/* Does a match's word begin here? */
static bool begins_word(const struct sieve *sieve, uint32_t head, const uint8_t *at, uint64_t words, size_t left) {
    size_t slot = sieve_hash(head) & (sieve->head_slots - 1);
    while (sieve->heads[slot].count > 0 && sieve->heads[slot].head != head) slot = (slot + 1) & (sieve->head_slots - 1);
    const struct sieve_head *const found = &sieve->heads[slot];
    for (size_t i = 0; i < SIEVE_FOLLOW; i++) {
        const size_t place = SIEVE_HEAD + i;
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

/* Does a word that begins at one of `starts` begin a match? `words` are all bytes that are in words. */
static inline bool has_word(const struct sieve *sieve, const uint8_t *bytes, uint64_t words, uint64_t starts,
                            size_t left) {
    for (; starts != 0; starts &= starts - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(starts);
        uint32_t characters;
        memcpy(&characters, bytes + at, sizeof characters);
        const uint32_t head = sieve_head(characters, chunk_run_length(words, at));
        const uint32_t hash = sieve_hash(head);
        if ((sieve->head_filter[hash / 64] >> hash % 64 & 1) != 0 &&
            begins_word(sieve, head, bytes + at, words >> at, left - at))
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

static void look_at_notable(const struct sieve *sieve, const uint8_t *bytes, uint64_t notable, size_t left,
                            struct sieve_sight *sight) {
    for (; notable != 0; notable &= notable - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(notable);
        const uint8_t byte = bytes[at];
        sight->has_percent |= byte == '%';
        const unsigned pair = (unsigned)byte << 8 | (at + 1 < left ? bytes[at + 1] : '\n');
        const bool is_rare = (sieve->pairs[pair / 64] >> pair % 64 & 1) != 0;
        if (is_rare || (byte == '\n' && begins_line(sieve, bytes + at + 1, left - at - 1)))
            sight->groups |= SIEVE_BIT(SIEVE_PAIRS);
    }
}

static uint32_t count_digits(const uint8_t *text, size_t length) {
    uint32_t count = 0;
    for (size_t i = 0; i < length; i++) count += byte_class_has(&digit_bytes, text[i]);
    return count;
}

static bool has_digits(const struct sieve_run *run, const uint8_t *text, size_t length) {
    return run->digits == 0 || count_digits(text, length) >= run->digits;
}

/* Bytes that are to be looked at more closely. */
static inline uint64_t notable_mask(const struct sieve *sieve, const struct chunk *chunk) {
    const uint64_t notable = chunk_mask(chunk, &sieve->notable);
    return sieve->has_high_notable ? notable | chunk_high_mask(chunk, &sieve->notable_high) : notable;
}

/* Is there a run of any kind, with its digits? */
static bool has_any_run(const struct sieve *sieve, const struct chunk *chunk) {
    for (size_t i = 0; i < sieve->run_count; i++) {
        const struct sieve_run *const run = &sieve->runs[i];
        if (run->length <= chunk->count && chunk_runs(chunk_mask(chunk, &run->bytes), run->length) != 0 &&
            has_digits(run, chunk->bytes, chunk->count))
            return true;
    }
    return false;
}

struct sieve_sight sieve_look_at_chunk(const struct sieve *sieve, const struct chunk *chunk) {
    struct sieve_sight sight = {.groups = sieve->groups_always};
    const size_t length = chunk->count;
    const uint64_t words = chunk_mask(chunk, &word_bytes), notable = notable_mask(sieve, chunk);
    if ((words & 1) == 0 && begins_start(sieve, chunk->bytes, length)) sight.groups |= SIEVE_BIT(SIEVE_PAIRS);
    if (has_word(sieve, chunk->bytes, words, words & ~(words << 1), length)) sight.groups |= SIEVE_BIT(SIEVE_WORDS);
    if (notable != 0) look_at_notable(sieve, chunk->bytes, notable, length, &sight);
    if (length >= SIEVE_ENCODED_RUN) sight.has_encoded_run = chunk_runs_of_11(chunk_mask(chunk, &base64_bytes)) != 0;
    const struct sieve_run *const any = &sieve->any_run;
    if (length >= any->length && chunk_runs(chunk_mask(chunk, &any->bytes), any->length) != 0 &&
        has_any_run(sieve, chunk))
        sight.groups |= SIEVE_BIT(SIEVE_RUNS);
    return sight;
}

/* Long texts: words first, then runs. */

static void look_at_words(const struct sieve *sieve, const uint8_t *text, size_t length, const uint8_t *readable_end,
                          struct sieve_sight *sight) {
    uint64_t before = 0; /* 1 when the byte before the chunk is in a word */
    for (size_t at = 0; at < length; at += CHUNK_STEP) {
        const size_t left = length - at;
        struct chunk chunk;
        chunk_take(&chunk, text + at, left, readable_end);
        const uint64_t words = chunk_mask(&chunk, &word_bytes), notable = notable_mask(sieve, &chunk);
        uint64_t starts = words & ~(words << 1 | before);
        if (left > CHUNK) starts &= chunk_bits(CHUNK_STEP);
        if (has_word(sieve, chunk.bytes, words, starts, left)) sight->groups |= SIEVE_BIT(SIEVE_WORDS);
        if (notable != 0) look_at_notable(sieve, chunk.bytes, notable, left, sight);
        if (left <= CHUNK) break;
        before = words >> (CHUNK_STEP - 1) & 1;
    }
}

/* Is there a run of that many ones, with `before` of them directly in front of the mask? Keeps those at its end. */
static bool has_run(uint64_t mask, uint32_t length, uint32_t *before) {
    const uint32_t front = mask == UINT64_MAX ? CHUNK : (uint32_t)__builtin_ctzll(~mask);
    const bool is_found = *before + front >= length || (length <= CHUNK && chunk_runs(mask, length) != 0);
    *before = mask == UINT64_MAX ? *before + CHUNK : (uint32_t)__builtin_clzll(~mask);
    return is_found;
}

/* Is there such a run in a text of any length? */
static bool text_has_run(const struct byte_class *bytes, uint32_t run_length, const uint8_t *text, size_t length,
                         const uint8_t *readable_end) {
    uint32_t before = 0;
    for (size_t at = 0; at < length; at += CHUNK) {
        struct chunk chunk;
        chunk_take(&chunk, text + at, length - at, readable_end);
        if (has_run(chunk_mask(&chunk, bytes), run_length, &before)) return true;
    }
    return false;
}

static void look_at_runs(const struct sieve *sieve, const uint8_t *text, size_t length, const uint8_t *readable_end,
                         struct sieve_sight *sight) {
    const struct sieve_run *const any = &sieve->any_run;
    sight->has_encoded_run = text_has_run(&base64_bytes, SIEVE_ENCODED_RUN, text, length, readable_end);
    if (sieve->run_count == 0 || !text_has_run(&any->bytes, any->length, text, length, readable_end)) return;
    for (size_t i = 0; i < sieve->run_count; i++) {
        const struct sieve_run *const run = &sieve->runs[i];
        if (text_has_run(&run->bytes, run->length, text, length, readable_end) && has_digits(run, text, length)) {
            sight->groups |= SIEVE_BIT(SIEVE_RUNS);
            return;
        }
    }
}

struct sieve_sight sieve_look(const struct sieve *sieve, const uint8_t *text, size_t length,
                              const uint8_t *readable_end) {
    if (length <= CHUNK) {
        struct chunk chunk;
        chunk_take(&chunk, text, length, readable_end);
        return sieve_look_at_chunk(sieve, &chunk);
    }
    struct sieve_sight sight = {.groups = sieve->groups_always};
    if (begins_line(sieve, text, length)) sight.groups |= SIEVE_BIT(SIEVE_PAIRS);
    look_at_words(sieve, text, length, readable_end, &sight);
    look_at_runs(sieve, text, length, readable_end, &sight);
    return sight;
}

void sieve_reset(struct sieve *sieve) {
    free(sieve->heads);
    free(sieve->words);
    *sieve = (struct sieve){0};
}
