#include <jansson.h>

#include "run_cli.h"

static struct run run;

static void test_version_tells_program_engine_and_rules(void **state) {
    (void)state;
    static const char *const parts[] = {"cordon " CORDON_VERSION "\n", "\nHyperscan 5.", "\nlibzmq 4.", " rules, ",
                                        " classes, digest "};
    static const char *const spellings[] = {"version", "--version"};
    for (size_t s = 0; s < 2; s++) {
        RUN(&run, spellings[s]);
        assert_int_equal(run.status, CLI_DONE);
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) assert_holds(run.out, parts[i]);
    }
}

static void test_version_as_json_names_every_part(void **state) {
    (void)state;
    RUN(&run, "version", "--json");
    assert_int_equal(run.status, CLI_DONE);
    json_t *object = json_loads(run.out, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(object, "version")), CORDON_VERSION);
    assert_true(json_is_string(json_object_get(object, "hyperscan")));
    assert_true(json_is_string(json_object_get(object, "platform")));
    assert_true(json_is_string(json_object_get(object, "libzmq")));
    assert_true(json_integer_value(json_object_get(object, "rules")) > 0);
    assert_true(json_integer_value(json_object_get(object, "classes")) >= 7);
    assert_int_equal(json_string_length(json_object_get(object, "rules_digest")), 64);
    json_decref(object);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_tells_program_engine_and_rules),
        cmocka_unit_test(test_version_as_json_names_every_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
