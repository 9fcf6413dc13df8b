#include "inspect/validator_checks.h"

#include "test.h"

/* Each check digit against another way to compute it, over many numbers. */

enum { NUMBER_COUNT = 20000, DIGITS_MAX = 20 };

static size_t make_digits(uint32_t *seed, uint8_t digits[DIGITS_MAX]) {
    *seed = *seed * 1664525 + 1013904223;
    const size_t count = 2 + (*seed >> 16) % (DIGITS_MAX - 1);
    for (size_t i = 0; i < count; i++) {
        *seed = *seed * 1664525 + 1013904223;
        digits[i] = (uint8_t)('0' + (*seed >> 16) % 10);
    }
    return count;
}

/* Twice a digit, and the digits of that added up. */
static bool has_luhn(const uint8_t *digits, size_t count) {
    unsigned sum = 0;
    for (size_t place = 0; place < count; place++) {
        const unsigned digit = digits[count - 1 - place] - '0', value = place % 2 == 0 ? digit : digit * 2;
        sum += value / 10 + value % 10;
    }
    return sum % 10 == 0;
}

/* In the dihedral group of the pentagon 0 to 4 are rotations and 5 to 9 reflections. */
static unsigned multiply_in_d5(unsigned a, unsigned b) {
    const unsigned rotation = a < 5 ? (a + b) % 5 : (a + 5 - b % 5) % 5;
    return rotation + ((a < 5) == (b < 5) ? 0 : 5);
}

static bool has_verhoeff(const uint8_t *digits, size_t count) {
    static const unsigned permutation[] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    unsigned check = 0;
    for (size_t place = 0; place < count; place++) {
        unsigned digit = digits[count - 1 - place] - '0';
        for (size_t i = 0; i < place; i++) digit = permutation[digit];
        check = multiply_in_d5(check, digit);
    }
    return check == 0;
}

/* ISO 7064, MOD 11,10 in its recursive form: the check digit brings the last sum to 1 modulo 10. */
static bool has_mod_11_10(const uint8_t *digits, size_t count) {
    unsigned product = 10, sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum = product % 11 + (digits[i] - '0');
        product = (sum % 10 == 0 ? 10 : sum % 10) * 2;
    }
    return sum % 10 == 1;
}

static void assert_same(bool (*holds)(const uint8_t *, size_t), bool (*has)(const uint8_t *, size_t)) {
    uint32_t seed = 1;
    size_t held_count = 0;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        uint8_t digits[DIGITS_MAX];
        const size_t count = make_digits(&seed, digits);
        assert_int_equal(holds(digits, count), has(digits, count));
        held_count += holds(digits, count);
    }
    assert_in_range(held_count, NUMBER_COUNT / 12, NUMBER_COUNT / 8);
}

static void test_luhn_holds_for_one_number_in_ten(void **state) {
    (void)state;
    assert_same(digits_hold_luhn, has_luhn);
}

static void test_verhoeff_multiplies_in_the_dihedral_group(void **state) {
    (void)state;
    assert_same(digits_hold_verhoeff, has_verhoeff);
}

static void test_mod_11_10_follows_the_recursion(void **state) {
    (void)state;
    assert_same(digits_hold_mod_11_10, has_mod_11_10);
}

static void test_mod_97_is_the_remainder_of_the_whole_number(void **state) {
    (void)state;
    uint32_t seed = 2;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        uint8_t digits[DIGITS_MAX];
        const size_t count = make_digits(&seed, digits) % 18;
        uint64_t number = 0;
        for (size_t place = 0; place < count; place++) number = number * 10 + digits[place] - '0';
        assert_int_equal(characters_mod_97(0, digits, count), number % 97);
    }
    assert_int_equal(characters_mod_97(0, (const uint8_t *)"A9Z", 3), 10935 % 97);
    assert_int_equal(characters_mod_97(12, (const uint8_t *)"3", 1), 123 % 97);
}

static void test_digits_are_weighed_compared_and_read_as_a_number(void **state) {
    (void)state;
    const uint8_t *const digits = (const uint8_t *)"012345678";
    assert_int_equal(digits_value(digits, 9), 12345678);
    assert_int_equal(digits_value((const uint8_t *)"999999999", 9), 999999999);
    assert_int_equal(digits_weighted_sum(digits, (const int8_t[]){5, 4, -3, 10}, 4), 4 - 6 + 30);
    assert_true(digits_are_same((const uint8_t *)"7778", 3));
    assert_false(digits_are_same((const uint8_t *)"7778", 4));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_luhn_holds_for_one_number_in_ten),
        cmocka_unit_test(test_verhoeff_multiplies_in_the_dihedral_group),
        cmocka_unit_test(test_mod_11_10_follows_the_recursion),
        cmocka_unit_test(test_mod_97_is_the_remainder_of_the_whole_number),
        cmocka_unit_test(test_digits_are_weighed_compared_and_read_as_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
