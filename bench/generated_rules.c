#include "bench/generated_rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/random.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { WORD_CHARS = 16, WORDS_PER_RULE = 3, SHARES = 10 };

/* What rules look for, by how common that is; %s is an invented word. */
static const char *const shapes[SHARES] = {
    "pattern: '\\b%s_(?:live|test)_[A-Za-z0-9]{24}\\b'",
    "pattern: '(?i)\\b%s[-_]?%s[\"'':= ]{1,4}[a-f0-9]{32}\\b'",
    "pattern: '\\b%s\\.%s\\.v[12]\\.[A-Za-z0-9_-]{20,80}\\b'",
    "pattern: '(?i)\\b%s %s %s\\b'",
    "pattern: '(?i)\\b(?:my|our|your) %s %s\\b'",
    "pattern: '(?i)\\b%s(?:s|ed|ing)? the %s\\b'",
    "pattern: '(?im)^x-%s-%s: \\S'",
    "pattern: 'https://%s\\.example/%s/[a-z0-9]{8,40}'",
    "fields: ['**.%s_%s']",
    "fields: ['**.%s.{%s,%s}']",
};

static void invent_word(struct random *random, char out[WORD_CHARS]) {
    static const char consonants[] = "bdfgklmnprstvz", vowels[] = "aeiou";
    size_t length = 0;
    for (size_t syllables = 3 + random_below(random, 2); syllables > 0; syllables--) {
        out[length++] = consonants[random_below(random, sizeof consonants - 1)];
        out[length++] = vowels[random_below(random, sizeof vowels - 1)];
    }
    out[length++] = consonants[random_below(random, sizeof consonants - 1)];
    out[length] = '\0';
}

static void write_shape(FILE *out, const char *shape, char words[][WORD_CHARS]) {
    for (size_t word = 0; *shape != '\0'; shape++) {
        if (shape[0] == '%' && shape[1] == 's') {
            fputs(words[word++], out);
            shape++;
        } else {
            putc(*shape, out);
        }
    }
}

char *generated_rules_write(size_t count, uint64_t seed, size_t *length) {
    static const char *const classes[] = {"credential", "personal", "email", "chat", "identifier"};
    struct random random = {seed};
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) return NULL;
    fputs("rules:\n", out);
    for (size_t i = 0; i < count; i++) {
        char words[WORDS_PER_RULE][WORD_CHARS];
        for (size_t j = 0; j < WORDS_PER_RULE; j++) invent_word(&random, words[j]);
        fprintf(out, "- {id: generated.r%zu, name: n, class: %s, examples: [x], negative_examples: [y], ", i,
                classes[random_below(&random, COUNT(classes))]);
        write_shape(out, shapes[i % SHARES], words);
        fputs("}\n", out);
    }
    if (fclose(out) == 0) return text;
    free(text);
    return NULL;
}
