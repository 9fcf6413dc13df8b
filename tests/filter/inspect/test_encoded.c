#include "inspect/encoded.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/base64.h"
#include "inspect/utf8.h"
#include "random_bytes.h"
#include "test.h"

enum { FOUND_MAX = 64, FOUND_BYTES_MAX = 1024 };

/* What was decoded, one behind the other. */
struct found {
    size_t count, used;
    struct {
        enum field_type type;
        enum layer layer;
        size_t length, at;
    } items[FOUND_MAX];
    uint8_t bytes[4 * FOUND_BYTES_MAX];
    size_t most; /* takes before the search is ended */
    bool is_full;
};

static uint8_t *make_room(void *context, size_t capacity) {
    struct found *const found = context;
    return found->is_full || capacity > sizeof found->bytes - found->used ? NULL : found->bytes + found->used;
}

static enum reason take(void *context, size_t length, enum field_type type, enum layer layer) {
    struct found *const found = context;
    if (found->count == found->most) return REASON_TOO_LARGE;
    found->items[found->count].type = type;
    found->items[found->count].layer = layer;
    found->items[found->count].length = length;
    found->items[found->count++].at = found->used;
    found->used += length;
    return REASON_NONE;
}

/* The contract, said once more in the plainest way. */

static void expect(struct found *found, const uint8_t *run, size_t length, enum field_type type) {
    const size_t decoded = base64_decode(run, length, found->bytes + found->used);
    assert_int_equal(take(found, decoded, type, LAYER_BASE64), REASON_NONE);
}

/* As a whole or behind up to three characters. */
static bool expect_text(struct found *found, const uint8_t *run, size_t length) {
    for (size_t shift = 0; shift < 4 && length - shift >= ENCODED_RUN_MIN; shift++) {
        uint8_t decoded[FOUND_BYTES_MAX];
        if (!utf8_is_text(decoded, base64_decode(run + shift, length - shift, decoded))) continue;
        expect(found, run + shift, length - shift, FIELD_STR);
        return true;
    }
    return false;
}

static void expect_run(struct found *found, const uint8_t *run, size_t length) {
    if (length < ENCODED_RUN_MIN || expect_text(found, run, length)) return;
    for (size_t at = 0; at < length;) {
        size_t piece = 0;
        while (at + piece < length && strchr("+/-_", run[at + piece]) == NULL) piece++;
        if (piece >= ENCODED_RUN_MIN && piece < length) expect_text(found, run + at, piece);
        at += piece + 1;
    }
    if (length >= 64) expect(found, run, length, FIELD_BIN);
}

static void expect_all(struct found *found, const uint8_t *text, size_t length) {
    for (size_t at = 0; at < length;) {
        const size_t run = base64_run_length(text + at, length - at);
        expect_run(found, text + at, run);
        at += run + 1;
    }
}

/* Base64 of text or of anything, glued to others by what belongs to the alphabets or not. */
static size_t draw_text(struct random_source *random, uint8_t *text, size_t length) {
    static const char plain[] = "Hello, \xc3\xa9t\xc3\xa9!\n\ttext 123 ", glue[] = "+/-_ =.AZaz09\n\xff";
    size_t at = 0;
    while (at < length) {
        uint8_t inner[96];
        char encoded[132];
        const size_t inner_length = random_below(random, random_below(random, 3) == 0 ? sizeof inner : 24);
        const bool is_text = random_below(random, 3) != 0;
        for (size_t i = 0; i < inner_length; i++)
            inner[i] = is_text ? (uint8_t)plain[i % (sizeof plain - 1)] : (uint8_t)random_next(random);
        size_t encoded_length = base64_encode(inner, inner_length, encoded);
        if (encoded_length > length - at) encoded_length = length - at;
        memcpy(text + at, encoded, encoded_length);
        at += encoded_length;
        for (size_t count = random_below(random, 5); count > 0 && at < length; count--)
            text[at++] = (uint8_t)glue[random_below(random, sizeof glue - 1)];
    }
    return length;
}

static void test_every_run_is_decoded_as_the_contract_says(void **state) {
    (void)state;
    struct random_source random = {14};
    size_t count = 0;
    struct mark_classes classes;
    struct marks marks;
    mark_classes_init(&classes);
    assert_int_equal(marks_init(&marks, &classes, 512), 0);
    for (int round = 0; round < 100000; round++) {
        static struct found found, expected;
        const size_t behind = random_below(&random, 2) == 0 ? 0 : random_below(&random, 90);
        const size_t length = 1 + random_below(&random, random_below(&random, 4) == 0 ? 300 : 66);
        uint8_t *const text = malloc(length + behind);
        assert_non_null(text);
        draw_text(&random, text, length);
        for (size_t i = 0; i < behind; i++) text[length + i] = 'A';
        found.count = found.used = expected.count = expected.used = 0;
        found.most = expected.most = FOUND_MAX;
        expect_all(&expected, text, length);
        const struct encoded_sink sink = {&found, make_room, take};
        if (round % 2 == 0) {
            assert_int_equal(encoded_base64(text, length, text + length + behind, NULL, &sink), REASON_NONE);
        } else {
            marks_clear(&marks);
            const uint8_t *const marked = marks_take(&marks, text, length + behind);
            const uint8_t *const readable_end = marks.bytes + marks.capacity + MARKS_BEHIND;
            assert_int_equal(encoded_base64(marked, length, readable_end, &marks, &sink), REASON_NONE);
        }
        assert_int_equal(found.count, expected.count);
        assert_int_equal(found.used, expected.used);
        assert_memory_equal(found.bytes, expected.bytes, found.used);
        for (size_t i = 0; i < found.count; i++) {
            assert_int_equal(found.items[i].type, expected.items[i].type);
            assert_int_equal(found.items[i].length, expected.items[i].length);
            assert_int_equal(found.items[i].layer, LAYER_BASE64);
        }
        count += found.count;
        free(text);
    }
    assert_true(count > 50000);
    marks_reset(&marks);
}

static void test_percent_escapes_are_taken_off_and_nothing_else(void **state) {
    (void)state;
    static const struct {
        const char *text, *decoded; /* NULL: there is nothing to take off */
    } cases[] = {
        {"", NULL},     {"a", NULL},      {"100%", NULL},   {"%4", NULL},           {"%4g", NULL},
        {"%%", NULL},   {"%41", "A"},     {"a%2fb", "a/b"}, {"a%2Fb", "a/b"},       {"%%41", "%A"},
        {"%41%", "A%"}, {"%41%4", "A%4"}, {"%2541", "%41"}, {"%e2%98", "\xe2\x98"}, {"%zz%20%", "%zz %"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct found found = {.most = FOUND_MAX};
        const struct encoded_sink sink = {&found, make_room, take};
        const size_t length = strlen(cases[i].text);
        uint8_t *const text = malloc(length > 0 ? length : 1);
        assert_non_null(text);
        memcpy(text, cases[i].text, length);
        assert_int_equal(encoded_percent(text, length, &sink), REASON_NONE);
        assert_int_equal(found.count, cases[i].decoded != NULL);
        if (found.count > 0) {
            assert_int_equal(found.items[0].length, strlen(cases[i].decoded));
            assert_memory_equal(found.bytes, cases[i].decoded, found.used);
            assert_int_equal(found.items[0].layer, LAYER_PERCENT);
            assert_int_equal(found.items[0].type, FIELD_STR);
        }
        free(text);
    }
}

static void test_no_room_and_any_reason_of_the_sink_end_the_search(void **state) {
    (void)state;
    static const char text[] = "SGVsbG8gd29ybGQ SGVsbG8gd29ybGQ %41%42%43%44%45%46%47%48%49%50%51%52%53%54%55%56%57";
    const uint8_t *const bytes = (const uint8_t *)text;
    for (size_t length = sizeof text - 1; length >= 31; length -= sizeof text - 1 - 31) {
        struct found found = {.most = 1};
        const struct encoded_sink sink = {&found, make_room, take};
        assert_int_equal(encoded_base64(bytes, length, bytes + length, NULL, &sink), REASON_TOO_LARGE);
        assert_int_equal(found.count, 1);
        found.is_full = true;
        assert_int_equal(encoded_base64(bytes, length, bytes + length, NULL, &sink), REASON_BUDGET);
        if (length == 31) break;
        assert_int_equal(encoded_percent(bytes, length, &sink), REASON_BUDGET);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_run_is_decoded_as_the_contract_says),
        cmocka_unit_test(test_percent_escapes_are_taken_off_and_nothing_else),
        cmocka_unit_test(test_no_room_and_any_reason_of_the_sink_end_the_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
