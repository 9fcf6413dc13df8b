#include "record/json_writer.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "test.h"

static void test_texts_are_escaped_so_that_they_stay_one_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *json;
    } cases[] = {
        {"", 0, "\"\""},
        {"plain", 5, "\"plain\""},
        {"a\"b\\c/d", 7, "\"a\\\"b\\\\c/d\""},
        {"\b\t\n\f\r", 5, "\"\\b\\t\\n\\f\\r\""},
        {"\0\x01\x0b\x1f\x7f", 5, "\"\\u0000\\u0001\\u000b\\u001f\\u007f\""},
        {"\xc2\x9b", 2, "\"\\u009b\""}, /* CSI: a terminal would obey it */
        {"gr\xc3\xbc\xc3\x9f", 6, "\"gr\xc3\xbc\xc3\x9f\""},
        {"\xe2\x82\xac \xf0\x9f\x98\x80", 8, "\"\xe2\x82\xac \xf0\x9f\x98\x80\""},
        {"\xf4\x8f\xbf\xbf", 4, "\"\xf4\x8f\xbf\xbf\""},
        {"a\xff z", 4, "\"a\\ufffd z\""},
        {"\xc3", 1, "\"\\ufffd\""},                                  /* cut short */
        {"\xc3\x28", 2, "\"\\ufffd(\""},                             /* not continued */
        {"\xc0\xaf", 2, "\"\\ufffd\\ufffd\""},                       /* overlong */
        {"\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\""},            /* surrogate */
        {"\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\""}, /* beyond U+10FFFF */
        {"\xe2\x82", 2, "\"\\ufffd\\ufffd\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        struct json_writer json;
        json_writer_init(&json, out, sizeof out);
        json_writer_bytes(&json, cases[i].text, cases[i].length);
        assert_false(json.has_failed);
        assert_int_equal(json.length, strlen(cases[i].json));
        assert_memory_equal(out, cases[i].json, json.length);
    }
}

static void test_any_bytes_give_json_that_another_reader_accepts(void **state) {
    (void)state;
    srand(7);
    for (int round = 0; round < 2000; round++) {
        unsigned char text[48];
        for (size_t i = 0; i < sizeof text; i++) text[i] = (unsigned char)rand();
        char out[6 * sizeof text + 2];
        struct json_writer json;
        json_writer_init(&json, out, sizeof out);
        json_writer_bytes(&json, text, sizeof text);
        assert_false(json.has_failed);
        assert_null(memchr(out, '\n', json.length));
        json_t *read = json_loadb(out, json.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_non_null(read);
        json_decref(read);
    }
}

static void write_sample(struct json_writer *json) {
    static const char *const texts[] = {"a", "b"};
    json_writer_object(json);
    json_writer_key(json, "n");
    json_writer_natural(json, UINT64_MAX);
    json_writer_key(json, "none");
    json_writer_text(json, NULL);
    json_writer_key(json, "list");
    json_writer_texts(json, texts, 2);
    json_writer_key(json, "nothing");
    json_writer_texts(json, NULL, 0);
    json_writer_key(json, "inner");
    json_writer_array(json);
    json_writer_object(json);
    json_writer_end(json);
    json_writer_bool(json, true);
    json_writer_bool(json, false);
    json_writer_literal(json, "1e3", 3);
    json_writer_end(json);
    json_writer_key(json, "last");
    json_writer_natural(json, 0);
    json_writer_end(json);
    json_writer_line(json);
}

static const char sample[] = "{\"n\":18446744073709551615,\"none\":null,\"list\":[\"a\",\"b\"],\"nothing\":[],"
                             "\"inner\":[{},true,false,1e3],\"last\":0}\n";

static void test_commas_stand_where_they_belong(void **state) {
    (void)state;
    char out[256];
    struct json_writer json;
    json_writer_init(&json, out, sizeof out);
    write_sample(&json);
    write_sample(&json);
    assert_false(json.has_failed);
    assert_int_equal(json.length, 2 * strlen(sample));
    assert_memory_equal(out, sample, strlen(sample));
    assert_memory_equal(out + strlen(sample), sample, strlen(sample));
}

static void test_a_full_buffer_is_told_and_never_overrun(void **state) {
    (void)state;
    for (size_t capacity = 0; capacity <= strlen(sample); capacity++) {
        char *out = malloc(capacity ? capacity : 1);
        assert_non_null(out);
        struct json_writer json;
        json_writer_init(&json, out, capacity);
        write_sample(&json);
        assert_int_equal(json.has_failed, capacity < strlen(sample));
        assert_true(json.length <= capacity);
        free(out);
    }
}

static void test_a_file_gets_the_same_text(void **state) {
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    struct json_writer json;
    json_writer_init_file(&json, file);
    write_sample(&json);
    fclose(file);
    assert_false(json.has_failed);
    assert_string_equal(text, sample);
    free(text);
}

static void test_a_file_that_refuses_is_told(void **state) {
    (void)state;
    FILE *file = fopen("/dev/full", "w");
    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    struct json_writer json;
    json_writer_init_file(&json, file);
    json_writer_text(&json, "text");
    assert_true(json.has_failed);
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_escaped_so_that_they_stay_one_line),
        cmocka_unit_test(test_any_bytes_give_json_that_another_reader_accepts),
        cmocka_unit_test(test_commas_stand_where_they_belong),
        cmocka_unit_test(test_a_full_buffer_is_told_and_never_overrun),
        cmocka_unit_test(test_a_file_gets_the_same_text),
        cmocka_unit_test(test_a_file_that_refuses_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
