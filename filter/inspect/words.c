#include "inspect/words.h"

#include <stdlib.h>
#include <string.h>

size_t words_normalise(const uint8_t *key, size_t length, char *out) {
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        const uint8_t byte = key[i];
        if (byte == '_' || byte == '-' || byte == '.' || byte == ' ') continue;
        if (written == WORD_LENGTH_MAX) return 0;
        out[written++] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    }
    return written;
}

/* FNV-1a; the table is filled from rules, so nobody outside chooses what collides in it. */
static uint32_t hash(const char *text, size_t length) {
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < length; i++) value = (value ^ (uint8_t)text[i]) * 16777619u;
    return value;
}

/* The slot that holds the word, or the free one where it belongs. */
static size_t find_slot(const struct words *words, const char *normal, size_t length) {
    size_t slot = hash(normal, length) & (words->slot_count - 1);
    while (words->slots[slot] != WORD_UNKNOWN) {
        const char *other = words->normal[words->slots[slot]];
        if (strncmp(other, normal, length) == 0 && other[length] == '\0') break;
        slot = (slot + 1) & (words->slot_count - 1);
    }
    return slot;
}

uint16_t words_find(const struct words *words, const uint8_t *key, size_t length) {
    char normal[WORD_LENGTH_MAX];
    const size_t normal_length = words_normalise(key, length, normal);
    if (normal_length == 0 || memchr(normal, '\0', normal_length)) return WORD_UNKNOWN;
    return words->slots[find_slot(words, normal, normal_length)];
}

int words_init(struct words *words) {
    *words = (struct words){.slot_count = 64};
    words->slots = calloc(words->slot_count, sizeof *words->slots);
    words->shown = calloc(1, sizeof *words->shown);
    words->normal = calloc(1, sizeof *words->normal);
    if (words->slots && words->shown && words->normal) {
        words->shown[WORD_UNKNOWN] = strdup("*");
        words->normal[WORD_UNKNOWN] = strdup("");
        words->count = 1;
    }
    if (words->count == 1 && words->shown[WORD_UNKNOWN] && words->normal[WORD_UNKNOWN]) return 0;
    words_reset(words);
    return -1;
}

/* Doubles the slots when they are half full, so that a search ends soon. */
static int grow_slots(struct words *words) {
    if (words->count * 2 <= words->slot_count) return 0;
    struct words larger = *words;
    larger.slot_count *= 2;
    larger.slots = calloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL) return -1;
    for (size_t word = 1; word < larger.count; word++)
        larger.slots[find_slot(&larger, larger.normal[word], strlen(larger.normal[word]))] = (uint16_t)word;
    free(words->slots);
    *words = larger;
    return 0;
}

static int grow_names(struct words *words) {
    char **shown = realloc(words->shown, (words->count + 1) * sizeof *shown);
    if (shown == NULL) return -1;
    words->shown = shown;
    char **normal = realloc(words->normal, (words->count + 1) * sizeof *normal);
    if (normal == NULL) return -1;
    words->normal = normal;
    return 0;
}

uint16_t words_add(struct words *words, const char *name) {
    const uint16_t known = words_find(words, (const uint8_t *)name, strlen(name));
    if (known != WORD_UNKNOWN) return known;
    char normal[WORD_LENGTH_MAX];
    const size_t length = words_normalise((const uint8_t *)name, strlen(name), normal);
    if (length == 0 || words->count > UINT16_MAX || grow_names(words) != 0 || grow_slots(words) != 0)
        return WORD_UNKNOWN;
    char *shown_copy = strdup(name), *normal_copy = strndup(normal, length);
    if (shown_copy == NULL || normal_copy == NULL) {
        free(shown_copy);
        free(normal_copy);
        return WORD_UNKNOWN;
    }
    const uint16_t word = (uint16_t)words->count++;
    words->shown[word] = shown_copy;
    words->normal[word] = normal_copy;
    words->slots[find_slot(words, normal, length)] = word;
    return word;
}

void words_reset(struct words *words) {
    for (size_t word = 0; word < words->count; word++) {
        free(words->shown[word]);
        free(words->normal[word]);
    }
    free(words->shown);
    free(words->normal);
    free(words->slots);
    *words = (struct words){0};
}
