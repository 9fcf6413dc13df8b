#include "inspect/marks.h"

#include <stdbool.h>
#include <stdlib.h>

#include "allocation_count.h"
#include "random_bytes.h"
#include "test.h"

enum { CAPACITY = 1024 };

/* Notable: Q, q and the same from 0x80 on; runs: digits and hyphens. */
static struct mark_classes draw_classes(bool has_high_notable) {
    struct mark_classes classes;
    mark_classes_init(&classes);
    byte_class_add(&classes.low[MARK_NOTABLE], 'Q');
    byte_class_add(&classes.low[MARK_NOTABLE], 'q');
    for (uint8_t digit = '0'; digit <= '9'; digit++) byte_class_add(&classes.low[MARK_RUN], digit);
    byte_class_add(&classes.low[MARK_RUN], '-');
    classes.has_high_notable = has_high_notable;
    byte_class_add(&classes.high_notable, 'Q');
    return classes;
}

static bool belongs(enum mark kind, uint8_t byte, bool has_high_notable) {
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    switch (kind) {
    case MARK_WORD:
        return byte != 0 && strchr(word, byte) != NULL;
    case MARK_JOINT:
        return byte == '+' || byte == '/' || byte == '-' || byte == '_';
    case MARK_NOTABLE:
        return byte == 'Q' || byte == 'q' || (has_high_notable && byte == (0x80 | 'Q'));
    default:
        return (byte >= '0' && byte <= '9') || byte == '-';
    }
}

/* By every method, of texts that begin where another one has ended, read from every place. */
static void test_every_byte_is_marked_with_its_classes(void **state) {
    (void)state;
    struct random_source random = {12};
    size_t supported_count = 0;
    for (size_t method = 0; method < marks_method_count; method++) {
        if (!marks_methods[method].is_supported()) continue;
        supported_count++;
        for (int round = 0; round < 400; round++) {
            const bool has_high_notable = round % 2 == 0;
            const struct mark_classes classes = draw_classes(has_high_notable);
            struct marks marks;
            assert_int_equal(marks_init(&marks, &classes, CAPACITY), 0);
            marks.look_up = marks_methods[method].look_up;
            uint8_t text[300];
            const size_t before = random_below(&random, 100), length = 1 + random_below(&random, sizeof text);
            for (size_t i = 0; i < sizeof text; i++)
                text[i] = (uint8_t)(round < 200 ? random_next(&random) : i + round);
            assert_true(before == 0 || marks_take(&marks, text, before) != NULL);
            const uint8_t *const taken = marks_take(&marks, text, length);
            assert_memory_equal(taken, text, length);
            for (size_t at = 0; at < length; at++) {
                for (enum mark kind = 0; kind < MARK_KINDS; kind++) {
                    const uint64_t there = marks_first(length - at);
                    uint64_t expected = 0;
                    for (size_t i = at; i < length && i < at + MARKS_WINDOW; i++)
                        expected |= (uint64_t)belongs(kind, text[i], has_high_notable) << (i - at);
                    if ((marks_window(&marks, kind, taken + at) & there) != expected)
                        fail_msg("%s: kind %d, byte %zu", marks_methods[method].name, kind, at);
                }
            }
            marks_reset(&marks);
        }
    }
    assert_true(supported_count >= 1);
}

/* The bytes before it are a text's of their own. */
static void test_texts_are_kept_as_long_as_there_is_room(void **state) {
    (void)state;
    const struct mark_classes classes = draw_classes(false);
    struct marks marks;
    uint8_t text[CAPACITY + 1];
    memset(text, 'Q', sizeof text);
    assert_int_equal(marks_init(&marks, &classes, CAPACITY), 0);
    const size_t allocations_before = allocation_count;
    assert_null(marks_take(&marks, text, sizeof text));
    assert_non_null(marks_take(&marks, text, CAPACITY));
    assert_null(marks_room(&marks, 1));
    assert_non_null(marks_room(&marks, 0));
    marks_clear(&marks);
    for (size_t i = 0; i < CAPACITY / MARKS_ALIGNMENT; i++) assert_non_null(marks_take(&marks, text, 1));
    assert_null(marks_take(&marks, text, 1));
    assert_int_equal(allocation_count, allocations_before);
    marks_reset(&marks);
    marks_reset(&marks);
}

static void test_what_is_not_kept_is_written_over(void **state) {
    (void)state;
    const struct mark_classes classes = draw_classes(false);
    struct marks marks;
    assert_int_equal(marks_init(&marks, &classes, CAPACITY), 0);
    uint8_t *const room = marks_room(&marks, 40);
    memset(room, 'Q', 40);
    marks_look_up(&marks, 40);
    assert_true((marks_window(&marks, MARK_NOTABLE, room) & marks_first(40)) == marks_first(40));
    assert_ptr_equal(marks_take(&marks, (const uint8_t *)"aQ", 2), room);
    assert_int_equal(marks_window(&marks, MARK_NOTABLE, room) & marks_first(2), 2);
    assert_ptr_equal(marks_room(&marks, 1), room + MARKS_ALIGNMENT);
    marks_reset(&marks);
}

static void test_the_first_marks_of_a_window(void **state) {
    (void)state;
    uint64_t expected = 0;
    for (size_t count = 0; count <= MARKS_WINDOW; count++, expected = expected << 1 | 1)
        assert_true(marks_first(count) == expected);
    assert_true(marks_first(SIZE_MAX) == marks_first(MARKS_WINDOW));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_is_marked_with_its_classes),
        cmocka_unit_test(test_texts_are_kept_as_long_as_there_is_room),
        cmocka_unit_test(test_what_is_not_kept_is_written_over),
        cmocka_unit_test(test_the_first_marks_of_a_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
