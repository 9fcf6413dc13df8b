#include "inspect/route.h"

#include <stdbool.h>
#include <string.h>

#include "rule_text.h"

struct set_up {
    struct rule_set *rules;
    struct routes *routes;
    struct route *root;
};

static void begin(struct set_up *own, const char *rules) {
    own->rules = rules_of(rules);
    own->routes = routes_create(own->rules);
    assert_non_null(own->routes);
    own->root = routes_begin(own->routes);
}

static void end(struct set_up *own) {
    routes_destroy(&own->routes);
    assert_null(own->routes);
    rule_set_destroy(&own->rules);
}

static uint16_t word_of(const struct set_up *own, const char *key) {
    return words_find(&own->rules->words, (const uint8_t *)key, strlen(key));
}

/* The route that keys lead to, written "user.mail". */
static struct route *lead(struct set_up *own, const char *path) {
    struct route *route = own->root;
    while (*path != '\0') {
        char key[64] = "";
        const size_t length = strcspn(path, ".");
        memcpy(key, path, length);
        route = routes_of_word(own->routes, route, word_of(own, key));
        assert_non_null(route);
        path += length + (path[length] == '.');
    }
    return route;
}

static void test_a_remembered_key_is_found_in_its_map_only(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['mail.body']")));
    const uint8_t *const key = (const uint8_t *)"Mail";
    assert_null(routes_find(own.routes, own.root, key, 4));
    struct route *const mail = routes_remember(own.routes, own.root, key, 4, word_of(&own, "mail"));
    assert_non_null(mail);
    assert_ptr_equal(routes_find(own.routes, own.root, key, 4), mail);
    assert_null(routes_find(own.routes, mail, key, 4));
    assert_null(routes_find(own.routes, own.root, key, 3));
    assert_null(routes_find(own.routes, own.root, (const uint8_t *)"mail", 4));
    assert_null(routes_find(own.routes, own.root, key, 0));
    assert_ptr_equal(mail->container, own.root);
    assert_int_equal(mail->word, word_of(&own, "mail"));
    end(&own);
}

static void test_a_route_of_a_word_is_one_for_all_spellings_and_foresees_no_key(void **state) {
    (void)state;
    static const uint8_t nothing[ROUTE_READ] = {0};
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['mail.body']")));
    struct route *const unknown = routes_of_word(own.routes, own.root, WORD_UNKNOWN);
    assert_ptr_equal(routes_of_word(own.routes, own.root, WORD_UNKNOWN), unknown);
    assert_int_equal(unknown->key_length, 0);
    assert_false(route_is_at(unknown, nothing, 0));
    assert_false(route_is_at(unknown, nothing, 1));
    assert_ptr_not_equal(routes_of_word(own.routes, own.root, word_of(&own, "mail")), unknown);
    end(&own);
}

/* Keys of every length, followed by other bytes, against what a plain comparison says. */
static void test_a_key_is_recognised_by_all_its_bytes(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['mail.body']")));
    for (size_t length = 1; length <= ROUTE_KEY_MAX; length++) {
        uint8_t msgpack[ROUTE_READ + 1], json[ROUTE_READ + 1];
        memset(msgpack, 0x55, sizeof msgpack);
        memset(json, 0x55, sizeof json);
        for (size_t i = 0; i < length; i++) msgpack[1 + i] = json[i] = (uint8_t)('a' + i);
        msgpack[0] = (uint8_t)(0xa0 | length);
        json[length] = '"';
        const struct route *const route = routes_remember(own.routes, own.root, json, length, word_of(&own, "mail"));
        assert_non_null(route);
        assert_true(route_is_at(route, msgpack, 0));
        assert_true(route_is_at(route, json, 1));
        for (size_t at = 0; at <= length; at++) {
            msgpack[at] ^= 0x80;
            json[at] ^= 0x80;
            assert_false(route_is_at(route, msgpack, 0));
            assert_false(route_is_at(route, json, 1));
            msgpack[at] ^= 0x80;
            json[at] ^= 0x80;
        }
    }
    end(&own);
}

static void test_a_route_says_which_types_field_rules_name(void **state) {
    (void)state;
    const unsigned usual = FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_BIN);
    static const struct {
        const char *path;
        bool is_ruled;
    } cases[] = {
        {"mail.body", true},
        {"mail", false},
        {"body", false},
        {"zz.mail.body", true},
        {"zz.mail.zz.body", false},
        {"list.item", true},
        {"user.zz.key", true},
        {"user.zz", false},
        {"mail.quiet.body", false},
        {"quiet.mail.body", false},
    };
    struct set_up own;
    begin(&own,
          RULES(RULE("a.b", "chat", "fields: ['**.mail.body'], types: [str, bin], paths: {exclude: ['**.quiet.**']}")
                    RULE("a.c", "chat", "fields: ['list[3].item'], types: [str, bin]")
                        RULE("a.d", "chat", "fields: ['user.*.key'], types: [str, bin]")));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (lead(&own, cases[i].path)->ruled != (cases[i].is_ruled ? usual : 0)) fail_msg("%s", cases[i].path);
    end(&own);
}

/* At other positions the field is not excluded. */
static void test_an_exclusion_that_names_positions_excludes_nothing(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['list.item'], types: [str], paths: {exclude: ['list[0].item']}")));
    assert_int_equal(lead(&own, "list.item")->ruled, FIELD_BIT(FIELD_STR));
    end(&own);
}

static void test_field_rules_with_a_validator_are_judges_until_there_are_too_many(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.a", "chat", "fields: ['one'], validator: luhn, types: [str, int, bool]")
                          RULE("a.b", "chat", "fields: ['two', '**.two'], validator: luhn, types: [str]")
                              RULE("a.c", "chat", "fields: ['two'], validator: iban, types: [str]")
                                  RULE("a.d", "chat", "fields: ['two'], validator: ipv4, types: [str]")
                                      RULE("a.e", "chat", "fields: ['two'], validator: ipv6, types: [str]")
                                          RULE("a.f", "chat", "fields: ['**.two'], validator: email, types: [bin]")));
    const struct route *const one = lead(&own, "one"), *const two = lead(&own, "two");
    assert_int_equal(one->judged, FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_INT)); /* a validator takes no truth value */
    assert_int_equal(one->ruled, 0);
    assert_int_equal(one->judge_count, 1);
    assert_int_equal(one->judges[0], 0);
    assert_int_equal(two->judge_count, ROUTE_JUDGES_MAX);
    assert_true((two->ruled | two->judged) == (FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_BIN)));
    assert_int_not_equal(two->ruled, 0);
    end(&own);
}

static void test_patterns_with_paths_to_look_in_are_scoped_there(void **state) {
    (void)state;
    struct set_up own;
    begin(&own,
          RULES(RULE("a.b", "chat", "pattern: lunch, types: [str], paths: {include: ['**.note'], exclude: ['zz.**']}")
                    RULE("a.c", "chat", "pattern: dinner, types: [key], paths: {include: ['user.**']}")));
    assert_int_equal(lead(&own, "note")->scoped, FIELD_BIT(FIELD_STR));
    assert_int_equal(lead(&own, "user.note")->scoped, FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_KEY));
    assert_int_equal(lead(&own, "zz.note")->scoped, 0);
    assert_int_equal(lead(&own, "other")->scoped, 0);
    end(&own);
}

static void test_a_route_too_long_to_tell_is_none(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['mail.body']")));
    struct route *route = own.root;
    for (size_t i = 0; i < PATH_WORDS_MAX; i++) {
        route = routes_of_word(own.routes, route, WORD_UNKNOWN);
        assert_non_null(route);
    }
    assert_null(routes_of_word(own.routes, route, WORD_UNKNOWN));
    end(&own);
}

static void test_all_is_forgotten_before_a_message_when_little_room_is_left_and_never_within_one(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.b", "chat", "fields: ['mail.body']")));
    const uint16_t mail = word_of(&own, "mail");
    size_t count = 1;
    for (uint32_t key = 0;; key++, count++)
        if (routes_remember(own.routes, own.root, (const uint8_t *)&key, sizeof key, mail) == NULL) break;
    assert_int_equal(count, ROUTES_MAX);
    const uint32_t first = 0;
    assert_non_null(routes_find(own.routes, own.root, (const uint8_t *)&first, sizeof first));
    own.root = routes_begin(own.routes);
    assert_null(routes_find(own.routes, own.root, (const uint8_t *)&first, sizeof first));
    assert_null(own.root->first);
    assert_non_null(routes_remember(own.routes, own.root, (const uint8_t *)&first, sizeof first, mail));
    assert_ptr_equal(routes_begin(own.routes), own.root);
    assert_non_null(routes_find(own.routes, own.root, (const uint8_t *)&first, sizeof first));
    end(&own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_remembered_key_is_found_in_its_map_only),
        cmocka_unit_test(test_a_route_of_a_word_is_one_for_all_spellings_and_foresees_no_key),
        cmocka_unit_test(test_a_key_is_recognised_by_all_its_bytes),
        cmocka_unit_test(test_a_route_says_which_types_field_rules_name),
        cmocka_unit_test(test_an_exclusion_that_names_positions_excludes_nothing),
        cmocka_unit_test(test_field_rules_with_a_validator_are_judges_until_there_are_too_many),
        cmocka_unit_test(test_patterns_with_paths_to_look_in_are_scoped_there),
        cmocka_unit_test(test_a_route_too_long_to_tell_is_none),
        cmocka_unit_test(test_all_is_forgotten_before_a_message_when_little_room_is_left_and_never_within_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
