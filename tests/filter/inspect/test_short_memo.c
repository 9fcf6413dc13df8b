#include "inspect/short_memo.h"

#include <stdio.h>

#include "test.h"

/* Sixteen bytes may be read; what stands behind the text must not matter. */
static struct short_text text_of(const char *text, size_t length, uint8_t behind) {
    uint8_t bytes[16];
    memset(bytes, behind, sizeof bytes);
    memcpy(bytes, text, length);
    return short_memo_text(bytes, length);
}

static bool is_kept(const struct short_memo *memo, const char *text) {
    const struct short_text own = text_of(text, strlen(text), 'z');
    return short_memo_has(memo, &own);
}

static void note(struct short_memo *memo, const char *text) {
    const struct short_text own = text_of(text, strlen(text), 0xff);
    short_memo_note(memo, &own);
}

static void test_a_text_is_kept_when_it_comes_for_the_second_time(void **state) {
    (void)state;
    static struct short_memo memo;
    assert_int_equal(short_memo_init(&memo), 0);
    assert_false(is_kept(&memo, "video/mp4"));
    note(&memo, "video/mp4");
    assert_false(is_kept(&memo, "video/mp4"));
    note(&memo, "video/mp4");
    assert_true(is_kept(&memo, "video/mp4"));
    assert_int_equal(short_memo_init(&memo), 0);
    assert_false(is_kept(&memo, "video/mp4"));
}

/* Every length, every byte, and zeros that look like an end. */
static void test_only_the_very_same_text_is_known(void **state) {
    (void)state;
    static struct short_memo memo;
    for (size_t length = 1; length <= SHORT_MEMO_TEXT_MAX; length++) {
        char text[SHORT_MEMO_TEXT_MAX + 1] = "abcdefghijklmno";
        assert_int_equal(short_memo_init(&memo), 0);
        const struct short_text kept = text_of(text, length, 1);
        short_memo_note(&memo, &kept);
        short_memo_note(&memo, &kept);
        for (unsigned behind = 0; behind < 256; behind++) {
            const struct short_text same = text_of(text, length, (uint8_t)behind);
            assert_true(short_memo_has(&memo, &same));
        }
        for (size_t at = 0; at < length; at++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                text[at] ^= (char)(1u << bit);
                const struct short_text other = text_of(text, length, 1);
                assert_false(short_memo_has(&memo, &other));
                text[at] ^= (char)(1u << bit);
            }
        }
        for (size_t other = 1; other <= SHORT_MEMO_TEXT_MAX; other++) {
            const struct short_text of_another_length = text_of(text, other, 0);
            assert_int_equal(short_memo_has(&memo, &of_another_length), other == length);
        }
    }
}

static void test_zeros_are_a_text_of_their_own_for_each_length(void **state) {
    (void)state;
    static struct short_memo memo;
    static const char zeros[SHORT_MEMO_TEXT_MAX] = {0};
    assert_int_equal(short_memo_init(&memo), 0);
    for (size_t length = 1; length <= SHORT_MEMO_TEXT_MAX; length++) {
        const struct short_text own = text_of(zeros, length, 0);
        assert_false(short_memo_has(&memo, &own));
        short_memo_note(&memo, &own);
        short_memo_note(&memo, &own);
        assert_true(short_memo_has(&memo, &own));
    }
}

static void test_it_forgets_by_overwriting(void **state) {
    (void)state;
    static struct short_memo memo;
    char text[SHORT_MEMO_TEXT_MAX + 1];
    size_t kept_count = 0;
    assert_int_equal(short_memo_init(&memo), 0);
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "text %u", i);
        note(&memo, text);
        note(&memo, text);
        assert_true(is_kept(&memo, text));
    }
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(text, sizeof text, "text %u", i);
        kept_count += is_kept(&memo, text);
    }
    assert_in_range(kept_count, SHORT_MEMO_ENTRIES / 4, SHORT_MEMO_ENTRIES);
}

/* Nobody knows where a text is kept. */
static void test_two_memos_keep_texts_at_different_places(void **state) {
    (void)state;
    static struct short_memo one, other;
    assert_int_equal(short_memo_init(&one), 0);
    assert_int_equal(short_memo_init(&other), 0);
    const struct short_text text = text_of("news.example", 12, 0);
    assert_true(short_memo_hash(&one, &text) != short_memo_hash(&other, &text));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_kept_when_it_comes_for_the_second_time),
        cmocka_unit_test(test_only_the_very_same_text_is_known),
        cmocka_unit_test(test_zeros_are_a_text_of_their_own_for_each_length),
        cmocka_unit_test(test_it_forgets_by_overwriting),
        cmocka_unit_test(test_two_memos_keep_texts_at_different_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
