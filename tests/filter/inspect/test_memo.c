#include "inspect/memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocation_count.h"
#include "test.h"

/* To where what stands behind it may be read; returns its length. */
static size_t copy_text(const char *text, uint8_t bytes[MEMO_TEXT_MAX + MEMO_BEHIND + 1]) {
    memset(bytes, 0, MEMO_TEXT_MAX + MEMO_BEHIND + 1);
    strcpy((char *)bytes, text);
    return strlen(text);
}

static bool is_kept(const struct memo *memo, const char *text) {
    uint8_t bytes[MEMO_TEXT_MAX + MEMO_BEHIND + 1];
    const size_t length = copy_text(text, bytes);
    return memo_has(memo, memo_hash(memo, bytes, length), bytes, length);
}

static void note(struct memo *memo, const char *text) {
    uint8_t bytes[MEMO_TEXT_MAX + MEMO_BEHIND + 1];
    const size_t length = copy_text(text, bytes);
    memo_note(memo, memo_hash(memo, bytes, length), bytes, length);
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
        uint8_t one[MEMO_TEXT_MAX + MEMO_BEHIND], other[MEMO_TEXT_MAX + MEMO_BEHIND];
        memset(one, 'z', sizeof one);
        memset(other, 0, sizeof other);
        for (size_t i = 0; i < length; i++) one[i] = other[i] = (uint8_t)(i * 7 + length);
        assert_true(memo_hash(memo, one, length) == memo_hash(memo, other, length));
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
    const uint8_t text[12 + MEMO_BEHIND] = "news.example";
    assert_true(memo_hash(one, text, 12) != memo_hash(other, text, 12));
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
