#include "rules/compile/feature.h"

#include <string.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* -1 from features_find() fails the test. */
static bool has_features(const char *pattern, struct features *features) {
    const char *reason;
    struct expression *expression = expression_parse(pattern, &reason);
    if (expression == NULL) fail_msg("%s: %s", pattern, reason);
    const int result = features_find(features, expression);
    expression_free(&expression);
    assert_true(result == 0 || result == 1);
    assert_int_equal(result == 0, features->count > 0);
    return result == 0;
}

static bool is_of_kind(const struct features *features, enum feature_kind kind) {
    for (size_t i = 0; i < features->count; i++)
        if (features->items[i].kind != kind) return false;
    return features->count > 0;
}

static void test_what_is_least_likely_in_ordinary_text_leads_to_a_pattern(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        enum feature_kind kind;
    } cases[] = {
        {"\\blunch\\b", FEATURE_WORD},       {"(?i)^subject: ", FEATURE_WORD},
        {"(?:^|[ ,])zygote", FEATURE_WORD},  {"\\b(?:quay|zebra)s?\\b", FEATURE_WORD},
        {"\\Wzebra", FEATURE_WORD},          {"^--[0-9a-z]+", FEATURE_START},
        {"\\n>[ \\t]", FEATURE_START},       {"[a-z]+@[a-z]+", FEATURE_PAIR},
        {"\\xe2\\x98", FEATURE_PAIR},        {"[0-9]{13,19}", FEATURE_RUN},
        {"\\b[A-F0-9]{40}\\b", FEATURE_RUN}, {"[0-9](?:[ -]?[0-9]){12}", FEATURE_RUN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct features features;
        if (!has_features(cases[i].pattern, &features) || !is_of_kind(&features, cases[i].kind))
            fail_msg("%s: another kind of feature", cases[i].pattern);
        features_reset(&features);
    }
}

static void test_a_pattern_without_a_feature_says_so(void **state) {
    (void)state;
    static const char *const patterns[] = {"[a-z]+", "a?", "lunch", ".", "(?:a|b)*", "[a-z]{4}[0-9]?"};
    for (size_t i = 0; i < COUNT(patterns); i++) {
        struct features features;
        if (has_features(patterns[i], &features))
            fail_msg("%s: a feature of kind %d", patterns[i], features.items[0].kind);
        features_reset(&features);
    }
}

static void test_every_branch_of_a_choice_has_a_feature_of_its_own(void **state) {
    (void)state;
    struct features features;
    assert_true(has_features("(?:\\bzebra\\b|[0-9]{16})", &features));
    assert_true(features.count >= 2);
    assert_false(is_of_kind(&features, FEATURE_WORD));
    assert_false(is_of_kind(&features, FEATURE_RUN));
    features_reset(&features);
    assert_false(has_features("(?:\\bzebra\\b|[a-z])", &features));
    features_reset(&features);
}

static void test_a_run_counts_its_bytes_and_digits(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        uint32_t length, digits;
    } cases[] = {
        {"[0-9]{13,19}", 13, 13},
        {"[0-9A-F]{12}", 12, 0},
        {"[0-9](?:[ -]?[0-9]){12}", 13, 13},
        {"[A-Z]{2}[0-9]{2}[A-Z0-9]{11}", 15, 2},
        {"(?:[0-9]{4}-){3}[0-9]{4}", 19, 16},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct features features;
        assert_true(has_features(cases[i].pattern, &features));
        assert_true(is_of_kind(&features, FEATURE_RUN));
        assert_int_equal(features.items[0].length, cases[i].length);
        assert_int_equal(features.items[0].digits, cases[i].digits);
        features_reset(&features);
    }
}

static void test_a_longer_run_of_fewer_bytes_is_less_likely(void **state) {
    (void)state;
    struct byte_set digits = {{0}}, hexadecimal = {{0}};
    byte_set_add_range(&digits, '0', '9');
    byte_set_add_range(&hexadecimal, '0', '9');
    byte_set_add_range(&hexadecimal, 'A', 'F');
    assert_true(feature_run_weight(&digits, 9) < feature_run_weight(&digits, 8));
    assert_true(feature_run_weight(&digits, 8) < feature_run_weight(&hexadecimal, 8));
}

/* Repeats of choices have more ways through them than anyone can try, and repeats of nothing have no end. */
static void test_no_pattern_takes_long_or_much_of_the_stack(void **state) {
    (void)state;
    static const char *const patterns[] = {
        "(?:a|bc?){70}x",     "(?:(?:a+|b){3}c?|d){60}x",
        "(?:ab){65000}",      "(?:a|bc){65000}",
        "(?:(?:a*)*)*b",      "\\b(?:(?:\\b[a-z]{0,2}:?)(?:\\B){70}.*)+x",
        "\\b(?:\\B){65000}a",
    };
    for (size_t i = 0; i < COUNT(patterns); i++) {
        struct features features;
        has_features(patterns[i], &features);
        features_reset(&features);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_least_likely_in_ordinary_text_leads_to_a_pattern),
        cmocka_unit_test(test_a_pattern_without_a_feature_says_so),
        cmocka_unit_test(test_every_branch_of_a_choice_has_a_feature_of_its_own),
        cmocka_unit_test(test_a_run_counts_its_bytes_and_digits),
        cmocka_unit_test(test_a_longer_run_of_fewer_bytes_is_less_likely),
        cmocka_unit_test(test_no_pattern_takes_long_or_much_of_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
