#include "rules/compile/rule_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define RULE(id) "  - {id: " id ", name: a rule, class: email, pattern: KD, examples: [KD], negative_examples: [DK]}\n"

enum { BAD_FILES_MIN = 45 };

struct reading {
    struct rule_drafts drafts;
    struct diagnostics diagnostics;
};

static int set_up(void **state) {
    static struct reading reading;
    rule_drafts_init(&reading.drafts);
    diagnostics_init(&reading.diagnostics);
    *state = &reading;
    return 0;
}

static int tear_down(void **state) {
    struct reading *reading = *state;
    rule_drafts_reset(&reading->drafts);
    rule_drafts_reset(&reading->drafts);
    diagnostics_reset(&reading->diagnostics);
    return 0;
}

static void parse(struct reading *reading, const char *file, const char *text) {
    rule_file_parse(&reading->drafts, file, text, strlen(text), &reading->diagnostics);
}

static void test_rules_and_words_of_several_files_are_collected(void **state) {
    struct reading *reading = *state;
    char file[] = "one.yaml";
    parse(reading, file, "pack: one\nwords: [user, E-Mail]\nrules:\n" RULE("one.a") RULE("one.b"));
    memset(file, 'x', strlen(file)); /* the name is copied */
    parse(reading, "two.yaml", "words: [item]\nrules:\n" RULE("two.a"));
    const struct rule_drafts *drafts = &reading->drafts;
    assert_int_equal(reading->diagnostics.count, 0);
    assert_int_equal(drafts->count, 3);
    assert_string_equal(drafts->items[1].id->text, "one.b");
    assert_string_equal(drafts->items[1].file, "one.yaml");
    assert_int_equal(drafts->items[1].place.line, 5);
    assert_string_equal(drafts->items[2].file, "two.yaml");
    assert_int_equal(drafts->words.count, 3);
    assert_string_equal(drafts->words.items[1]->text, "E-Mail");
    assert_string_equal(drafts->words.items[2]->text, "item");
}

static void test_a_file_may_be_there_for_its_words_alone(void **state) {
    struct reading *reading = *state;
    parse(reading, "a.yaml", "words: [user]\n");
    parse(reading, "b.yaml", "words: [item]\nrules: []\n");
    assert_int_equal(reading->diagnostics.count, 0);
    assert_int_equal(reading->drafts.words.count, 2);
}

static void test_good_rules_are_kept_beside_faulty_ones(void **state) {
    struct reading *reading = *state;
    parse(reading, "a.yaml", "rules:\n" RULE("a.one") RULE("Two") "  - {id: a.three}\n" RULE("a.four"));
    assert_true(reading->diagnostics.error_count > 1);
    assert_int_equal(reading->drafts.count, 2);
    assert_string_equal(reading->drafts.items[1].id->text, "a.four");
    assert_int_equal(reading->drafts.id_count, 3);
    assert_string_equal(reading->drafts.ids[1].node->text, "a.three");
}

static void test_a_file_that_is_no_yaml_adds_nothing(void **state) {
    struct reading *reading = *state;
    parse(reading, "a.yaml", "rules:\n" RULE("a.one") "  - {\n");
    assert_int_equal(reading->diagnostics.error_count, 1);
    assert_int_equal(reading->drafts.count, 0);
    assert_int_equal(reading->drafts.tree_count, 0);
}

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail_msg("%s is missing", path);
    char *text = calloc(1, 64 * 1024);
    assert_non_null(text);
    assert_true(fread(text, 1, 64 * 1024 - 1, file) < 64 * 1024 - 1);
    fclose(file);
    return text;
}

static char *load_and_format(struct reading *reading, const char *file) {
    enum { LINES_CHARS = 64 * 1024, LINE_CHARS = 2048 };
    char *lines = calloc(1, LINES_CHARS);
    assert_non_null(lines);
    const char *const sources[] = {file};
    rule_sources_load(&reading->drafts, sources, 1, &reading->diagnostics);
    size_t length = 0;
    for (size_t i = 0; i < reading->diagnostics.count && length < LINES_CHARS - LINE_CHARS; i++) {
        length += (size_t)diagnostic_format(&reading->diagnostics.items[i], lines + length, LINE_CHARS - 1);
        lines[length++] = '\n';
    }
    return lines;
}

static int is_yaml(const struct dirent *entry) {
    return strstr(entry->d_name, ".yaml") != NULL;
}

/* Every NAME.yaml of the folder is faulty, and NAME.expected holds all that is wrong with it. */
static void test_every_bad_file_gives_its_diagnostics(void **state) {
    assert_int_equal(chdir(TEST_SOURCE_DIR "/tests/rules/compile/bad"), 0);
    struct dirent **entries;
    const int count = scandir(".", &entries, is_yaml, alphasort);
    assert_true(count >= BAD_FILES_MIN);
    size_t several_count = 0, difference_count = 0;
    for (int i = 0; i < count; i++) {
        struct reading *reading = *state;
        char path[512];
        snprintf(path, sizeof path, "%.*s.expected", (int)strcspn(entries[i]->d_name, "."), entries[i]->d_name);
        char *expected = read_whole(path), *lines = load_and_format(reading, entries[i]->d_name);
        if (strcmp(lines, expected) != 0) {
            print_error("%s differs; found:\n%s", path, lines);
            difference_count++;
        }
        assert_true(reading->diagnostics.error_count > 0);
        several_count += reading->diagnostics.error_count > 1;
        free(expected);
        free(lines);
        free(entries[i]);
        tear_down(state);
    }
    free(entries);
    assert_int_equal(difference_count, 0);
    assert_true(several_count >= 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rules_and_words_of_several_files_are_collected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_may_be_there_for_its_words_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_good_rules_are_kept_beside_faulty_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_no_yaml_adds_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_bad_file_gives_its_diagnostics, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
