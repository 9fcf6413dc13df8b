#include "inspect/decode.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* Reads a value to its end in memory of just its size. Returns the error; *token_count tells how far it went. */
static enum reason decode(enum format format, const char *bytes, size_t length, size_t max_depth, size_t *token_count) {
    uint8_t *copy = malloc(length + !length);
    struct decoder decoder;
    struct token token;
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    decoder_init(&decoder, format, copy, length, max_depth);
    *token_count = 0;
    while (decoder_next(&decoder, &token)) ++*token_count;
    assert_false(decoder_next(&decoder, &token));
    assert_int_equal(decoder.is_done && decoder.depth == 0 && decoder.next == decoder.end,
                     decoder.error == REASON_NONE || (decoder.is_done && decoder.error == REASON_TRAILING_BYTES));
    free(copy);
    return decoder.error;
}

static void test_a_format_is_known_by_the_first_byte(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        enum format format;
    } cases[] = {
        {BYTES("{}"), FORMAT_JSON},        {BYTES(" 1"), FORMAT_JSON},          {BYTES("\"a\""), FORMAT_JSON},
        {BYTES("\x80"), FORMAT_MSGPACK},   {BYTES("\x81\x01"), FORMAT_MSGPACK}, {BYTES("\x93\x01"), FORMAT_MSGPACK},
        {BYTES("\xdf\0"), FORMAT_MSGPACK}, {BYTES("\xff\xff"), FORMAT_MSGPACK}, {BYTES("\x7f"), FORMAT_MSGPACK},
        {BYTES(""), FORMAT_MSGPACK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(decoder_detect((const uint8_t *)cases[i].bytes, cases[i].length), cases[i].format);
}

static void test_one_whole_value_is_accepted_and_nothing_else(void **state) {
    (void)state;
    static const struct {
        enum format format;
        const char *bytes;
        size_t length;
        enum reason reason;
    } cases[] = {
        {FORMAT_AUTO, BYTES("{\"a\":[1,2]}"), REASON_NONE},
        {FORMAT_AUTO,
         BYTES("\x81\xa1"
               "a\x92\x01\x02"),
         REASON_NONE},
        {FORMAT_AUTO, BYTES("7"), REASON_NONE},
        {FORMAT_AUTO, BYTES(""), REASON_MALFORMED},
        {FORMAT_JSON, BYTES(""), REASON_MALFORMED},
        {FORMAT_MSGPACK, BYTES(""), REASON_MALFORMED},
        {FORMAT_JSON, BYTES(" \n"), REASON_MALFORMED},
        {FORMAT_JSON, BYTES("[1] \r\n\t"), REASON_NONE},
        {FORMAT_JSON, BYTES("[1] ]"), REASON_TRAILING_BYTES},
        {FORMAT_JSON, BYTES("1 2"), REASON_TRAILING_BYTES},
        {FORMAT_JSON, BYTES("{}\0"), REASON_TRAILING_BYTES},
        {FORMAT_MSGPACK, BYTES("\x90\xc0"), REASON_TRAILING_BYTES},
        {FORMAT_MSGPACK, BYTES("\xc0\xc0"), REASON_TRAILING_BYTES},
        {FORMAT_MSGPACK, BYTES("{}"), REASON_TRAILING_BYTES},
        {FORMAT_AUTO, BYTES("\xef\xbb\xbf{}"), REASON_TRAILING_BYTES}, /* a byte order mark is not JSON */
        {FORMAT_JSON, BYTES("\x90"), REASON_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t token_count;
        const enum reason reason = decode(cases[i].format, cases[i].bytes, cases[i].length, 8, &token_count);
        if (reason != cases[i].reason) fail_msg("case %zu: reason %d, not %d", i, reason, cases[i].reason);
    }
}

static void test_no_bytes_may_be_at_null(void **state) {
    (void)state;
    static const enum format formats[] = {FORMAT_AUTO, FORMAT_JSON, FORMAT_MSGPACK};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, formats[i], NULL, 0, 1);
        assert_false(decoder_next(&decoder, &token));
        assert_int_equal(decoder.error, REASON_MALFORMED);
    }
}

static void test_an_error_stays(void **state) {
    (void)state;
    static const struct {
        enum format format;
        const char *bytes;
        size_t length, good_count;
    } cases[] = {
        {FORMAT_JSON, BYTES("[1,2,x,3,4]"), 3},
        {FORMAT_MSGPACK, BYTES("\x95\x01\x02\xc1\x03\x04"), 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, cases[i].format, (const uint8_t *)cases[i].bytes, cases[i].length, 8);
        for (size_t good = 0; good < cases[i].good_count; good++) assert_true(decoder_next(&decoder, &token));
        for (int again = 0; again < 3; again++) {
            assert_false(decoder_next(&decoder, &token));
            assert_int_equal(decoder.error, REASON_MALFORMED);
        }
    }
}

/* [[[...]]] in either format. */
static size_t write_nested(enum format format, size_t depth, char *out) {
    if (format == FORMAT_JSON) {
        memset(out, '[', depth);
        memset(out + depth, ']', depth);
        return 2 * depth;
    }
    memset(out, 0x91, depth - 1);
    out[depth - 1] = (char)0x90;
    return depth;
}

static void test_values_nest_up_to_the_limit_and_no_deeper(void **state) {
    (void)state;
    static const size_t limits[] = {1, 2, 64, LIMIT_DEPTH_MAX};
    static const enum format formats[] = {FORMAT_JSON, FORMAT_MSGPACK};
    for (size_t i = 0; i < 2 * (sizeof limits / sizeof *limits); i++) {
        const enum format format = formats[i % 2];
        const size_t limit = limits[i / 2];
        char bytes[2 * (LIMIT_DEPTH_MAX + 1)];
        size_t token_count;
        size_t length = write_nested(format, limit, bytes);
        assert_int_equal(decode(format, bytes, length, limit, &token_count), REASON_NONE);
        assert_int_equal(token_count, 2 * limit);
        length = write_nested(format, limit + 1, bytes);
        assert_int_equal(decode(format, bytes, length, limit, &token_count), REASON_TOO_DEEP);
        assert_int_equal(token_count, limit);
    }
}

static void test_containers_beside_each_other_do_not_add_up_to_depth(void **state) {
    (void)state;
    size_t token_count;
    assert_int_equal(decode(FORMAT_JSON, BYTES("[[],{},[],{\"a\":1}]"), 2, &token_count), REASON_NONE);
    assert_int_equal(decode(FORMAT_MSGPACK, BYTES("\x94\x90\x80\x90\x81\x01\x02"), 2, &token_count), REASON_NONE);
}

/* Few bytes that claim millions of elements. */
static void test_a_claim_beyond_the_buffer_is_malformed_at_once(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, token_count;
    } cases[] = {
        {BYTES("\xdd\xff\xff\xff\xff"), 0},
        {BYTES("\xdd\x08\x00\x00\x00"), 0},
        {BYTES("\xdf\xff\xff\xff\xff"), 0},
        {BYTES("\xdf\x80\x00\x00\x00"), 0},
        {BYTES("\xdc\xff\xff"), 0},
        {BYTES("\xde\xff\xff\x01\x01"), 0},
        {BYTES("\xdc\x00\x19"
               "\xdd\x08\x00\x00\x00\xdd\x08\x00\x00\x00\xdd\x08\x00\x00\x00\xdd\x08\x00\x00\x00\xdd\x08\x00\x00\x00"),
         1},
        {BYTES("\x9f\x01"), 0},
        {BYTES("\x82\x01\x02\x03"), 0},
        {BYTES("\xc6\xff\xff\xff\xff"), 0},
        {BYTES("\xc9\xff\xff\xff\xff\x01"), 0},
        {BYTES("\xdb\xff\xff\xff\xff"), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t token_count;
        assert_int_equal(decode(FORMAT_AUTO, cases[i].bytes, cases[i].length, 64, &token_count), REASON_MALFORMED);
        assert_int_equal(token_count, cases[i].token_count);
    }
}

static void test_a_stream_is_cut_where_its_values_end(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, value_length;
    } cases[] = {
        {BYTES("\xc0\xc0"), 1},
        {BYTES("\x92\x01\x90\x93"), 3},
        {BYTES("\x81\xa1"
               "a\xc4\x02xy\x01"),
         7},
        {BYTES("\x80"), 1},
        {BYTES("\x91"), 0},
        {BYTES("\xa3"
               "ab"),
         0},
        {BYTES("\xc1"), 0},
        {BYTES(""), 0},
        {BYTES("\x91\x91\x91\x01"), 4},
        {BYTES("\x91\x91\x91\x91\x01"), 0}, /* deeper than three */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(decoder_value_length((const uint8_t *)cases[i].bytes, cases[i].length, 3),
                         cases[i].value_length);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_format_is_known_by_the_first_byte),
        cmocka_unit_test(test_one_whole_value_is_accepted_and_nothing_else),
        cmocka_unit_test(test_no_bytes_may_be_at_null),
        cmocka_unit_test(test_an_error_stays),
        cmocka_unit_test(test_values_nest_up_to_the_limit_and_no_deeper),
        cmocka_unit_test(test_containers_beside_each_other_do_not_add_up_to_depth),
        cmocka_unit_test(test_a_claim_beyond_the_buffer_is_malformed_at_once),
        cmocka_unit_test(test_a_stream_is_cut_where_its_values_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
