#include "bench/pattern_list.h"

#include <stdlib.h>

int pattern_list_make(struct pattern_list *patterns, const struct rule_drafts *drafts) {
    size_t count = 0;
    for (size_t i = 0; i < drafts->count; i++) count += drafts->items[i].patterns.count;
    *patterns = (struct pattern_list){.texts = calloc(count + 1, sizeof *patterns->texts)};
    if (patterns->texts == NULL) return -1;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct node_list *nodes = &drafts->items[i].patterns;
        for (size_t j = 0; j < nodes->count; j++) patterns->texts[patterns->count++] = nodes->items[j]->text;
    }
    return 0;
}

void pattern_list_reset(struct pattern_list *patterns) {
    free(patterns->texts);
    *patterns = (struct pattern_list){0};
}
