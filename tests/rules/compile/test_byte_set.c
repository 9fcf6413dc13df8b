#include "rules/compile/byte_set.h"

#include "test.h"

static struct byte_set set_of(const char *bytes) {
    struct byte_set set = {0};
    for (; *bytes != '\0'; bytes++) byte_set_add(&set, (uint8_t)*bytes);
    return set;
}

static void test_a_set_has_what_was_added(void **state) {
    (void)state;
    struct byte_set set = {0};
    for (unsigned byte = 0; byte < 256; byte++) {
        assert_false(byte_set_has(&set, (uint8_t)byte));
        assert_int_equal(byte_set_count(&set), byte);
        byte_set_add(&set, (uint8_t)byte);
        byte_set_add(&set, (uint8_t)byte);
        assert_true(byte_set_has(&set, (uint8_t)byte));
    }
    assert_int_equal(byte_set_count(&set), 256);
}

static void test_a_range_has_both_its_ends(void **state) {
    (void)state;
    static const struct {
        uint8_t first, last;
        size_t count;
    } cases[] = {{0, 255, 256}, {7, 7, 1}, {255, 255, 1}, {60, 200, 141}, {9, 8, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct byte_set set = {0};
        byte_set_add_range(&set, cases[i].first, cases[i].last);
        assert_int_equal(byte_set_count(&set), cases[i].count);
        assert_int_equal(byte_set_has(&set, cases[i].first), cases[i].count > 0);
        assert_int_equal(byte_set_has(&set, cases[i].last), cases[i].count > 0);
    }
}

static void test_sets_are_joined_inverted_and_compared(void **state) {
    (void)state;
    struct byte_set set = set_of("a\xff");
    const struct byte_set others = set_of("ab");
    byte_set_add_all(&set, &others);
    assert_int_equal(byte_set_count(&set), 3);
    assert_true(byte_sets_meet(&set, &others));
    byte_set_invert(&set);
    assert_int_equal(byte_set_count(&set), 253);
    assert_false(byte_set_has(&set, 'b'));
    assert_true(byte_set_has(&set, 'c'));
    assert_false(byte_sets_meet(&set, &others));
}

static void test_only_letters_of_ascii_have_another_case(void **state) {
    (void)state;
    struct byte_set set = set_of("aZ@[`{1\xe9");
    byte_set_add_other_case(&set);
    assert_int_equal(byte_set_count(&set), 10);
    assert_true(byte_set_has(&set, 'A'));
    assert_true(byte_set_has(&set, 'z'));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_set_has_what_was_added),
        cmocka_unit_test(test_a_range_has_both_its_ends),
        cmocka_unit_test(test_sets_are_joined_inverted_and_compared),
        cmocka_unit_test(test_only_letters_of_ascii_have_another_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
