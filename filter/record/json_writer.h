#pragma once
/*
 * Writes one JSON text (RFC 8259) after the other, into a buffer of fixed size or to a FILE. Commas set themselves.
 * What the text may hold does not matter: everything is escaped, and bytes that are no UTF-8 become U+FFFD.
 *
 * The error is sticky: after the first part that found no room (or that the FILE refused) nothing more is written.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_WRITER_DEPTH_MAX = 64 }; /* objects and arrays nested in each other */

struct json_writer {
    FILE *file; /* NULL: into the buffer */
    char *buffer;
    size_t capacity, length;
    bool has_failed;
    bool needs_comma;
    unsigned depth;
    uint64_t is_array; /* one bit per open container */
};

void json_writer_init(struct json_writer *json, char *buffer, size_t capacity);
void json_writer_init_file(struct json_writer *json, FILE *file);

void json_writer_object(struct json_writer *json);
void json_writer_array(struct json_writer *json);
void json_writer_end(struct json_writer *json);  /* closes the innermost object or array */
void json_writer_line(struct json_writer *json); /* a line feed after a whole text */

/* In an object: the key of what is written next; a constant of the program or a checked name. */
void json_writer_key(struct json_writer *json, const char *key);

void json_writer_text(struct json_writer *json, const char *text); /* NULL is written as null */
void json_writer_bytes(struct json_writer *json, const void *text, size_t length);
void json_writer_natural(struct json_writer *json, uint64_t value);
void json_writer_bool(struct json_writer *json, bool value);
void json_writer_null(struct json_writer *json);

/* Writes a value as it stands, such as a number's literal: the caller knows that it is JSON. */
void json_writer_literal(struct json_writer *json, const void *literal, size_t length);

/* An array of texts in one go. */
void json_writer_texts(struct json_writer *json, const char *const *texts, size_t count);
