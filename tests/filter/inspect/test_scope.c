/* A rule that looks in some paths only neither finds nor costs anything elsewhere. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/inspect.h"
#include "rule_text.h"

enum { MANY = 20000 /* more than one scan may propose candidates */ };

/* So many matching texts out of scope, and one in it or none. */
static size_t write_message(char *json, size_t out_of_scope_count, bool is_in_scope) {
    char *at = json + sprintf(json, "{\"list\":[\"ann\"");
    for (size_t i = 1; i < out_of_scope_count; i++) at += sprintf(at, ",\"ann\"");
    at += sprintf(at, "],\"name\":\"%s\"}", is_in_scope ? "ann" : "bob");
    return (size_t)(at - json);
}

static void look(bool is_in_scope, bool has_proofs, struct inspection *inspection) {
    const struct limits limits = LIMITS_DEFAULT;
    struct rule_set *rules =
        rules_of(RULES(RULE("a.scoped", "personal", "pattern: 'ann', paths: {include: ['name']}")));
    struct inspector *inspector = inspector_create(rules, &limits);
    char *const json = malloc(MANY * 8);
    assert_true(inspector != NULL && json != NULL);
    if (!has_proofs) inspector_forgo_proofs(inspector);
    const struct frame frame = {(const uint8_t *)json, write_message(json, MANY, is_in_scope)};
    inspect(inspector, &frame, 1, FORMAT_JSON, inspection);
    free(json);
    inspector_destroy(&inspector);
    rule_set_destroy(&rules);
}

static void test_a_long_list_of_matches_out_of_scope_uses_up_no_budget(void **state) {
    (void)state;
    for (int has_proofs = 0; has_proofs < 2; has_proofs++) {
        struct inspection inspection;
        look(false, has_proofs, &inspection);
        assert_int_equal(inspection.reason, REASON_NONE);
        assert_int_equal(inspection.finding_count, 0);
    }
}

static void test_what_is_in_scope_is_found_behind_it(void **state) {
    (void)state;
    for (int has_proofs = 0; has_proofs < 2; has_proofs++) {
        struct inspection inspection;
        look(true, has_proofs, &inspection);
        assert_int_equal(inspection.reason, REASON_NONE);
        assert_int_equal(inspection.finding_count, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_list_of_matches_out_of_scope_uses_up_no_budget),
        cmocka_unit_test(test_what_is_in_scope_is_found_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
