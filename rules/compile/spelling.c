#include "rules/compile/spelling.h"

#include <stdio.h>
#include <string.h>

enum { NAME_CHARS_MAX = 32, SLIPS_MAX = 2, FEW_NAMES = 16, LIST_CHARS = 1024 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein's distance, where two swapped neighbours count once. */
static size_t count_slips(const char *a, const char *b) {
    const size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > NAME_CHARS_MAX || b_length > NAME_CHARS_MAX) return NAME_CHARS_MAX;
    size_t rows[NAME_CHARS_MAX + 1][NAME_CHARS_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        rows[i][0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t slips = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            slips = least(slips, least(rows[i - 1][j], rows[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                slips = least(slips, rows[i - 2][j - 2] + 1);
            rows[i][j] = slips;
        }
    }
    return rows[a_length][b_length];
}

const char *spelling_nearest(const char *text, const char *const *names, size_t name_count) {
    const char *nearest = NULL;
    size_t fewest = SLIPS_MAX + 1;
    for (size_t i = 0; i < name_count; i++) {
        const size_t slips = count_slips(text, names[i]);
        if (slips >= fewest || 2 * slips >= strlen(names[i])) continue;
        fewest = slips;
        nearest = names[i];
    }
    return nearest;
}

void spelling_refuse(struct diagnostics *diagnostics, const char *file, struct place place, const char *what,
                     const char *text, const char *const *names, size_t name_count) {
    const char *const nearest = spelling_nearest(text, names, name_count);
    char list[LIST_CHARS] = "";
    size_t length = 0;
    if (nearest == NULL || name_count <= FEW_NAMES)
        for (size_t i = 0; i < name_count && length < sizeof list; i++)
            length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", names[i]);
    diagnostics_error(diagnostics, file, place, "unknown %s '%s'%s%s%s%s%s%s", what,
                      diagnostics_show(text, strlen(text)).text, nearest ? ", did you mean '" : "",
                      nearest ? nearest : "", nearest ? "'?" : "", length > 0 ? " (known: " : "", list,
                      length > 0 ? ")" : "");
}
