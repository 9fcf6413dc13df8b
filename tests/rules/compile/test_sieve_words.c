#include "rules/compile/sieve_words.h"

#include <string.h>

#include "look_at.h"

/* A word feature that allows each of the bytes of sets[i] at place i; "" allows all that is in no word. */
static struct feature word_of(const char *const *sets, size_t length, bool is_at_end) {
    struct feature feature = {.kind = FEATURE_WORD, .length = (uint32_t)length, .is_at_end = is_at_end};
    for (size_t i = 0; i < length; i++) {
        for (const char *at = sets[i]; *at != '\0'; at++) byte_set_add(&feature.sets[i], (uint8_t)*at);
        for (unsigned byte = 0; byte < 256 && *sets[i] == '\0'; byte++)
            if ((sieve_symbol((uint8_t)byte) & SIEVE_NO_WORD) != 0) byte_set_add(&feature.sets[i], (uint8_t)byte);
    }
    return feature;
}

static bool is_seen(const struct sieve *sieve, const char *text) {
    const uint8_t *const bytes = (const uint8_t *)text;
    return (look_at(sieve, bytes, strlen(text)) & SIEVE_ALL) != 0;
}

static void test_a_word_is_seen_where_it_begins_whatever_follows(void **state) {
    (void)state;
    static const struct {
        const char *sets[SIEVE_SYMBOLS];
        size_t length;
        bool is_at_end;
        const char *seen[6], *cleared[6];
    } cases[] = {
        {{"l", "u", "n", "c", "h"},
         5,
         false,
         {"lunch", "a lunch", "lunches", "LUNCH", "-lunch-"},
         {"lunc", "brunch", "xlunch"}},
        {{"a", "n", "n", ""}, 4, true, {"ann", "ann.", "to ann", "ann\xe9"}, {"anna", "ann_", "ann1", "an"}},
        {{"t", "o", "", "x"}, 4, false, {"to:x", "to xy"}, {"to:y", "to", "tox"}},
        {{"c", "a", "r", "d", "", "0123456789"}, 6, false, {"card 4", "CARD:5678"}, {"card x", "card", "cards 4"}},
        {{"a", "b"}, 2, false, {"ab", "abc", "ab.", "a ab1x"}, {"a", "ba", "a.b"}},
        {{"ab", "12"}, 2, false, {"a1", "b2x", "B1."}, {"a3", "c1"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sieve sieve = {0};
        struct sieve_words words = {0};
        const struct feature feature = word_of(cases[i].sets, cases[i].length, cases[i].is_at_end);
        sieve_init(&sieve);
        assert_int_equal(sieve_words_add(&words, &feature), 0);
        assert_int_equal(sieve_words_finish(&words, &sieve), 0);
        for (size_t j = 0; cases[i].seen[j] != NULL; j++)
            if (!is_seen(&sieve, cases[i].seen[j])) fail_msg("case %zu: %s is hidden", i, cases[i].seen[j]);
        for (size_t j = 0; cases[i].cleared[j] != NULL; j++)
            if (is_seen(&sieve, cases[i].cleared[j])) fail_msg("case %zu: %s is seen", i, cases[i].cleared[j]);
        sieve_words_reset(&words);
        sieve_reset(&sieve);
    }
}

static void test_words_added_twice_are_kept_once(void **state) {
    (void)state;
    static const char *const sets[] = {"l", "u", "n", "c", "h"};
    struct sieve sieve = {0};
    struct sieve_words words = {0};
    const struct feature feature = word_of(sets, 5, false);
    for (int i = 0; i < 3; i++) assert_int_equal(sieve_words_add(&words, &feature), 0);
    assert_int_equal(sieve_words_finish(&words, &sieve), 0);
    assert_int_equal(sieve.word_count, 1);
    sieve_words_reset(&words);
    sieve_reset(&sieve);
}

static void test_no_words_make_a_table_that_sees_none(void **state) {
    (void)state;
    struct sieve sieve = {0};
    struct sieve_words words = {0};
    sieve_init(&sieve);
    assert_int_equal(sieve_words_finish(&words, &sieve), 0);
    assert_false(is_seen(&sieve, "lunch"));
    sieve_words_reset(&words);
    sieve_reset(&sieve);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_word_is_seen_where_it_begins_whatever_follows),
        cmocka_unit_test(test_words_added_twice_are_kept_once),
        cmocka_unit_test(test_no_words_make_a_table_that_sees_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
