#include "cli/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *json;
    const char *packed;
    size_t length;
} packed_cases[] = {
#define PACKED(json, bytes)                                                                                            \
    { json, bytes, sizeof(bytes) - 1 }
    PACKED("null", "\xc0"),
    PACKED(" true ", "\xc3"),
    PACKED("false", "\xc2"),
    PACKED("0", "\x00"),
    PACKED("-1", "\xff"),
    PACKED("18446744073709551615", "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
    PACKED("-9223372036854775808", "\xd3\x80\x00\x00\x00\x00\x00\x00\x00"),
    PACKED("18446744073709551616", "\xcb\x43\xf0\x00\x00\x00\x00\x00\x00"),
    PACKED("1.5", "\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00"),
    PACKED("1e0", "\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"),
    PACKED("\"\"", "\xa0"),
    PACKED("\"a\\u00e9\\n\\\"\"", "\xa5"
                                  "a\xc3\xa9\n\""),
    PACKED("\"\\u0000\"", "\xa1\x00"),
    PACKED("[]", "\x90"),
    PACKED("{}", "\x80"),
    PACKED("[[],{\"a\":[1,{}]},2]", "\x93\x90\x81\xa1"
                                    "a\x92\x01\x80\x02"),
    PACKED("{\"a\":{\"b\":1},\"a\":2}", "\x82\xa1"
                                        "a\x81\xa1"
                                        "b\x01\xa1"
                                        "a\x02"),
};

static void json_becomes_msgpack(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(packed_cases); i++) {
        msgpack_sbuffer out;
        msgpack_sbuffer_init(&out);
        assert_int_equal(convert_to_msgpack((const uint8_t *)packed_cases[i].json, strlen(packed_cases[i].json), &out),
                         0);
        assert_int_equal(out.size, packed_cases[i].length);
        assert_memory_equal(out.data, packed_cases[i].packed, out.size);
        msgpack_sbuffer_destroy(&out);
    }
}

static void a_number_that_no_double_holds_is_refused(void **state) {
    (void)state;
    msgpack_sbuffer out;
    msgpack_sbuffer_init(&out);
    assert_int_equal(convert_to_msgpack(BYTES("1e999"), &out), -1);
    msgpack_sbuffer_destroy(&out);
}

static const struct {
    const char *json;
    enum reason reason;
    size_t fault;
} checked_cases[] = {
    {"{\"a\":[1,2]}", REASON_NONE, 11},  {"{\"a\":nul}", REASON_MALFORMED, 5},
    {"{\"a\":1,}", REASON_MALFORMED, 6}, {"[1] 2", REASON_TRAILING_BYTES, 4},
    {"", REASON_MALFORMED, 0},           {"[1,  x]", REASON_MALFORMED, 2},
};

static void the_place_of_a_fault_is_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(checked_cases); i++) {
        size_t fault;
        assert_int_equal(
            convert_check_json((const uint8_t *)checked_cases[i].json, strlen(checked_cases[i].json), &fault),
            checked_cases[i].reason);
        assert_int_equal(fault, checked_cases[i].fault);
    }
}

static const struct {
    const char *payload;
    size_t length;
    const char *json;
} shown_cases[] = {
#define SHOWN(bytes, json)                                                                                             \
    { bytes, sizeof(bytes) - 1, json }
    SHOWN("\xc0", "null"),
    SHOWN("\x93\x01\xff\xc3", "[1,-1,true]"),
    SHOWN("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
    SHOWN("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", "1.5"),
    SHOWN("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", "{\"$float\":\"inf\"}"),
    SHOWN("\xcb\xff\xf0\x00\x00\x00\x00\x00\x00", "{\"$float\":\"-inf\"}"),
    SHOWN("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "{\"$float\":\"nan\"}"),
    SHOWN("\xc4\x03\x00\x01\x02", "{\"$bin\":\"AAEC\"}"),
    SHOWN("\xc4\x00", "{\"$bin\":\"\"}"),
    SHOWN("\xd4\xff\x2a", "{\"$ext\":[-1,\"Kg==\"]}"),
    SHOWN("\xa2\xff"
          "a",
          "\"\\ufffda\""),
    SHOWN("\x82\xa1"
          "a\x80\x07\x90",
          "{\"a\":{},\"7\":[]}"),
    SHOWN("\x81\xff\x01", "{\"-1\":1}"),
    SHOWN("{\"a\": [1.50, \"\\u00e9\\u001b\"]}", "{\"a\":[1.50,\"\xc3\xa9\\u001b\"]}"),
    SHOWN("[12345678901234567890123]", "[12345678901234567890123]"),
    /* What JSON cannot have, and what is neither format. */
    SHOWN("\x81\xc0\x01", "{\"$bin\":\"gcAB\"}"),
    SHOWN("\x81\x80\x01", "{\"$bin\":\"gYAB\"}"),
    SHOWN("\x81\xa1\x00\x01", "{\"$bin\":\"gaEAAQ==\"}"),
    SHOWN("{\"\\u0000\":1}", "{\"$bin\":\"eyJcdTAwMDAiOjF9\"}"),
    SHOWN("\x92\x01", "{\"$bin\":\"kgE=\"}"),
    SHOWN("\xdd\xff\xff\xff\xff", "{\"$bin\":\"3f////8=\"}"),
    SHOWN("topic", "{\"$bin\":\"dG9waWM=\"}"),
    SHOWN("", "{\"$bin\":\"\"}"),
};

static void payloads_become_json(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(shown_cases); i++) {
        char text[256];
        struct json_writer json;
        json_writer_init(&json, text, sizeof text);
        assert_int_equal(convert_to_json((const uint8_t *)shown_cases[i].payload, shown_cases[i].length, &json), 0);
        assert_false(json.has_failed);
        text[json.length] = '\0';
        assert_string_equal(text, shown_cases[i].json);
    }
}

static void nesting_beyond_what_is_shown_becomes_binary_data(void **state) {
    (void)state;
    uint8_t nested[200];
    char text[512];
    memset(nested, 0x91, sizeof nested);
    nested[sizeof nested - 1] = 0xc0;
    struct json_writer json;
    json_writer_init(&json, text, sizeof text);
    assert_int_equal(convert_to_json(nested + 150, 50, &json), 0);
    text[json.length] = '\0';
    assert_memory_equal(text, "[[[[", 4);
    json_writer_init(&json, text, sizeof text);
    assert_int_equal(convert_to_json(nested, sizeof nested, &json), 0);
    assert_memory_equal(text, "{\"$bin\":\"kZGR", 13);
}

/* Every document that can be written as msgpack comes back as it was. */
static void what_was_packed_is_shown_as_it_was(void **state) {
    (void)state;
    static const char document[] =
        "{\"id\":\"1\",\"imp\":[{\"w\":300,\"h\":250,\"price\":1.25,\"ok\":true,\"none\":null}],\"n\":-5}";
    char text[512];
    msgpack_sbuffer packed;
    msgpack_sbuffer_init(&packed);
    assert_int_equal(convert_to_msgpack(BYTES(document), &packed), 0);
    struct json_writer json;
    json_writer_init(&json, text, sizeof text);
    assert_int_equal(convert_to_json((const uint8_t *)packed.data, packed.size, &json), 0);
    text[json.length] = '\0';
    assert_string_equal(text, document);
    msgpack_sbuffer_destroy(&packed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_becomes_msgpack),
        cmocka_unit_test(a_number_that_no_double_holds_is_refused),
        cmocka_unit_test(the_place_of_a_fault_is_told),
        cmocka_unit_test(payloads_become_json),
        cmocka_unit_test(nesting_beyond_what_is_shown_becomes_binary_data),
        cmocka_unit_test(what_was_packed_is_shown_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
