#include "inspect/decode.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

/* A text in memory of just its size, so that a sanitizer sees every byte too many. */
static uint8_t *copy_exactly(const char *text, size_t length) {
    uint8_t *copy = malloc(length + !length);
    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

static enum reason read_all(const char *text, size_t length) {
    uint8_t *copy = copy_exactly(text, length);
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_JSON, copy, length, 16);
    while (decoder_next(&decoder, &token)) {
    }
    free(copy);
    return decoder.error;
}

struct text {
    const char *bytes;
    size_t length;
};

static void test_texts_of_the_grammar_are_accepted(void **state) {
    (void)state;
    static const struct text texts[] = {
        {BYTES("null")},
        {BYTES("true")},
        {BYTES("false")},
        {BYTES("\"\"")},
        {BYTES("[]")},
        {BYTES("{}")},
        {BYTES(" \t\r\n[ \t\r\n] \t\r\n")},
        {BYTES("{ \"a\" : 1 , \"b\" : [ true , null ] }")},
        {BYTES("{\"\":\"\"}")},
        {BYTES("{\"a\":1,\"a\":2}")},
        {BYTES("[[],{},[[]],{\"a\":{}}]")},
        {BYTES("0")},
        {BYTES("-0")},
        {BYTES("10")},
        {BYTES("-12")},
        {BYTES("0.0")},
        {BYTES("0.10")},
        {BYTES("-1.5")},
        {BYTES("0e0")},
        {BYTES("1e5")},
        {BYTES("1E+05")},
        {BYTES("1.25e-7")},
        {BYTES("-0.0E-0")},
        {BYTES("123456789012345678901234567890")},
        {BYTES("1e999")},
        {BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")},
        {BYTES("\"\\u0000\\u001F\\uabCD\\uFFFF\"")},
        {BYTES("\"\\uD834\\uDd1e\"")},
        {BYTES("\"\\uDBFF\\uDFFF\"")},
        {BYTES("\"\x7f\"")},
        {BYTES("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"")},
        {BYTES("\"\xe2\x80\xa8\xe2\x80\xa9\"")}, /* line separators need no escape */
        {BYTES("{\"\\u0061\\n\":1}")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (read_all(texts[i].bytes, texts[i].length) != REASON_NONE) fail_msg("refused: %s", texts[i].bytes);
}

static void test_other_texts_are_malformed(void **state) {
    (void)state;
    static const struct text texts[] = {
        {BYTES("nul")},
        {BYTES("nulL")},
        {BYTES("True")},
        {BYTES("t")},
        {BYTES("NaN")},
        {BYTES("Infinity")},
        {BYTES("-Infinity")},
        {BYTES("undefined")},
        {BYTES("'a'")},
        {BYTES("a")},
        {BYTES("/* c */ 1")},
        {BYTES("// c\n1")},
        {BYTES("#\n1")},
        {BYTES("[")},
        {BYTES("]")},
        {BYTES("{")},
        {BYTES("}")},
        {BYTES(",")},
        {BYTES(":")},
        {BYTES("[1")},
        {BYTES("[1,")},
        {BYTES("[1,]")},
        {BYTES("[,1]")},
        {BYTES("[,]")},
        {BYTES("[1,,2]")},
        {BYTES("[1 2]")},
        {BYTES("[1:2]")},
        {BYTES("[1}")},
        {BYTES("[\"a\":1]")},
        {BYTES("{\"a\"")},
        {BYTES("{\"a\":")},
        {BYTES("{\"a\":}")},
        {BYTES("{\"a\":1")},
        {BYTES("{\"a\":1,")},
        {BYTES("{\"a\":1,}")},
        {BYTES("{,\"a\":1}")},
        {BYTES("{,}")},
        {BYTES("{\"a\" 1}")},
        {BYTES("{\"a\",1}")},
        {BYTES("{\"a\":1 \"b\":2}")},
        {BYTES("{\"a\":1:2}")},
        {BYTES("{\"a\"::1}")},
        {BYTES("{\"a\":1]")},
        {BYTES("{a:1}")},
        {BYTES("{1:1}")},
        {BYTES("{null:1}")},
        {BYTES("{[]:1}")},
        {BYTES("{{}:1}")},
        {BYTES("{:1}")},
        {BYTES("{\"a\"}")},
        {BYTES("-")},
        {BYTES("+1")},
        {BYTES("--1")},
        {BYTES("- 1")},
        {BYTES(".5")},
        {BYTES("-.5")},
        {BYTES("1.")},
        {BYTES("1.e1")},
        {BYTES("-01")},
        {BYTES("00")},
        {BYTES("1e")},
        {BYTES("1e+")},
        {BYTES("1e-")},
        {BYTES("1ee1")},
        {BYTES("\"")},
        {BYTES("\"a")},
        {BYTES("\"\\\"")},
        {BYTES("\"\\")},
        {BYTES("\"\\a\"")},
        {BYTES("\"\\'\"")},
        {BYTES("\"\\0\"")},
        {BYTES("\"\\x41\"")},
        {BYTES("\"\\U0041\"")},
        {BYTES("\"\\\n\"")},
        {BYTES("\"\\\0\"")},
        {BYTES("\"\\u\"")},
        {BYTES("\"\\u1\"")},
        {BYTES("\"\\u12\"")},
        {BYTES("\"\\u123\"")},
        {BYTES("\"\\u12")},
        {BYTES("\"\\u123g\"")},
        {BYTES("\"\\u 123\"")},
        {BYTES("\"\\uD800\\u\"")},
        {BYTES("\"\\uD800\\uDC0\"")},
        {BYTES("\"\\uD800\\uDC0")},
        {BYTES("\"\n\"")}, /* control characters */
        {BYTES("\"\t\"")},
        {BYTES("\"\0\"")},
        {BYTES("\"\x1f\"")},
        {BYTES("\"\x80\"")}, /* no UTF-8 */
        {BYTES("\"\xc0\x80\"")},
        {BYTES("\"\xc3\"")},
        {BYTES("\"\xe2\x82\"")},
        {BYTES("\"\xed\xa0\x80\"")},
        {BYTES("\"\xf4\x90\x80\x80\"")},
        {BYTES("\"\xff\"")},
        {BYTES("\"\xf0\x9f\x98")},
        {BYTES("\f[]")}, /* no white space of JSON */
        {BYTES("\v[]")},
        {BYTES("\xc2\xa0[]")},
        {BYTES("\xef\xbb\xbf[]")},
        {BYTES("\0")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (read_all(texts[i].bytes, texts[i].length) != REASON_MALFORMED)
            fail_msg("case %zu is not malformed: %s", i, texts[i].bytes);
}

static void test_what_follows_a_value_is_trailing(void **state) {
    (void)state;
    static const struct text texts[] = {
        {BYTES("01")},    {BYTES("-00")},       {BYTES("0x1")},      {BYTES("1a")},  {BYTES("1-")},
        {BYTES("1.5.5")}, {BYTES("truefalse")}, {BYTES("\"\"\"\"")}, {BYTES("[]]")}, {BYTES("{}{}")},
        {BYTES("{} ,")},  {BYTES("null\0")},    {BYTES("1 //")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const enum reason reason = read_all(texts[i].bytes, texts[i].length);
        if (reason != REASON_TRAILING_BYTES && reason != REASON_MALFORMED) fail_msg("accepted: %s", texts[i].bytes);
    }
    assert_int_equal(read_all(BYTES("[]]")), REASON_TRAILING_BYTES);
    assert_int_equal(read_all(BYTES("{}{}")), REASON_TRAILING_BYTES);
}

static void test_integers_of_64_bits_are_integers_and_all_else_keeps_its_literal(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum token_type type;
        bool is_negative;
        uint64_t natural;
    } cases[] = {
        {"0", TOKEN_INT, false, 0},
        {"7", TOKEN_INT, false, 7},
        {"4111111111111111", TOKEN_INT, false, 4111111111111111},
        {"9223372036854775808", TOKEN_INT, false, UINT64_C(9223372036854775808)},
        {"18446744073709551615", TOKEN_INT, false, UINT64_MAX},
        {"18446744073709551616", TOKEN_FLOAT, false, 0},
        {"18446744073709551620", TOKEN_FLOAT, false, 0},
        {"99999999999999999999", TOKEN_FLOAT, false, 0},
        {"-0", TOKEN_INT, true, 0},
        {"-1", TOKEN_INT, true, (uint64_t)-1},
        {"-9223372036854775808", TOKEN_INT, true, (uint64_t)INT64_MIN},
        {"-9223372036854775809", TOKEN_FLOAT, true, 0},
        {"1.0", TOKEN_FLOAT, false, 0},
        {"1e2", TOKEN_FLOAT, false, 0},
        {"-1E2", TOKEN_FLOAT, true, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoder decoder;
        struct token token;
        const size_t length = strlen(cases[i].text);
        decoder_init(&decoder, FORMAT_JSON, (const uint8_t *)cases[i].text, length, 1);
        assert_true(decoder_next(&decoder, &token));
        assert_int_equal(token.type, cases[i].type);
        assert_int_equal(token.length, length);
        assert_memory_equal(token.bytes, cases[i].text, length);
        if (token.type == TOKEN_FLOAT) continue;
        assert_int_equal(token.is_negative, cases[i].is_negative);
        assert_true(token.natural == cases[i].natural);
    }
}

/* What a string's text says once its escapes are resolved. */
static void test_escapes_are_resolved(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *expected;
        size_t expected_length;
        bool has_escapes;
    } cases[] = {
        {BYTES("\"plain \xc3\xa9\""), BYTES("plain \xc3\xa9"), false},
        {BYTES("\"\""), BYTES(""), false},
        {BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), BYTES("\"\\/\b\f\n\r\t"), true},
        {BYTES("\"\\u0041\\u00e9\\u20AC\""), BYTES("A\xc3\xa9\xe2\x82\xac"), true},
        {BYTES("\"\\u0000.\\u007F\""), BYTES("\0.\x7f"), true},
        {BYTES("\"\\u07ff\\u0800\\uffff\""), BYTES("\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"), true},
        {BYTES("\"x\\ud83d\\ude00y\""), BYTES("x\xf0\x9f\x98\x80y"), true},
        {BYTES("\"\\uD800\\uDC00\\udbff\\udfff\""), BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), true},
        {BYTES("\"\\\\u0041\""), BYTES("\\u0041"), true},
        {BYTES("\"\\uD800\""), BYTES("\xef\xbf\xbd"), true}, /* lone surrogates stand for no character */
        {BYTES("\"\\uDC00x\""), BYTES("\xef\xbf\xbdx"), true},
        {BYTES("\"\\uD800\\u0041\""),
         BYTES("\xef\xbf\xbd"
               "A"),
         true},
        {BYTES("\"\\uD800\\n\""), BYTES("\xef\xbf\xbd\n"), true},
        {BYTES("\"\\uD800\\uD800\\uDC00\""), BYTES("\xef\xbf\xbd\xf0\x90\x80\x80"), true},
        {BYTES("\"\\uDC00\\uD800\""), BYTES("\xef\xbf\xbd\xef\xbf\xbd"), true},
        {BYTES("\"a\\u0022b\""), BYTES("a\"b"), true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decoder decoder;
        struct token token;
        uint8_t *copy = copy_exactly(cases[i].text, cases[i].length);
        decoder_init(&decoder, FORMAT_JSON, copy, cases[i].length, 1);
        assert_true(decoder_next(&decoder, &token));
        assert_int_equal(token.has_escapes, cases[i].has_escapes);
        uint8_t *out = malloc(token.length + 1);
        assert_non_null(out);
        out[token.length] = 0xa5;
        assert_int_equal(decoder_unescape(&token, out), cases[i].expected_length);
        assert_memory_equal(out, cases[i].expected, cases[i].expected_length);
        assert_int_equal(out[token.length], 0xa5);
        free(out);
        free(copy);
    }
}

static void test_keys_are_marked_and_duplicates_all_delivered(void **state) {
    (void)state;
    static const char text[] = "{\"a\":{\"b\":\"c\"},\"a\":[\"d\",{\"b\":1}]}";
    static const char expected[] = "{ka{kbsc.ka[sd{kb#..."; /* k before a key, s before a text, . for an end */
    struct decoder decoder;
    struct token token;
    char tokens[64];
    size_t count = 0;
    decoder_init(&decoder, FORMAT_JSON, (const uint8_t *)text, strlen(text), 8);
    while (decoder_next(&decoder, &token)) {
        if (token.type == TOKEN_STR) {
            tokens[count++] = token.is_key ? 'k' : 's';
            tokens[count++] = (char)token.bytes[0];
        } else {
            tokens[count++] = token.type == TOKEN_MAP     ? '{'
                              : token.type == TOKEN_ARRAY ? '['
                              : token.type == TOKEN_END   ? '.'
                                                          : '#';
        }
        assert_true(token.type == TOKEN_STR || !token.is_key);
    }
    tokens[count] = '\0';
    assert_int_equal(decoder.error, REASON_NONE);
    assert_string_equal(tokens, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_of_the_grammar_are_accepted),
        cmocka_unit_test(test_other_texts_are_malformed),
        cmocka_unit_test(test_what_follows_a_value_is_trailing),
        cmocka_unit_test(test_integers_of_64_bits_are_integers_and_all_else_keeps_its_literal),
        cmocka_unit_test(test_escapes_are_resolved),
        cmocka_unit_test(test_keys_are_marked_and_duplicates_all_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
