#include "rules/compile/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void diagnostics_init(struct diagnostics *diagnostics) {
    *diagnostics = (struct diagnostics){0};
}

void diagnostics_reset(struct diagnostics *diagnostics) {
    for (size_t i = 0; i < diagnostics->count; i++) {
        free(diagnostics->items[i].file);
        free(diagnostics->items[i].text);
    }
    free(diagnostics->items);
    diagnostics_init(diagnostics);
}

void diagnostics_cut(struct diagnostics *diagnostics, size_t count) {
    while (diagnostics->count > count) {
        const struct diagnostic *last = &diagnostics->items[--diagnostics->count];
        if (last->severity == SEVERITY_ERROR) diagnostics->error_count--;
        free(last->file);
        free(last->text);
    }
}

static int make_room(struct diagnostics *diagnostics) {
    if (diagnostics->count < diagnostics->capacity) return 0;
    const size_t capacity = diagnostics->capacity > 0 ? 2 * diagnostics->capacity : 16;
    struct diagnostic *items = realloc(diagnostics->items, capacity * sizeof *items);
    if (items == NULL) return -1;
    diagnostics->items = items;
    diagnostics->capacity = capacity;
    return 0;
}

__attribute__((format(printf, 5, 0))) static int add(struct diagnostics *diagnostics, enum severity severity,
                                                     const char *file, struct place place, const char *format,
                                                     va_list arguments) {
    struct diagnostic added = {.severity = severity, .place = place, .file = strdup(file)};
    if (vasprintf(&added.text, format, arguments) < 0) added.text = NULL;
    if (added.file == NULL || added.text == NULL || make_room(diagnostics) != 0) {
        free(added.file);
        free(added.text);
        return -1;
    }
    diagnostics->items[diagnostics->count++] = added;
    return 0;
}

void diagnostics_error(struct diagnostics *diagnostics, const char *file, struct place place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (add(diagnostics, SEVERITY_ERROR, file, place, format, arguments) != 0) diagnostics->is_incomplete = true;
    diagnostics->error_count++;
    va_end(arguments);
}

void diagnostics_warning(struct diagnostics *diagnostics, const char *file, struct place place, const char *format,
                         ...) {
    va_list arguments;
    va_start(arguments, format);
    if (add(diagnostics, SEVERITY_WARNING, file, place, format, arguments) != 0) {
        diagnostics->is_incomplete = true;
        diagnostics->error_count++;
    }
    va_end(arguments);
}

static int by_place(const void *left, const void *right) {
    const struct diagnostic *a = left, *b = right;
    if (a->place.line != b->place.line) return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column) return a->place.column < b->place.column ? -1 : 1;
    return strcmp(a->text, b->text);
}

void diagnostics_sort(struct diagnostics *diagnostics, size_t first) {
    if (first < diagnostics->count)
        qsort(diagnostics->items + first, diagnostics->count - first, sizeof *diagnostics->items, by_place);
}

int diagnostic_format(const struct diagnostic *diagnostic, char *out, size_t capacity) {
    char place[sizeof ":4294967295:4294967295"] = "";
    const bool has_file = diagnostic->file[0] != '\0';
    if (has_file && diagnostic->place.line > 0)
        snprintf(place, sizeof place, ":%u:%u", diagnostic->place.line, diagnostic->place.column);
    const int length = snprintf(out, capacity, "%s%s%s%s: %s", diagnostic->file, place, has_file ? ": " : "",
                                diagnostic->severity == SEVERITY_ERROR ? "error" : "warning", diagnostic->text);
    /* A file may have any name; a terminal shall not obey it. */
    for (char *at = out; capacity > 0 && *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == '\x7f') *at = '?';
    return length;
}

struct shown_text diagnostics_show(const char *text, size_t length) {
    struct shown_text shown;
    const size_t shown_length = length < 40 ? length : 40;
    char *out = shown.text;
    for (size_t i = 0; i < shown_length; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte < ' ' || byte > '~')
            out += sprintf(out, "\\x%02x", byte);
        else
            *out++ = (char)byte;
    }
    strcpy(out, shown_length < length ? "..." : "");
    return shown;
}
