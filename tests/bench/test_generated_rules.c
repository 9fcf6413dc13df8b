#include "bench/generated_rules.h"

#include <stdlib.h>
#include <string.h>

#include "bench/generated_set.h"
#include "test.h"

static void the_same_seed_writes_the_same_rules(void **state) {
    (void)state;
    size_t lengths[3];
    char *texts[] = {generated_rules_write(30, 1, &lengths[0]), generated_rules_write(30, 1, &lengths[1]),
                     generated_rules_write(30, 2, &lengths[2])};
    assert_string_equal(texts[0], texts[1]);
    assert_int_equal(lengths[0], strlen(texts[0]));
    assert_string_not_equal(texts[0], texts[2]);
    for (size_t i = 0; i < 3; i++) free(texts[i]);
}

static void every_generated_rule_compiles(void **state) {
    (void)state;
    struct generated_set set;
    assert_int_equal(generated_set_make(&set, 40, 3), 0);
    assert_int_equal(set.rules->rule_count, 40);
    assert_int_equal(set.rules->pattern_count, 32);
    generated_set_reset(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_writes_the_same_rules),
        cmocka_unit_test(every_generated_rule_compiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
