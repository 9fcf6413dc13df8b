#pragma once
/* Numbers as the decimal text that rules look at, written without the C library's formatting where it counts. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_CHARS = 32 }; /* room that every number fits in */

/* Writes an integer; returns its length in bytes, no NUL. */
size_t number_write_natural(uint64_t value, uint8_t *out);
size_t number_write_integer(int64_t value, uint8_t *out);

/* Writes a real: whole numbers below 10^19 in plain digits ("4111111111111111"), others with up to six decimals
   ("52.520008"), larger ones with an exponent. Returns its length in bytes, no NUL. */
size_t number_write_real(double value, uint8_t *out);
