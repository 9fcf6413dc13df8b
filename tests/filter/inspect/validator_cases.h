#pragma once
/* Tables of texts for validators. Every text is checked in memory of just its size, so that nothing behind it can help.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/validator.h"
#include "test.h"

/* What the validator takes of the value between what stands before and after it. */
static inline size_t validated_length(const char *name, const char *before, const char *value, const char *after) {
    const struct validator *const validator = validator_find(name);
    assert_non_null(validator);
    const size_t from = strlen(before), to = from + strlen(value), length = to + strlen(after);
    uint8_t *const text = malloc(length + !length);
    assert_non_null(text);
    memcpy(text, before, from);
    memcpy(text + from, value, to - from);
    memcpy(text + to, after, length - to);
    const size_t taken = validator->check(text, length, from, to);
    free(text);
    return taken;
}

/* Every value of a list that ends with NULL is valid to its end, alone as well as in a sentence. */
static inline void assert_accepted(const char *name, const char *const *values) {
    for (; *values != NULL; values++) {
        if (validated_length(name, "", *values, "") != strlen(*values)) fail_msg("%s refuses \"%s\"", name, *values);
        if (validated_length(name, "it is ", *values, ", see") != strlen(*values))
            fail_msg("%s refuses \"%s\" in a sentence", name, *values);
    }
}

/* No value of a list that ends with NULL begins with a valid one. */
static inline void assert_refused(const char *name, const char *const *values) {
    for (; *values != NULL; values++)
        if (validated_length(name, "", *values, "") != 0) fail_msg("%s accepts \"%s\"", name, *values);
}

/* Just `value` is valid between those neighbours, or (is_valid false) nothing that begins there. */
struct neighbours {
    const char *before, *value, *after;
    bool is_valid;
};

static inline void assert_neighbours(const char *name, const struct neighbours *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const size_t taken = validated_length(name, cases[i].before, cases[i].value, cases[i].after);
        if (taken != (cases[i].is_valid ? strlen(cases[i].value) : 0))
            fail_msg("%s takes %zu bytes of \"%s|%s|%s\"", name, taken, cases[i].before, cases[i].value,
                     cases[i].after);
    }
}
