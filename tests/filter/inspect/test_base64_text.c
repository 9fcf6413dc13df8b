#include "inspect/base64_text.h"

#include <string.h>

#include "inspect/base64.h"
#include "inspect/utf8.h"
#include "random_bytes.h"
#include "test.h"

enum { CHARACTERS_MAX = 64 };

/* Base64 of text, of nearly text or of anything, perhaps behind other characters; returns its length. */
static size_t draw_characters(struct random_source *random, uint8_t characters[CHARACTERS_MAX + BASE64_LOOK]) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    static const char *const pieces[] = {
        "a",  " ",    "\n",   "\t",   "\r",   "~", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
        "z9", "\x1f", "\x7f", "\xc3", "\xa9", "",  "\xff",     "\xc0\x80"};
    uint8_t bytes[64];
    const bool is_clean = random_below(random, 3) != 0;
    size_t count = 0;
    while (count < 40) {
        const char *const piece = pieces[random_below(random, is_clean ? 10 : 17)];
        memcpy(bytes + count, piece, strlen(piece));
        count += strlen(piece) + (*piece == '\0');
    }
    for (size_t i = 0; i < count && random_below(random, 3) == 0; i++) bytes[i] = (uint8_t)random_next(random);
    const size_t glued = random_below(random, BASE64_SHIFTS);
    for (size_t i = 0; i < glued; i++) characters[i] = (uint8_t)alphabet[random_below(random, sizeof alphabet - 1)];
    char encoded[92];
    base64_encode(bytes, count, encoded);
    const size_t length = BASE64_SHIFTS + random_below(random, 45);
    memcpy(characters + glued, encoded, length - glued);
    for (size_t i = length; i < length + BASE64_LOOK; i++) characters[i] = (uint8_t)random_next(random);
    return length;
}

static bool is_text(const uint8_t *characters, size_t length) {
    uint8_t decoded[CHARACTERS_MAX];
    return utf8_is_text(decoded, base64_decode(characters, length, decoded));
}

static void test_what_holds_text_is_never_said_to_hold_none(void **state) {
    (void)state;
    struct random_source random = {15};
    size_t text_count = 0, denied_count = 0;
    for (int round = 0; round < 200000; round++) {
        uint8_t characters[CHARACTERS_MAX + BASE64_LOOK];
        const size_t length = draw_characters(&random, characters);
        for (size_t method = 0; method < base64_method_count; method++) {
            if (!base64_methods[method].is_supported()) continue;
            const unsigned shifts = base64_methods[method].text_shifts(characters, length);
            assert_int_equal(shifts & ~15u, 0);
            for (unsigned shift = 0; shift < BASE64_SHIFTS; shift++) {
                const bool holds_text = is_text(characters + shift, length - shift);
                text_count += holds_text;
                denied_count += (shifts >> shift & 1) == 0;
                if (!holds_text) continue;
                assert_true(base64_may_be_text(characters + shift, length - shift));
                if ((shifts >> shift & 1) == 0)
                    fail_msg("%s: %.*s from %u on", base64_methods[method].name, (int)length, characters, shift);
            }
        }
        size_t used = 0;
        while (!base64_methods[used].is_supported()) used++;
        assert_int_equal(base64_text_shifts(characters, length), base64_methods[used].text_shifts(characters, length));
    }
    assert_true(text_count > 100000 && denied_count > 100000);
}

/* Every byte in every place of the first few: what can be told from it alone is told. */
static void test_a_byte_that_is_in_no_text_is_told(void **state) {
    (void)state;
    for (size_t method = 0; method < base64_method_count; method++) {
        if (!base64_methods[method].is_supported()) continue;
        for (unsigned byte = 0; byte < 0x80; byte++) {
            for (size_t at = 0; at < 9; at++) {
                uint8_t bytes[9], characters[12 + BASE64_LOOK] = {0};
                memset(bytes, 'a', sizeof bytes);
                bytes[at] = (uint8_t)byte;
                base64_encode(bytes, sizeof bytes, (char *)characters);
                const unsigned shifts = base64_methods[method].text_shifts(characters, 12);
                assert_int_equal(shifts & 1, utf8_is_text(bytes, sizeof bytes));
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_holds_text_is_never_said_to_hold_none),
        cmocka_unit_test(test_a_byte_that_is_in_no_text_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
