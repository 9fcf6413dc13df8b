/* json_next() against jansson: both accept the same texts and read the same from them. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/decode.h"
#include "random_bytes.h"
#include "test.h"

enum { ROOM = 4096, NESTED_MAX = 10 };

static const size_t jansson_flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;

struct tally {
    size_t accepted_count, refused_count, undecided_count;
};

static void assert_same_string(const struct token *token, const char *bytes, size_t length) {
    uint8_t *text = malloc(token->length + 1);
    assert_non_null(text);
    assert_int_equal(token->type, TOKEN_STR);
    assert_int_equal(decoder_unescape(token, text), length);
    if (length > 0) assert_memory_equal(text, bytes, length);
    free(text);
}

static void assert_same_number(const struct token *token, double expected) {
    char literal[ROOM];
    assert_true(token->type == TOKEN_INT || token->type == TOKEN_FLOAT);
    assert_true(token->length < sizeof literal);
    memcpy(literal, token->bytes, token->length);
    literal[token->length] = '\0';
    assert_true(strtod(literal, NULL) == expected);
    if (token->type != TOKEN_INT) return;
    assert_true((token->is_negative ? (double)token->integer : (double)token->natural) == expected);
}

/* The decoder's next tokens are this value, whose objects hold no key twice. */
static void assert_same_value(struct decoder *decoder, json_t *value) {
    struct token token;
    assert_true(decoder_next(decoder, &token));
    assert_false(token.is_key);
    switch (json_typeof(value)) {
    case JSON_NULL:
        assert_int_equal(token.type, TOKEN_NULL);
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        assert_true(token.type == TOKEN_BOOL && token.truth == json_is_true(value));
        return;
    case JSON_INTEGER:
    case JSON_REAL:
        assert_same_number(&token, json_number_value(value));
        return;
    case JSON_STRING:
        assert_same_string(&token, json_string_value(value), json_string_length(value));
        return;
    case JSON_ARRAY:
        assert_int_equal(token.type, TOKEN_ARRAY);
        for (size_t i = 0; i < json_array_size(value); i++) assert_same_value(decoder, json_array_get(value, i));
        break;
    case JSON_OBJECT:
        assert_int_equal(token.type, TOKEN_MAP);
        for (void *at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
            struct token key;
            assert_true(decoder_next(decoder, &key) && key.is_key);
            assert_same_string(&key, json_object_iter_key(at), strlen(json_object_iter_key(at)));
            assert_same_value(decoder, json_object_iter_value(at));
        }
    }
    assert_true(decoder_next(decoder, &token) && token.type == TOKEN_END);
}

/* What jansson cannot read though it is JSON: bounds of its own, and escaped lone surrogates. */
static bool is_its_own_limit(const json_error_t *error) {
    if (strncmp(error->text, "invalid Unicode '", strlen("invalid Unicode '")) == 0) return true;
    const enum json_error_code code = json_error_code(error);
    return code == json_error_numeric_overflow || code == json_error_null_byte_in_key ||
           code == json_error_stack_overflow;
}

static void compare_with_oracle(const uint8_t *bytes, size_t length, struct tally *tally) {
    uint8_t *copy = malloc(length + !length); /* just its size, so that a sanitizer sees every byte too many */
    struct decoder decoder;
    struct token token;
    json_error_t error;
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    decoder_init(&decoder, FORMAT_JSON, copy, length, LIMIT_DEPTH_MAX);
    while (decoder_next(&decoder, &token)) {
    }
    const bool accepted = decoder.error == REASON_NONE;
    if (memchr(copy, '\0', length)) { /* never JSON, but jansson passes over a NUL behind a number or a word */
        assert_false(accepted);
        tally->refused_count++;
        free(copy);
        return;
    }
    json_t *value = json_loadb((const char *)copy, length, jansson_flags, &error);
    if (value == NULL && is_its_own_limit(&error)) {
        tally->undecided_count++;
    } else {
        if (accepted != (value != NULL))
            fail_msg("accepted %d, jansson %d (%s): %.*s", accepted, value != NULL, value ? "" : error.text,
                     (int)length, (const char *)copy);
        tally->accepted_count += accepted;
        tally->refused_count += !accepted;
    }
    json_decref(value);
    value = json_loadb((const char *)copy, length, jansson_flags | JSON_REJECT_DUPLICATES, &error);
    if (value != NULL) {
        decoder_init(&decoder, FORMAT_JSON, copy, length, LIMIT_DEPTH_MAX);
        assert_same_value(&decoder, value);
    }
    json_decref(value);
    free(copy);
}

/* Random documents. */

struct writer {
    struct random_source random;
    char text[ROOM];
    size_t length;
};

static void put(struct writer *writer, const char *part) {
    const size_t length = strlen(part);
    assert_true(writer->length + length <= sizeof writer->text);
    memcpy(writer->text + writer->length, part, length);
    writer->length += length;
}

#define PUT_ONE_OF(writer, parts) put(writer, (parts)[random_below(&(writer)->random, sizeof(parts) / sizeof *(parts))])

static void put_space(struct writer *writer) {
    static const char *const spaces[] = {"", "", "", "", " ", "\n", "\r\n", "\t "};
    PUT_ONE_OF(writer, spaces);
}

static void put_string(struct writer *writer) {
    static const char *const parts[] = {
        "a",
        "B7",
        " ",
        "/",
        "\x7f",
        "\xc3\xa9",
        "\xe2\x82\xac",
        "\xf0\x9f\x98\x80",
        "\\\"",
        "\\\\",
        "\\/",
        "\\b",
        "\\f",
        "\\n",
        "\\r",
        "\\t",
        "\\u0041",
        "\\u00e9",
        "\\uFFFD",
        "\\u0001",
        "\\u20ac",
        "\\ud83d\\ude00",
        "\\uDBFF\\uDFFF",
    };
    put(writer, "\"");
    for (size_t count = random_below(&writer->random, 7); count > 0; count--) PUT_ONE_OF(writer, parts);
    put(writer, "\"");
}

static void put_number(struct writer *writer) {
    static const char *const wholes[] = {
        "0", "7", "10", "4111111111111111", "18446744073709551615", "9223372036854775808"};
    static const char *const fractions[] = {"", "", "", ".0", ".25", ".000001"};
    static const char *const exponents[] = {"", "", "", "e0", "E5", "e+12", "e-3", "E-10"};
    if (random_below(&writer->random, 3) == 0) put(writer, "-");
    PUT_ONE_OF(writer, wholes);
    PUT_ONE_OF(writer, fractions);
    PUT_ONE_OF(writer, exponents);
}

static void put_value(struct writer *writer, size_t depth) {
    static const char *const words[] = {"null", "true", "false"};
    const size_t kind = random_below(&writer->random, 8);
    const bool has_room = depth < NESTED_MAX && writer->length < 200;
    put_space(writer);
    if ((kind < 4 || depth == 0) && has_room) {
        const bool is_object = kind % 2 == 0;
        put(writer, is_object ? "{" : "[");
        for (size_t count = random_below(&writer->random, 5), i = 0; i < count; i++) {
            if (i > 0) put(writer, ",");
            put_space(writer);
            if (is_object) {
                put_string(writer);
                put_space(writer);
                put(writer, ":");
            }
            put_value(writer, depth + 1);
        }
        put_space(writer);
        put(writer, is_object ? "}" : "]");
    } else if (kind < 5) {
        PUT_ONE_OF(writer, words);
    } else if (kind < 6) {
        put_number(writer);
    } else {
        put_string(writer);
    }
    put_space(writer);
}

static void write_document(struct writer *writer) {
    writer->length = 0;
    put_value(writer, random_below(&writer->random, 10) == 0 ? NESTED_MAX : 0);
}

static int make_writer(void **state) {
    static struct writer writer;
    writer = (struct writer){.random = {20240301}};
    *state = &writer;
    return 0;
}

static void test_random_documents_are_read_as_jansson_reads_them(void **state) {
    struct writer *writer = *state;
    struct tally tally = {0};
    for (size_t i = 0; i < 20000; i++) {
        write_document(writer);
        compare_with_oracle((const uint8_t *)writer->text, writer->length, &tally);
    }
    assert_int_equal(tally.accepted_count, 20000);
}

static void test_truncated_documents_are_accepted_exactly_when_jansson_accepts_them(void **state) {
    struct writer *writer = *state;
    struct tally tally = {0};
    while (tally.refused_count < 60000) {
        write_document(writer);
        for (size_t cut = 0; cut < writer->length; cut++)
            compare_with_oracle((const uint8_t *)writer->text, cut, &tally);
    }
    assert_int_equal(tally.undecided_count, 0);
    assert_true(tally.accepted_count < tally.refused_count / 10);
}

static void test_damaged_documents_are_accepted_exactly_when_jansson_accepts_them(void **state) {
    static const char alphabet[] =
        "{}[],:\"\\u0123456789abcdefABCDEF+-.eE \n\t\0\x1f\x7f\x80\xc0\xc3\xa9\xe2\xed\xf0\xff/'tn";
    struct writer *writer = *state;
    struct tally tally = {0};
    uint8_t damaged[ROOM + 3];
    for (size_t i = 0; i < 6000; i++) {
        write_document(writer);
        for (size_t j = 0; j < 20; j++) {
            size_t length = writer->length;
            memcpy(damaged, writer->text, length);
            for (size_t count = 1 + random_below(&writer->random, 3); count > 0 && length > 0; count--)
                length = random_mutate(&writer->random, damaged, length, alphabet, sizeof alphabet - 1);
            compare_with_oracle(damaged, length, &tally);
        }
    }
    assert_int_equal(tally.accepted_count + tally.refused_count + tally.undecided_count, 120000);
    assert_true(tally.accepted_count > 10000 && tally.refused_count > 10000);
    assert_true(tally.undecided_count < 6000); /* nearly all: a surrogate that lost its other half */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_random_documents_are_read_as_jansson_reads_them, make_writer),
        cmocka_unit_test_setup(test_truncated_documents_are_accepted_exactly_when_jansson_accepts_them, make_writer),
        cmocka_unit_test_setup(test_damaged_documents_are_accepted_exactly_when_jansson_accepts_them, make_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
