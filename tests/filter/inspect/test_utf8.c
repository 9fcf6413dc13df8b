#include "inspect/utf8.h"

#include <string.h>

#include "test.h"

static void test_every_code_point_is_written_and_read_back(void **state) {
    (void)state;
    for (uint32_t code_point = 0; code_point < 0x110000; code_point++) {
        if (code_point >= 0xd800 && code_point < 0xe000) continue;
        uint8_t bytes[4];
        const size_t length = utf8_write(code_point, bytes);
        const size_t expected = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
        assert_int_equal(length, expected);
        assert_int_equal(utf8_sequence_length(bytes, bytes + length), length);
        for (size_t cut = 0; cut < length; cut++) assert_int_equal(utf8_sequence_length(bytes, bytes + cut), 0);
    }
}

/* Every code point has its sequence, as shown above: where no more are taken than there are, nothing else is. */
static void test_no_other_sequence_is_well_formed(void **state) {
    (void)state;
    size_t by_length[5] = {0};
    for (uint32_t value = 0; value < 1 << 24; value++) {
        const uint8_t bytes[3] = {(uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
        by_length[utf8_sequence_length(bytes, bytes + 3)]++;
    }
    assert_int_equal(by_length[1], 0x80 << 16);
    assert_int_equal(by_length[2], (0x800 - 0x80) << 8);
    assert_int_equal(by_length[3], 0x10000 - 0x800 - 0x800);
    assert_int_equal(by_length[4], 0);

    static const uint8_t edges[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
    size_t count = 0;
    for (uint32_t value = 0; value < 0x1000; value++)
        for (size_t i = 0; i < sizeof edges; i++)
            for (size_t j = 0; j < sizeof edges; j++) {
                const uint8_t bytes[4] = {(uint8_t)(0xf0 | value >> 8), (uint8_t)value, edges[i], edges[j]};
                count += utf8_sequence_length(bytes, bytes + 4) == 4;
            }
    assert_int_equal(count, (0x110000 - 0x10000) / 0x1000 * 2 * 2);
}

struct text_case {
    const char *bytes;
    size_t length;
    bool is_text;
};

#define BYTES(literal) (literal), sizeof(literal) - 1

static void test_text_is_what_somebody_can_have_written(void **state) {
    (void)state;
    static const struct text_case cases[] = {
        {BYTES(""), true},
        {BYTES("Two lines,\r\n\tone indented."), true},
        {BYTES("Gr\xc3\xbc\xc3\x9f"
               "e \xe2\x82\xac \xf0\x9f\x98\x80"),
         true},
        {BYTES("a\0b"), false},
        {BYTES("bell\a"), false},
        {BYTES("escape\x1b[1m"), false},
        {BYTES("delete\x7f"), false},
        {BYTES("latin \xe9 one"), false},
        {BYTES("cut \xf0\x9f\x98"), false},
        {BYTES("overlong \xc0\xaf"), false},
        {BYTES("surrogate \xed\xa0\x80"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (utf8_is_text((const uint8_t *)cases[i].bytes, cases[i].length) != cases[i].is_text)
            fail_msg("case %zu: %s", i, cases[i].bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point_is_written_and_read_back),
        cmocka_unit_test(test_no_other_sequence_is_well_formed),
        cmocka_unit_test(test_text_is_what_somebody_can_have_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
