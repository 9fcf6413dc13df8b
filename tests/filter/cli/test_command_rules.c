#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "run_cli.h"
#include "sample_rules.h"

static struct run run;
static char good[] = "/tmp/test_command_rules.XXXXXX", bad[] = "/tmp/test_command_rules.XXXXXX",
            failing[] = "/tmp/test_command_rules.XXXXXX";

static const char bad_rules[] = "rules:\n"
                                "  - id: email.nothing\n"
                                "    class: E-Mail\n"
                                "    colour: red\n";

/* The first rule's example says nothing of mail, its negative example does. */
static const char failing_rules[] = "rules:\n"
                                    "  - id: email.subject\n"
                                    "    name: A subject line\n"
                                    "    class: email\n"
                                    "    pattern: '(?m)^Subject:'\n"
                                    "    examples:\n"
                                    "      - {note: lunch}\n"
                                    "      - {note: 'Subject: lunch'}\n"
                                    "    negative_examples:\n"
                                    "      - {note: 'Subject: tea'}\n";

static int make_files(void **state) {
    (void)state;
    make_file(good, sample_rules, strlen(sample_rules));
    make_file(bad, bad_rules, strlen(bad_rules));
    make_file(failing, failing_rules, strlen(failing_rules));
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    unlink(good);
    unlink(bad);
    unlink(failing);
    return 0;
}

/* Somewhere in the text `before`, the file's name and `after` follow each other. */
static void assert_names(const char *text, const char *before, const char *file, const char *after) {
    char part[PATH_MAX + 512];
    snprintf(part, sizeof part, "%s%s%s", before, file, after);
    assert_holds(text, part);
}

static void test_check_of_good_rules_is_ok(void **state) {
    (void)state;
    RUN(&run, "rules", "check", good);
    assert_int_equal(run.status, CLI_DONE);
    assert_begins(run.out, "OK: 2 rules, 7 classes, digest ");
    assert_string_equal(run.err, "");
}

static void test_check_of_bad_rules_says_everything_that_is_wrong(void **state) {
    (void)state;
    RUN(&run, "rules", "check", bad);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.out, "");
    assert_names(run.err, "", bad, ":4:5: error: unknown key 'colour'");
    assert_names(run.err, "", bad, ":2:5: error: missing key 'name'");
}

static void test_check_refuses_rules_whose_examples_do_not_hold(void **state) {
    (void)state;
    RUN(&run, "rules", "check", failing);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_names(run.err, "", failing, ":7:9: error: ");
    assert_names(run.err, "", failing, ":10:9: error: ");
}

static void test_check_tells_the_same_as_json(void **state) {
    (void)state;
    RUN(&run, "rules", "check", "--json", good);
    assert_int_equal(run.status, CLI_DONE);
    assert_begins(run.out, "{\"ok\":true,\"rules\":2,\"classes\":7,\"rules_digest\":\"");
    assert_holds(run.out, "\",\"diagnostics\":[]}\n");
    RUN(&run, "rules", "check", "--json", bad);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_begins(run.out, "{\"ok\":false,\"diagnostics\":[{\"severity\":\"error\",\"file\":\"");
    assert_holds(run.out, "\"line\":4,\"column\":5,\"text\":\"unknown key 'colour'");
    assert_string_equal(run.err, "");
}

static void test_test_shows_the_examples_that_do_not_hold(void **state) {
    (void)state;
    RUN(&run, "rules", "test", failing);
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_string_equal(run.out, "1 rules, 3 examples, 2 failed\n");
    assert_names(run.err, "", failing, ":7:9: error: rule 'email.subject': example not found\n");
    assert_names(run.err, "", failing, ":10:9: error: rule 'email.subject': negative example found\n");
    RUN(&run, "rules", "test", good);
    assert_int_equal(run.status, CLI_DONE);
    assert_string_equal(run.out, "2 rules, 4 examples, 0 failed\n");
    RUN(&run, "rules", "test", bad);
    assert_int_equal(run.status, CLI_BAD_INPUT);
}

static void test_test_lists_all_examples_when_asked(void **state) {
    (void)state;
    RUN(&run, "rules", "test", "-v", failing);
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_names(run.out, "", failing, ":8:9: rule 'email.subject': example holds\n");
    RUN(&run, "rules", "test", "--json", failing);
    assert_names(run.out, "{\"rule\":\"email.subject\",\"file\":\"", failing,
                 "\",\"line\":7,\"column\":9,\"is_negative\":false,\"is_held\":false}\n");
    assert_null(strstr(run.out, "\"line\":8"));
    assert_holds(run.out, "\n{\"rules\":1,\"examples\":3,\"failed\":2}\n");
    RUN(&run, "rules", "test", "-v", "--json", failing);
    assert_holds(run.out, "\"line\":8");
}

static void test_list_shows_rules_by_prefix_and_class(void **state) {
    (void)state;
    static const char email[] = "email.headers        email        pattern  E-mail headers\n";
    static const char identifier[] = "identifier.id-field  identifier   field    Field named as an id\n";
    RUN(&run, "rules", "list", good);
    assert_int_equal(run.status, CLI_DONE);
    assert_holds(run.out, email);
    assert_holds(run.out, identifier);
    RUN(&run, "rules", "list", good, "--rule", "identifier.");
    assert_string_equal(run.out, identifier);
    RUN(&run, "rules", "list", "--class", "email", "--rule", "identifier", good);
    assert_string_equal(run.out, "");
    RUN(&run, "rules", "list", "--class", "email", "--json", good);
    assert_string_equal(run.out, "{\"id\":\"email.headers\",\"class\":\"email\",\"kind\":\"pattern\","
                                 "\"name\":\"E-mail headers\",\"description\":null}\n");
}

/* A folder to keep compiled rules in. */
static char folder[] = "/tmp/test_command_rules.XXXXXX";

static int make_folder(void **state) {
    (void)state;
    strcpy(strrchr(folder, '.'), ".XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

/* The only file in it. */
static void find_kept(char path[PATH_MAX]) {
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, PATH_MAX, "%s/%s", folder, entry->d_name);
        count++;
    }
    closedir(listing);
    assert_int_equal(count, 1);
}

static int remove_folder(void **state) {
    (void)state;
    char path[PATH_MAX];
    if (rmdir(folder) == 0) return 0;
    find_kept(path);
    unlink(path);
    return rmdir(folder);
}

static void test_compile_keeps_what_it_compiled(void **state) {
    (void)state;
    char path[PATH_MAX];
    RUN(&run, "rules", "compile", "--cache", folder, good);
    assert_int_equal(run.status, CLI_DONE);
    assert_string_equal(run.err, "");
    assert_begins(run.out, "rules     2, all examples hold, digest ");
    assert_holds(run.out, "\npatterns  1\nfile      ");
    find_kept(path);
    assert_names(run.out, "\nfile      ", path, ", ");
    assert_null(strstr(run.out, "was there already"));
    RUN(&run, "rules", "compile", "--cache", folder, good);
    assert_names(run.out, "\nfile      ", path, ", ");
    assert_holds(run.out, " bytes, was there already\n");
}

static void test_compile_tells_the_same_as_json(void **state) {
    (void)state;
    char path[PATH_MAX];
    RUN(&run, "rules", "compile", "--json", "--cache", folder, good);
    assert_begins(run.out, "{\"rules\":2,\"rules_digest\":\"");
    assert_holds(run.out, ",\"is_new\":true}\n");
    find_kept(path);
    assert_names(run.out, "\",\"patterns\":1,\"file\":\"", path, "\",\"bytes\":");
    RUN(&run, "rules", "compile", "--json", "--cache", folder, good);
    assert_holds(run.out, ",\"is_new\":false}\n");
}

static void test_compile_keeps_nothing_that_is_not_proven(void **state) {
    (void)state;
    RUN(&run, "rules", "compile", "--cache", folder, failing);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.out, "");
    assert_names(run.err, "", failing, ":7:9: error: ");
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void test_compile_fails_where_nothing_can_be_kept(void **state) {
    (void)state;
    RUN(&run, "rules", "compile", "--cache", "none", good);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_holds(run.err, "say --cache FOLDER");
    RUN(&run, "rules", "compile", "--cache", "/proc/none", good);
    assert_int_equal(run.status, CLI_FAILED);
    assert_string_equal(run.out, "");
    assert_begins(run.err, "/proc/none: warning: ");
    assert_int_equal(chmod(folder, 0777), 0);
    RUN(&run, "rules", "compile", "--cache", folder, good);
    assert_int_equal(run.status, CLI_FAILED);
    assert_names(run.err, "", folder, ": warning: it may be written by others than its owner");
}

static void test_the_other_actions_take_what_is_kept(void **state) {
    (void)state;
    static const char *const actions[] = {"check", "test", "list"};
    RUN(&run, "rules", "compile", "--cache", folder, good);
    char path[PATH_MAX];
    struct stat before, after;
    find_kept(path);
    const struct timespec long_ago[] = {{1000, 0}, {1000, 0}};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
        assert_int_equal(stat(path, &before), 0);
        RUN(&run, "rules", actions[i], "--cache", folder, good);
        assert_int_equal(run.status, CLI_DONE);
        assert_string_equal(run.err, "");
        assert_int_equal(stat(path, &after), 0);
        assert_int_equal(after.st_ino, before.st_ino); /* not written again */
        assert_true(after.st_mtime > before.st_mtime); /* but used */
    }
}

#define CACHE_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check_of_good_rules_is_ok),
        cmocka_unit_test(test_check_of_bad_rules_says_everything_that_is_wrong),
        cmocka_unit_test(test_check_refuses_rules_whose_examples_do_not_hold),
        cmocka_unit_test(test_check_tells_the_same_as_json),
        cmocka_unit_test(test_test_shows_the_examples_that_do_not_hold),
        cmocka_unit_test(test_test_lists_all_examples_when_asked),
        cmocka_unit_test(test_list_shows_rules_by_prefix_and_class),
        CACHE_TEST(test_compile_keeps_what_it_compiled),
        CACHE_TEST(test_compile_tells_the_same_as_json),
        CACHE_TEST(test_compile_keeps_nothing_that_is_not_proven),
        CACHE_TEST(test_compile_fails_where_nothing_can_be_kept),
        CACHE_TEST(test_the_other_actions_take_what_is_kept),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
