#include "inspect/words.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define SIXTY_FOUR "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

static int set_up(void **state) {
    static struct words words;
    *state = &words;
    return words_init(&words);
}

static int tear_down(void **state) {
    words_reset(*state);
    words_reset(*state);
    return 0;
}

static uint16_t find(const struct words *words, const char *key) {
    return words_find(words, (const uint8_t *)key, strlen(key));
}

static void test_keys_are_compared_in_their_normal_form(void **state) {
    (void)state;
    static const struct {
        const char *key, *normal;
    } cases[] = {
        {"email", "email"},
        {"E-Mail", "email"},
        {"e_mail", "email"},
        {"_E.M.A.I.L_", "email"},
        {"e mail ", "email"},
        {"Stra\xc3\x9f"
         "e",
         "stra\xc3\x9f"
         "e"},
        {"\xc3\x84", "\xc3\x84"},
        {"@[`{", "@[`{"},
        {"", ""},
        {"-_.", ""},
        {SIXTY_FOUR, SIXTY_FOUR},
        {"-" SIXTY_FOUR "_", SIXTY_FOUR},
        {SIXTY_FOUR "x", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char normal[WORD_LENGTH_MAX];
        const size_t length = words_normalise((const uint8_t *)cases[i].key, strlen(cases[i].key), normal);
        assert_int_equal(length, strlen(cases[i].normal));
        assert_memory_equal(normal, cases[i].normal, length);
    }
}

static void test_a_key_is_found_however_it_is_spelt(void **state) {
    struct words *words = *state;
    const uint16_t mail = words_add(words, "E-Mail"), body = words_add(words, "body");
    assert_int_not_equal(mail, WORD_UNKNOWN);
    assert_int_not_equal(mail, body);
    assert_int_equal(find(words, "email"), mail);
    assert_int_equal(find(words, "e_mail"), mail);
    assert_int_equal(find(words, "E.MAIL"), mail);
    assert_int_equal(find(words, "BODY"), body);
    assert_int_equal(find(words, "bod"), WORD_UNKNOWN);
    assert_int_equal(find(words, "bodyy"), WORD_UNKNOWN);
    assert_int_equal(find(words, ""), WORD_UNKNOWN);
    assert_int_equal(words_find(words, NULL, 0), WORD_UNKNOWN);
}

static void test_a_key_with_nul_inside_is_unknown(void **state) {
    struct words *words = *state;
    assert_int_not_equal(words_add(words, "mail"), WORD_UNKNOWN);
    assert_int_equal(words_find(words, (const uint8_t *)"mail\0", 5), WORD_UNKNOWN);
    assert_int_equal(words_find(words, (const uint8_t *)"\0mail", 5), WORD_UNKNOWN);
    assert_int_equal(words_find(words, (const uint8_t *)"\0", 1), WORD_UNKNOWN);
}

static void test_a_word_is_shown_as_it_was_first_written(void **state) {
    struct words *words = *state;
    const uint16_t word = words_add(words, "messageId");
    assert_int_equal(words_add(words, "message_id"), word);
    assert_int_equal(words->count, 2);
    assert_string_equal(words->shown[word], "messageId");
    assert_string_equal(words->normal[word], "messageid");
    assert_string_equal(words->shown[WORD_UNKNOWN], "*");
}

static void test_a_name_without_normal_form_is_not_added(void **state) {
    struct words *words = *state;
    assert_int_equal(words_add(words, ""), WORD_UNKNOWN);
    assert_int_equal(words_add(words, "--"), WORD_UNKNOWN);
    assert_int_equal(words_add(words, SIXTY_FOUR "x"), WORD_UNKNOWN);
    assert_int_equal(words->count, 1);
    assert_int_not_equal(words_add(words, SIXTY_FOUR), WORD_UNKNOWN);
}

static void test_a_full_table_takes_no_more_and_finds_all_it_has(void **state) {
    struct words *words = *state;
    char name[16];
    for (unsigned i = 1; i <= UINT16_MAX; i++) {
        snprintf(name, sizeof name, "word%u", i);
        assert_int_equal(words_add(words, name), i);
    }
    assert_int_equal(words_add(words, "one more"), WORD_UNKNOWN);
    assert_int_equal(find(words, "one more"), WORD_UNKNOWN);
    for (unsigned i = 1; i <= UINT16_MAX; i++) {
        snprintf(name, sizeof name, "WORD_%u", i);
        assert_int_equal(find(words, name), i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_compared_in_their_normal_form),
        cmocka_unit_test_setup_teardown(test_a_key_is_found_however_it_is_spelt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_key_with_nul_inside_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_word_is_shown_as_it_was_first_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_name_without_normal_form_is_not_added, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_table_takes_no_more_and_finds_all_it_has, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
