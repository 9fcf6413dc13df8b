#include "inspect/byte_class.h"

#include "random_bytes.h"
#include "test.h"

static void test_a_class_has_what_was_added_and_no_byte_beyond_ascii(void **state) {
    (void)state;
    for (unsigned added = 0; added < 256; added++) {
        struct byte_class set = {{0}};
        byte_class_add(&set, (uint8_t)added);
        for (unsigned byte = 0; byte < 256; byte++)
            assert_int_equal(byte_class_has(&set, (uint8_t)byte), byte == added && byte < 0x80);
    }
}

/* Bytes of which some belong to the class, in memory of every alignment. */
static void test_a_block_is_masked_as_byte_by_byte(void **state) {
    (void)state;
    struct random_source random = {11};
    for (int round = 0; round < 100000; round++) {
        struct byte_class set = {{0}};
        uint8_t bytes[2 * BYTE_BLOCK];
        const size_t at = random_below(&random, BYTE_BLOCK);
        for (size_t count = random_below(&random, 100); count > 0; count--)
            byte_class_add(&set, (uint8_t)random_next(&random));
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)random_next(&random);
        unsigned expected = 0, expected_high = 0;
        for (unsigned i = 0; i < BYTE_BLOCK; i++) {
            expected |= (unsigned)byte_class_has(&set, bytes[at + i]) << i;
            expected_high |= (unsigned)byte_class_has(&set, bytes[at + i] ^ 0x80) << i;
        }
        const struct byte_block block = byte_block_load(bytes + at);
        assert_int_equal(byte_block_mask(block, &set), expected);
        assert_int_equal(byte_block_high_mask(block, &set), expected_high);
    }
}

static void test_every_byte_is_found_at_every_place(void **state) {
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        struct byte_class set = {{0}};
        byte_class_add(&set, (uint8_t)byte);
        for (unsigned at = 0; at < BYTE_BLOCK; at++) {
            uint8_t bytes[BYTE_BLOCK];
            memset(bytes, (int)(byte ^ 1), sizeof bytes);
            bytes[at] = (uint8_t)byte;
            assert_int_equal(byte_block_mask(byte_block_load(bytes), &set), byte < 0x80 ? 1u << at : 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_class_has_what_was_added_and_no_byte_beyond_ascii),
        cmocka_unit_test(test_a_block_is_masked_as_byte_by_byte),
        cmocka_unit_test(test_every_byte_is_found_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
