#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

/* This program is also the child: it does what its first argument says. */
static int act(const char *what) {
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    printf("%s %s\n", what, sigismember(&mask, SIGTERM) ? "deaf" : "hears");
    fflush(stdout);
    if (strcmp(what, "sleep") == 0) sleep(60);
    return strcmp(what, "fail") == 0 ? 3 : 0;
}

static char output[64];

static int set_up(void **state) {
    (void)state;
    strcpy(output, "/tmp/test-child-XXXXXX");
    const int fd = mkstemp(output);
    return fd >= 0 ? close(fd) : -1;
}

static int tear_down(void **state) {
    (void)state;
    return unlink(output);
}

static void start(struct child *child, const char *what) {
    const char *const arguments[] = {"child", what, NULL};
    assert_int_equal(child_start(child, arguments, output), 0);
}

static bool await_end(struct child *child) {
    bool is_good = false;
    for (int i = 0; i < 5000 && !child_has_ended(child, &is_good); i++) nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(child->pid, 0);
    return is_good;
}

static void assert_output(const char *expected) {
    char text[64] = "";
    FILE *file = fopen(output, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, expected);
}

static void a_child_runs_this_program_and_writes_to_the_file(void **state) {
    (void)state;
    struct child child = {0};
    start(&child, "succeed");
    assert_true(await_end(&child));
    assert_output("succeed hears\n");
}

static void a_child_that_fails_is_told_from_one_that_succeeds(void **state) {
    (void)state;
    struct child child = {0};
    start(&child, "fail");
    assert_false(await_end(&child));
}

static void a_child_can_be_stopped_though_its_parent_blocks_signals(void **state) {
    (void)state;
    struct child child = {0};
    bool is_good;
    sigset_t ending, before;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, &before);
    start(&child, "sleep");
    sigprocmask(SIG_SETMASK, &before, NULL);
    const pid_t pid = child.pid;
    assert_false(child_has_ended(&child, &is_good));
    child_stop(&child);
    assert_int_equal(child.pid, 0);
    assert_int_equal(kill(pid, 0), -1);
    child_stop(&child);
}

static void a_file_that_cannot_be_written_starts_nothing(void **state) {
    (void)state;
    struct child child = {0};
    const char *const arguments[] = {"child", "succeed", NULL};
    assert_int_equal(child_start(&child, arguments, "/nowhere/file"), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(child.pid, 0);
}

int main(int argc, char **argv) {
    if (argc > 1) return act(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_runs_this_program_and_writes_to_the_file),
        cmocka_unit_test(a_child_that_fails_is_told_from_one_that_succeeds),
        cmocka_unit_test(a_child_can_be_stopped_though_its_parent_blocks_signals),
        cmocka_unit_test(a_file_that_cannot_be_written_starts_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
