#include "inspect/reason.h"

#include "test.h"

static void test_every_reason_has_its_fixed_name(void **state) {
    (void)state;
    static const struct {
        enum reason reason;
        const char *name;
    } cases[] = {
        {REASON_MALFORMED, "malformed"}, {REASON_TRAILING_BYTES, "trailing-bytes"},
        {REASON_TOO_DEEP, "too-deep"},   {REASON_TOO_LARGE, "too-large"},
        {REASON_BUDGET, "budget"},       {REASON_ENGINE, "engine"},
        {REASON_MEMORY, "memory"},
    };
    assert_int_equal(sizeof cases / sizeof *cases, REASON_COUNT - 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(reason_name(cases[i].reason), cases[i].name);
    assert_null(reason_name(REASON_NONE));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_reason_has_its_fixed_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
