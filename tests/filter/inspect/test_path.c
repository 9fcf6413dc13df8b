#include "inspect/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gathered.h"

struct set_up {
    struct words words;
    struct fields fields;
};

static int set_up(void **state) {
    static struct set_up own;
    const struct limits limits = {.message_bytes = 65536, .depth = 64, .unwrap_bytes = 4096};
    *state = &own;
    return words_init(&own.words) != 0 ? -1 : fields_init(&own.fields, &limits);
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    fields_reset(&own->fields);
    words_reset(&own->words);
    return 0;
}

static struct path_glob glob_of(struct words *words, const char *text) {
    struct path_glob glob;
    const char *reason;
    size_t at;
    if (path_glob_parse(text, words, &glob, &reason, &at) != 0) fail_msg("%s: %s at %zu", text, reason, at);
    return glob;
}

/* Does the glob name the place of the value "here" in that document? */
static bool names_here(struct set_up *own, const char *text, const char *json) {
    struct path_glob glob = glob_of(&own->words, text);
    fields_clear(&own->fields);
    gather_json(&own->fields, &own->words, json);
    const bool matches = path_matches(&glob, &own->fields, field_of_text(&own->fields, "here"));
    path_glob_reset(&glob);
    return matches;
}

struct glob_case {
    const char *glob, *json;
    bool matches;
};

static void assert_cases(struct set_up *own, const struct glob_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (names_here(own, cases[i].glob, cases[i].json) != cases[i].matches)
            fail_msg("%s %s %s", cases[i].glob, cases[i].matches ? "does not match" : "matches", cases[i].json);
}

static void test_keys_are_named_one_by_one_from_the_root(void **state) {
    static const struct glob_case cases[] = {
        {"a", "{\"a\":\"here\"}", true},
        {"a", "{\"b\":\"here\"}", false},
        {"a", "{\"b\":{\"a\":\"here\"}}", false},
        {"a", "{\"a\":{\"b\":\"here\"}}", false},
        {"a", "\"here\"", false},
        {"a.b", "{\"a\":{\"b\":\"here\"}}", true},
        {"a.b", "{\"a\":{\"b\":{\"c\":\"here\"}}}", false},
        {"user.e-mail", "{\"USER\":{\"E_Mail\":\"here\"}}", true},
        {"user.email", "{\"user\":{\"e.mail\":\"here\"}}", true},
        {"{a,b}.c", "{\"a\":{\"c\":\"here\"}}", true},
        {"{a,b}.c", "{\"b\":{\"c\":\"here\"}}", true},
        {"{a,b}.c", "{\"c\":{\"c\":\"here\"}}", false},
        {"{a}", "{\"a\":\"here\"}", true},
        {"a.{b,c,d}", "{\"a\":{\"d\":\"here\"}}", true},
        {"a.{b,c,d}", "{\"a\":{\"a\":\"here\"}}", false},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_a_star_is_one_key_whatever_its_name(void **state) {
    static const struct glob_case cases[] = {
        {"*", "{\"a\":\"here\"}", true},
        {"*", "\"here\"", false},
        {"*", "{\"a\":{\"b\":\"here\"}}", false},
        {"*", "[\"here\"]", false},
        {"*", "{\"\":\"here\"}", true},
        {"a.*", "{\"a\":{\"b\":\"here\"}}", true},
        {"a.*", "{\"a\":\"here\"}", false},
        {"*.b", "{\"a\":{\"b\":\"here\"}}", true},
        {"a.*.c", "{\"a\":{\"b\":{\"c\":\"here\"}}}", true},
        {"a.*.c", "{\"a\":{\"c\":\"here\"}}", false},
        {"a.*.*", "{\"a\":{\"b\":[{\"c\":\"here\"}]}}", true},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_two_stars_are_any_number_of_keys(void **state) {
    static const struct glob_case cases[] = {
        {"**", "\"here\"", true},
        {"**", "{\"a\":[{\"b\":\"here\"}]}", true},
        {"**.a", "{\"a\":\"here\"}", true},
        {"**.a", "{\"b\":{\"c\":{\"a\":\"here\"}}}", true},
        {"**.a", "{\"a\":{\"b\":\"here\"}}", false},
        {"**.a", "\"here\"", false},
        {"a.**", "{\"a\":\"here\"}", true},
        {"a.**", "{\"a\":{\"b\":{\"c\":\"here\"}}}", true},
        {"a.**", "{\"b\":{\"a\":\"here\"}}", false},
        {"a.**.b", "{\"a\":{\"b\":\"here\"}}", true},
        {"a.**.b", "{\"a\":{\"b\":{\"b\":{\"b\":\"here\"}}}}", true},
        {"a.**.b", "{\"a\":{\"b\":{\"c\":\"here\"}}}", false},
        {"a.**.b", "{\"b\":\"here\"}", false},
        {"**.a.b", "{\"a\":{\"a\":{\"b\":\"here\"}}}", true},
        {"**.a.b", "{\"a\":{\"c\":{\"b\":\"here\"}}}", false},
        {"**.a.*.b", "{\"a\":{\"a\":{\"a\":{\"b\":\"here\"}}}}", true},
        {"**.a.**.b", "{\"x\":{\"a\":{\"y\":{\"z\":{\"b\":\"here\"}}}}}", true},
        {"**.a.**.b", "{\"x\":{\"b\":{\"y\":{\"a\":{\"c\":\"here\"}}}}}", false},
        {"**.a.**.b.**", "{\"a\":{\"b\":\"here\"}}", true},
        {"**.a.**.b.**", "{\"x\":{\"a\":{\"b\":{\"y\":{\"z\":\"here\"}}}}}", true},
        {"**.a.**.b.**.c", "{\"a\":{\"c\":{\"b\":{\"c\":{\"b\":{\"c\":\"here\"}}}}}}", true},
        {"**.a.**.b.**.c", "{\"b\":{\"a\":{\"c\":{\"c\":\"here\"}}}}", false},
        {"**.**", "\"here\"", true},
        {"**.**.a", "{\"a\":\"here\"}", true},
        {"**.*", "{\"a\":{\"b\":\"here\"}}", true},
        {"**.*", "\"here\"", false},
        {"**.{a,b}.{c,d}", "{\"x\":{\"b\":{\"c\":\"here\"}}}", true},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_a_glob_without_brackets_does_not_see_positions(void **state) {
    static const struct glob_case cases[] = {
        {"a", "{\"a\":[\"here\"]}", true},
        {"a", "{\"a\":[1,[2,[\"here\"]]]}", true},
        {"a", "[{\"a\":\"here\"}]", true},
        {"a.b", "{\"a\":[0,{\"b\":\"here\"}]}", true},
        {"a.b", "[[{\"a\":[{\"b\":[[\"here\"]]}]}]]", true},
        {"**.b", "{\"a\":[{\"b\":[\"here\"]}]}", true},
        {"a.*", "{\"a\":[\"here\"]}", false},
        {"a.*", "{\"a\":[{\"b\":\"here\"}]}", true},
        {"**", "[\"here\"]", true},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_brackets_name_positions(void **state) {
    static const struct glob_case cases[] = {
        {"a[*]", "{\"a\":[0,\"here\"]}", true},
        {"a[*]", "{\"a\":\"here\"}", false},
        {"a[1]", "{\"a\":[0,\"here\"]}", true},
        {"a[0]", "{\"a\":[0,\"here\"]}", false},
        {"a[1]", "{\"a\":{\"1\":\"here\"}}", false},
        {"a[1].b", "{\"a\":[0,{\"b\":\"here\"}]}", true},
        {"a[0].b", "{\"a\":[0,{\"b\":\"here\"}]}", false},
        {"a[*].b", "{\"a\":{\"b\":\"here\"}}", false},
        {"a[1][0]", "{\"a\":[0,[\"here\"]]}", true},
        {"a[0][1]", "{\"a\":[0,[\"here\"]]}", false},
        {"a[*][*]", "{\"a\":[\"here\"]}", false},
        {"[0]", "[\"here\"]", true},
        {"[1]", "[\"here\"]", false},
        {"[*].a", "[{\"a\":\"here\"}]", true},
        {"[*].a", "{\"a\":\"here\"}", false},
        {"**[1]", "{\"a\":{\"b\":[0,\"here\"]}}", true},
        {"**[0]", "{\"a\":{\"b\":[0,\"here\"]}}", false},
        {"**[0]", "[[0,[\"here\"]]]", true},
        {"**[1].c", "{\"a\":[0,{\"b\":[0,{\"c\":\"here\"}]}]}", true},
        {"*[0]", "{\"a\":[\"here\"]}", true},
        {"a[0]", "{\"a\":[[5,\"here\"]]}", true}, /* behind the brackets positions are not seen again */
        {"b[0]", "[{\"b\":[\"here\"]}]", true},   /* nor before them */
        {"a[4294967294]", "{\"a\":[\"here\"]}", false},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_a_key_stands_where_its_value_does(void **state) {
    static const struct glob_case cases[] = {
        {"here", "{\"here\":1}", true},
        {"*", "{\"here\":1}", true},
        {"a", "{\"a\":{\"here\":1}}", false},
        {"a.here", "{\"a\":{\"here\":[1]}}", true},
        {"a[0].*", "{\"a\":[{\"here\":1}]}", true},
        {"a[1].*", "{\"a\":[{\"here\":1}]}", false},
    };
    assert_cases(*state, cases, sizeof cases / sizeof *cases);
}

static void test_encodings_do_not_show_in_a_place(void **state) {
    struct set_up *own = *state;
    struct path_glob glob = glob_of(&own->words, "user.mail[0].body");
    gather_json(&own->fields, &own->words, "{\"user\":\"encoded\"}");
    struct decoder decoder;
    const char *json = "{\"mail\":[{\"body\":\"outer\"}]}";
    decoder_init(&decoder, FORMAT_JSON, (const uint8_t *)json, strlen(json), 8);
    assert_int_equal(
        fields_gather(&own->fields, &own->words, &decoder, field_of_text(&own->fields, "encoded"), LAYER_JSON),
        REASON_NONE);
    const uint32_t outer = field_of_text(&own->fields, "outer");
    memcpy(fields_begin_text(&own->fields, 5), "inner", 5);
    fields_end_text(&own->fields, 5, FIELD_STR, outer, LAYER_PERCENT);
    const uint32_t inner = field_of_text(&own->fields, "inner");
    assert_true(path_matches(&glob, &own->fields, outer));
    assert_true(path_matches(&glob, &own->fields, inner));
    char path[64];
    path_write(&own->words, &own->fields, inner, path, sizeof path);
    assert_string_equal(path, "user.mail[0].body");
    path_glob_reset(&glob);
}

static void test_a_container_as_a_key_is_one_unknown_key(void **state) {
    static const char bytes[] = "\x81\xa1"
                                "a\x81\x81\xa1"
                                "b\xa3key\xa4here";
    struct set_up *own = *state;
    struct path_glob value = glob_of(&own->words, "a.*"), inside = glob_of(&own->words, "a.*.b");
    assert_int_equal(gather_bytes(&own->fields, &own->words, FORMAT_MSGPACK, bytes, sizeof bytes - 1), REASON_NONE);
    assert_true(path_matches(&value, &own->fields, field_of_text(&own->fields, "here")));
    assert_true(path_matches(&inside, &own->fields, field_of_text(&own->fields, "key")));
    char path[32];
    path_write(&own->words, &own->fields, field_of_text(&own->fields, "key"), path, sizeof path);
    assert_string_equal(path, "a.*.b");
    path_glob_reset(&value);
    path_glob_reset(&inside);
}

/* As deep as a message may nest, with a glob that must try every start. */
static void test_deep_places_are_compared_whole(void **state) {
    struct set_up *own = *state;
    char json[1024] = "";
    for (int i = 0; i < 60; i++) strcat(json, "{\"a\":");
    strcat(json, "{\"b\":\"here\"}");
    for (int i = 0; i < 60; i++) strcat(json, "}");
    assert_true(names_here(own, "**.a.**.a.**.a.a.a.b", json));
    assert_true(names_here(own, "a.**.b", json));
    assert_false(names_here(own, "**.b.**.a.**.b", json));
    assert_false(names_here(own, "**.a.**.a.**.a", json));
}

static void test_faults_of_a_glob_are_told_with_their_place(void **state) {
    static const struct {
        const char *glob, *reason;
        size_t at;
    } cases[] = {
        {"", "a path is empty", 0},
        {".", "a key name is missing", 0},
        {".a", "a key name is missing", 0},
        {"a.", "a key name is missing", 2},
        {"a..b", "a key name is missing", 2},
        {"a.b.", "a key name is missing", 4},
        {",", "a key name is missing", 0},
        {"}", "a key name is missing", 0},
        {"]", "a key name is missing", 0},
        {"a]", "expected '.' or '[' between keys", 1},
        {"a}", "expected '.' or '[' between keys", 1},
        {"a,b", "expected '.' or '[' between keys", 1},
        {"a{b,c}", "expected '.' or '[' between keys", 1},
        {"{a}b", "expected '.' or '[' between keys", 3},
        {"{a,b", "expected ',' or '}'", 4},
        {"{a.b}", "expected ',' or '}'", 2},
        {"{a[0]}", "expected ',' or '}'", 2},
        {"{", "a key name is missing", 1},
        {"{}", "a key name is missing", 1},
        {"{a,}", "a key name is missing", 3},
        {"{,a}", "a key name is missing", 1},
        {"{*}", "a key name is missing", 1},
        {"{a,{b}}", "a key name is missing", 3},
        {"a*", "a wildcard stands for a whole key, not for a part of one", 0},
        {"a.b*c", "a wildcard stands for a whole key, not for a part of one", 2},
        {"*a", "a wildcard stands for a whole key, not for a part of one", 1},
        {"**a", "a wildcard stands for a whole key, not for a part of one", 2},
        {"***", "a wildcard stands for a whole key, not for a part of one", 2},
        {"{a,b*}", "a wildcard stands for a whole key, not for a part of one", 3},
        {"a[", "an array position is a number or *", 1},
        {"a[]", "an array position is a number or *", 1},
        {"a[-1]", "an array position is a number or *", 1},
        {"a[+1]", "an array position is a number or *", 1},
        {"a[ 1]", "an array position is a number or *", 1},
        {"a[b]", "an array position is a number or *", 1},
        {"a[1", "expected ']'", 1},
        {"a[1 ]", "expected ']'", 1},
        {"a[*", "expected ']'", 1},
        {"a[**]", "expected ']'", 1},
        {"a[4294967295]", "the array position is too large", 1},
        {"a[99999999999999999999999]", "the array position is too large", 1},
        {"a[1]b", "expected '.' or '[' between keys", 4},
        {"a[1].", "a key name is missing", 5},
        {"a.-", "not a usable key name (empty, longer than 64 bytes, or too many)", 2},
        {"a.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
         "not a usable key name (empty, longer than 64 bytes, or too many)", 2},
    };
    struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct path_glob glob;
        const char *reason = NULL;
        size_t at = SIZE_MAX;
        assert_int_equal(path_glob_parse(cases[i].glob, &own->words, &glob, &reason, &at), -1);
        if (strcmp(reason, cases[i].reason) != 0 || at != cases[i].at)
            fail_msg("%s: %s at %zu", cases[i].glob, reason, at);
        path_glob_reset(&glob);
        path_glob_reset(&glob);
    }
}

static void test_a_glob_makes_its_names_known(void **state) {
    struct set_up *own = *state;
    struct path_glob glob = glob_of(&own->words, "**.{Mail,e-mail}.body[3]");
    assert_int_equal(glob.segment_count, 4);
    assert_int_equal(glob.segments[0].kind, PATH_ANY_KEYS);
    assert_int_equal(glob.segments[1].word_count, 2);
    assert_int_equal(glob.segments[1].words[1], words_find(&own->words, (const uint8_t *)"EMAIL", 5));
    assert_int_equal(glob.segments[2].words[0], words_find(&own->words, (const uint8_t *)"body", 4));
    assert_int_equal(glob.segments[3].index, 3);
    assert_int_equal(own->words.count, 4);
    path_glob_reset(&glob);
}

static void test_a_path_shows_only_words_that_the_rules_know(void **state) {
    static const struct {
        const char *json, *path;
    } cases[] = {
        {"\"here\"", "$"},
        {"[\"here\"]", "[0]"},
        {"{\"mail\":\"here\"}", "mail"},
        {"{\"M_A_I_L\":\"here\"}", "mail"},
        {"{\"ann@example.org\":\"here\"}", "*"},
        {"{\"ann\":{\"mail\":[0,[{\"here\":1}]]}}", "*.mail[1][0].*"},
        {"[[{\"mail\":{\"x\":\"here\"}}]]", "[0][0].mail.*"},
        {"{\"\":{\"mail\":\"here\"}}", "*.mail"},
    };
    struct set_up *own = *state;
    words_add(&own->words, "mail");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[64];
        fields_clear(&own->fields);
        gather_json(&own->fields, &own->words, cases[i].json);
        const size_t length =
            path_write(&own->words, &own->fields, field_of_text(&own->fields, "here"), path, sizeof path);
        assert_string_equal(path, cases[i].path);
        assert_int_equal(length, strlen(path));
    }
}

static void test_a_path_that_is_too_long_ends_in_dots(void **state) {
    static const char whole[] = "mail[0].body[12].x";
    struct set_up *own = *state;
    static const char *const names[] = {"mail", "body", "x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) words_add(&own->words, names[i]);
    gather_json(&own->fields, &own->words, "{\"mail\":[{\"body\":[0,0,0,0,0,0,0,0,0,0,0,0,{\"x\":\"here\"}]}]}");
    const uint32_t field = field_of_text(&own->fields, "here");
    for (size_t capacity = 5; capacity <= sizeof whole + 2; capacity++) {
        char *path = malloc(capacity); /* of just that size, so that a sanitizer sees every byte too many */
        assert_non_null(path);
        const size_t length = path_write(&own->words, &own->fields, field, path, capacity);
        assert_int_equal(length, strlen(path));
        if (capacity >= sizeof whole) {
            assert_string_equal(path, whole);
        } else {
            assert_int_equal(length, capacity - 1);
            assert_memory_equal(path, whole, capacity - 4);
            assert_string_equal(path + capacity - 4, "...");
        }
        free(path);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_keys_are_named_one_by_one_from_the_root),
        TEST(test_a_star_is_one_key_whatever_its_name),
        TEST(test_two_stars_are_any_number_of_keys),
        TEST(test_a_glob_without_brackets_does_not_see_positions),
        TEST(test_brackets_name_positions),
        TEST(test_a_key_stands_where_its_value_does),
        TEST(test_encodings_do_not_show_in_a_place),
        TEST(test_a_container_as_a_key_is_one_unknown_key),
        TEST(test_deep_places_are_compared_whole),
        TEST(test_faults_of_a_glob_are_told_with_their_place),
        TEST(test_a_glob_makes_its_names_known),
        TEST(test_a_path_shows_only_words_that_the_rules_know),
        TEST(test_a_path_that_is_too_long_ends_in_dots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
