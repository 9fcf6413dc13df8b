#pragma once
/* A line on the terminal that says how far long work has come. Nothing is shown where stderr is no terminal. */

#include <stdbool.h>
#include <stdint.h>

struct progress {
    int64_t due_ns; /* monotonic; when the line is to be renewed */
    bool is_shown;
};

/* Is it time for a new line? At most twice a second. */
bool progress_is_due(struct progress *progress);

/* Replaces the line. */
__attribute__((format(printf, 2, 3))) void progress_show(struct progress *progress, const char *format, ...);

/* Takes the line away. */
void progress_clear(struct progress *progress);
