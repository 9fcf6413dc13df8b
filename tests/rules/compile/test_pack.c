#include "rules/compile/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static void test_packs_are_found_by_position_and_ordered_by_name(void **state) {
    (void)state;
    assert_true(pack_count() > 0);
    for (size_t i = 1; i < pack_count(); i++) assert_true(strcmp(pack_at(i - 1)->name, pack_at(i)->name) < 0);
    assert_null(pack_at(pack_count()));
    assert_null(pack_at(SIZE_MAX));
}

static void test_a_pack_is_its_file_byte_for_byte(void **state) {
    (void)state;
    for (size_t i = 0; i < pack_count(); i++) {
        const struct pack *pack = pack_at(i);
        char path[512];
        snprintf(path, sizeof path, TEST_SOURCE_DIR "/rules/packs/%s.yaml", pack->name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        char *text = malloc(pack->length + 1);
        assert_non_null(text);
        assert_int_equal(fread(text, 1, pack->length + 1, file), pack->length);
        assert_memory_equal(text, pack->text, pack->length);
        free(text);
        fclose(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packs_are_found_by_position_and_ordered_by_name),
        cmocka_unit_test(test_a_pack_is_its_file_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
