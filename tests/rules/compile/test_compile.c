#include "rules/compile/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inspect/inspect.h"
#include "rule_text.h"

/* Every diagnostic in one text, a line each. */
static void list_diagnostics(const struct diagnostics *diagnostics, char *out, size_t capacity) {
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < diagnostics->count; i++) {
        length += (size_t)diagnostic_format(&diagnostics->items[i], out + length, capacity - length);
        assert_true(length + 1 < capacity);
        out[length++] = '\n';
        out[length] = '\0';
    }
}

/* The text is refused with just these diagnostics. */
static void assert_refused(const char *text, const char *expected) {
    struct diagnostics diagnostics;
    char lines[2048];
    diagnostics_init(&diagnostics);
    assert_null(compile_text(text, &diagnostics));
    list_diagnostics(&diagnostics, lines, sizeof lines);
    assert_string_equal(lines, expected);
    assert_int_equal(diagnostics.error_count, diagnostics.count);
    diagnostics_reset(&diagnostics);
}

static void test_rules_keep_what_their_file_says(void **state) {
    (void)state;
    struct rule_set *rules =
        rules_of(RULES(RULE("a.one", "chat",
                            "patterns: [lunch, dinner], description: what it is, min_count: 3, validator: luhn,"
                            "types: [str, key], paths: {include: [a.b], exclude: [c, 'd[*]']},"
                            "allow: [{prefix: x, reason: r}, {suffix: yz, reason: r}]")
                           RULE("b.two", "newsletter", "fields: ['**.letter']")));
    assert_int_equal(rules->rule_count, 2);
    const struct rule *one = &rules->rules[0], *two = &rules->rules[1];
    assert_string_equal(one->id, "a.one");
    assert_string_equal(one->name, "n");
    assert_string_equal(one->description, "what it is");
    assert_string_equal(rules->class_names[one->class_index], "chat");
    assert_int_equal(one->types, FIELD_BIT(FIELD_STR) | FIELD_BIT(FIELD_KEY));
    assert_int_equal(one->min_count, 3);
    assert_ptr_equal(one->validator, validator_find("luhn"));
    assert_int_equal(one->patterns.count, 2);
    assert_int_equal(one->fields.count, 0);
    assert_int_equal(one->include.count, 1);
    assert_int_equal(one->exclude.count, 2);
    assert_int_equal(one->allow.count, 2);
    assert_int_equal(rules->allowed[one->allow.first + 1].kind, ALLOW_SUFFIX);
    assert_int_equal(rules->allowed[one->allow.first + 1].length, 2);
    assert_memory_equal(rules->allowed[one->allow.first + 1].bytes, "yz", 2);
    assert_null(two->description);
    assert_string_equal(rules->class_names[two->class_index], "newsletter");
    assert_int_equal(two->fields.count, 1);
    assert_int_equal(two->patterns.count, 0);
    for (uint32_t i = 0; i < 2; i++) {
        const struct pattern *pattern = &rules->patterns[one->patterns.first + i];
        assert_int_equal(pattern->rule, 0);
        assert_int_equal(pattern->groups, SIEVE_BIT(SIEVE_SCOPED)); /* the rule says where to look */
    }
    assert_non_null(rules->databases[SIEVE_SCOPED]);
    rule_set_destroy(&rules);
    assert_null(rules);
    rule_set_destroy(&rules);
}

static void test_the_classes_of_the_design_are_always_there(void **state) {
    (void)state;
    static const char *const names[] = {"email", "chat", "file", "personal", "identifier", "pseudonym", "credential"};
    struct rule_set *rules = rules_of(RULES(RULE("a.one", "letter", "fields: [x]")));
    uint64_t all = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const uint64_t bit = rule_set_class(rules, names[i]);
        assert_true(bit != 0 && (all & bit) == 0);
        all |= bit;
    }
    assert_int_equal(rule_set_class(rules, "letter") & all, 0);
    assert_int_not_equal(rule_set_class(rules, "letter"), 0);
    assert_int_equal(rule_set_class(rules, "Email"), 0);
    assert_int_equal(rule_set_class(rules, ""), 0);
    rule_set_destroy(&rules);
}

static void test_more_classes_than_a_mask_has_bits_are_refused(void **state) {
    (void)state;
    char text[16384];
    for (int extra = RULE_CLASS_MAX - 7; extra <= RULE_CLASS_MAX - 6; extra++) {
        struct diagnostics diagnostics;
        size_t length = (size_t)snprintf(text, sizeof text, "rules:\n");
        for (int i = 0; i < extra; i++)
            length += (size_t)snprintf(text + length, sizeof text - length, RULE("a.n%d", "c%d", "fields: [x]"), i, i);
        assert_true(length < sizeof text);
        diagnostics_init(&diagnostics);
        struct rule_set *rules = compile_text(text, &diagnostics);
        assert_int_equal(rules != NULL, extra == RULE_CLASS_MAX - 7);
        assert_int_equal(diagnostics.error_count, rules == NULL);
        rule_set_destroy(&rules);
        diagnostics_reset(&diagnostics);
    }
}

static void test_all_faults_of_all_rules_are_reported_at_their_places(void **state) {
    (void)state;
    assert_refused(
        "rules:\n"
        "  - id: a.one\n    name: n\n    class: chat\n    examples: [x]\n    negative_examples: [y]\n"
        "    patterns: [good, '((bad', 'a\\z']\n"
        "  - id: a.two\n    name: n\n    class: chat\n    examples: [x]\n    negative_examples: [y]\n"
        "    pattern: 'b(?=x)'\n    paths: {include: ['a..b'], exclude: [ok, 'c[']}\n"
        "  - id: a.three\n    name: n\n    class: chat\n    examples: [x]\n    negative_examples: [y]\n"
        "    fields: ['**.good', 'x*']\n",
        "a.yaml:14:23: error: rule 'a.two': path: a key name is missing, at byte 2\n"
        "a.yaml:14:46: error: rule 'a.two': path: an array position is a number or *, at byte 1\n"
        "a.yaml:20:25: error: rule 'a.three': path: a wildcard stands for a whole key, not for a part of one, at byte "
        "0\n"
        "a.yaml:7:22: error: rule 'a.one': pattern: Missing close parenthesis for group started at index 1.\n"
        "a.yaml:7:31: error: rule 'a.one': pattern: \\z would mean the end of the whole message: use $\n"
        "a.yaml:13:14: error: rule 'a.two': pattern: Zero-width assertions are not supported.\n");
}

static void test_an_allowance_that_expired_is_left_out_with_a_warning(void **state) {
    (void)state;
    struct diagnostics diagnostics;
    char lines[512];
    diagnostics_init(&diagnostics);
    struct rule_set *rules =
        compile_text(RULES(RULE("a.one", "chat",
                                "pattern: lunch, allow: [{exact: old, reason: r, expires: 2001-02-03},"
                                "{exact: new, reason: r, expires: 9999-12-31}, {exact: ever, reason: r}]")),
                     &diagnostics);
    assert_non_null(rules);
    assert_int_equal(diagnostics.error_count, 0);
    list_diagnostics(&diagnostics, lines, sizeof lines);
    assert_string_equal(
        lines, "a.yaml:2:100: warning: rule 'a.one': this allow entry expired on 2001-02-03 and no longer applies\n");
    assert_int_equal(rules->rules[0].allow.count, 2);
    assert_memory_equal(rules->allowed[0].bytes, "new", 3);
    assert_memory_equal(rules->allowed[1].bytes, "ever", 4);
    rule_set_destroy(&rules);
    diagnostics_reset(&diagnostics);
}

static void test_words_of_globs_and_of_files_are_known(void **state) {
    (void)state;
    struct rule_set *rules =
        rules_of("words: [Campaign]\n" RULES(RULE("a.one", "chat", "fields: ['**.{mail,post}.body']")));
    static const char *const known[] = {"campaign", "MAIL", "post", "body"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_not_equal(words_find(&rules->words, (const uint8_t *)known[i], strlen(known[i])), WORD_UNKNOWN);
    assert_int_equal(rules->words.count, 5);
    rule_set_destroy(&rules);
}

/* Loading from files, with examples. */

struct file {
    char path[64];
};

static struct file write_file(const char *text) {
    struct file file = {"/tmp/cordon-test-XXXXXX.yaml"};
    const int descriptor = mkstemps(file.path, 5);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    return file;
}

static struct rule_set *load(const char *text, char *lines, size_t capacity) {
    struct file file = write_file(text);
    const char *sources[] = {file.path};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct rule_set *rules = rule_set_load(sources, 1, &diagnostics);
    list_diagnostics(&diagnostics, lines, capacity);
    assert_int_equal(rules == NULL, diagnostics.error_count > 0);
    diagnostics_reset(&diagnostics);
    unlink(file.path);
    return rules;
}

static void test_rules_whose_examples_hold_are_loaded(void **state) {
    (void)state;
    char lines[1024];
    struct rule_set *rules = load(
        "rules:\n- {id: a.one, name: n, class: chat, pattern: lunch, examples: [a lunch], negative_examples: [tea]}\n",
        lines, sizeof lines);
    assert_string_equal(lines, "");
    assert_non_null(rules);
    rule_set_destroy(&rules);
}

static void test_rules_whose_examples_fail_are_refused(void **state) {
    (void)state;
    char lines[1024];
    assert_null(load("rules:\n"
                     "- {id: a.one, name: n, class: chat, pattern: lunch,\n   examples: [a lunch, tea],\n"
                     "   negative_examples: [tea, {x: [lunch]}]}\n",
                     lines, sizeof lines));
    assert_non_null(strstr(lines, ":3:24: error: rule 'a.one': this example is not found\n"));
    assert_non_null(strstr(lines, ":4:29: error: rule 'a.one': this negative example is found\n"));
}

static void test_a_source_that_is_not_there_is_refused(void **state) {
    (void)state;
    static const char *const sources[] = {"/tmp/there-is-no-such-file.yaml"};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    assert_null(rule_set_load(sources, 1, &diagnostics));
    assert_true(diagnostics.error_count > 0);
    diagnostics_reset(&diagnostics);
}

static void test_the_built_in_packs_load_without_a_word(void **state) {
    (void)state;
    struct diagnostics diagnostics;
    char lines[4096];
    diagnostics_init(&diagnostics);
    struct rule_set *rules = rule_set_load(NULL, 0, &diagnostics);
    list_diagnostics(&diagnostics, lines, sizeof lines);
    assert_string_equal(lines, "");
    assert_non_null(rules);
    const struct limits limits = LIMITS_DEFAULT;
    struct inspector *inspector = inspector_create(rules, &limits);
    assert_non_null(inspector);
    static const char text[] =
        "{\"note\":\"From: ann@example.org\\nTo: bob@example.org\\nSubject: lunch\\n\\nAt noon?\"}";
    const struct frame frame = {(const uint8_t *)text, strlen(text)};
    struct inspection inspection;
    assert_int_equal(inspect(inspector, &frame, 1, FORMAT_AUTO, &inspection), REASON_NONE);
    assert_int_not_equal(inspection.classes & rule_set_class(rules, "email"), 0);
    inspector_destroy(&inspector);
    rule_set_destroy(&rules);
    diagnostics_reset(&diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_keep_what_their_file_says),
        cmocka_unit_test(test_the_classes_of_the_design_are_always_there),
        cmocka_unit_test(test_more_classes_than_a_mask_has_bits_are_refused),
        cmocka_unit_test(test_all_faults_of_all_rules_are_reported_at_their_places),
        cmocka_unit_test(test_an_allowance_that_expired_is_left_out_with_a_warning),
        cmocka_unit_test(test_words_of_globs_and_of_files_are_known),
        cmocka_unit_test(test_rules_whose_examples_hold_are_loaded),
        cmocka_unit_test(test_rules_whose_examples_fail_are_refused),
        cmocka_unit_test(test_a_source_that_is_not_there_is_refused),
        cmocka_unit_test(test_the_built_in_packs_load_without_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
