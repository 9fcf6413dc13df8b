#pragma once
/* Base64 and base64url (RFC 4648, sections 4 and 5) as it is met in the wild: either alphabet, padding or none. */

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

/* At which of the first four characters could text (see utf8_is_text()) begin that these characters hold? One bit for
   each, the first one lowest; a quick look at the first few, where 0 is certain. At least BASE64_TRIAL characters. */
enum { BASE64_TRIAL = 11 };
unsigned base64_text_starts(const uint8_t *text);

/* Encodes with padding; `out` has room for 4 characters per 3 bytes begun. Returns the length of the text, no NUL. */
size_t base64_encode(const uint8_t *bytes, size_t length, char *out);
