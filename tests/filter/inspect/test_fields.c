#include "inspect/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gathered.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

struct set_up {
    struct words words;
    struct fields fields;
};

static int set_up(void **state) {
    static struct set_up own;
    const struct limits limits = {.message_bytes = 4096, .depth = 64, .unwrap_bytes = 4096};
    *state = &own;
    return words_init(&own.words) != 0 ? -1 : fields_init(&own.fields, &limits);
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    fields_reset(&own->fields);
    fields_reset(&own->fields);
    words_reset(&own->words);
    return 0;
}

/* One line per field: type, position of the parent, position of the key (in arrays the position in it), text. */
static void describe(const struct fields *fields, char *out, size_t capacity) {
    static const char letters[FIELD_TYPE_COUNT] = {
        [FIELD_STR] = 's',  [FIELD_BIN] = 'x',  [FIELD_EXT] = 'e', [FIELD_INT] = 'i',   [FIELD_FLOAT] = 'f',
        [FIELD_BOOL] = 'b', [FIELD_NULL] = 'n', [FIELD_MAP] = '{', [FIELD_ARRAY] = '[', [FIELD_KEY] = 'k',
    };
    size_t length = 0;
    for (uint32_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        char parent[16] = "-", key[16] = "-";
        if (field->parent != FIELD_NONE) snprintf(parent, sizeof parent, "%u", field->parent);
        if (field->key != FIELD_NONE) snprintf(key, sizeof key, "%u", field->key);
        length += (size_t)snprintf(out + length, capacity - length, "%c %s %s %.*s%s\n", letters[field->type], parent,
                                   key, (int)field->length, (const char *)fields_text(fields, i),
                                   field->layer == LAYER_PLAIN ? "" : " *");
        assert_true(length < capacity);
    }
}

static void assert_described(struct set_up *own, const char *expected) {
    char description[2048];
    describe(&own->fields, description, sizeof description);
    assert_string_equal(description, expected);
    fields_clear(&own->fields);
}

static void test_json_values_become_fields_in_order(void **state) {
    static const struct {
        const char *json, *fields;
    } cases[] = {
        {"\"a\"", "s - - a\n"},
        {"null", "n - - \n"},
        {"[]", "[ - - \n"},
        {"{}", "{ - - \n"},
        {"[1,\"two\",true,null]", "[ - - \ni 0 0 1\ns 0 1 two\nb 0 2 \nn 0 3 \n"},
        {"{\"a\":1}", "{ - - \nk 0 1 a\ni 0 1 1\n"},
        {"{\"a\":1,\"b\":2}", "{ - - \nk 0 1 a\ni 0 1 1\nk 0 3 b\ni 0 3 2\n"},
        {"{\"a\":1,\"a\":2}", "{ - - \nk 0 1 a\ni 0 1 1\nk 0 3 a\ni 0 3 2\n"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{ - - \nk 0 1 a\n[ 0 1 \n{ 2 0 \nk 3 4 b\ns 3 4 c\n"},
        {"[[],[[]],7]", "[ - - \n[ 0 0 \n[ 0 1 \n[ 2 0 \ni 0 2 7\n"},
        {"[\"\",\"\\u0041\\n\"]", "[ - - \ns 0 0 \ns 0 1 A\n\n"},
        {"{\"\":\"\"}", "{ - - \nk 0 1 \ns 0 1 \n"},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gather_json(&own->fields, &own->words, cases[i].json);
        assert_described(own, cases[i].fields);
    }
}

static void test_msgpack_values_become_fields_whatever_their_keys_are(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        const char *fields;
    } cases[] = {
        {BYTES("\x93\xc4\x02hi\xd5\x07ok\xcb\x3f\xf8\0\0\0\0\0\0"), "[ - - \nx 0 0 hi\ne 0 1 ok\nf 0 2 1.5\n"},
        {BYTES("\x81\xc4\x01"
               "a\x01"),
         "{ - - \nk 0 1 a\ni 0 1 1\n"},
        {BYTES("\x82\xcd\x10\x00\x01\xff\x02"), "{ - - \nk 0 1 4096\ni 0 1 1\nk 0 3 -1\ni 0 3 2\n"},
        {BYTES("\x82\xc0\x01\xc3\x02"), "{ - - \nk 0 1 \ni 0 1 1\nk 0 3 \ni 0 3 2\n"},
        {BYTES("\x81\xd4\x01z\x01"), "{ - - \nk 0 1 z\ni 0 1 1\n"},
        /* a map as a key, then an array as one: they keep their type, what they hold is theirs */
        {BYTES("\x82\x81\xa1"
               "a\x01\x02\x91\x03\x04"),
         "{ - - \n{ 0 1 \nk 1 2 a\ni 1 2 1\ni 0 1 2\n[ 0 5 \ni 5 0 3\ni 0 5 4\n"},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_MSGPACK, cases[i].bytes, cases[i].length),
                         REASON_NONE);
        assert_described(own, cases[i].fields);
    }
}

static void test_numbers_stand_as_decimal_text(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        const char *fields;
    } cases[] = {
        {BYTES("-7 "), "i - - -7\n"},
        {BYTES("18446744073709551615"), "i - - 18446744073709551615\n"},
        {BYTES("-9223372036854775808"), "i - - -9223372036854775808\n"},
        {BYTES("18446744073709551616"), "f - - 18446744073709551616\n"},
        {BYTES("52.520008"), "f - - 52.520008\n"},
        {BYTES("4.111111111111111e15"), "f - - 4.111111111111111e15\nf 0 - 4111111111111111 *\n"},
        {BYTES("-25E-1"), "f - - -25E-1\nf 0 - -2.5 *\n"},
        {BYTES("4111111111111111.0"), "f - - 4111111111111111.0\nf 0 - 4111111111111111 *\n"},
        {BYTES("1e999"), "f - - 1e999\nf 0 - inf *\n"},
        {BYTES("1e-999"), "f - - 1e-999\nf 0 - 0 *\n"},
        {BYTES("\xd3\x80\0\0\0\0\0\0\0"), "i - - -9223372036854775808\n"},
        {BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "i - - 18446744073709551615\n"},
        {BYTES("\xca\x42\x29\x00\x00"), "f - - 42.25\n"},
        {BYTES("\xcb\x43\x2d\x36\x11\x4a\xd1\xe3\x8e"), "f - - 4111111111111111\n"},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_AUTO, cases[i].bytes, cases[i].length),
                         REASON_NONE);
        assert_described(own, cases[i].fields);
    }
}

/* The digits of a number with an exponent belong to the same key and are no layer of their own. */
static void test_plain_digits_stand_beside_their_literal(void **state) {
    struct set_up *own = *state;
    const uint16_t card = words_add(&own->words, "card");
    gather_json(&own->fields, &own->words, "{\"card\":[1e3],\"x\":2}");
    const struct field *digits = &own->fields.items[field_of_text(&own->fields, "1000")];
    assert_int_equal(digits->layer, LAYER_DECIMAL);
    assert_int_equal(digits->depth, 0);
    assert_int_equal(digits->word, card);
    assert_int_equal(digits->parent, field_of_text(&own->fields, "1e3"));
    assert_int_equal(own->fields.items[field_of_text(&own->fields, "2")].key, field_of_text(&own->fields, "x"));
}

static void test_a_field_knows_the_word_of_its_nearest_key(void **state) {
    struct set_up *own = *state;
    const uint16_t mail = words_add(&own->words, "e-mail"), body = words_add(&own->words, "body");
    gather_json(&own->fields, &own->words,
                "{\"E_Mail\":[\"a\",[\"b\",{\"body\":\"c\",\"other\":\"d\"}],\"e\"],\"none\":\"f\"}");
    static const char *const texts[] = {"E_Mail", "a", "b", "body", "c", "other", "d", "e", "none", "f"};
    const uint16_t words[] = {mail,         mail,         mail, body,         body,
                              WORD_UNKNOWN, WORD_UNKNOWN, mail, WORD_UNKNOWN, WORD_UNKNOWN};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(own->fields.items[field_of_text(&own->fields, texts[i])].word, words[i]);
    assert_int_equal(own->fields.items[0].word, WORD_UNKNOWN);
}

static void test_escaped_and_binary_keys_have_words_and_other_keys_have_none(void **state) {
    struct set_up *own = *state;
    const uint16_t body = words_add(&own->words, "body"), seven = words_add(&own->words, "7");
    assert_int_not_equal(seven, WORD_UNKNOWN);
    gather_json(&own->fields, &own->words, "{\"\\u0062ody\":\"x\"}");
    assert_int_equal(own->fields.items[field_of_text(&own->fields, "x")].word, body);
    static const char bytes[] = "\x83\xc4\x04"
                                "body\xa1y\x07\xa1z\xd6\x01"
                                "body\xa1w";
    fields_clear(&own->fields);
    assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_MSGPACK, bytes, sizeof bytes - 1), REASON_NONE);
    assert_int_equal(own->fields.items[field_of_text(&own->fields, "y")].word, body);
    assert_int_equal(own->fields.items[field_of_text(&own->fields, "z")].word, WORD_UNKNOWN);
    assert_int_equal(own->fields.items[field_of_text(&own->fields, "w")].word, WORD_UNKNOWN);
}

static void test_each_text_is_followed_by_a_line_feed_of_its_own(void **state) {
    static const char expected[] = "a\n1\nb\nx\ny\n\n-2\n";
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "{\"a\":1,\"b\":[\"x\\ny\\n\",\"\",true,null,{},-2]}");
    assert_int_equal(own->fields.text_length, strlen(expected));
    assert_memory_equal(own->fields.text, expected, strlen(expected));
    for (uint32_t i = 0; i < own->fields.count; i++) {
        const struct field *field = &own->fields.items[i];
        if (field->length > 0) assert_int_equal(fields_text(&own->fields, i)[field->length], '\n');
        if (i > 0) assert_true(field->text >= field[-1].text + field[-1].length);
    }
}

static void test_a_fault_leaves_the_fields_as_they_were(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        enum reason reason;
    } cases[] = {
        {BYTES("{\"a\":[1,\"two\",3"), REASON_MALFORMED},
        {BYTES("{\"a\":[1,\"two\",3]} x"), REASON_TRAILING_BYTES},
        {BYTES("\x93\xa1z\x01\xc1"), REASON_MALFORMED},
        {BYTES("\x92\x01\x02\x03"), REASON_TRAILING_BYTES},
        {BYTES("[\"deep\",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["), REASON_TOO_DEEP},
    };
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "{\"before\":\"kept\"}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_AUTO, cases[i].bytes, cases[i].length),
                         cases[i].reason);
    assert_int_equal(own->fields.text_length, strlen("before\nkept\n"));
    assert_memory_equal(own->fields.text, "before\nkept\n", own->fields.text_length);
    assert_described(own, "{ - - \nk 0 1 before\ns 0 1 kept\n");
}

static void test_what_is_decoded_from_a_field_hangs_below_it(void **state) {
    struct set_up *own = *state;
    const uint16_t note = words_add(&own->words, "note"), text = words_add(&own->words, "text");
    gather_json(&own->fields, &own->words, "{\"note\":\"outer\"}");
    struct fields *fields = &own->fields;
    const uint32_t outer = field_of_text(fields, "outer");
    struct decoder decoder;
    decoder_init(&decoder, FORMAT_JSON, (const uint8_t *)"{\"text\":1e1}", 12, 8);
    assert_int_equal(fields_gather(fields, &own->words, &decoder, outer, LAYER_JSON), REASON_NONE);
    const struct field *root = &fields->items[outer + 1];
    assert_int_equal(root->type, FIELD_MAP);
    assert_int_equal(root->parent, outer);
    assert_int_equal(root->key, FIELD_NONE);
    assert_int_equal(root->layer, LAYER_JSON);
    assert_int_equal(root->word, note);
    for (size_t i = outer + 1; i < fields->count; i++) assert_int_equal(fields->items[i].depth, 1);
    const uint32_t inner = field_of_text(fields, "10");
    assert_int_equal(fields->items[inner].word, text);
    memcpy(fields_begin_text(fields, 5), "last!", 5);
    fields_end_text(fields, 4, FIELD_BIN, inner, LAYER_BASE64);
    const struct field *last = &fields->items[field_of_text(fields, "last")];
    assert_int_equal(last->type, FIELD_BIN);
    assert_int_equal(last->parent, inner);
    assert_int_equal(last->depth, 2);
    assert_int_equal(last->word, text);
    assert_int_equal(last->key, FIELD_NONE);
}

static void test_too_many_fields_or_bytes_are_a_budget_and_leave_nothing(void **state) {
    (void)state;
    struct words words;
    struct fields fields;
    const struct limits limits = {.message_bytes = 1, .depth = 1};
    assert_int_equal(words_init(&words), 0);
    assert_int_equal(fields_init(&fields, &limits), 0);
    const size_t count = fields.capacity; /* values beside the array: one too many */
    uint8_t *bytes = malloc(5 + count);
    assert_non_null(bytes);
    const uint8_t head[] = {0xdd, (uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8),
                            (uint8_t)count};
    memcpy(bytes, head, sizeof head);
    memset(bytes + 5, 0xc0, count);
    assert_int_equal(gather_bytes(&fields, &words, FORMAT_MSGPACK, bytes, 5 + count), REASON_BUDGET);
    assert_int_equal(fields.count, 0);
    char *text = malloc(fields.text_capacity + 2);
    assert_non_null(text);
    memset(text, 'x', fields.text_capacity + 2);
    text[0] = text[fields.text_capacity + 1] = '"';
    assert_int_equal(gather_bytes(&fields, &words, FORMAT_JSON, text, fields.text_capacity + 2), REASON_BUDGET);
    assert_int_equal(fields.count, 0);
    assert_int_equal(fields.text_length, 0);
    assert_null(fields_begin_text(&fields, fields.text_capacity));
    assert_non_null(fields_begin_text(&fields, fields.text_capacity - 1));
    fields_end_text(&fields, fields.text_capacity - 1, FIELD_STR, FIELD_NONE, LAYER_PLAIN);
    assert_int_equal(fields.text_length, fields.text_capacity);
    assert_null(fields_begin_text(&fields, 0));
    free(text);
    free(bytes);
    fields_reset(&fields);
    words_reset(&words);
}

/* Elements that take the most text and fields for their bytes. */
static void test_any_message_within_the_limit_has_room(void **state) {
    (void)state;
    static const struct {
        const char *element;
        size_t length;
        bool is_json;
    } cases[] = {
        {BYTES("1e9,"), true},
        {BYTES("9e18,"), true},
        {BYTES("-9e18,"), true},
        {BYTES("1e1,"), true},
        {BYTES("1e-1,"), true},
        {BYTES("1,"), true},
        {BYTES("\"x\","), true},
        {BYTES("1e99,"), true},
        {BYTES("\x7f"), false},
        {BYTES("\xd0\x80"), false},
        {BYTES("\xa1x"), false},
        {BYTES("\xcd\xff\xff"), false},
        {BYTES("\xcb\xc1\x6f\xff\xff\xff\x55\x55\x55"), false},
        {BYTES("\xca\xdf\x0a\xc7\x22"), false},
        {BYTES("\xca\xc6\x40\xe6\xb7"), false},
    };
    const struct limits limits = {.message_bytes = 200000, .depth = 1};
    struct words words;
    struct fields fields;
    assert_int_equal(words_init(&words), 0);
    assert_int_equal(fields_init(&fields, &limits), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t count = (limits.message_bytes - 8) / cases[i].length;
        uint8_t *bytes = malloc(limits.message_bytes);
        assert_non_null(bytes);
        size_t length = 0;
        const uint8_t head[] = {0xdd, (uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8),
                                (uint8_t)count};
        if (cases[i].is_json)
            bytes[length++] = '[';
        else
            length = (size_t)((uint8_t *)memcpy(bytes, head, sizeof head) - bytes) + sizeof head;
        for (size_t j = 0; j < count; j++, length += cases[i].length)
            memcpy(bytes + length, cases[i].element, cases[i].length);
        if (cases[i].is_json) bytes[length - 1] = ']';
        const enum reason reason = gather_bytes(&fields, &words, FORMAT_AUTO, bytes, length);
        if (reason != REASON_NONE) fail_msg("case %zu: %s", i, reason_name(reason));
        assert_true(fields.count >= count + 1);
        fields_clear(&fields);
        free(bytes);
    }
    fields_reset(&fields);
    words_reset(&words);
}

static void test_limits_beyond_the_address_range_are_refused(void **state) {
    (void)state;
    struct fields fields;
    const struct limits limits = {.message_bytes = (size_t)1 << 30, .depth = 1};
    assert_int_equal(fields_init(&fields, &limits), -1);
    fields_reset(&fields);
}

static void test_layers_have_their_names(void **state) {
    (void)state;
    static const char *const names[LAYER_COUNT] = {"plain", "decimal", "json", "msgpack", "base64", "percent"};
    for (size_t layer = 0; layer < LAYER_COUNT; layer++)
        assert_string_equal(layer_name((enum layer)layer), names[layer]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_json_values_become_fields_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_msgpack_values_become_fields_whatever_their_keys_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_numbers_stand_as_decimal_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_plain_digits_stand_beside_their_literal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_field_knows_the_word_of_its_nearest_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_escaped_and_binary_keys_have_words_and_other_keys_have_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_each_text_is_followed_by_a_line_feed_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_fault_leaves_the_fields_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_decoded_from_a_field_hangs_below_it, set_up, tear_down),
        cmocka_unit_test(test_too_many_fields_or_bytes_are_a_budget_and_leave_nothing),
        cmocka_unit_test(test_any_message_within_the_limit_has_room),
        cmocka_unit_test(test_limits_beyond_the_address_range_are_refused),
        cmocka_unit_test(test_layers_have_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
