#include "rules/compile/rule_cache.h"

#include <sys/wait.h>

#include "cached_rules.h"
#include "inspect/match.h"

static void test_a_second_start_takes_what_the_first_one_kept(void **state) {
    struct cached *own = *state;
    struct stat file;
    assert_loads(own, false, NULL);
    assert_int_equal(stat(own->file, &file), 0);
    assert_int_equal(file.st_mode, S_IFREG | 0600);
    assert_int_equal(own->cache.file_bytes, file.st_size);
    assert_loads(own, true, NULL);
    assert_int_equal(own->cache.file_bytes, file.st_size);
    assert_int_equal(list_folder(own->folder, NULL), 1);
}

static void test_a_folder_that_is_not_there_is_made_for_its_owner_alone(void **state) {
    struct cached *own = *state;
    struct stat folder;
    assert_int_equal(rmdir(own->folder), 0);
    assert_loads(own, false, NULL);
    assert_int_equal(stat(own->folder, &folder), 0);
    assert_int_equal(folder.st_mode, S_IFDIR | 0700);
    assert_loads(own, true, NULL);
}

static void test_without_a_folder_nothing_is_kept(void **state) {
    struct cached *own = *state;
    const char *const sources[] = {own->rule_file};
    rule_cache_init(&own->cache, NULL);
    diagnostics_init(&own->diagnostics);
    struct rule_set *rules = rule_set_load_cached(sources, 1, &own->cache, &own->diagnostics);
    assert_right_verdicts(rules);
    assert_int_equal(own->diagnostics.count, 0);
    assert_string_equal(own->cache.name, "");
    assert_int_equal(list_folder(own->folder, NULL), 0);
    rule_set_destroy(&rules);
}

/* Reads the samples into a text of all verdicts and findings. */
static char *inspect_samples(const struct rule_set *rules) {
    const struct limits limits = LIMITS_DEFAULT;
    struct inspector *inspector = inspector_create(rules, &limits);
    struct inspection inspection;
    char *text = NULL, *line = NULL;
    size_t length, capacity = 0, count = 0;
    FILE *out = open_memstream(&text, &length), *in = fopen(TEST_SOURCE_DIR "/samples/messages.jsonl", "r");
    assert_true(inspector != NULL && out != NULL && in != NULL);
    for (ssize_t bytes; (bytes = getline(&line, &capacity, in)) > 0; count++) {
        const struct frame frame = {(const uint8_t *)line, (size_t)bytes - 1};
        const enum reason reason = inspect(inspector, &frame, 1, FORMAT_JSON, &inspection);
        fprintf(out, "%d %llx %zu", (int)reason, (unsigned long long)inspection.classes,
                (size_t)inspection.finding_count);
        for (size_t i = 0; i < inspection.kept_count; i++) fprintf(out, " %u", (unsigned)inspection.findings[i].rule);
        fputc('\n', out);
    }
    fclose(in);
    fclose(out);
    free(line);
    inspector_destroy(&inspector);
    assert_true(count > 100);
    return text;
}

static struct rule_set *load_packs(struct cached *own) {
    struct diagnostics diagnostics;
    rule_cache_init(&own->cache, own->folder);
    diagnostics_init(&diagnostics);
    struct rule_set *rules = rule_set_load_cached(NULL, 0, &own->cache, &diagnostics);
    assert_non_null(rules);
    assert_int_equal(diagnostics.count, 0);
    diagnostics_reset(&diagnostics);
    return rules;
}

static void test_verdicts_of_all_packs_are_the_same_from_the_cache(void **state) {
    struct cached *own = *state;
    char compiled_for[256], loaded_for[256];
    struct rule_set *compiled = load_packs(own);
    assert_false(own->cache.is_hit);
    struct rule_set *loaded = load_packs(own);
    assert_true(own->cache.is_hit);
    assert_string_equal(loaded->digest, compiled->digest);
    match_engine_platform(compiled, compiled_for, sizeof compiled_for);
    match_engine_platform(loaded, loaded_for, sizeof loaded_for);
    assert_string_equal(loaded_for, compiled_for);
    assert_string_not_equal(loaded_for, "");
    char *const expected = inspect_samples(compiled), *const verdicts = inspect_samples(loaded);
    assert_string_equal(verdicts, expected);
    free(expected);
    free(verdicts);
    rule_set_destroy(&compiled);
    rule_set_destroy(&loaded);
}

/* The name of the file for rules of that text. */
static void name_for(struct cached *own, const char *text, char name[RULE_CACHE_NAME_CHARS]) {
    write_rules(own, text);
    struct rule_set *rules = load_cached(own);
    assert_non_null(rules);
    rule_set_destroy(&rules);
    diagnostics_reset(&own->diagnostics);
    strcpy(name, own->cache.name);
}

#define RULE_ONE(pattern)                                                                                              \
    "- {id: a.one, name: n, class: chat, pattern: '" pattern "', examples: [a lunch], negative_examples: [tea]}\n"
#define RULE_TWO                                                                                                       \
    "- {id: b.two, name: n, class: chat, pattern: dinner, examples: [a dinner], negative_examples: [tea]}\n"

static void test_other_rules_or_another_order_have_a_file_of_their_own(void **state) {
    struct cached *own = *state;
    char name[RULE_CACHE_NAME_CHARS], again[RULE_CACHE_NAME_CHARS];
    char other[RULE_CACHE_NAME_CHARS], turned[RULE_CACHE_NAME_CHARS];
    name_for(own, "rules:\n" RULE_ONE("lunch") RULE_TWO, name);
    name_for(own, "rules:\n\n" RULE_ONE("lunch") "\n" RULE_TWO, again);
    assert_true(own->cache.is_hit);
    name_for(own, "rules:\n" RULE_ONE("lunch?") RULE_TWO, other);
    assert_false(own->cache.is_hit);
    name_for(own, "rules:\n" RULE_TWO RULE_ONE("lunch"), turned);
    assert_false(own->cache.is_hit);
    assert_string_equal(again, name);
    assert_string_not_equal(other, name);
    assert_string_not_equal(turned, name);
    assert_string_not_equal(turned, other);
}

static void test_rules_that_differ_beside_their_patterns_have_a_file_of_their_own(void **state) {
    struct cached *own = *state;
    char name[RULE_CACHE_NAME_CHARS], other[RULE_CACHE_NAME_CHARS];
    name_for(own, "rules:\n" RULE_TWO, name);
    name_for(own,
             "rules:\n- {id: b.two, name: n, class: chat, pattern: dinner, types: [str],"
             " examples: [a dinner], negative_examples: [tea]}\n",
             other);
    assert_false(own->cache.is_hit);
    assert_string_not_equal(other, name);
}

static void test_another_engine_or_processor_has_a_file_of_its_own(void **state) {
    struct cached *own = *state;
    assert_loads(own, false, NULL);
    for (size_t at = 0; at < strlen(own->cache.engine); at += 7) {
        const char *const sources[] = {own->rule_file};
        rule_cache_init(&own->cache, own->folder);
        own->cache.engine[at] ^= 1;
        diagnostics_init(&own->diagnostics);
        struct rule_set *rules = rule_set_load_cached(sources, 1, &own->cache, &own->diagnostics);
        assert_right_verdicts(rules);
        assert_false(own->cache.is_hit);
        assert_int_equal(own->diagnostics.count, 0);
        rule_set_destroy(&rules);
    }
    assert_loads(own, true, NULL);
}

static void test_rules_that_fail_their_examples_are_refused_and_not_kept(void **state) {
    struct cached *own = *state;
    write_rules(own, "rules:\n"
                     "- {id: a.one, name: n, class: chat, pattern: lunch, examples: [tea], negative_examples: [x]}\n");
    for (int i = 0; i < 2; i++) {
        assert_null(load_cached(own));
        assert_int_equal(own->diagnostics.error_count, 1);
        diagnostics_reset(&own->diagnostics);
    }
    assert_int_equal(list_folder(own->folder, NULL), 0);
}

static void test_examples_are_run_with_what_was_kept(void **state) {
    struct cached *own = *state;
    assert_loads(own, false, NULL);
    write_rules(own, "rules:\n" /* the same but for an example, which no digest counts */
                     "- {id: a.one, name: n, class: chat, pattern: lunch, examples: [tea], negative_examples: [x]}\n"
                     "- {id: b.two, name: n, class: email, pattern: 'd[ie]nner', examples: [a dinner],"
                     " negative_examples: [tea]}\n");
    assert_null(load_cached(own));
    assert_int_equal(own->diagnostics.count, 1);
    assert_non_null(strstr(own->diagnostics.items[0].text, "rule 'a.one': this example is not found"));
    diagnostics_reset(&own->diagnostics);
}

static void test_rules_without_patterns_need_no_file(void **state) {
    struct cached *own = *state;
    write_rules(own, "rules:\n"
                     "- {id: a.one, name: n, class: chat, fields: [x], examples: [{x: 1}], negative_examples: [y]}\n");
    struct rule_set *rules = load_cached(own);
    assert_non_null(rules);
    assert_int_equal(own->diagnostics.count, 0);
    assert_int_equal(list_folder(own->folder, NULL), 0);
    rule_set_destroy(&rules);
}

static void test_a_warning_about_the_rules_is_given_once(void **state) {
    struct cached *own = *state;
    write_rules(own,
                "rules:\n"
                "- {id: a.one, name: n, class: chat, pattern: lunch, examples: [a lunch], negative_examples: [x],\n"
                "   allow: [{exact: old, reason: r, expires: 2001-02-03}]}\n");
    for (int i = 0; i < 2; i++) {
        struct rule_set *rules = load_cached(own);
        assert_non_null(rules);
        assert_int_equal(own->cache.is_hit, i == 1);
        assert_int_equal(own->diagnostics.count, 1);
        diagnostics_reset(&own->diagnostics);
        rule_set_destroy(&rules);
    }
    write_rules(own, "rules:\n" /* an example fails with what was kept, and then with what is compiled */
                     "- {id: a.one, name: n, class: chat, pattern: lunch, examples: [tea], negative_examples: [x],\n"
                     "   allow: [{exact: old, reason: r, expires: 2001-02-03}]}\n");
    assert_null(load_cached(own));
    assert_int_equal(own->diagnostics.count, 2);
    assert_int_equal(own->diagnostics.error_count, 1);
    diagnostics_reset(&own->diagnostics);
}

static void test_only_the_files_used_last_are_kept(void **state) {
    struct cached *own = *state;
    char first[RULE_CACHE_NAME_CHARS], name[RULE_CACHE_NAME_CHARS];
    name_for(own, "rules:\n" RULE_ONE("lunch"), first);
    for (int i = 0; i < RULE_CACHE_KEEP + 4; i++) {
        char text[256];
        snprintf(text, sizeof text, "rules:\n" RULE_ONE("(?:lunch|%d)"), i);
        name_for(own, text, name);
        name_for(own, "rules:\n" RULE_ONE("lunch"), name);
        assert_true(own->cache.is_hit);
        assert_string_equal(name, first);
    }
    assert_int_equal(list_folder(own->folder, NULL), RULE_CACHE_KEEP);
}

enum { STARTS = 6 };

static void test_many_starts_at_once_do_not_disturb_each_other(void **state) {
    struct cached *own = *state;
    for (int i = 0; i < STARTS; i++) {
        const pid_t start = fork();
        assert_true(start >= 0);
        if (start > 0) continue;
        struct rule_set *rules = load_cached(own);
        const bool is_good = rules != NULL && own->diagnostics.count == 0;
        rule_set_destroy(&rules);
        _exit(is_good ? 0 : 1);
    }
    for (int i = 0, status; i < STARTS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_loads(own, true, NULL);
    assert_int_equal(list_folder(own->folder, NULL), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CACHED_TEST(test_a_second_start_takes_what_the_first_one_kept),
        CACHED_TEST(test_a_folder_that_is_not_there_is_made_for_its_owner_alone),
        CACHED_TEST(test_without_a_folder_nothing_is_kept),
        CACHED_TEST(test_verdicts_of_all_packs_are_the_same_from_the_cache),
        CACHED_TEST(test_other_rules_or_another_order_have_a_file_of_their_own),
        CACHED_TEST(test_rules_that_differ_beside_their_patterns_have_a_file_of_their_own),
        CACHED_TEST(test_another_engine_or_processor_has_a_file_of_its_own),
        CACHED_TEST(test_rules_that_fail_their_examples_are_refused_and_not_kept),
        CACHED_TEST(test_examples_are_run_with_what_was_kept),
        CACHED_TEST(test_rules_without_patterns_need_no_file),
        CACHED_TEST(test_a_warning_about_the_rules_is_given_once),
        CACHED_TEST(test_only_the_files_used_last_are_kept),
        CACHED_TEST(test_many_starts_at_once_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
