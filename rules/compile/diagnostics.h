#pragma once
/*
 * Diagnostics: what is wrong with a file, collected so that one run reports everything. Nothing here prints.
 */

#include <stdbool.h>
#include <stddef.h>

/* A place in a file, both from 1; {0, 0} when the whole file is meant. */
struct place {
    unsigned line, column; /* column in bytes */
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct diagnostic {
    enum severity severity;
    char *file; /* as the user named it; "" when no file is meant */
    struct place place;
    char *text; /* the reason, in words; never the content of a message */
};

struct diagnostics {
    struct diagnostic *items;
    size_t count, capacity;
    size_t error_count;
    bool is_incomplete; /* memory ran out; counts as an error */
};

void diagnostics_init(struct diagnostics *diagnostics);
void diagnostics_reset(struct diagnostics *diagnostics);

__attribute__((format(printf, 4, 5))) void diagnostics_error(struct diagnostics *diagnostics, const char *file,
                                                             struct place place, const char *format, ...);
__attribute__((format(printf, 4, 5))) void diagnostics_warning(struct diagnostics *diagnostics, const char *file,
                                                               struct place place, const char *format, ...);

/* Drops the latest entries, so that `count` stay. */
void diagnostics_cut(struct diagnostics *diagnostics, size_t count);

/* Puts the entries from `first` on, all of one file, into the order of their places. */
void diagnostics_sort(struct diagnostics *diagnostics, size_t first);

/* Writes "file:line:col: error: reason" for one entry, always one line; parts that are not known are left out. As
   snprintf(). */
int diagnostic_format(const struct diagnostic *diagnostic, char *out, size_t capacity);

/* Some text of a file, fit to be shown in a reason: at most 40 bytes, with escapes for what is not printable ASCII. */
struct shown_text {
    char text[sizeof "..." + 4 * 40];
};
struct shown_text diagnostics_show(const char *text, size_t length);
