#include "inspect/memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation_count.h"
#include "test.h"

static bool is_kept(const struct memo *memo, const char *text) {
    const uint8_t *const bytes = (const uint8_t *)text;
    const size_t length = strlen(text);
    return memo_has(memo, memo_hash(memo, bytes, length, bytes + length), bytes, length);
}

static void note(struct memo *memo, const char *text) {
    const uint8_t *const bytes = (const uint8_t *)text;
    const size_t length = strlen(text);
    memo_note(memo, memo_hash(memo, bytes, length, bytes + length), bytes, length);
}

static void test_a_text_is_kept_when_it_comes_for_the_second_time(void **state) {
    (void)state;
    struct memo *memo = memo_create();
    assert_non_null(memo);
    assert_false(is_kept(memo, "news.example"));
    note(memo, "news.example");
    assert_false(is_kept(memo, "news.example"));
    note(memo, "news.example");
    assert_true(is_kept(memo, "news.example"));
    memo_destroy(&memo);
    memo_destroy(&memo);
}

/* Every length, and every byte of it. */
static void test_only_the_very_same_text_is_known(void **state) {
    (void)state;
    struct memo *memo = memo_create();
    for (size_t length = 1; length <= MEMO_TEXT_MAX; length++) {
        char text[MEMO_TEXT_MAX + 2] = {0};
        memset(text, 'a', length);
        note(memo, text);
        note(memo, text);
        assert_true(is_kept(memo, text));
        for (size_t at = 0; at < length; at++) {
            text[at] = 'b';
            assert_false(is_kept(memo, text));
            text[at] = 'a';
        }
        text[length - 1] = 'c';
        assert_false(is_kept(memo, text));
    }
    memo_destroy(&memo);
}

static void test_what_stands_behind_a_text_changes_nothing(void **state) {
    (void)state;
    struct memo *memo = memo_create();
    for (size_t length = 1; length <= MEMO_TEXT_MAX; length++) {
        uint8_t *const tight = malloc(length), wide[MEMO_TEXT_MAX + 16];
        memset(wide, 'z', sizeof wide);
        for (size_t i = 0; i < length; i++) tight[i] = wide[i] = (uint8_t)(i * 7 + length);
        assert_true(memo_hash(memo, tight, length, tight + length) ==
                    memo_hash(memo, wide, length, wide + sizeof wide));
        free(tight);
    }
    memo_destroy(&memo);
}

static void test_it_forgets_and_stays_as_large_as_it_is(void **state) {
    (void)state;
    struct memo *memo = memo_create();
    const size_t allocations_before = allocation_count;
    char text[32];
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "text %u", i);
        note(memo, text);
        note(memo, text);
        assert_true(is_kept(memo, text));
    }
    assert_int_equal(allocation_count, allocations_before);
    unsigned kept_count = 0;
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "text %u", i);
        kept_count += is_kept(memo, text);
    }
    assert_true(kept_count > 1000 && kept_count < 10000);
    memo_destroy(&memo);
}

/* Nobody knows where a text is kept. */
static void test_two_memos_keep_texts_at_different_places(void **state) {
    (void)state;
    struct memo *one = memo_create(), *other = memo_create();
    const uint8_t text[] = "news.example";
    assert_true(memo_hash(one, text, 12, text + 12) != memo_hash(other, text, 12, text + 12));
    memo_destroy(&one);
    memo_destroy(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_kept_when_it_comes_for_the_second_time),
        cmocka_unit_test(test_only_the_very_same_text_is_known),
        cmocka_unit_test(test_what_stands_behind_a_text_changes_nothing),
        cmocka_unit_test(test_it_forgets_and_stays_as_large_as_it_is),
        cmocka_unit_test(test_two_memos_keep_texts_at_different_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
