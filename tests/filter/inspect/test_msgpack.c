#include "inspect/decode.h"

#include "test.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* A value in one of its forms. */
struct form {
    const char *bytes;
    size_t length;
    struct token token;
};

#define INT(value)                                                                                                     \
    { .type = TOKEN_INT, .natural = (value) }
#define NEGATIVE(value)                                                                                                \
    { .type = TOKEN_INT, .is_negative = true, .integer = (value) }
#define FLOAT(value)                                                                                                   \
    { .type = TOKEN_FLOAT, .real = (value) }
#define BODY(kind, text, size)                                                                                         \
    { .type = (kind), .bytes = (const uint8_t *)(text), .length = (size) }
#define EXT(number, text, size)                                                                                        \
    { .type = TOKEN_EXT, .ext_type = (number), .bytes = (const uint8_t *)(text), .length = (size) }

static const struct form forms[] = {
    {BYTES("\xc0"), {.type = TOKEN_NULL}},
    {BYTES("\xc2"), {.type = TOKEN_BOOL, .truth = false}},
    {BYTES("\xc3"), {.type = TOKEN_BOOL, .truth = true}},
    {BYTES("\x00"), INT(0)},
    {BYTES("\x7f"), INT(127)},
    {BYTES("\xff"), NEGATIVE(-1)},
    {BYTES("\xe0"), NEGATIVE(-32)},
    {BYTES("\xcc\xff"), INT(255)},
    {BYTES("\xcd\xff\xfe"), INT(65534)},
    {BYTES("\xce\xff\xff\xff\xfe"), INT(4294967294)},
    {BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), INT(UINT64_MAX)},
    {BYTES("\xcf\x00\x00\x00\x00\x00\x00\x00\x01"), INT(1)},
    {BYTES("\xd0\x80"), NEGATIVE(-128)},
    {BYTES("\xd0\x05"), INT(5)},
    {BYTES("\xd1\x80\x00"), NEGATIVE(-32768)},
    {BYTES("\xd2\x80\x00\x00\x00"), NEGATIVE(INT32_MIN)},
    {BYTES("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), NEGATIVE(INT64_MIN)},
    {BYTES("\xd3\x7f\xff\xff\xff\xff\xff\xff\xff"), INT(INT64_MAX)},
    {BYTES("\xca\xc0\x20\x00\x00"), FLOAT(-2.5)},
    {BYTES("\xcb\x43\x2d\x36\x11\x4a\xd1\xe3\x8e"), FLOAT(4111111111111111.0)},
    {BYTES("\xa0"), BODY(TOKEN_STR, "", 0)},
    {BYTES("\xa2hi"), BODY(TOKEN_STR, "hi", 2)},
    {BYTES("\xd9\x02hi"), BODY(TOKEN_STR, "hi", 2)},
    {BYTES("\xda\x00\x02hi"), BODY(TOKEN_STR, "hi", 2)},
    {BYTES("\xdb\x00\x00\x00\x02\xff\x00"), BODY(TOKEN_STR, "\xff", 2)},
    {BYTES("\xc4\x00"), BODY(TOKEN_BIN, "", 0)},
    {BYTES("\xc4\x02hi"), BODY(TOKEN_BIN, "hi", 2)},
    {BYTES("\xc5\x00\x02hi"), BODY(TOKEN_BIN, "hi", 2)},
    {BYTES("\xc6\x00\x00\x00\x02hi"), BODY(TOKEN_BIN, "hi", 2)},
    {BYTES("\xd4\x05"
           "a"),
     EXT(5, "a", 1)},
    {BYTES("\xd5\xff"
           "ab"),
     EXT(-1, "ab", 2)},
    {BYTES("\xd6\x05"
           "abcd"),
     EXT(5, "abcd", 4)},
    {BYTES("\xd7\x05"
           "abcdefgh"),
     EXT(5, "abcdefgh", 8)},
    {BYTES("\xd8\x80"
           "abcdefghijklmnop"),
     EXT(-128, "abcdefghijklmnop", 16)},
    {BYTES("\xc7\x00\x05"), EXT(5, "", 0)},
    {BYTES("\xc7\x03\x05"
           "abc"),
     EXT(5, "abc", 3)},
    {BYTES("\xc8\x00\x03\x05"
           "abc"),
     EXT(5, "abc", 3)},
    {BYTES("\xc9\x00\x00\x00\x03\x7f"
           "abc"),
     EXT(127, "abc", 3)},
};

static void assert_same_token(const struct token *token, const struct token *expected) {
    assert_int_equal(token->type, expected->type);
    assert_int_equal(token->length, expected->length);
    if (expected->length > 0) assert_memory_equal(token->bytes, expected->bytes, expected->length);
    assert_int_equal(token->ext_type, expected->ext_type);
    assert_int_equal(token->truth, expected->truth);
    assert_int_equal(token->is_negative, expected->is_negative);
    assert_false(token->has_escapes);
    assert_false(token->is_key);
    if (token->type == TOKEN_FLOAT) assert_true(token->bytes == NULL && token->real == expected->real);
    if (token->type == TOKEN_INT) assert_true(token->bytes == NULL && token->natural == expected->natural);
}

static void test_every_form_of_a_value_is_read(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, FORMAT_MSGPACK, (const uint8_t *)forms[i].bytes, forms[i].length, 1);
        if (!decoder_next(&decoder, &token)) fail_msg("form %zu is refused", i);
        assert_same_token(&token, &forms[i].token);
        assert_false(decoder_next(&decoder, &token));
        assert_int_equal(decoder.error, REASON_NONE);
    }
}

static void test_the_head_that_is_never_used_is_malformed(void **state) {
    (void)state;
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_MSGPACK, (const uint8_t *)"\xc1", 1, 1);
    assert_false(decoder_next(&decoder, &token));
    assert_int_equal(decoder.error, REASON_MALFORMED);
}

/* One letter per token: k before a key, the closing letter for the end. */
static void test_containers_deliver_keys_values_and_ends_in_order(void **state) {
    (void)state;
    static const char letters[] = {
        [TOKEN_NULL] = 'n', [TOKEN_BOOL] = 'b', [TOKEN_INT] = 'i',   [TOKEN_FLOAT] = 'f', [TOKEN_STR] = 's',
        [TOKEN_BIN] = 'x',  [TOKEN_EXT] = 'e',  [TOKEN_ARRAY] = '[', [TOKEN_MAP] = '{',   [TOKEN_END] = '.',
    };
    static const struct {
        const char *bytes;
        size_t length;
        const char *tokens;
    } cases[] = {
        {BYTES("\x90"), "[."},
        {BYTES("\x80"), "{."},
        {BYTES("\x92\x90\x80"), "[[.{.."},
        {BYTES("\x82\x01\x02\xa1"
               "a\x91\xc0"),
         "{kiiks[n.."},
        {BYTES("\xdc\x00\x02\xc2\xca\x00\x00\x00\x00"), "[bf."},
        {BYTES("\xdd\x00\x00\x00\x01\xc4\x00"), "[x."},
        {BYTES("\xde\x00\x01\xc0\xd4\x00\x00"), "{kne."},
        {BYTES("\xdf\x00\x00\x00\x01\x01\x02"), "{kii."},
        {BYTES("\x81\x81\x01\x02\x91\x03"), "{k{kii.[i.."}, /* a map as a key, an array as its value */
        {BYTES("\x82\x90\x01\x92\x01\x02\x03"), "{k[.ik[ii.i."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoder decoder;
        struct token token;
        char tokens[64];
        size_t count = 0;
        decoder_init(&decoder, FORMAT_MSGPACK, (const uint8_t *)cases[i].bytes, cases[i].length, 8);
        while (decoder_next(&decoder, &token)) {
            if (token.is_key) tokens[count++] = 'k';
            tokens[count++] = letters[token.type];
        }
        tokens[count] = '\0';
        assert_int_equal(decoder.error, REASON_NONE);
        assert_string_equal(tokens, cases[i].tokens);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_of_a_value_is_read),
        cmocka_unit_test(test_the_head_that_is_never_used_is_malformed),
        cmocka_unit_test(test_containers_deliver_keys_values_and_ends_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
