#include "cli/argument.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 24 * 60 * 60 };

bool argument_natural(const char *text, uint64_t min, uint64_t max, uint64_t *out) {
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0') return false;
    errno = 0;
    *out = strtoull(text, NULL, 10);
    return errno == 0 && *out >= min && *out <= max;
}

bool argument_seconds(const char *text, int *out_ms) {
    char *end;
    if (*text == '\0' || text[strspn(text, "0123456789.")] != '\0') return false;
    const double seconds = strtod(text, &end);
    if (*end != '\0' || seconds > DAY_S) return false;
    *out_ms = (int)(seconds * 1000);
    return true;
}
