#pragma once
/* Runs the program within a test, with what it reads and prints in buffers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#include "test.h"

enum { RUN_BYTES = 128 * 1024, RUN_ARGUMENTS_MAX = 32 };

struct run {
    int status;
    char out[RUN_BYTES], err[RUN_BYTES];
};

/* Puts a file in place of a standard stream; returns what stood there. */
static int replace_stream(int stream, FILE *file) {
    const int before = dup(stream);
    assert_true(before >= 0);
    assert_int_equal(dup2(fileno(file), stream), stream);
    return before;
}

static void restore_stream(int stream, int before) {
    assert_int_equal(dup2(before, stream), stream);
    close(before);
}

static void read_back(FILE *file, char out[RUN_BYTES]) {
    rewind(file);
    out[fread(out, 1, RUN_BYTES - 1, file)] = '\0';
    fclose(file);
}

/* Runs `cordon ARGUMENTS...` (up to a NULL) with `input` on its standard input. */
static void run_cli(struct run *run, const void *input, size_t input_length, const char *const *arguments) {
    char *argv[RUN_ARGUMENTS_MAX + 2] = {(char[]){"cordon"}};
    int argc = 1;
    for (; arguments[argc - 1]; argc++) {
        assert_true(argc <= RUN_ARGUMENTS_MAX);
        argv[argc] = strdup(arguments[argc - 1]);
    }
    FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
    assert_true(in && out && err);
    assert_int_equal(fwrite(input, 1, input_length, in), input_length);
    rewind(in);
    fflush(stdout);
    fflush(stderr);
    const int in_before = replace_stream(STDIN_FILENO, in);
    const int out_before = replace_stream(STDOUT_FILENO, out);
    const int err_before = replace_stream(STDERR_FILENO, err);
    char *own_argv[RUN_ARGUMENTS_MAX + 2]; /* getopt_long() sorts what it is given */
    memcpy(own_argv, argv, sizeof argv);
    run->status = cli_main(argc, own_argv);
    fflush(stdout);
    fflush(stderr);
    restore_stream(STDIN_FILENO, in_before);
    restore_stream(STDOUT_FILENO, out_before);
    restore_stream(STDERR_FILENO, err_before);
    fclose(in);
    read_back(out, run->out);
    read_back(err, run->err);
    for (int i = 1; i < argc; i++) free(argv[i]);
}

#define RUN(run, ...) run_cli(run, "", 0, (const char *const[]){__VA_ARGS__, NULL})
#define RUN_WITH(run, input, ...) run_cli(run, input, strlen(input), (const char *const[]){__VA_ARGS__, NULL})

static inline void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part)) fail_msg("'%s' is not in:\n%s", part, text);
}

static inline void assert_begins(const char *text, const char *part) {
    if (strncmp(text, part, strlen(part)) != 0) fail_msg("'%s' does not begin:\n%s", part, text);
}

/* Writes a file that the test removes; `path` ends in XXXXXX. */
static inline void make_file(char *path, const void *bytes, size_t length) {
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}
