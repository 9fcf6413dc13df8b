#include "inspect/mask.h"

#include "random_bytes.h"
#include "test.h"

enum { BITS = 64 };

/* Masks with many ones, few ones, all and none. */
static uint64_t draw_mask(struct random_source *random) {
    const uint64_t mask = random_next(random);
    switch (random_below(random, 5)) {
    case 0:
        return mask;
    case 1:
        return mask | random_next(random) | random_next(random) | random_next(random);
    case 2:
        return ~(UINT64_C(1) << random_below(random, 64));
    case 3:
        return UINT64_MAX << random_below(random, 64);
    default:
        return UINT64_MAX >> random_below(random, 64);
    }
}

static void test_runs_are_found_as_bit_by_bit(void **state) {
    (void)state;
    struct random_source random = {13};
    for (int round = 0; round < 100000; round++) {
        const uint64_t mask = draw_mask(&random);
        unsigned lengths[BITS + 1] = {0};
        for (unsigned at = BITS; at-- > 0;) lengths[at] = mask >> at & 1 ? lengths[at + 1] + 1 : 0;
        const unsigned count = 1 + (unsigned)random_below(&random, BITS), from = (unsigned)random_below(&random, BITS);
        uint64_t expected = 0;
        for (unsigned at = 0; at < BITS; at++) expected |= (uint64_t)(lengths[at] >= count) << at;
        assert_true(mask_runs(mask, count) == expected);
        if (count == 11) assert_true(mask_runs_of_11(mask) == expected);
        uint8_t shifts[MASK_RUN_SHIFTS];
        mask_run_shifts(count, shifts);
        if (count <= MASK_RUN_BY_MAX)
            assert_true(mask_runs_by(mask, shifts) == expected);
        else
            assert_true((expected & ~mask_runs_by(mask, shifts)) == 0);
        assert_int_equal(mask_run_length(mask, from), lengths[from]);
    }
    assert_true(mask_runs(UINT64_MAX, BITS) == 1);
    assert_true(mask_runs(0, 1) == 0);
    assert_int_equal(mask_run_length(UINT64_MAX, 0), BITS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_are_found_as_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
