#include "inspect/base64.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "random_bytes.h"
#include "test.h"

/* RFC 4648, section 10, and what the padding is not needed for. */
static const struct {
    const char *plain, *encoded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void test_vectors_of_the_rfc_hold_both_ways(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char encoded[16];
        uint8_t decoded[16];
        const size_t plain_length = strlen(vectors[i].plain), encoded_length = strlen(vectors[i].encoded);
        assert_int_equal(base64_encode((const uint8_t *)vectors[i].plain, plain_length, encoded), encoded_length);
        assert_memory_equal(encoded, vectors[i].encoded, encoded_length);
        const size_t run = base64_run_length((const uint8_t *)encoded, encoded_length);
        assert_int_equal(run, strcspn(vectors[i].encoded, "="));
        assert_int_equal(base64_decode((const uint8_t *)encoded, run, decoded), plain_length);
        assert_memory_equal(decoded, vectors[i].plain, plain_length);
    }
}

static void test_both_alphabets_decode_alike_even_mixed(void **state) {
    (void)state;
    static const uint8_t expected[] = {0xfb, 0xff, 0xbf, 0xfb, 0xff, 0xbf};
    uint8_t decoded[6];
    assert_int_equal(base64_decode((const uint8_t *)"+/+/-_-_", 8, decoded), sizeof decoded);
    assert_memory_equal(decoded, expected, sizeof decoded);
}

static void test_a_run_holds_the_characters_of_either_alphabet_and_no_other(void **state) {
    (void)state;
    static const char alphabets[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    for (unsigned byte = 0; byte < 256; byte++) {
        const uint8_t text[2] = {'A', (uint8_t)byte};
        const bool belongs = byte != 0 && strchr(alphabets, (int)byte) != NULL;
        assert_int_equal(base64_run_length(text, 2), belongs ? 2 : 1);
    }
    assert_int_equal(base64_run_length((const uint8_t *)"QUJD", 0), 0);
}

static void test_a_character_that_gives_no_whole_byte_is_left_out(void **state) {
    (void)state;
    uint8_t decoded[4];
    assert_int_equal(base64_decode((const uint8_t *)"Zm9vY", 5, decoded), 3);
    assert_memory_equal(decoded, "foo", 3);
    assert_int_equal(base64_decode((const uint8_t *)"Z", 1, decoded), 0);
}

static void test_bytes_of_any_length_come_back_and_no_more_is_written(void **state) {
    (void)state;
    struct random_source random = {7};
    for (size_t length = 0; length < 300; length++) {
        uint8_t *bytes = malloc(length + 1), *decoded = malloc(length + 1);
        char *encoded = malloc((length + 2) / 3 * 4 + 1);
        assert_true(bytes && decoded && encoded);
        for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)random_next(&random);
        const size_t encoded_length = base64_encode(bytes, length, encoded);
        assert_int_equal(encoded_length, (length + 2) / 3 * 4);
        const size_t run = base64_run_length((const uint8_t *)encoded, encoded_length);
        assert_true(encoded_length - run <= 2);
        decoded[length] = 0xa5;
        assert_int_equal(base64_decode((const uint8_t *)encoded, run, decoded), length);
        assert_memory_equal(decoded, bytes, length);
        assert_int_equal(decoded[length], 0xa5);
        free(bytes);
        free(decoded);
        free(encoded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_rfc_hold_both_ways),
        cmocka_unit_test(test_both_alphabets_decode_alike_even_mixed),
        cmocka_unit_test(test_a_run_holds_the_characters_of_either_alphabet_and_no_other),
        cmocka_unit_test(test_a_character_that_gives_no_whole_byte_is_left_out),
        cmocka_unit_test(test_bytes_of_any_length_come_back_and_no_more_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
