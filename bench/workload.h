#pragma once
/* The messages that a scenario is run on: generated from a seed, or read from a file; known by a digest of all bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/frame.h"

enum { WORKLOAD_FAULT_CHARS = 256, WORKLOAD_DIGEST_CHARS = 16 };

struct workload_config {
    uint64_t seed;
    size_t message_count;
    size_t message_bytes;      /* about, as JSON; 0: a mix of sizes as in real traffic */
    unsigned personal_percent; /* of the messages carry something personal */
    bool is_unique;            /* no text value ever comes twice */
    enum format format;        /* FORMAT_MSGPACK or FORMAT_JSON */
    const char *file; /* JSON Lines to read instead, or NULL; of rows with a key `payload` that is the message */
};

struct workload {
    struct frame *messages; /* one frame each, into bytes */
    size_t count;
    uint8_t *bytes;
    size_t length; /* of all messages */
    enum format format;
    size_t personal_count;                  /* messages that carry something personal; 0 for a file, nobody knows */
    char digest[WORKLOAD_DIGEST_CHARS + 1]; /* FNV-1a over lengths and bytes, in hexadecimal */
};

/* 0, or -1 and `fault` says why. Released with workload_reset() either way. */
int workload_make(struct workload *workload, const struct workload_config *config, char fault[WORKLOAD_FAULT_CHARS]);

void workload_reset(struct workload *workload);
