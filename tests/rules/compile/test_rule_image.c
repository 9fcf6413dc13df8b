#include "rules/compile/rule_image.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

#include "rule_text.h"

static const char text[] = RULES(RULE("a.one", "chat", "patterns: [lunch, '\\bd[ie]nner', '[0-9]{12}']"));

static bool has_databases(const struct rule_set *rules) {
    for (size_t i = 0; i < SIEVE_GROUPS; i++)
        if (rules->databases[i] != NULL) return true;
    return false;
}

/* Has it nothing that images could have given it? */
static bool is_bare(const struct rule_set *rules) {
    return !has_databases(rules) && rules->sieve.heads == NULL && rules->sieve.words == NULL;
}

/* A rule set that waits for its images, with as many patterns as `text` has. */
struct bare_set {
    struct pattern patterns[3];
    struct rule_set rules;
};

static void bare_set_init(struct bare_set *bare) {
    *bare = (struct bare_set){.rules.pattern_count = 3};
    bare->rules.patterns = bare->patterns;
}

static void test_databases_and_sieve_survive_as_bytes(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(text);
    struct bare_set bare;
    struct rule_image images[RULE_IMAGES], again[RULE_IMAGES];
    bare_set_init(&bare);
    assert_int_equal(rule_images_make(rules, images), 0);
    assert_true(rule_images_load(&bare.rules, images));
    assert_true(has_databases(&bare.rules));
    for (size_t i = 0; i < 3; i++) assert_int_equal(bare.patterns[i].groups, rules->patterns[i].groups);
    assert_int_equal(rule_images_make(&bare.rules, again), 0);
    for (size_t i = 0; i < RULE_IMAGES; i++) {
        assert_int_equal(again[i].length, images[i].length);
        if (images[i].length > 0) assert_memory_equal(again[i].bytes, images[i].bytes, images[i].length);
    }
    rule_images_free(images);
    rule_images_free(again);
    for (size_t i = 0; i < SIEVE_GROUPS; i++) hs_free_database(bare.rules.databases[i]);
    sieve_reset(&bare.rules.sieve);
    rule_set_destroy(&rules);
}

static void test_a_rule_set_without_patterns_has_no_bytes_of_databases(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(RULES(RULE("a.one", "chat", "fields: [x]"))), bare = {0};
    struct rule_image images[RULE_IMAGES];
    assert_int_equal(rule_images_make(rules, images), 0);
    for (size_t i = 0; i < SIEVE_GROUPS; i++) assert_int_equal(images[i].length, 0);
    assert_true(rule_images_load(&bare, images));
    assert_false(has_databases(&bare));
    rule_images_free(images);
    sieve_reset(&bare.sieve);
    rule_set_destroy(&rules);
}

static void test_a_database_of_another_mode_is_refused(void **state) {
    (void)state;
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    struct rule_set *rules = rules_of(text);
    struct rule_image images[RULE_IMAGES];
    struct bare_set bare;
    bare_set_init(&bare);
    assert_int_equal(rule_images_make(rules, images), 0);
    free(images[SIEVE_WORDS].bytes);
    assert_int_equal(hs_compile("a", 0, HS_MODE_STREAM, NULL, &database, &error), HS_SUCCESS);
    assert_int_equal(hs_serialize_database(database, &images[SIEVE_WORDS].bytes, &images[SIEVE_WORDS].length),
                     HS_SUCCESS);
    assert_false(rule_images_load(&bare.rules, images));
    assert_true(is_bare(&bare.rules));
    rule_images_free(images);
    hs_free_database(database);
    rule_set_destroy(&rules);
}

static void test_bytes_that_are_cut_short_are_refused(void **state) {
    (void)state;
    static const size_t cut[] = {SIEVE_WORDS, IMAGE_OF_SIEVE};
    struct rule_set *rules = rules_of(text);
    struct rule_image images[RULE_IMAGES];
    assert_int_equal(rule_images_make(rules, images), 0);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct rule_image *const image = &images[cut[i]];
        const size_t whole = image->length;
        assert_true(whole > 0);
        for (size_t length = 1; length < whole; length += 1 + whole / 50) {
            struct bare_set bare;
            bare_set_init(&bare);
            image->length = length;
            assert_false(rule_images_load(&bare.rules, images));
            assert_true(is_bare(&bare.rules));
        }
        image->length = whole;
    }
    rule_images_free(images);
    rule_set_destroy(&rules);
}

static void test_a_sieve_of_another_number_of_patterns_is_refused(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(text);
    struct rule_image images[RULE_IMAGES];
    struct bare_set bare;
    bare_set_init(&bare);
    bare.rules.pattern_count = 2;
    assert_int_equal(rule_images_make(rules, images), 0);
    assert_false(rule_images_load(&bare.rules, images));
    assert_true(is_bare(&bare.rules));
    rule_images_free(images);
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
        cmocka_unit_test(test_databases_and_sieve_survive_as_bytes),
        cmocka_unit_test(test_a_rule_set_without_patterns_has_no_bytes_of_databases),
        cmocka_unit_test(test_a_database_of_another_mode_is_refused),
        cmocka_unit_test(test_bytes_that_are_cut_short_are_refused),
        cmocka_unit_test(test_a_sieve_of_another_number_of_patterns_is_refused),
        cmocka_unit_test(test_the_engine_is_described_with_its_version_and_platform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
