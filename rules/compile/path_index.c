#include "rules/compile/path_index.h"

#include <stdlib.h>

/* Calls `visit` once for every word that the globs of field rules may end in. */
typedef void visitor(struct path_index *index, uint16_t word, uint32_t glob, uint32_t owner);

static void visit_endings(struct rule_set *rules, visitor *visit) {
    for (size_t owner = 0; owner < rules->rule_count; owner++) {
        const struct table_range range = rules->rules[owner].fields;
        for (uint32_t glob = range.first; glob < range.first + range.count; glob++) {
            if (rules->paths[glob].segment_count == 0) continue;
            const struct path_segment *last = &rules->paths[glob].segments[rules->paths[glob].segment_count - 1];
            if (last->kind != PATH_WORDS) visit(&rules->field_paths, WORD_UNKNOWN, glob, (uint32_t)owner);
            for (size_t i = 0; i < last->word_count; i++)
                visit(&rules->field_paths, last->words[i], glob, (uint32_t)owner);
        }
    }
}

static void count_ending(struct path_index *index, uint16_t word, uint32_t glob, uint32_t owner) {
    (void)glob;
    (void)owner;
    index->first_by_word[word + 1]++;
}

/* Fills a word's group from its end; afterwards first_by_word[word] is where it begins. */
static void place_ending(struct path_index *index, uint16_t word, uint32_t glob, uint32_t owner) {
    const uint32_t at = --index->first_by_word[word];
    index->globs[at] = glob;
    index->owners[at] = owner;
}

int path_index_build(struct rule_set *rules) {
    struct path_index *index = &rules->field_paths;
    const size_t word_count = rules->words.count;
    index->word_count = word_count;
    index->first_by_word = calloc(word_count + 1, sizeof *index->first_by_word);
    if (index->first_by_word == NULL) return -1;
    visit_endings(rules, count_ending);
    uint32_t total = 0;
    for (size_t word = 0; word <= word_count; word++) total = index->first_by_word[word] += total;
    index->globs = calloc((size_t)total + 1, sizeof *index->globs);
    index->owners = calloc((size_t)total + 1, sizeof *index->owners);
    if (index->globs == NULL || index->owners == NULL) return -1;
    /* first_by_word[w + 1] is now the end of group w: shift, so that filling from the end leaves the beginnings. */
    for (size_t word = 0; word < word_count; word++) index->first_by_word[word] = index->first_by_word[word + 1];
    visit_endings(rules, place_ending);
    return 0;
}

void path_index_reset(struct path_index *index) {
    free(index->globs);
    free(index->owners);
    free(index->first_by_word);
    *index = (struct path_index){0};
}
