/* What proofs remember of a text says nothing of the place where it stands, nor of another text. */

#include "inspect/proof.h"

#include <stdio.h>
#include <string.h>

#include "inspect/inspect.h"
#include "rule_text.h"

enum { OFTEN = 4 /* a text is kept when it comes for the second time */ };

static const char rules_text[] =
    RULES(RULE("a.place", "email", "fields: ['**.mail']") RULE("a.key", "email", "fields: ['**.secret'], types: [key]")
              RULE("a.judged", "identifier", "fields: ['**.pan'], validator: luhn")
                  RULE("a.scoped", "personal", "pattern: '\\bann\\b', paths: {include: ['**.name']}")
                      RULE("a.word", "chat", "pattern: '\\blunch[ ]box[ ][0-9]{3}\\b'")
                          RULE("a.known", "file", "fields: ['note.none'], types: [bin]"));

struct bench {
    struct rule_set *rules;
    struct inspector *inspector;
};

static int set_up(void **state) {
    static struct bench bench;
    const struct limits limits = LIMITS_DEFAULT;
    bench.rules = rules_of(rules_text);
    bench.inspector = inspector_create(bench.rules, &limits);
    assert_non_null(bench.inspector);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    inspector_destroy(&bench->inspector);
    rule_set_destroy(&bench->rules);
    return 0;
}

/* Was anything found in a message with that text below that key? */
static bool finds(struct bench *bench, const char *key, const char *text) {
    char json[512];
    struct inspection inspection;
    const int length = snprintf(json, sizeof json, "{\"%s\":\"%s\",\"other\":1}", key, text);
    const struct frame frame = {(const uint8_t *)json, (size_t)length};
    assert_int_equal(inspect(bench->inspector, &frame, 1, FORMAT_JSON, &inspection), REASON_NONE);
    return inspection.classes != 0;
}

static void what_is_harmless_in_one_place_is_found_in_another(void **state) {
    static const struct {
        const char *key, *text;
    } cases[] = {
        {"mail", "see you"},
        {"mail", "a text that is too long for the memo of short ones"},
        {"pan", "378282246310005"},
        {"pan", "4111111111111111"},
        {"pan", "4111 1111 1111 1111 and some more behind it"},
        {"name", "ann"},
        {"name", "a note of ann that is too long for the short memo"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int j = 0; j < OFTEN; j++) assert_false(finds(*state, "note", cases[i].text));
        if (!finds(*state, cases[i].key, cases[i].text)) fail_msg("%s in %s", cases[i].text, cases[i].key);
        assert_false(finds(*state, "note", cases[i].text));
    }
}

/* The sieve suspects all of them, the pattern matches in one. */
static void a_suspect_in_which_nothing_was_found_does_not_speak_for_another(void **state) {
    static const char *const harmless[] = {"lunch box 12", "a lunch box 12, which is a long text"};
    static const char *const found[] = {"lunch box 123", "a lunch box 123, which is a long text"};
    for (size_t i = 0; i < 2; i++) {
        for (int j = 0; j < OFTEN; j++) assert_false(finds(*state, "note", harmless[i]));
        for (int j = 0; j < OFTEN; j++) assert_true(finds(*state, "note", found[i]));
        assert_false(finds(*state, "note", harmless[i]));
    }
}

/* Rules are as dear on a sample that is gone through often as on one that is new: there is something to search in both.
 */
static void without_memos_all_is_found_as_with_them(void **state) {
    struct bench *bench = *state;
    inspector_forgo_memos(bench->inspector);
    what_is_harmless_in_one_place_is_found_in_another(state);
    a_suspect_in_which_nothing_was_found_does_not_speak_for_another(state);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_BENCH(what_is_harmless_in_one_place_is_found_in_another),
        WITH_BENCH(without_memos_all_is_found_as_with_them),
        WITH_BENCH(a_suspect_in_which_nothing_was_found_does_not_speak_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
