#include "rules/compile/path_index.h"

#include <string.h>

#include "rule_text.h"

static const char rules_text[] =
    RULES(RULE("a.mail", "email", "fields: ['**.{mail,e-post}.{body,subject}', 'mail.*']")
              RULE("a.chat", "chat", "fields: [chat.body, 'photos[0]', '**', 'chat[*].text']")
                  RULE("a.word", "chat", "pattern: lunch, paths: {include: [never.here], exclude: ['**.nor.here']}"));

struct set_up {
    struct rule_set *rules;
};

static int set_up(void **state) {
    static struct set_up own;
    *state = &own;
    own.rules = rules_of(rules_text);
    return 0;
}

static int tear_down(void **state) {
    struct set_up *own = *state;
    rule_set_destroy(&own->rules);
    return 0;
}

static uint16_t word_of(const struct rule_set *rules, const char *name) {
    return words_find(&rules->words, (const uint8_t *)name, strlen(name));
}

/* How many globs of a rule are tried on fields whose nearest key is that word. */
static size_t count_globs(const struct rule_set *rules, uint16_t word, const char *rule_id) {
    const struct path_index *index = &rules->field_paths;
    size_t count = 0;
    for (uint32_t i = index->first_by_word[word]; i < index->first_by_word[word + 1]; i++) {
        const struct rule *rule = &rules->rules[index->owners[i]];
        assert_true(index->globs[i] >= rule->fields.first && index->globs[i] < rule->fields.first + rule->fields.count);
        count += strcmp(rule->id, rule_id) == 0;
    }
    return count;
}

static void test_a_glob_is_tried_where_its_last_key_stands(void **state) {
    static const struct {
        const char *word;
        size_t mail_count, chat_count;
    } cases[] = {
        {"body", 1, 1}, {"subject", 1, 0}, {"text", 0, 1},  {"mail", 0, 0}, {"e-post", 0, 0},
        {"chat", 0, 0}, {"photos", 0, 0},  {"never", 0, 0}, {"here", 0, 0}, {"nor", 0, 0},
    };
    const struct set_up *own = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint16_t word = word_of(own->rules, cases[i].word);
        assert_int_not_equal(word, WORD_UNKNOWN);
        assert_int_equal(count_globs(own->rules, word, "a.mail"), cases[i].mail_count);
        assert_int_equal(count_globs(own->rules, word, "a.chat"), cases[i].chat_count);
    }
}

static void test_globs_that_end_in_no_key_are_tried_everywhere(void **state) {
    const struct set_up *own = *state;
    assert_int_equal(count_globs(own->rules, WORD_UNKNOWN, "a.mail"), 1);
    assert_int_equal(count_globs(own->rules, WORD_UNKNOWN, "a.chat"), 2);
}

static void test_places_of_pattern_rules_are_not_indexed(void **state) {
    const struct set_up *own = *state;
    const struct path_index *index = &own->rules->field_paths;
    assert_int_equal(index->word_count, own->rules->words.count);
    assert_int_equal(index->first_by_word[0], 0);
    assert_int_equal(index->first_by_word[index->word_count], 7);
    for (size_t word = 0; word < index->word_count; word++) {
        assert_true(index->first_by_word[word] <= index->first_by_word[word + 1]);
        assert_int_equal(count_globs(own->rules, (uint16_t)word, "a.word"), 0);
    }
}

static void test_without_field_rules_the_index_is_empty(void **state) {
    (void)state;
    struct rule_set *rules = rules_of(RULES(RULE("a.word", "chat", "pattern: lunch, paths: {include: [a.b]}")));
    for (size_t word = 0; word <= rules->words.count; word++)
        assert_int_equal(rules->field_paths.first_by_word[word], 0);
    path_index_reset(&rules->field_paths);
    assert_null(rules->field_paths.first_by_word);
    path_index_reset(&rules->field_paths);
    rule_set_destroy(&rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_glob_is_tried_where_its_last_key_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_globs_that_end_in_no_key_are_tried_everywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places_of_pattern_rules_are_not_indexed, set_up, tear_down),
        cmocka_unit_test(test_without_field_rules_the_index_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
