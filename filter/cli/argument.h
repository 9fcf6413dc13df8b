#pragma once
/* Numbers on the command line. */

#include <stdbool.h>
#include <stdint.h>

/* Reads a whole number from `min` to `max` in plain decimal digits; false when it is not one. */
bool argument_natural(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* Reads seconds, such as 30 or 0.5, up to a day, as milliseconds; false when it is not that. */
bool argument_seconds(const char *text, int *out_ms);
