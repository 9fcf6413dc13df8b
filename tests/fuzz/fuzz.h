#pragma once
/*
 * What every fuzz target is made of: one function that looks at arbitrary bytes and ends the process when a promise
 * is broken. libFuzzer calls it for ever; replay.c calls it once for each file of a folder.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The target. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise: unlike assert() it holds in every build. */
#define fuzz_expect(promise)                                                                                           \
    do {                                                                                                               \
        if (promise) break;                                                                                            \
        fprintf(stderr, "%s:%d: %s: broken: %s\n", __FILE__, __LINE__, __func__, #promise);                            \
        abort();                                                                                                       \
    } while (0)

/* Bytes in memory of exactly their length, so that a sanitizer sees a read before or behind them. The caller frees. */
static inline uint8_t *fuzz_copy(const uint8_t *bytes, size_t length) {
    uint8_t *copy = malloc(length > 0 ? length : 1);
    fuzz_expect(copy != NULL);
    if (length > 0) memcpy(copy, bytes, length);
    return copy;
}
