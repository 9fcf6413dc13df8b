#include "bench/histogram.h"

#include <stdlib.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct histogram histogram;

static int empty(void **state) {
    (void)state;
    histogram = (struct histogram){0};
    return 0;
}

static void small_values_are_exact(void **state) {
    (void)state;
    for (uint64_t value = 1; value <= 60; value++) histogram_add(&histogram, value);
    assert_int_equal(histogram_quantile(&histogram, 0.5), 30);
    assert_int_equal(histogram_quantile(&histogram, 0.9), 54);
    assert_int_equal(histogram_quantile(&histogram, 1), 60);
}

static void large_values_are_within_a_thirty_second(void **state) {
    (void)state;
    static const uint64_t values[] = {63, 64, 65, 1000, 123456, 99999999, UINT64_C(1) << 40, UINT64_MAX};
    for (size_t i = 0; i < COUNT(values); i++) {
        histogram = (struct histogram){0};
        histogram_add(&histogram, values[i]);
        histogram_add(&histogram, UINT64_MAX);
        const uint64_t found = histogram_quantile(&histogram, 0.5);
        assert_true(found >= values[i]);
        assert_true(found - values[i] <= values[i] / 32);
    }
}

static void no_quantile_exceeds_the_greatest_value(void **state) {
    (void)state;
    histogram_add(&histogram, 1000001);
    assert_int_equal(histogram_quantile(&histogram, 0.999), 1000001);
    assert_int_equal(histogram.max, 1000001);
}

static void a_rare_value_shows_in_the_last_quantile_only(void **state) {
    (void)state;
    for (size_t i = 0; i < 9999; i++) histogram_add(&histogram, 10);
    histogram_add(&histogram, 50);
    assert_int_equal(histogram_quantile(&histogram, 0.999), 10);
    assert_int_equal(histogram_quantile(&histogram, 0.9999), 10);
    assert_int_equal(histogram_quantile(&histogram, 1), 50);
}

static void merging_is_as_if_added_to_one(void **state) {
    (void)state;
    struct histogram *other = calloc(1, sizeof *other), *one = calloc(1, sizeof *one);
    assert_non_null(other);
    assert_non_null(one);
    for (uint64_t value = 1; value < 100000; value = value * 3 + 1) {
        histogram_add(value % 2 == 0 ? other : &histogram, value);
        histogram_add(one, value);
    }
    histogram_merge(&histogram, other);
    assert_memory_equal(&histogram, one, sizeof histogram);
    free(other);
    free(one);
}

static void nothing_has_no_quantile(void **state) {
    (void)state;
    assert_int_equal(histogram_quantile(&histogram, 0.5), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(small_values_are_exact, empty),
        cmocka_unit_test_setup(large_values_are_within_a_thirty_second, empty),
        cmocka_unit_test_setup(no_quantile_exceeds_the_greatest_value, empty),
        cmocka_unit_test_setup(a_rare_value_shows_in_the_last_quantile_only, empty),
        cmocka_unit_test_setup(merging_is_as_if_added_to_one, empty),
        cmocka_unit_test_setup(nothing_has_no_quantile, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
