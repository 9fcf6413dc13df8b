#pragma once
/* What a sieve sees in a text that stands among other bytes. */

#include "inspect/sieve.h"
#include "test.h"

/* In the `length` bytes from the byte `from` on, of `count` in all. What stands around them must not matter. */
static inline unsigned look_within(const struct sieve *sieve, const uint8_t *bytes, size_t count, size_t from,
                                   size_t length) {
    struct marks marks;
    assert_int_equal(marks_init(&marks, &sieve->classes, count), 0);
    const uint8_t *const taken = marks_take(&marks, bytes, count);
    assert_non_null(taken);
    const unsigned sight = sieve_look(sieve, &marks, taken + from, length);
    marks_reset(&marks);
    return sight;
}

static inline unsigned look_at(const struct sieve *sieve, const uint8_t *text, size_t length) {
    return look_within(sieve, text, length, 0, length);
}
