#include "rules/compile/database_image.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

#include "rule_text.h"

static const char text[] = RULES(RULE("a.one", "chat", "patterns: [lunch, 'd[ie]nner']"));

static void test_a_database_survives_as_bytes(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(text), *other = rules_of(RULES(RULE("a.one", "chat", "fields: [x]")));
    struct database_image images[DATABASE_COUNT], again[DATABASE_COUNT];
    assert_int_equal(database_images_make(rules, images), 0);
    assert_true(database_images_load(other, images));
    assert_non_null(other->database);
    assert_int_equal(database_images_make(other, again), 0);
    for (size_t i = 0; i < DATABASE_COUNT; i++) {
        assert_int_equal(again[i].length, images[i].length);
        assert_memory_equal(again[i].bytes, images[i].bytes, images[i].length);
    }
    database_images_free(images);
    database_images_free(again);
    rule_set_destroy(&rules);
    rule_set_destroy(&other);
}

static void test_a_rule_set_without_databases_has_no_bytes(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(RULES(RULE("a.one", "chat", "fields: [x]")));
    struct database_image images[DATABASE_COUNT];
    assert_int_equal(database_images_make(rules, images), 0);
    for (size_t i = 0; i < DATABASE_COUNT; i++) assert_int_equal(images[i].length, 0);
    assert_true(database_images_load(rules, images));
    assert_null(rules->database);
    database_images_free(images);
    rule_set_destroy(&rules);
}

static void test_a_database_of_another_mode_is_refused(void **state) {
    (void)state;
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    struct database_image images[DATABASE_COUNT] = {0};
    struct rule_set rules = {0};
    assert_int_equal(hs_compile("a", 0, HS_MODE_STREAM, NULL, &database, &error), HS_SUCCESS);
    assert_int_equal(hs_serialize_database(database, &images[0].bytes, &images[0].length), HS_SUCCESS);
    assert_false(database_images_load(&rules, images));
    assert_null(rules.database);
    database_images_free(images);
    hs_free_database(database);
}

static void test_bytes_that_are_cut_short_are_refused(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(text), empty = {0};
    struct database_image images[DATABASE_COUNT];
    assert_int_equal(database_images_make(rules, images), 0);
    const size_t whole = images[0].length;
    for (size_t length = 1; length < whole; length += whole / 50) {
        images[0].length = length;
        assert_false(database_images_load(&empty, images));
        assert_null(empty.database);
    }
    database_images_free(images);
    rule_set_destroy(&rules);
}

static void test_the_engine_is_described_with_its_version_and_platform(void **state) {
    (void)state;
    char engine[ENGINE_CHARS];
    assert_int_equal(engine_describe(engine), 0);
    assert_non_null(strstr(engine, hs_version()));
    assert_non_null(strstr(engine, "Mode: BLOCK"));
    assert_true(strlen(engine) + 1 < sizeof engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_database_survives_as_bytes),
        cmocka_unit_test(test_a_rule_set_without_databases_has_no_bytes),
        cmocka_unit_test(test_a_database_of_another_mode_is_refused),
        cmocka_unit_test(test_bytes_that_are_cut_short_are_refused),
        cmocka_unit_test(test_the_engine_is_described_with_its_version_and_platform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
