#pragma once
/* Could characters of base64 hold text (see utf8_is_text())? No is certain, and told from the first few nearly always.
   Pure. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BASE64_SHIFTS = 4,
    BASE64_LOOK = 16 /* characters that may be read */
};

/* Looks at all of them. */
bool base64_may_be_text(const uint8_t *text, size_t length);

/* Looks at the first BASE64_LOOK of them, of BASE64_SHIFTS or more, for what begins with the first, second, third or
   fourth: bit s of the result is clear when what begins with text[s] certainly holds no text. */
unsigned base64_text_shifts(const uint8_t *text, size_t length);

/* The functions that do, so that each one can be tested: the first one that is supported is used. */
struct base64_method {
    const char *name;
    bool (*is_supported)(void);
    unsigned (*text_shifts)(const uint8_t *text, size_t length);
};
extern const struct base64_method base64_methods[];
extern const size_t base64_method_count;
