#pragma once
/* A file of JSON Lines, read and checked as a whole, as payloads ready to be sent. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/compile/diagnostics.h"

struct payload {
    size_t offset, length; /* in bytes of the payload_file */
};

struct payload_file {
    char *text; /* as it stands in the file */
    size_t text_length;
    char *packed;      /* as msgpack, when that was asked for */
    const char *bytes; /* text or packed */
    struct payload *payloads;
    size_t count, capacity; /* of payloads */
};

/* Reads a file, "-" for standard input. Blank lines are skipped; payloads are the other lines without the space around
   them, or what they say as msgpack. 0, or -1 when a line is no JSON value, each of them reported, or the file cannot
   be read. Released with payload_file_reset() either way. */
int payload_file_load(struct payload_file *file, const char *path, bool is_msgpack, struct diagnostics *diagnostics);

void payload_file_reset(struct payload_file *file);
