#include "inspect/chunk.h"

#include <stdbool.h>
#include <stdlib.h>

#include "random_bytes.h"
#include "test.h"

static const struct byte_class letters = {{0, 0xa0, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}}; /* Q R q r */

static bool is_among_letters(uint8_t byte) {
    return byte_class_has(&letters, byte);
}

/* Texts of every length up to two chunks, in memory that ends with them or goes on behind them. */
static void test_a_chunk_is_masked_as_byte_by_byte_and_ends_with_its_text(void **state) {
    (void)state;
    static const char alphabet[] = "QqRr az\x80\xff";
    struct random_source random = {12};
    for (int round = 0; round < 20; round++) {
        for (size_t length = 1; length <= 2 * CHUNK; length++) {
            const size_t behind = random_below(&random, 2) == 0 ? 0 : random_below(&random, 2 * CHUNK_READ);
            uint8_t *const text = malloc(length + behind);
            assert_non_null(text);
            for (size_t i = 0; i < length + behind; i++) text[i] = (uint8_t)alphabet[random_below(&random, 9)];
            struct chunk chunk;
            chunk_take(&chunk, text, length, text + length + behind);
            assert_int_equal(chunk.count, length < CHUNK ? length : CHUNK);
            uint64_t expected = 0, expected_high = 0;
            for (size_t i = 0; i < chunk.count; i++) {
                expected |= (uint64_t)is_among_letters(text[i]) << i;
                expected_high |= (uint64_t)is_among_letters(text[i] ^ 0x80) << i;
            }
            assert_true(chunk_mask(&chunk, &letters) == expected);
            assert_true(chunk_high_mask(&chunk, &letters) == expected_high);
            assert_memory_equal(chunk.bytes, text, length < CHUNK_READ ? length : CHUNK_READ);
            free(text);
        }
    }
}

static void test_bits_are_the_first_ones(void **state) {
    (void)state;
    uint64_t expected = 0;
    for (size_t count = 1; count <= CHUNK; count++) {
        expected = expected << 1 | 1;
        assert_true(chunk_bits(count) == expected);
    }
    assert_true(chunk_bits(CHUNK + 1) == UINT64_MAX);
}

/* Masks with many ones, few ones, all and none. */
static uint64_t draw_mask(struct random_source *random) {
    const uint64_t mask = random_next(random);
    switch (random_below(random, 5)) {
    case 0:
        return mask;
    case 1:
        return mask | random_next(random) | random_next(random) | random_next(random);
    case 2:
        return ~(UINT64_C(1) << random_below(random, 64));
    case 3:
        return UINT64_MAX << random_below(random, 64);
    default:
        return UINT64_MAX >> random_below(random, 64);
    }
}

static void test_runs_are_found_as_bit_by_bit(void **state) {
    (void)state;
    struct random_source random = {13};
    for (int round = 0; round < 100000; round++) {
        const uint64_t mask = draw_mask(&random);
        unsigned lengths[CHUNK + 1] = {0};
        for (unsigned at = CHUNK; at-- > 0;) lengths[at] = mask >> at & 1 ? lengths[at + 1] + 1 : 0;
        const unsigned count = 1 + (unsigned)random_below(&random, CHUNK),
                       from = (unsigned)random_below(&random, CHUNK);
        uint64_t expected = 0;
        for (unsigned at = 0; at < CHUNK; at++) expected |= (uint64_t)(lengths[at] >= count) << at;
        assert_true(chunk_runs(mask, count) == expected);
        assert_int_equal(chunk_run_length(mask, from), lengths[from]);
    }
    assert_true(chunk_runs(UINT64_MAX, CHUNK) == 1);
    assert_true(chunk_runs(0, 1) == 0);
    assert_int_equal(chunk_run_length(UINT64_MAX, 0), CHUNK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_chunk_is_masked_as_byte_by_byte_and_ends_with_its_text),
        cmocka_unit_test(test_bits_are_the_first_ones),
        cmocka_unit_test(test_runs_are_found_as_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
