#include "rules/compile/rule_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/compile/rule_file.h"

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct loading {
    struct rule_drafts drafts;
    struct diagnostics diagnostics;
};

static char folder[] = "/tmp/test_rule_sources.XXXXXX";

static const struct {
    const char *file;
    const char *ids[2]; /* of the rules in it */
} files[] = {
    {"a.yaml", {"a.one", "a.two"}},       {"b.yaml", {"b.one"}},          {"many/2.yaml", {"many.two"}},
    {"many/10.yaml", {"many.ten"}},       {"many/.hidden.yaml", {"Bad"}}, {"many/read.me", {"Bad"}},
    {"many/c.yaml.orig", {"Bad"}},        {"many/.yaml", {"Bad"}},        {"twice/a.yaml", {"a.two", "t.one"}},
    {"twice/b.yaml", {"t.one", "t.one"}},
};

static int make_files(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return -1;
    if (mkdir("many", 0700) != 0 || mkdir("none", 0700) != 0 || mkdir("twice", 0700) != 0) return -1;
    for (size_t i = 0; i < COUNT(files); i++) {
        FILE *file = fopen(files[i].file, "w");
        if (file == NULL) return -1;
        fputs("rules:\n", file);
        for (size_t j = 0; j < 2 && files[i].ids[j] != NULL; j++)
            fprintf(file, "  - {id: %s, name: n, class: c, pattern: p, examples: [p], negative_examples: [q]}\n",
                    files[i].ids[j]);
        fclose(file);
    }
    return symlink("a.yaml", "link.yaml");
}

static int remove_files(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) unlink(files[i].file);
    unlink("link.yaml");
    rmdir("many");
    rmdir("none");
    rmdir("twice");
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static struct loading load(const char *const *sources, size_t count) {
    struct loading loading;
    rule_drafts_init(&loading.drafts);
    diagnostics_init(&loading.diagnostics);
    rule_sources_load(&loading.drafts, sources, count, &loading.diagnostics);
    return loading;
}

static void reset(struct loading *loading) {
    rule_drafts_reset(&loading->drafts);
    diagnostics_reset(&loading->diagnostics);
}

/* What was loaded, as "file=id file=id ..." */
static char *describe(const struct rule_drafts *drafts, char out[512]) {
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < drafts->count; i++)
        length += (size_t)snprintf(out + length, 512 - length, "%s%s=%s", i > 0 ? " " : "", drafts->items[i].file,
                                   drafts->items[i].id->text);
    return out;
}

static void test_files_and_folders_are_read_once_in_their_order(void **state) {
    (void)state;
    static const struct {
        const char *sources[4];
        const char *loaded;
    } cases[] = {
        {{"a.yaml"}, "a.yaml=a.one a.yaml=a.two"},
        {{"b.yaml", "a.yaml"}, "b.yaml=b.one a.yaml=a.one a.yaml=a.two"},
        {{"b.yaml", "b.yaml", "./b.yaml"}, "b.yaml=b.one"},
        {{"link.yaml", "a.yaml"}, "link.yaml=a.one link.yaml=a.two"},
        {{"many"}, "many/10.yaml=many.ten many/2.yaml=many.two"},
        {{"many/"}, "many/10.yaml=many.ten many/2.yaml=many.two"},
        {{"many/2.yaml", "many", "b.yaml"}, "many/2.yaml=many.two many/10.yaml=many.ten b.yaml=b.one"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t count = 0;
        while (cases[i].sources[count] != NULL) count++;
        struct loading loading = load(cases[i].sources, count);
        char loaded[512];
        assert_int_equal(loading.diagnostics.count, 0);
        assert_string_equal(describe(&loading.drafts, loaded), cases[i].loaded);
        reset(&loading);
    }
}

static void test_sources_that_give_no_rules_are_errors(void **state) {
    (void)state;
    static const char *const sources[] = {"nothing.yaml", "none", "a.yaml", "many/no/folder"};
    static const char *const lines[] = {"nothing.yaml: error: No such file or directory",
                                        "none: error: no *.yaml in this folder",
                                        "many/no/folder: error: No such file or directory"};
    struct loading loading = load(sources, COUNT(sources));
    assert_int_equal(loading.drafts.count, 2);
    assert_int_equal(loading.diagnostics.count, 3);
    for (size_t i = 0; i < 3; i++) {
        char line[256];
        diagnostic_format(&loading.diagnostics.items[i], line, sizeof line);
        assert_string_equal(line, lines[i]);
    }
    reset(&loading);
}

static void test_an_id_that_is_used_twice_names_the_first_place(void **state) {
    (void)state;
    static const char *const sources[] = {"a.yaml", "twice"};
    static const char *const lines[] = {
        "twice/a.yaml:2:10: error: id 'a.two' is used already, at a.yaml:3:10",
        "twice/b.yaml:2:10: error: id 't.one' is used already, at twice/a.yaml:3:10",
        "twice/b.yaml:3:10: error: id 't.one' is used already, at twice/a.yaml:3:10",
    };
    struct loading loading = load(sources, COUNT(sources));
    assert_int_equal(loading.diagnostics.error_count, 3);
    for (size_t i = 0; i < 3; i++) {
        char line[256];
        diagnostic_format(&loading.diagnostics.items[i], line, sizeof line);
        assert_string_equal(line, lines[i]);
    }
    reset(&loading);
}

static void test_a_pack_is_read_once_by_its_name(void **state) {
    (void)state;
    static const char *const sources[] = {"pack:email", "pack:email"};
    struct loading loading = load(sources, COUNT(sources));
    assert_int_equal(loading.diagnostics.count, 0);
    assert_int_equal(loading.drafts.tree_count, 2); /* the well-known words are the other one */
    assert_true(loading.drafts.count > 0);
    assert_string_equal(loading.drafts.items[0].file, "pack:email");
    reset(&loading);
}

static void test_no_source_means_all_packs(void **state) {
    (void)state;
    struct loading loading = load(NULL, 0);
    assert_int_equal(loading.diagnostics.count, 0);
    assert_int_equal(loading.drafts.tree_count, pack_count());
    reset(&loading);
}

static void test_an_unknown_pack_is_answered_with_those_there_are(void **state) {
    (void)state;
    static const char *const sources[] = {"pack:emial", "pack:"};
    struct loading loading = load(sources, COUNT(sources));
    assert_int_equal(loading.diagnostics.error_count, 2);
    assert_string_equal(loading.diagnostics.items[0].file, "pack:emial");
    assert_non_null(strstr(loading.diagnostics.items[0].text, "unknown pack 'emial', did you mean 'email'?"));
    assert_non_null(strstr(loading.diagnostics.items[1].text, "unknown pack ''"));
    for (size_t i = 0; i < pack_count(); i++)
        assert_non_null(strstr(loading.diagnostics.items[1].text, pack_at(i)->name));
    reset(&loading);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_and_folders_are_read_once_in_their_order),
        cmocka_unit_test(test_sources_that_give_no_rules_are_errors),
        cmocka_unit_test(test_an_id_that_is_used_twice_names_the_first_place),
        cmocka_unit_test(test_a_pack_is_read_once_by_its_name),
        cmocka_unit_test(test_no_source_means_all_packs),
        cmocka_unit_test(test_an_unknown_pack_is_answered_with_those_there_are),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
