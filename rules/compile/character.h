#pragma once
/*
 * What one character of a pattern stands for: escapes and bracketed classes, as PCRE2 10.42 reads them in byte mode and
 * in the C locale. What is not understood whole is refused.
 */

#include <stdbool.h>

#include "rules/compile/byte_set.h"

/* How the letters around a character change it. */
struct character_flags {
    bool is_caseless;  /* i */
    bool skips_blanks; /* xx: blanks in a class stand for nothing */
};

/* What an escape stands for when it is not one byte. */
enum { CHARACTER_REFUSED = -1, CHARACTER_SET = 256 };

/* Reads an escape, *at is behind its backslash. Returns the byte that it stands for; CHARACTER_SET, it is then one byte
   out of *set; or CHARACTER_REFUSED with a constant text in *reason. *at is moved behind what was read. A digit is read
   as in a class: whether it is a reference is for the caller to know. */
int character_escape(const char **at, struct byte_set *set, const char **reason);

/* Reads a class, *at is behind its opening bracket, and moves *at behind the closing one. False: refused, *reason is a
   constant text. */
bool character_class(const char **at, struct character_flags flags, struct byte_set *set, const char **reason);
