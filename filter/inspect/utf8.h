#pragma once
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of the well-formed sequence at `bytes` (before `end`), 1 to 4, or 0 when there is none. */
size_t utf8_sequence_length(const uint8_t *bytes, const uint8_t *end);

/* Writes a code point below 0x110000 as 1 to 4 bytes; returns how many. */
size_t utf8_write(uint32_t code_point, uint8_t *out);

/* Could somebody have written this? Well-formed UTF-8 without control characters but tab, line feed, carriage return.
 */
bool utf8_is_text(const uint8_t *bytes, size_t length);
