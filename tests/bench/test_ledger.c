#include "bench/ledger.h"

#include <math.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void the_first_of_a_name_is_found(void **state) {
    (void)state;
    static struct ledger ledger;
    const struct figure first[] = {{"a", 1}, {"b", 2}}, second[] = {{"a", 3}};
    ledger_add_fact(&ledger, "machine", "one");
    ledger_add_fact(&ledger, "machine", "two");
    ledger_add_row(&ledger, "size", "small", first, COUNT(first));
    ledger_add_row(&ledger, "size", "small", second, COUNT(second));
    assert_string_equal(ledger_fact(&ledger, "machine"), "one");
    assert_true(ledger_figure(&ledger, "size", "small", "a") == 1);
    assert_true(ledger_figure(&ledger, "size", "small", "b") == 2);
}

static void what_is_not_there_is_told(void **state) {
    (void)state;
    static struct ledger ledger;
    const struct figure figures[] = {{"a", 1}};
    ledger_add_row(&ledger, "size", "small", figures, COUNT(figures));
    assert_string_equal(ledger_fact(&ledger, "machine"), "");
    assert_true(isnan(ledger_figure(&ledger, "size", "small", "b")));
    assert_true(isnan(ledger_figure(&ledger, "size", "large", "a")));
    assert_true(isnan(ledger_figure(&ledger, "rules", "small", "a")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_a_name_is_found),
        cmocka_unit_test(what_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
