#include "inspect/unwrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gathered.h"
#include "inspect/base64.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

struct set_up {
    struct limits limits;
    struct words words;
    struct fields fields;
    struct unwrap unwrap;
    char decoded[2048]; /* "layer.layer=text" of each decoded leaf, in order */
};

static int set_up(void **state) {
    static struct set_up own;
    own.limits = (struct limits){.message_bytes = 1 << 20, .depth = 16, .unwrap_depth = 4, .unwrap_bytes = 1 << 20};
    *state = &own;
    return words_init(&own.words) != 0 ? -1 : fields_init(&own.fields, &own.limits);
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    fields_reset(&own->fields);
    words_reset(&own->words);
    return 0;
}

static size_t write_layers(const struct fields *fields, uint32_t field, char *out) {
    size_t length = 0;
    if (fields->items[field].parent != FIELD_NONE) length = write_layers(fields, fields->items[field].parent, out);
    const enum layer layer = fields->items[field].layer;
    if (layer == LAYER_PLAIN || layer == LAYER_DECIMAL) return length;
    return length + (size_t)sprintf(out + length, "%s%s", length > 0 ? "." : "", layer_name(layer));
}

static void list_decoded(struct set_up *own) {
    size_t length = 0;
    own->decoded[0] = '\0';
    for (uint32_t i = 0; i < own->fields.count; i++) {
        const struct field *field = &own->fields.items[i];
        if (field->depth == 0 || field_is_container(field)) continue;
        char layers[128];
        write_layers(&own->fields, i, layers);
        length +=
            (size_t)snprintf(own->decoded + length, sizeof own->decoded - length, "%s%s=%.*s", length > 0 ? "|" : "",
                             layers, (int)field->length, (const char *)fields_text(&own->fields, i));
        assert_true(length < sizeof own->decoded);
    }
}

/* Unwraps all there is, as inspect() does. */
static enum reason unwrap_all(struct set_up *own) {
    enum reason reason = REASON_NONE;
    uint32_t first = 0;
    unwrap_begin(&own->unwrap, &own->limits, &own->words);
    while (reason == REASON_NONE && first < own->fields.count) {
        const uint32_t end = (uint32_t)own->fields.count;
        reason = unwrap_fields(&own->unwrap, &own->fields, first, end);
        first = end;
    }
    return reason;
}

struct text_case {
    const char *text, *decoded;
};

/* What is found in each of these texts. */
static void assert_decoded(struct set_up *own, const struct text_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        fields_clear(&own->fields);
        add_text(&own->fields, cases[i].text, strlen(cases[i].text));
        assert_int_equal(unwrap_all(own), REASON_NONE);
        list_decoded(own);
        if (strcmp(own->decoded, cases[i].decoded) != 0)
            fail_msg("%s: %s, not %s", cases[i].text, own->decoded, cases[i].decoded);
    }
}

#define ASSERT_DECODED(own, cases) assert_decoded(own, cases, sizeof(cases) / sizeof *(cases))

static void test_json_text_becomes_fields(void **state) {
    static const struct text_case cases[] = {
        {"{\"note\":\"see \\u0061nn\",\"n\":[1,2.5]}", "json=note|json=see ann|json=n|json=1|json=2.5"},
        {" \t\r\n[\"a\"] ", "json=a"},
        {"\"quoted \\\"text\\\"\"", "json=quoted \"text\""},
        {"[1e3]", "json=1e3|json=1000"},
        {"{}", ""},
        {"[]", ""},
        {"{", ""},
        {"{\"a\":1,}", ""},
        {"{\"a\":1} {", ""},
        {"7", ""},
        {"true", ""},
        {"{smile}", ""},
        {"\"\"", "json="},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_percent_escapes_are_resolved_in_the_whole_value(void **state) {
    static const struct text_case cases[] = {
        {"q=ann%40example.org&x=%c3%A9", "percent=q=ann@example.org&x=\xc3\xa9"},
        {"%41", "percent=A"},
        {"%4", ""},
        {"%", ""},
        {"%%", ""},
        {"100%", ""},
        {"5% of 20%", ""},
        {"%zz %4g", ""},
        {"%%41%", "percent=%A%"},
        {"%2541", "percent=%41|percent.percent=A"},
        {"%252541", "percent=%2541|percent.percent=%41|percent.percent.percent=A"},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_base64_runs_are_decoded_padded_or_not_in_either_alphabet(void **state) {
    static const struct text_case cases[] = {
        {"aGVsbG8gYW5uIQ==", "base64=hello ann!"},
        {"aGVsbG8gYW5uIQ=", "base64=hello ann!"},
        {"aGVsbG8gYW5uIQ", "base64=hello ann!"},
        {"YT4/Pj8+fn9iYw==", ""}, /* holds a control character */
        {"YT4_Pj8-fiBiYw==", "base64=a>?>?>~ bc"},
        {"YT4/Pj8+fiBiYw==", "base64=a>?>?>~ bc"},
        {"YWJjZGVmZ2g", "base64=abcdefgh"}, /* eleven characters */
        {"YWJjZGVmZw", ""},                 /* ten */
        {"data:text/plain;base64,aGVsbG8gYW5uIQ==", "base64=hello ann!"},
        {"body=aGVsbG8gYW5uIQ&x=Z29vZCBieWUgYm9i;", "base64=hello ann!|base64=good bye bob"},
        {"(aGVsbG8gYW5uIQ)", "base64=hello ann!"},
        {"R3LDvMOfZSBhbiBhbGxl", "base64=Gr\xc3\xbc\xc3\x9f"
                                 "e an alle"},
        {"an ordinary sentence of words", ""},
        {"internationalisation", ""},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_characters_glued_to_a_base64_run_hide_nothing(void **state) {
    static const struct text_case cases[] = {
        {"xaGVsbG8gYW5uIQ==", "base64=hello ann!"},
        {"b_aGVsbG8gYW5uIQ", "base64=hello ann!"},
        {"b64aGVsbG8gYW5uIQ==", "base64=hello ann!"},
        {"/aGVsbG8gYW5uIQ==", "base64=hello ann!"},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_base64_is_found_between_characters_that_its_alphabets_share_with_paths_and_names(void **state) {
    static const struct text_case cases[] = {
        {"/v1/aGVsbG8gYW5uIQ/profile", "base64=hello ann!"},
        {"session_user_aGVsbG8gYW5uIQ", "base64=hello ann!"},
        {"aGVsbG8gYW5uIQ-2024", "base64=hello ann!"},
        {"aGVsbG8gYW5uIQ_Z29vZCBieWUgYm9i", "base64=hello ann!|base64=good bye bob"},
        {"a/b-c_d+e/f-g_h+i", ""},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_layers_are_taken_off_one_after_the_other(void **state) {
    static const struct text_case cases[] = {
        /* base64 of {"t":"%41nn"} */
        {"eyJ0IjoiJTQxbm4ifQ==", "base64={\"t\":\"%41nn\"}|base64.json=t|base64.json=%41nn|base64.json.percent=Ann"},
        /* base64 of base64 of "hello ann!" */
        {"YUdWc2JHOGdZVzV1SVE9PQ==", "base64=aGVsbG8gYW5uIQ==|base64.base64=hello ann!"},
        {"{\"a\":\"{\\\"b\\\":\\\"[\\\\\\\"c\\\\\\\"]\\\"}\"}",
         "json=a|json={\"b\":\"[\\\"c\\\"]\"}|json.json=b|json.json=[\"c\"]|json.json.json=c"},
        {"%7B%22a%22%3A1%7D", "percent={\"a\":1}|percent.json=a|percent.json=1"},
        {"x%3DaGVsbG8gYW5uIQ%3D%3D", "percent=x=aGVsbG8gYW5uIQ==|base64=hello ann!|percent.base64=hello ann!"},
    };
    ASSERT_DECODED(*state, cases);
}

static void test_keys_are_unwrapped_as_values_are(void **state) {
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "{\"aGVsbG8gYW5uIQ\":{\"%41nn\":1,\"[\\\"x\\\"]\":2}}");
    assert_int_equal(unwrap_all(own), REASON_NONE);
    list_decoded(own);
    assert_string_equal(own->decoded, "base64=hello ann!|percent=Ann|json=x");
}

static void test_numbers_and_containers_hold_nothing_encoded(void **state) {
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "[12345678901234567890,{},[],true,null,1234567890123,\"\"]");
    assert_int_equal(unwrap_all(own), REASON_NONE);
    list_decoded(own);
    assert_string_equal(own->decoded, "");
}

static void test_msgpack_is_read_from_binary_values(void **state) {
    static const struct {
        const char *bytes;
        size_t length;
        const char *decoded;
    } cases[] = {
        {BYTES("\xc4\x06\x81\xa1t\xa2hi"), "msgpack=t|msgpack=hi"},
        {BYTES("\xc7\x06\x05\x81\xa1t\xa2hi"), "msgpack=t|msgpack=hi"},
        {BYTES("\xa6\x81\xa1t\xa2hi"), "msgpack=t|msgpack=hi"}, /* a string, as the old raw type was */
        {BYTES("\xc4\x03\x92\x01\x02"), "msgpack=1|msgpack=2"},
        {BYTES("\xc4\x07\xdc\x00\x01\xa3"
               "ann"),
         "msgpack=ann"},
        {BYTES("\xc4\x04\x92\x01\x02\x03"), ""}, /* something follows */
        {BYTES("\xc4\x11\xdc\x00\x0e"
               "aGVsbG8gYW5uIQ"),
         "msgpack=97|msgpack=71|msgpack=86|msgpack=115|msgpack=98|msgpack=71|msgpack=56|msgpack=103|msgpack=89|"
         "msgpack=87|msgpack=53|msgpack=117|msgpack=73|msgpack=81|base64=hello ann!"}, /* msgpack by accident */
        {BYTES("\xc4\x02\x92\x01"), ""},
        {BYTES("\xc4\x03\xa2hi"), ""}, /* no container */
        {BYTES("\xc4\x01\x90"), ""},
        {BYTES("\xc4\x0a{\"a\":\"hi\"}"), "json=a|json=hi"},
        {BYTES("\xc4\x08\x91\xc4\x05\x91\xa3"
               "ann"),
         "msgpack=\x91\xa3"
         "ann|msgpack.msgpack=ann"},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fields_clear(&own->fields);
        assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_MSGPACK, cases[i].bytes, cases[i].length),
                         REASON_NONE);
        assert_int_equal(unwrap_all(own), REASON_NONE);
        list_decoded(own);
        if (strcmp(own->decoded, cases[i].decoded) != 0) fail_msg("case %zu: %s", i, own->decoded);
    }
}

/* What is no text counts from 64 characters on: a picture, an archive. */
static void test_long_base64_of_binary_becomes_a_binary_field(void **state) {
    struct set_up *own = *state;
    uint8_t binary[256];
    char text[360];
    for (size_t i = 0; i < sizeof binary; i++) binary[i] = (uint8_t)(255 - i);
    for (size_t length = 40; length < 60; length++) {
        fields_clear(&own->fields);
        const size_t text_length = base64_encode(binary, length, text);
        add_text(&own->fields, text, text_length);
        assert_int_equal(unwrap_all(own), REASON_NONE);
        const bool is_long = base64_run_length((const uint8_t *)text, text_length) >= 64;
        assert_int_equal(own->fields.count, is_long ? 2 : 1);
        if (!is_long) continue;
        assert_int_equal(own->fields.items[1].type, FIELD_BIN);
        assert_int_equal(own->fields.items[1].length, length);
        assert_memory_equal(fields_text(&own->fields, 1), binary, length);
    }
}

static void test_any_text_comes_back_from_base64_wherever_it_stands(void **state) {
    static const char sentence[] = "Dear Ann, lunch at the harbour at noon? Yours, Bob (+44 20 7946 0018)";
    struct set_up *own = *state;
    char text[256];
    for (size_t length = 9; length < sizeof sentence; length++)
        for (size_t before = 0; before < 4; before++) {
            fields_clear(&own->fields);
            memset(text, '"', sizeof text);
            memset(text + 2, 'Q', before);
            size_t text_length = 2 + before;
            text_length += base64_encode((const uint8_t *)sentence, length, text + text_length);
            add_text(&own->fields, text, text_length + 1);
            assert_int_equal(unwrap_all(own), REASON_NONE);
            bool is_there = false;
            for (uint32_t i = 1; i < own->fields.count; i++)
                is_there =
                    is_there || memmem(fields_text(&own->fields, i), own->fields.items[i].length, sentence, length - 1);
            if (!is_there) fail_msg("lost: %zu bytes behind %zu characters", length, before);
        }
}

/* Texts within each other: the innermost is `depth` layers deep. */
static void add_nested(struct set_up *own, size_t depth) {
    char texts[2][4096] = {"hello ann and bob"};
    for (size_t i = 0; i < depth; i++) {
        const size_t length = base64_encode((const uint8_t *)texts[i % 2], strlen(texts[i % 2]), texts[(i + 1) % 2]);
        texts[(i + 1) % 2][length] = '\0';
    }
    fields_clear(&own->fields);
    add_text(&own->fields, texts[depth % 2], strlen(texts[depth % 2]));
}

static void test_what_lies_deeper_than_the_limit_is_a_budget(void **state) {
    struct set_up *own = *state;
    for (size_t limit = 0; limit <= LIMIT_UNWRAP_DEPTH_MAX; limit++) {
        own->limits.unwrap_depth = limit;
        add_nested(own, limit);
        assert_int_equal(unwrap_all(own), REASON_NONE);
        assert_int_equal(own->fields.items[own->fields.count - 1].depth, limit);
        assert_true(is_text_of(&own->fields, (uint32_t)own->fields.count - 1, "hello ann and bob"));
        add_nested(own, limit + 1);
        assert_int_equal(unwrap_all(own), REASON_BUDGET);
    }
}

static void test_every_kind_of_encoding_respects_the_depth(void **state) {
    static const char *const texts[] = {"%41", "{\"a\":1}", "\"x\"", "aGVsbG8gYW5uIQ=="};
    struct set_up *own = *state;
    own->limits.unwrap_depth = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fields_clear(&own->fields);
        add_text(&own->fields, texts[i], strlen(texts[i]));
        assert_int_equal(unwrap_all(own), REASON_BUDGET);
    }
    fields_clear(&own->fields);
    assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_MSGPACK, BYTES("\xc4\x02\x91\x01")), REASON_NONE);
    assert_int_equal(unwrap_all(own), REASON_BUDGET);
    fields_clear(&own->fields);
    add_text(&own->fields, "nothing to unwrap, 100%", 23);
    assert_int_equal(unwrap_all(own), REASON_NONE);
}

static void test_decoded_bytes_are_bounded_over_all_layers(void **state) {
    static const struct {
        const char *text;
        size_t decoded_bytes;
    } cases[] = {
        {"aGVsbG8gYW5uIQ==", 10},
        {"%41bcdefghi", 9},
        {"[\"abcdefghi\"]", 10}, /* each text with its line feed */
        {"YUdWc2JHOGdZVzV1SVE9PQ==", 16 + 10},
        {"aGVsbG8gYW5uIQ,aGVsbG8gYW5uIQ", 20},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int is_short = 0; is_short < 2; is_short++) {
            own->limits.unwrap_bytes = cases[i].decoded_bytes - is_short;
            fields_clear(&own->fields);
            add_text(&own->fields, cases[i].text, strlen(cases[i].text));
            assert_int_equal(unwrap_all(own), is_short ? REASON_BUDGET : REASON_NONE);
        }
}

static void test_json_that_nests_too_deep_is_not_passed_over(void **state) {
    struct set_up *own = *state;
    char text[64];
    memset(text, '[', 17);
    memset(text + 17, ']', 17);
    add_text(&own->fields, text, 34);
    assert_int_equal(unwrap_all(own), REASON_TOO_DEEP);
    fields_clear(&own->fields);
    add_text(&own->fields, text + 1, 32);
    assert_int_equal(unwrap_all(own), REASON_NONE);
}

static void test_no_room_for_what_is_decoded_is_a_budget(void **state) {
    struct set_up *own = *state;
    const size_t length = own->fields.text_capacity / 2 + 1;
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, "%41 ", 4);
    add_text(&own->fields, text, length);
    assert_int_equal(unwrap_all(own), REASON_BUDGET);
    free(text);
}

static void test_only_the_fields_asked_for_are_unwrapped(void **state) {
    struct set_up *own = *state;
    gather_json(&own->fields, &own->words, "[\"%41\",\"%42\",\"%43\"]");
    unwrap_begin(&own->unwrap, &own->limits, &own->words);
    assert_int_equal(unwrap_fields(&own->unwrap, &own->fields, 2, 3), REASON_NONE);
    list_decoded(own);
    assert_string_equal(own->decoded, "percent=B");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_json_text_becomes_fields),
        TEST(test_percent_escapes_are_resolved_in_the_whole_value),
        TEST(test_base64_runs_are_decoded_padded_or_not_in_either_alphabet),
        TEST(test_characters_glued_to_a_base64_run_hide_nothing),
        TEST(test_base64_is_found_between_characters_that_its_alphabets_share_with_paths_and_names),
        TEST(test_layers_are_taken_off_one_after_the_other),
        TEST(test_keys_are_unwrapped_as_values_are),
        TEST(test_numbers_and_containers_hold_nothing_encoded),
        TEST(test_msgpack_is_read_from_binary_values),
        TEST(test_long_base64_of_binary_becomes_a_binary_field),
        TEST(test_any_text_comes_back_from_base64_wherever_it_stands),
        TEST(test_what_lies_deeper_than_the_limit_is_a_budget),
        TEST(test_every_kind_of_encoding_respects_the_depth),
        TEST(test_decoded_bytes_are_bounded_over_all_layers),
        TEST(test_json_that_nests_too_deep_is_not_passed_over),
        TEST(test_no_room_for_what_is_decoded_is_a_budget),
        TEST(test_only_the_fields_asked_for_are_unwrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
