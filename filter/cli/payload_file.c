#include "cli/payload_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/convert.h"

enum { CHUNK_BYTES = 64 * 1024 };

static int read_stream(FILE *stream, struct payload_file *file) {
    size_t capacity = 0;
    while (!feof(stream) && !ferror(stream)) {
        if (file->text_length == capacity) {
            capacity = capacity * 2 + CHUNK_BYTES;
            char *text = realloc(file->text, capacity);
            if (text == NULL) return -1;
            file->text = text;
        }
        file->text_length += fread(file->text + file->text_length, 1, capacity - file->text_length, stream);
    }
    return ferror(stream) ? -1 : 0;
}

static int read_text(struct payload_file *file, const char *path) {
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (stream == NULL) return -1;
    const int result = read_stream(stream, file);
    const int reason = errno;
    if (stream != stdin) fclose(stream);
    errno = reason;
    return result;
}

static int add_payload(struct payload_file *file, size_t offset, size_t length) {
    if (file->count == file->capacity) {
        const size_t capacity = file->capacity * 2 + 1024;
        struct payload *payloads = realloc(file->payloads, capacity * sizeof *payloads);
        if (payloads == NULL) return -1;
        file->payloads = payloads;
        file->capacity = capacity;
    }
    file->payloads[file->count++] = (struct payload){offset, length};
    return 0;
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Adds the line that stands at [start, end) of the text, unless it is blank. -1 when memory ran out. */
static int add_line(struct payload_file *file, const char *path, unsigned line, size_t start, size_t end,
                    struct diagnostics *diagnostics) {
    size_t from = start;
    while (from < end && is_space(file->text[from])) from++;
    while (end > from && is_space(file->text[end - 1])) end--;
    if (from == end) return 0;
    size_t fault;
    const enum reason reason = convert_check_json((const uint8_t *)file->text + from, end - from, &fault);
    if (reason == REASON_NONE) return add_payload(file, from, end - from);
    const struct place place = {line, (unsigned)(from + fault - start) + 1};
    diagnostics_error(diagnostics, path, place, "not a JSON value: %s", reason_name(reason));
    return 0;
}

static int cut_lines(struct payload_file *file, const char *path, struct diagnostics *diagnostics) {
    unsigned line = 1;
    for (size_t start = 0; start < file->text_length; line++) {
        const char *feed = memchr(file->text + start, '\n', file->text_length - start);
        const size_t end = feed != NULL ? (size_t)(feed - file->text) : file->text_length;
        if (add_line(file, path, line, start, end, diagnostics) != 0) return -1;
        start = end + 1;
    }
    return 0;
}

static int pack_payloads(struct payload_file *file) {
    msgpack_sbuffer packed;
    msgpack_sbuffer_init(&packed);
    int result = 0;
    for (size_t i = 0; i < file->count && result == 0; i++) {
        struct payload *payload = &file->payloads[i];
        const size_t offset = packed.size;
        result = convert_to_msgpack((const uint8_t *)file->text + payload->offset, payload->length, &packed);
        *payload = (struct payload){offset, packed.size - offset};
    }
    file->bytes = file->packed = packed.data;
    return result;
}

int payload_file_load(struct payload_file *file, const char *path, bool is_msgpack, struct diagnostics *diagnostics) {
    *file = (struct payload_file){0};
    const size_t errors_before = diagnostics->error_count;
    errno = ENOMEM;
    if (read_text(file, path) != 0 || cut_lines(file, path, diagnostics) != 0) {
        diagnostics_error(diagnostics, path, (struct place){0, 0}, "cannot be read: %s", strerror(errno));
    } else if (diagnostics->error_count == errors_before && is_msgpack && pack_payloads(file) != 0) {
        diagnostics_error(diagnostics, path, (struct place){0, 0}, "a number or text is beyond what msgpack can hold");
    }
    if (!is_msgpack) file->bytes = file->text;
    return diagnostics->error_count == errors_before ? 0 : -1;
}

void payload_file_reset(struct payload_file *file) {
    free(file->text);
    free(file->packed);
    free(file->payloads);
    *file = (struct payload_file){0};
}
