#include "cli/cli.h"

#include <pty.h>

#include "run_cli.h"

static struct run run;

static void test_help_lists_every_command(void **state) {
    (void)state;
    static const char *const names[] = {"\n  run ",  "\n  inspect ", "\n  rules ",  "\n  send ",
                                        "\n  recv ", "\n  demo ",    "\n  version "};
    static const char *const spellings[] = {"help", "--help", "-h"};
    for (size_t s = 0; s < 3; s++) {
        RUN(&run, spellings[s]);
        assert_int_equal(run.status, CLI_DONE);
        assert_string_equal(run.err, "");
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) assert_holds(run.out, names[i]);
    }
}

static void test_every_command_tells_its_usage(void **state) {
    (void)state;
    static const char *const names[] = {"run", "inspect", "rules", "send", "recv", "demo", "version"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char usage[32];
        snprintf(usage, sizeof usage, "Usage: cordon %s ", names[i]);
        RUN(&run, names[i], "--help");
        assert_int_equal(run.status, CLI_DONE);
        assert_begins(run.out, usage);
        RUN(&run, "help", names[i]);
        assert_int_equal(run.status, CLI_DONE);
        assert_begins(run.out, usage);
        RUN(&run, names[i], "--no-such-option");
        assert_int_equal(run.status, CLI_BAD_INPUT);
        assert_holds(run.err, usage);
        assert_string_equal(run.out, "");
    }
}

static void test_bad_usage_is_told_on_stderr_with_status_2(void **state) {
    (void)state;
    static const struct {
        const char *arguments[4];
        const char *err;
    } cases[] = {
        {{NULL}, "Cordon " CORDON_VERSION ", a content firewall for ad pipelines\n\nUsage: cordon COMMAND"},
        {{"inspct"}, "cordon: unknown command 'inspct', did you mean 'inspect'?\n"},
        {{"frobnicate"}, "cordon: unknown command 'frobnicate'\nTry 'cordon --help'.\n"},
        {{"help", "snd"}, "cordon: unknown command 'snd', did you mean 'send'?\n"},
        {{"version", "--jsno"}, "cordon version: unknown option '--jsno'\nUsage: cordon version"},
        {{"version", "-x"}, "cordon version: unknown option '-x'\n"},
        {{"version", "now"}, "cordon version: unexpected 'now'\n"},
        {{"inspect", "-r"}, "cordon inspect: option '-r' needs a value\n"},
        {{"inspect", "--format"}, "cordon inspect: option '--format' needs a value\n"},
        {{"inspect", "--format", "xml"}, "cordon inspect: the format is auto, msgpack or json\n"},
        {{"inspect", "--framing", "xml"}, "cordon inspect: the framing is auto, lines, stream or message\n"},
        {{"rules"}, "cordon rules: say check, test, list, cost or compile\n"},
        {{"rules", "chek"}, "cordon rules: unknown action 'chek'\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_cli(&run, "", 0, cases[i].arguments);
        assert_int_equal(run.status, CLI_BAD_INPUT);
        assert_string_equal(run.out, "");
        assert_begins(run.err, cases[i].err);
    }
}

static void test_output_that_cannot_be_written_is_a_failure(void **state) {
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    fflush(stdout);
    const int before = dup(STDOUT_FILENO);
    dup2(fileno(full), STDOUT_FILENO);
    char *argv[] = {(char[]){"cordon"}, (char[]){"help"}, NULL};
    const int status = cli_main(2, argv);
    clearerr(stdout);
    restore_stream(STDOUT_FILENO, before);
    fclose(full);
    assert_int_equal(status, CLI_FAILED);
}

static void make_diagnostics(struct diagnostics *diagnostics, const char *file) {
    diagnostics_init(diagnostics);
    diagnostics_error(diagnostics, file, (struct place){2, 10}, "unknown key '%s'", "x");
    diagnostics_warning(diagnostics, "pack:none", (struct place){1, 1}, "no such file to show");
}

/* What cli_print_diagnostics() writes to a terminal. */
static void print_on_terminal(const struct diagnostics *diagnostics, char *out, size_t capacity) {
    int master, slave;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    FILE *terminal = fdopen(slave, "w");
    assert_non_null(terminal);
    cli_print_diagnostics(terminal, diagnostics);
    fclose(terminal);
    size_t length = 0;
    for (ssize_t count; (count = read(master, out + length, capacity - 1 - length)) > 0;) length += (size_t)count;
    assert_true(length > 0);
    out[length] = '\0';
    close(master);
}

static void test_diagnostics_show_the_line_on_a_terminal_only(void **state) {
    (void)state;
    static const char text[] = "first: line\n\xc3\xbc: \x1b[1m\t y: 1\nthird: line\n";
    char path[] = "/tmp/test_cli.XXXXXX", out[2048], expected[256];
    make_file(path, text, strlen(text));
    struct diagnostics diagnostics;
    make_diagnostics(&diagnostics, path);

    char *plain = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&plain, &length);
    cli_print_diagnostics(file, &diagnostics);
    fclose(file);
    snprintf(expected, sizeof expected,
             "%s:2:10: error: unknown key 'x'\npack:none:1:1: warning: no such file to show\n", path);
    assert_string_equal(plain, expected);
    free(plain);

    setenv("NO_COLOR", "1", 1);
    print_on_terminal(&diagnostics, out, sizeof out);
    snprintf(expected, sizeof expected,
             "%s:2:10: error: unknown key 'x'\r\n    \xc3\xbc:  [1m  y: 1\r\n            ^\r\n"
             "pack:none:1:1: warning: no such file to show\r\n",
             path);
    assert_string_equal(out, expected);

    unsetenv("NO_COLOR");
    print_on_terminal(&diagnostics, out, sizeof out);
    snprintf(expected, sizeof expected, "\033[1m%s:2:10: error: unknown key 'x'\033[0m\r\n", path);
    assert_begins(out, expected);
    assert_holds(out, "\033[32m^\033[0m\r\n");
    diagnostics_reset(&diagnostics);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_lists_every_command),
        cmocka_unit_test(test_every_command_tells_its_usage),
        cmocka_unit_test(test_bad_usage_is_told_on_stderr_with_status_2),
        cmocka_unit_test(test_output_that_cannot_be_written_is_a_failure),
        cmocka_unit_test(test_diagnostics_show_the_line_on_a_terminal_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
