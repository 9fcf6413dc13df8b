/*
 * Cuts arbitrary payloads into records and puts some of them together again, to ensure that a list is cut exactly when
 * it decodes whole, that its records are whole values with nothing but separators between them, and that the new
 * payload holds the chosen records, byte for byte, and nothing else. The first byte chooses the format and the records.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "inspect/records.h"

static const struct limits limits = {.message_bytes = 1 << 20, .depth = 64};

static struct records whole, part;

struct reading {
    enum reason error;
    bool is_list;
    size_t token_count;
};

static struct reading read_value(enum format format, const uint8_t *bytes, size_t length) {
    struct decoder decoder;
    struct token token;
    struct reading reading = {0};
    decoder_init(&decoder, format, bytes, length, LIMIT_DEPTH_MAX);
    while (decoder_next(&decoder, &token)) {
        if (reading.token_count++ == 0) reading.is_list = token.type == TOKEN_ARRAY;
    }
    reading.error = decoder.error;
    return reading;
}

/* Between two records, or a record and the end: nothing, or JSON's separators. */
static void check_gap(const uint8_t *bytes, size_t from, size_t to) {
    fuzz_expect(from <= to);
    if (whole.format == FORMAT_JSON)
        for (size_t i = from; i < to; i++) fuzz_expect(strchr("[], \t\r\n", bytes[i]) != NULL && bytes[i] != '\0');
    else
        fuzz_expect(from == to || from == 0);
}

static void check_records(const struct reading *reading, const uint8_t *bytes, size_t length) {
    size_t at = 0, token_count = 2;
    for (size_t i = 0; i < whole.count; i++) {
        const struct record *const record = &whole.items[i];
        fuzz_expect(record->length > 0 && record->length <= length && record->withheld_from == 0);
        check_gap(bytes, at, record->offset);
        at = record->offset + record->length;
        uint8_t *const copy = fuzz_copy(bytes + record->offset, record->length);
        const struct reading own = read_value(whole.format, copy, record->length);
        fuzz_expect(own.error == REASON_NONE);
        token_count += own.token_count;
        free(copy);
    }
    check_gap(bytes, at, length);
    fuzz_expect(token_count == reading->token_count);
}

static void check_rebuilt(const uint8_t *bytes, size_t length, uint8_t choice) {
    for (size_t i = 0; i < whole.count; i++) whole.items[i].withheld_from = choice >> i % 8 & 1;
    const size_t count = records_passing(&whole, 0);
    if (count == 0) return;
    uint8_t *const rebuilt = fuzz_copy(bytes, length); /* a sanitizer sees a byte too many */
    const size_t rebuilt_length = records_rebuild(&whole, 0, rebuilt);
    fuzz_expect(rebuilt_length <= length);
    const struct frame frame = {rebuilt, rebuilt_length};
    fuzz_expect(records_cut(&part, &frame, 1, whole.format, &limits) == REASON_NONE && part.count == count);
    const struct record *chosen = part.items;
    for (size_t i = 0; i < whole.count; i++) {
        const struct record *const record = &whole.items[i];
        if (record->withheld_from != 0) continue;
        fuzz_expect(chosen->length == record->length);
        fuzz_expect(memcmp(rebuilt + chosen->offset, bytes + record->offset, record->length) == 0);
        chosen++;
    }
    free(rebuilt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0 || size > limits.message_bytes) return 0;
    const enum format format = data[0] % 3;
    const size_t length = size - 1;
    uint8_t *const bytes = fuzz_copy(data + 1, length);
    const struct reading reading = read_value(format, bytes, length);
    const struct frame frame = {bytes, length};
    const enum reason reason = records_cut(&whole, &frame, 1, format, &limits);
    if (!reading.is_list) {
        fuzz_expect(reason == REASON_NONE && whole.count == 0);
    } else if (reason != REASON_BUDGET) {
        fuzz_expect(reason == reading.error);
    }
    fuzz_expect(reason == REASON_NONE || whole.count == 0);
    if (whole.count > 0) {
        check_records(&reading, bytes, length);
        check_rebuilt(bytes, length, data[0] / 3);
    }
    free(bytes);
    return 0;
}
