#include "record/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void json_writer_init(struct json_writer *json, char *buffer, size_t capacity) {
    *json = (struct json_writer){.buffer = buffer, .capacity = capacity};
}

void json_writer_init_file(struct json_writer *json, FILE *file) {
    *json = (struct json_writer){.file = file};
}

static void append(struct json_writer *json, const void *bytes, size_t length) {
    if (json->has_failed || length == 0) return;
    if (json->file) {
        json->has_failed = fwrite(bytes, 1, length, json->file) != length;
        return;
    }
    if (length > json->capacity - json->length) {
        json->has_failed = true;
        return;
    }
    memcpy(json->buffer + json->length, bytes, length);
    json->length += length;
}

static void append_byte(struct json_writer *json, char byte) {
    append(json, &byte, 1);
}

static void begin_value(struct json_writer *json) {
    if (json->needs_comma) append_byte(json, ',');
    json->needs_comma = true;
}

static void open_container(struct json_writer *json, bool is_array) {
    assert(json->depth < JSON_WRITER_DEPTH_MAX);
    begin_value(json);
    append_byte(json, is_array ? '[' : '{');
    const uint64_t bit = UINT64_C(1) << json->depth++;
    json->is_array = is_array ? json->is_array | bit : json->is_array & ~bit;
    json->needs_comma = false;
}

void json_writer_object(struct json_writer *json) {
    open_container(json, false);
}

void json_writer_array(struct json_writer *json) {
    open_container(json, true);
}

void json_writer_end(struct json_writer *json) {
    assert(json->depth > 0);
    append_byte(json, json->is_array >> --json->depth & 1 ? ']' : '}');
    json->needs_comma = true;
}

void json_writer_line(struct json_writer *json) {
    assert(json->depth == 0);
    append_byte(json, '\n');
    json->needs_comma = false;
}

void json_writer_key(struct json_writer *json, const char *key) {
    json_writer_text(json, key);
    append_byte(json, ':');
    json->needs_comma = false;
}

/* The length of the well-formed UTF-8 sequence (RFC 3629) at `bytes`, or 0. */
static size_t sequence_length(const uint8_t *bytes, size_t left) {
    static const struct {
        uint8_t first, last, second_min, second_max, length;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (bytes[0] < forms[i].first || bytes[0] > forms[i].last) continue;
        if (forms[i].length > left) return 0;
        if (forms[i].length > 1 && (bytes[1] < forms[i].second_min || bytes[1] > forms[i].second_max)) return 0;
        for (size_t at = 2; at < forms[i].length; at++)
            if ((bytes[at] & 0xc0) != 0x80) return 0;
        return forms[i].length;
    }
    return 0;
}

/* Control characters, C1 included: a terminal would obey them. */
static bool is_control(const uint8_t *bytes, size_t length) {
    return length == 1 ? bytes[0] < 0x20 || bytes[0] == 0x7f : bytes[0] == 0xc2 && bytes[1] < 0xa0;
}

static void append_control(struct json_writer *json, uint8_t code) {
    static const char letters[] = "btn.fr";
    char escape[8];
    const int length = code >= '\b' && code <= '\r' && code != '\v'
                           ? snprintf(escape, sizeof escape, "\\%c", letters[code - '\b'])
                           : snprintf(escape, sizeof escape, "\\u%04x", (unsigned)code);
    append(json, escape, (size_t)length);
}

/* Writes what stands at `bytes` and cannot stand in a JSON text as it is; returns how many bytes that took. */
static size_t append_escaped(struct json_writer *json, const uint8_t *bytes, size_t left) {
    const size_t length = sequence_length(bytes, left);
    if (length == 0) {
        append(json, "\\ufffd", 6);
        return 1;
    }
    if (is_control(bytes, length)) {
        append_control(json, bytes[length - 1]);
        return length;
    }
    if (bytes[0] == '"' || bytes[0] == '\\') append_byte(json, '\\');
    append(json, bytes, length);
    return length;
}

static bool is_plain(uint8_t byte) {
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void json_writer_bytes(struct json_writer *json, const void *text, size_t length) {
    const uint8_t *next = text;
    const uint8_t *const end = next + length;
    begin_value(json);
    append_byte(json, '"');
    while (next < end) {
        const uint8_t *const plain = next;
        while (next < end && is_plain(*next)) next++;
        append(json, plain, (size_t)(next - plain));
        if (next < end) next += append_escaped(json, next, (size_t)(end - next));
    }
    append_byte(json, '"');
}

void json_writer_text(struct json_writer *json, const char *text) {
    if (text) {
        json_writer_bytes(json, text, strlen(text));
    } else {
        json_writer_null(json);
    }
}

void json_writer_literal(struct json_writer *json, const void *literal, size_t length) {
    begin_value(json);
    append(json, literal, length);
}

void json_writer_natural(struct json_writer *json, uint64_t value) {
    char digits[24];
    json_writer_literal(json, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, value));
}

void json_writer_bool(struct json_writer *json, bool value) {
    json_writer_literal(json, value ? "true" : "false", value ? 4 : 5);
}

void json_writer_null(struct json_writer *json) {
    json_writer_literal(json, "null", 4);
}

void json_writer_texts(struct json_writer *json, const char *const *texts, size_t count) {
    json_writer_array(json);
    for (size_t i = 0; i < count; i++) json_writer_text(json, texts[i]);
    json_writer_end(json);
}
