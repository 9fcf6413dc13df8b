#pragma once
/* Base64 and base64url (RFC 4648, sections 4 and 5) as it is met in the wild: either alphabet, padding or none. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/byte_class.h"

/* How many characters from `text` on belong to either alphabet. */
size_t base64_run_length(const uint8_t *text, size_t length);

/* Decodes `length` characters of either alphabet; a last character that gives no whole byte is left out. `out` has room
   for 3 bytes per 4 characters. Returns the length of what was decoded. */
size_t base64_decode(const uint8_t *text, size_t length, uint8_t *out);

/* The characters of both alphabets. */
extern const struct byte_class base64_bytes;

/* Could these characters hold text (see utf8_is_text())? False is certain, and found out from the first few nearly
   always. */
bool base64_may_be_text(const uint8_t *text, size_t length);

/* Encodes with padding; `out` has room for 4 characters per 3 bytes begun. Returns the length of the text, no NUL. */
size_t base64_encode(const uint8_t *bytes, size_t length, char *out);
