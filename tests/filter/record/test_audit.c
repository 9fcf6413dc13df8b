#include "record/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "test.h"

struct place {
    char folder[32];
    char file[48];
};

static int make_folder(void **state) {
    struct place *place = malloc(sizeof *place);
    if (!place) return -1;
    strcpy(place->folder, "/tmp/test_audit.XXXXXX");
    if (!mkdtemp(place->folder)) return -1;
    snprintf(place->file, sizeof place->file, "%s/audit.jsonl", place->folder);
    *state = place;
    return 0;
}

static int remove_folder(void **state) {
    struct place *place = *state;
    unlink(place->file);
    const int result = rmdir(place->folder);
    free(place);
    return result;
}

/* The whole file as text; the caller frees it. */
static char *read_file(const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct stat status;
    assert_int_equal(fstat(fileno(file), &status), 0);
    char *text = malloc((size_t)status.st_size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)status.st_size, file), status.st_size);
    text[status.st_size] = '\0';
    fclose(file);
    return text;
}

static struct audit_record sample(uint64_t sequence) {
    static const char *const outputs[] = {"targeting", "insights"};
    static const char *const classes[] = {"email"};
    static const char *const layers[] = {"base64", "json"};
    static const struct audit_finding findings[] = {
        {"email.rfc822-headers", "email", "event.note", layers, 2, 812},
        {"email.body-field", "email", "mail[2].*", NULL, 0, 9},
    };
    return (struct audit_record){.time_ns = INT64_C(1795485331123456789),
                                 .sequence = sequence,
                                 .bytes = 1113,
                                 .outputs = outputs,
                                 .output_count = 2,
                                 .classes = classes,
                                 .class_count = 1,
                                 .findings = findings,
                                 .described_count = 2,
                                 .finding_count = 70,
                                 .digest = "00ff"};
}

/* Reads `text` as whole JSON lines and asserts that their sequences run from 1 to `count`. */
static void assert_sequences(const char *text, uint64_t count) {
    uint64_t sequence = 0;
    while (*text) {
        const char *end = strchr(text, '\n');
        assert_non_null(end);
        json_t *line = json_loadb(text, (size_t)(end - text), 0, NULL);
        assert_non_null(line);
        assert_int_equal(json_integer_value(json_object_get(line, "sequence")), ++sequence);
        json_decref(line);
        text = end + 1;
    }
    assert_int_equal(sequence, count);
}

/* Writes records from `next` on until the audit refuses one; returns the number of the refused one. */
static uint64_t write_until_refused(struct audit *audit, uint64_t next) {
    for (;; next++) {
        const struct audit_record record = sample(next);
        if (audit_write(audit, &record) != 0) return next;
        assert_true(next < 10000);
    }
}

static void test_a_record_of_a_batch_says_which_one_it_is(void **state) {
    struct place *place = *state;
    struct audit *audit = audit_open(place->file);
    assert_non_null(audit);
    struct audit_record record = {.sequence = 7, .is_record = true, .record = 0, .bytes = 9, .digest = "00ff"};
    assert_int_equal(audit_write(audit, &record), 0);
    record.record = 65535;
    assert_int_equal(audit_write(audit, &record), 0);
    record.is_record = false;
    assert_int_equal(audit_write(audit, &record), 0);
    assert_int_equal(audit_close(&audit), 0);
    char *text = read_file(place->file);
    const char *const second = strchr(text, '\n') + 1, *const third = strchr(second, '\n') + 1;
    assert_non_null(strstr(text, "\"sequence\":7,\"record\":0,\"bytes\":9,"));
    assert_non_null(strstr(second, "\"sequence\":7,\"record\":65535,\"bytes\":9,"));
    assert_non_null(strstr(third, "\"sequence\":7,\"bytes\":9,"));
    free(text);
}

static void test_a_record_is_one_line_of_json(void **state) {
    struct place *place = *state;
    struct audit *audit = audit_open(place->file);
    assert_non_null(audit);
    struct audit_record record = sample(1);
    assert_int_equal(audit_write(audit, &record), 0);
    record = (struct audit_record){.time_ns = 0, .sequence = 2, .reason = "malformed", .digest = "00ff"};
    assert_int_equal(audit_write(audit, &record), 0);
    assert_int_equal(audit_close(&audit), 0);
    assert_null(audit);

    char *text = read_file(place->file);
    assert_string_equal(
        text, "{\"time\":\"2026-11-24T01:55:31.123456Z\",\"sequence\":1,\"bytes\":1113,"
              "\"outputs\":[\"targeting\",\"insights\"],\"classes\":[\"email\"],\"reason\":null,\"findings\":["
              "{\"rule\":\"email.rfc822-headers\",\"class\":\"email\",\"path\":\"event.note\","
              "\"layers\":[\"base64\",\"json\"],\"length\":812},"
              "{\"rule\":\"email.body-field\",\"class\":\"email\",\"path\":\"mail[2].*\",\"layers\":[],\"length\":9}],"
              "\"finding_count\":70,\"rules_digest\":\"00ff\"}\n"
              "{\"time\":\"1970-01-01T00:00:00.000000Z\",\"sequence\":2,\"bytes\":0,\"outputs\":[],\"classes\":[],"
              "\"reason\":\"malformed\",\"findings\":[],\"finding_count\":0,\"rules_digest\":\"00ff\"}\n");
    free(text);
}

static void test_the_file_is_only_for_its_owner(void **state) {
    struct place *place = *state;
    const mode_t mask = umask(0);
    struct audit *audit = audit_open(place->file);
    umask(mask);
    assert_non_null(audit);
    struct stat status;
    assert_int_equal(stat(place->file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(audit_close(&audit), 0);
}

static void test_records_are_written_when_flushed(void **state) {
    struct place *place = *state;
    struct audit *audit = audit_open(place->file);
    const struct audit_record record = sample(1);
    assert_int_equal(audit_write(audit, &record), 0);
    char *before = read_file(place->file);
    assert_string_equal(before, "");
    assert_int_equal(audit_flush(audit), 0);
    char *after = read_file(place->file);
    assert_sequences(after, 1);
    free(before);
    free(after);
    assert_int_equal(audit_close(&audit), 0);
}

static void test_a_full_buffer_writes_itself_in_order(void **state) {
    struct place *place = *state;
    struct audit *audit = audit_open(place->file);
    for (uint64_t sequence = 1; sequence <= 3000; sequence++) {
        const struct audit_record record = sample(sequence);
        assert_int_equal(audit_write(audit, &record), 0);
    }
    assert_int_equal(audit_close(&audit), 0);
    char *text = read_file(place->file);
    assert_sequences(text, 3000);
    free(text);
}

static void test_it_continues_behind_what_is_there(void **state) {
    struct place *place = *state;
    for (uint64_t sequence = 1; sequence <= 3; sequence++) {
        struct audit *audit = audit_open(place->file);
        const struct audit_record record = sample(sequence);
        assert_int_equal(audit_write(audit, &record), 0);
        assert_int_equal(audit_close(&audit), 0);
    }
    char *text = read_file(place->file);
    assert_sequences(text, 3);
    free(text);
}

static void test_a_line_torn_by_a_crash_does_not_swallow_the_next(void **state) {
    struct place *place = *state;
    FILE *file = fopen(place->file, "w");
    fputs("{\"time\":\"2026-", file);
    fclose(file);
    struct audit *audit = audit_open(place->file);
    const struct audit_record record = sample(1);
    assert_int_equal(audit_write(audit, &record), 0);
    assert_int_equal(audit_close(&audit), 0);
    char *text = read_file(place->file);
    const char *second_line = strchr(text, '\n') + 1;
    assert_sequences(second_line, 1);
    free(text);
}

static void test_a_full_disk_is_told_and_nothing_more_is_taken(void **state) {
    (void)state;
    struct audit *audit = audit_open("/dev/full");
    assert_non_null(audit);
    const uint64_t refused = write_until_refused(audit, 1);
    assert_int_equal(errno, ENOSPC);
    assert_true(refused > 100); /* the buffer took some */
    const struct audit_record record = sample(refused);
    assert_int_equal(audit_write(audit, &record), -1);
    assert_int_equal(audit_flush(audit), -1);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(audit_close(&audit), -1);
    assert_int_equal(errno, ENOSPC);
    assert_null(audit);
}

static void limit_file_size(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_nothing_is_lost_when_there_is_space_again(void **state) {
    struct place *place = *state;
    signal(SIGXFSZ, SIG_IGN);
    struct audit *audit = audit_open(place->file);
    limit_file_size(100000); /* ends within a line, so that the first write is a short one */
    const uint64_t refused = write_until_refused(audit, 1);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(audit_flush(audit), -1);

    limit_file_size(RLIM_INFINITY);
    assert_int_equal(audit_flush(audit), 0);
    const struct audit_record record = sample(refused);
    assert_int_equal(audit_write(audit, &record), 0);
    assert_int_equal(audit_close(&audit), 0);
    char *text = read_file(place->file);
    assert_sequences(text, refused);
    free(text);
}

static void test_lines_lost_at_the_end_leave_no_half_of_one(void **state) {
    struct place *place = *state;
    signal(SIGXFSZ, SIG_IGN);
    struct audit *audit = audit_open(place->file);
    limit_file_size(1000);
    for (uint64_t sequence = 1; sequence <= 10; sequence++) {
        const struct audit_record record = sample(sequence);
        assert_int_equal(audit_write(audit, &record), 0);
    }
    assert_int_equal(audit_close(&audit), -1);
    assert_int_equal(errno, EFBIG);
    limit_file_size(RLIM_INFINITY);
    char *text = read_file(place->file);
    const size_t length = strlen(text);
    assert_in_range(length, 1, 999);
    assert_int_equal(text[length - 1], '\n');
    free(text);
}

static void test_a_place_that_cannot_be_opened_gives_the_reason(void **state) {
    struct place *place = *state;
    assert_null(audit_open(place->folder));
    assert_int_equal(errno, EISDIR);
    assert_int_equal(symlink("/dev/null", place->file), 0);
    assert_null(audit_open(place->file));
    assert_int_equal(errno, ELOOP);
}

static void test_a_record_of_the_largest_size_fits(void **state) {
    struct place *place = *state;
    char name[65] = {0}, path[256] = {0};
    memset(name, 'n', sizeof name - 1);
    memset(path, '"', sizeof path - 1);
    const char *names[56];
    struct audit_finding findings[64];
    for (size_t i = 0; i < 56; i++) names[i] = name;
    for (size_t i = 0; i < 64; i++) findings[i] = (struct audit_finding){name, name, path, names, 8, SIZE_MAX};
    const struct audit_record record = {.time_ns = INT64_MAX,
                                        .sequence = UINT64_MAX,
                                        .bytes = SIZE_MAX,
                                        .outputs = names,
                                        .output_count = 32,
                                        .classes = names,
                                        .class_count = 56,
                                        .findings = findings,
                                        .described_count = 64,
                                        .finding_count = SIZE_MAX,
                                        .digest = name};
    struct audit *audit = audit_open(place->file);
    assert_int_equal(audit_write(audit, &record), 0);
    assert_int_equal(audit_close(&audit), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_record_is_one_line_of_json, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_record_of_a_batch_says_which_one_it_is, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_the_file_is_only_for_its_owner, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_records_are_written_when_flushed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_full_buffer_writes_itself_in_order, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_it_continues_behind_what_is_there, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_line_torn_by_a_crash_does_not_swallow_the_next, make_folder,
                                        remove_folder),
        cmocka_unit_test(test_a_full_disk_is_told_and_nothing_more_is_taken),
        cmocka_unit_test_setup_teardown(test_nothing_is_lost_when_there_is_space_again, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_lines_lost_at_the_end_leave_no_half_of_one, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_place_that_cannot_be_opened_gives_the_reason, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_a_record_of_the_largest_size_fits, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
