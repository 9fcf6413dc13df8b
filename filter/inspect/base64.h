#pragma once
/* Base64 and base64url (RFC 4648, sections 4 and 5) as it is met in the wild: either alphabet, padding or none. */

#include <stddef.h>
#include <stdint.h>

#include "inspect/byte_class.h"

/* What a character stands for, and one more: 0 marks what belongs to neither alphabet. */
extern const uint8_t base64_values[UINT8_MAX + 1];

/* What four characters of the alphabets hold, in the low 24 bits. */
static inline uint32_t base64_group(const uint8_t text[4]) {
    return (base64_values[text[0]] - 1u) << 18 | (base64_values[text[1]] - 1u) << 12 |
           (base64_values[text[2]] - 1u) << 6 | (base64_values[text[3]] - 1u);
}

/* How many characters from `text` on belong to either alphabet. */
size_t base64_run_length(const uint8_t *text, size_t length);

/* Decodes `length` characters of either alphabet; a last character that gives no whole byte is left out. `out` has room
   for 3 bytes per 4 characters. Returns the length of what was decoded. */
size_t base64_decode(const uint8_t *text, size_t length, uint8_t *out);

/* The characters of both alphabets, and the letters and digits among them. */
extern const struct byte_class base64_bytes, base64_plain_bytes;

/* Encodes with padding; `out` has room for 4 characters per 3 bytes begun. Returns the length of the text, no NUL. */
size_t base64_encode(const uint8_t *bytes, size_t length, char *out);
