#include "rules/compile/build_id.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

/* The note as it stands in the program's file: its head, the name "GNU", the id. */
static size_t find_in_program(uint8_t *id, size_t capacity) {
    static const uint8_t mark[] = {4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0};
    static uint8_t program[1 << 16];
    FILE *file = fopen("/proc/self/exe", "rb");
    assert_non_null(file);
    const size_t length = fread(program, 1, sizeof program, file);
    fclose(file);
    const uint8_t *note = memmem(program, length, mark, sizeof mark);
    assert_non_null(note);
    assert_true(note + sizeof mark + capacity <= program + length);
    memcpy(id, note + sizeof mark, capacity);
    return capacity;
}

static void test_it_is_the_one_in_the_program_file(void **state) {
    (void)state;
    uint8_t expected[20];
    size_t length;
    const uint8_t *id = build_id(&length);
    assert_non_null(id);
    assert_int_equal(length, find_in_program(expected, sizeof expected));
    assert_memory_equal(id, expected, length);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_it_is_the_one_in_the_program_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
