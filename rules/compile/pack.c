#include "rules/compile/pack.h"

/* Made by the build from rules/packs; ends with a row of zeros. */
extern const struct pack pack_table[];

const struct pack *pack_at(size_t position) {
    return position < pack_count() ? &pack_table[position] : NULL;
}

size_t pack_count(void) {
    size_t count = 0;
    while (pack_table[count].name != NULL) count++;
    return count;
}
