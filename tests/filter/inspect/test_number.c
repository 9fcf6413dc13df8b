#include "inspect/number.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_bytes.h"
#include "test.h"

enum { GUARD = 0xa5 };

static void assert_text(const uint8_t *out, size_t length, const char *expected) {
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(out, expected, length);
    assert_int_equal(out[NUMBER_CHARS], GUARD);
}

static void test_naturals_are_decimal_digits(void **state) {
    (void)state;
    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {9, "9"},
        {10, "10"},
        {4111111111111111, "4111111111111111"},
        {UINT64_C(9999999999999999999), "9999999999999999999"},
        {UINT64_C(10000000000000000000), "10000000000000000000"},
        {UINT64_MAX, "18446744073709551615"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t out[NUMBER_CHARS + 1] = {[NUMBER_CHARS] = GUARD};
        assert_text(out, number_write_natural(cases[i].value, out), cases[i].text);
    }
}

static void test_integers_have_their_sign(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        {0, "0"}, {-1, "-1"}, {-128, "-128"}, {INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t out[NUMBER_CHARS + 1] = {[NUMBER_CHARS] = GUARD};
        assert_text(out, number_write_integer(cases[i].value, out), cases[i].text);
    }
}

static void test_reals_are_written_as_rules_expect_them(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {4111111111111111.0, "4111111111111111"},
        {4.111111111111111e15, "4111111111111111"},
        {52.520008, "52.520008"},
        {-13.404954, "-13.404954"},
        {0.1, "0.1"},
        {0.000001, "0.000001"},
        {0.0000004, "0"},
        {0.9999999, "1"},
        {1.0000005, "1.000001"},
        {123456.75, "123456.75"},
        {9007199254740993.0, "9007199254740992"},
        {9999999999999997952.0, "9999999999999997952"},
        {1e19, "1e+19"},
        {-1e300, "-1.0000000000000001e+300"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "0"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t out[NUMBER_CHARS + 1] = {[NUMBER_CHARS] = GUARD};
        assert_text(out, number_write_real(cases[i].value, out), cases[i].text);
    }
}

static void test_any_number_fits_and_reads_back(void **state) {
    (void)state;
    struct random_source random = {1};
    for (size_t i = 0; i < 200000; i++) {
        char out[NUMBER_CHARS + 1], expected[NUMBER_CHARS];
        const uint64_t bits = random_bits(&random);
        size_t length = number_write_natural(bits, (uint8_t *)out);
        out[length] = '\0';
        snprintf(expected, sizeof expected, "%" PRIu64, bits);
        assert_string_equal(out, expected);

        double value;
        const uint64_t all_bits = random_next(&random);
        memcpy(&value, &all_bits, sizeof value);
        if (i % 2 == 0) value = (double)(int64_t)all_bits / (double)(1 + random_below(&random, 1000000));
        length = number_write_real(value, (uint8_t *)out);
        assert_true(length > 0 && length < NUMBER_CHARS);
        out[length] = '\0';
        if (isfinite(value)) assert_true(fabs(strtod(out, NULL) - value) <= 5.1e-7 + fabs(value) * DBL_EPSILON);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_naturals_are_decimal_digits),
        cmocka_unit_test(test_integers_have_their_sign),
        cmocka_unit_test(test_reals_are_written_as_rules_expect_them),
        cmocka_unit_test(test_any_number_fits_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
