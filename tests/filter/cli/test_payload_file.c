#include "cli/payload_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

struct bench {
    char path[64];
    struct payload_file file;
    struct diagnostics diagnostics;
};

static int set_up(void **state) {
    static struct bench bench;
    strcpy(bench.path, "/tmp/test-payload-file-XXXXXX");
    const int fd = mkstemp(bench.path);
    assert_true(fd >= 0);
    close(fd);
    diagnostics_init(&bench.diagnostics);
    *state = &bench;
    return 0;
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    payload_file_reset(&bench->file);
    diagnostics_reset(&bench->diagnostics);
    unlink(bench->path);
    return 0;
}

static int load(struct bench *bench, const char *text, bool is_msgpack) {
    FILE *file = fopen(bench->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return payload_file_load(&bench->file, bench->path, is_msgpack, &bench->diagnostics);
}

static void assert_payload(const struct payload_file *file, size_t at, const void *bytes, size_t length) {
    assert_true(at < file->count);
    assert_int_equal(file->payloads[at].length, length);
    assert_memory_equal(file->bytes + file->payloads[at].offset, bytes, length);
}

static void lines_are_payloads_and_blank_ones_are_none(void **state) {
    struct bench *bench = *state;
    assert_int_equal(load(bench, "{\"a\": 1}\r\n\n \t\n  [2]  \n3", false), 0);
    assert_int_equal(bench->file.count, 3);
    assert_payload(&bench->file, 0, "{\"a\": 1}", 8);
    assert_payload(&bench->file, 1, "[2]", 3);
    assert_payload(&bench->file, 2, "3", 1);
}

static void lines_become_msgpack_when_asked(void **state) {
    struct bench *bench = *state;
    assert_int_equal(load(bench, "{\"a\": 1}\n[2]\n", true), 0);
    assert_int_equal(bench->file.count, 2);
    assert_payload(&bench->file, 0,
                   "\x81\xa1"
                   "a\x01",
                   4);
    assert_payload(&bench->file, 1, "\x91\x02", 2);
}

static void an_empty_file_has_no_payloads(void **state) {
    struct bench *bench = *state;
    assert_int_equal(load(bench, "", false), 0);
    assert_int_equal(bench->file.count, 0);
}

static void every_bad_line_is_reported_with_its_place(void **state) {
    struct bench *bench = *state;
    char text[256], expected[256];
    assert_int_equal(load(bench, "{}\n  {\"a\":}\n\n[1] 2\n", false), -1);
    assert_int_equal(bench->diagnostics.count, 2);
    diagnostic_format(&bench->diagnostics.items[0], text, sizeof text);
    snprintf(expected, sizeof expected, "%s:2:8: error: not a JSON value: malformed", bench->path);
    assert_string_equal(text, expected);
    diagnostic_format(&bench->diagnostics.items[1], text, sizeof text);
    snprintf(expected, sizeof expected, "%s:4:5: error: not a JSON value: trailing-bytes", bench->path);
    assert_string_equal(text, expected);
}

static void a_file_that_is_not_there_is_named(void **state) {
    struct bench *bench = *state;
    char text[256];
    assert_int_equal(payload_file_load(&bench->file, "/nowhere/messages", false, &bench->diagnostics), -1);
    diagnostic_format(&bench->diagnostics.items[0], text, sizeof text);
    assert_string_equal(text, "/nowhere/messages: error: cannot be read: No such file or directory");
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        FILE_TEST(lines_are_payloads_and_blank_ones_are_none),
        FILE_TEST(lines_become_msgpack_when_asked),
        FILE_TEST(an_empty_file_has_no_payloads),
        FILE_TEST(every_bad_line_is_reported_with_its_place),
        FILE_TEST(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
