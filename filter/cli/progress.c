#include "cli/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_NS = 500000000 };

bool progress_is_due(struct progress *progress) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    if (now_ns < progress->due_ns) return false;
    progress->due_ns = now_ns + INTERVAL_NS;
    return isatty(STDERR_FILENO) == 1;
}

void progress_show(struct progress *progress, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("\r\033[K", stderr);
    vfprintf(stderr, format, arguments);
    fflush(stderr);
    va_end(arguments);
    progress->is_shown = true;
}

void progress_clear(struct progress *progress) {
    if (progress->is_shown) fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
