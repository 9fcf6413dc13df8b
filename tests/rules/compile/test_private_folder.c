#include "rules/compile/private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

enum { BYTES_MAX = 1 << 20, OTHER_USER = 12345 };

struct folder {
    char path[64];
    int descriptor;
};

static int make_folder(void **state) {
    struct folder *own = calloc(1, sizeof *own);
    const char *fault;
    assert_non_null(own);
    strcpy(own->path, "/tmp/test_private_folder.XXXXXX");
    assert_non_null(mkdtemp(own->path));
    own->descriptor = private_folder_open(own->path, &fault);
    assert_true(own->descriptor >= 0);
    *state = own;
    return 0;
}

static int remove_folder(void **state) {
    struct folder *own = *state;
    DIR *listing = opendir(own->path);
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.' && unlinkat(own->descriptor, entry->d_name, 0) != 0)
            unlinkat(own->descriptor, entry->d_name, AT_REMOVEDIR);
    closedir(listing);
    close(own->descriptor);
    rmdir(own->path);
    free(own);
    return 0;
}

static int write_text(const struct folder *own, const char *name, const char *text) {
    const struct file_part part = {text, strlen(text)};
    return private_folder_write(own->descriptor, name, &part, 1);
}

static void assert_text(const struct folder *own, const char *name, const char *text) {
    const char *fault;
    size_t length;
    uint8_t *bytes = private_folder_read(own->descriptor, name, BYTES_MAX, &length, &fault);
    assert_non_null(bytes);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(bytes, text, length);
    assert_null(fault);
    free(bytes);
}

/* Cannot be read, for that reason; NULL: it is not there. */
static void assert_fault(const struct folder *own, const char *name, const char *expected) {
    const char *fault = "nothing was said";
    size_t length;
    assert_null(private_folder_read(own->descriptor, name, BYTES_MAX, &length, &fault));
    if (expected == NULL)
        assert_null(fault);
    else
        assert_string_equal(fault, expected);
}

static void assert_folder_fault(const char *path, const char *expected) {
    const char *fault = "nothing was said";
    assert_int_equal(private_folder_open(path, &fault), -1);
    if (expected == NULL)
        assert_null(fault);
    else
        assert_string_equal(fault, expected);
}

static size_t count_entries(const struct folder *own) {
    size_t count = 0;
    DIR *listing = opendir(own->path);
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static void test_what_was_written_is_read_back(void **state) {
    const struct folder *own = *state;
    const struct file_part parts[] = {{"one ", 4}, {"", 0}, {"two", 3}};
    struct stat file;
    assert_int_equal(private_folder_write(own->descriptor, "a", parts, 3), 0);
    assert_text(own, "a", "one two");
    assert_int_equal(fstatat(own->descriptor, "a", &file, 0), 0);
    assert_int_equal(file.st_mode, S_IFREG | 0600);
    assert_int_equal(write_text(own, "a", "three"), 0);
    assert_text(own, "a", "three");
    assert_int_equal(count_entries(own), 1);
}

static void test_what_is_not_there_is_no_fault(void **state) {
    const struct folder *own = *state;
    char path[96];
    assert_fault(own, "a", NULL);
    snprintf(path, sizeof path, "%s/none", own->path);
    assert_folder_fault(path, NULL);
}

static void test_a_file_that_others_may_write_is_refused(void **state) {
    const struct folder *own = *state;
    static const mode_t modes[] = {0620, 0602, 0666, 0777};
    assert_int_equal(write_text(own, "a", "text"), 0);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(fchmodat(own->descriptor, "a", modes[i], 0), 0);
        assert_fault(own, "a", "may be written by others than its owner");
    }
    assert_int_equal(fchmodat(own->descriptor, "a", 0644, 0), 0);
    assert_text(own, "a", "text");
}

static void test_a_folder_that_others_may_write_is_refused(void **state) {
    const struct folder *own = *state;
    static const mode_t modes[] = {0720, 0702, 01777};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(own->path, modes[i]), 0);
        assert_folder_fault(own->path, "may be written by others than its owner");
    }
}

static void test_what_belongs_to_another_user_is_refused(void **state) {
    const struct folder *own = *state;
    if (geteuid() != 0) skip();
    assert_int_equal(write_text(own, "a", "text"), 0);
    assert_int_equal(fchownat(own->descriptor, "a", OTHER_USER, -1, 0), 0);
    assert_fault(own, "a", "belongs to another user");
    assert_int_equal(chown(own->path, OTHER_USER, -1), 0);
    assert_folder_fault(own->path, "belongs to another user");
}

static void test_links_and_other_kinds_are_not_followed(void **state) {
    const struct folder *own = *state;
    char path[96], file[96];
    assert_int_equal(write_text(own, "a", "text"), 0);
    assert_int_equal(symlinkat("a", own->descriptor, "link"), 0);
    assert_fault(own, "link", "is no plain file");
    assert_int_equal(mkdirat(own->descriptor, "folder", 0700), 0);
    assert_fault(own, "folder", "is no plain file");
    assert_int_equal(mkfifoat(own->descriptor, "pipe", 0600), 0);
    assert_fault(own, "pipe", "is no plain file");
    snprintf(path, sizeof path, "%s/to-folder", own->path);
    assert_int_equal(symlink(own->path, path), 0);
    assert_folder_fault(path, "is no folder");
    snprintf(file, sizeof file, "%s/a", own->path);
    assert_folder_fault(file, "is no folder");
}

static void test_sizes_are_bounded(void **state) {
    const struct folder *own = *state;
    const char *fault;
    size_t length;
    assert_int_equal(write_text(own, "a", "12345"), 0);
    uint8_t *bytes = private_folder_read(own->descriptor, "a", 5, &length, &fault);
    assert_non_null(bytes);
    free(bytes);
    assert_null(private_folder_read(own->descriptor, "a", 4, &length, &fault));
    assert_string_equal(fault, "is too large");
    assert_int_equal(write_text(own, "a", ""), 0);
    assert_fault(own, "a", "is cut short");
}

static void test_writing_replaces_a_link_and_not_what_it_leads_to(void **state) {
    const struct folder *own = *state;
    assert_int_equal(write_text(own, "a", "text"), 0);
    assert_int_equal(symlinkat("a", own->descriptor, "link"), 0);
    assert_int_equal(write_text(own, "link", "other"), 0);
    assert_text(own, "link", "other");
    assert_text(own, "a", "text");
}

static void test_a_full_disk_leaves_everything_as_it_was(void **state) {
    const struct folder *own = *state;
    struct rlimit before;
    char text[4096] = "";
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(write_text(own, "a", "text"), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){1000, before.rlim_max}), 0);
    const int result = write_text(own, "a", text), reason = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result, -1);
    assert_int_equal(reason, EFBIG);
    assert_text(own, "a", "text");
    assert_int_equal(count_entries(own), 1);
}

static void test_a_folder_in_place_of_the_file_stays(void **state) {
    const struct folder *own = *state;
    assert_int_equal(mkdirat(own->descriptor, "a", 0700), 0);
    assert_int_equal(write_text(own, "a", "text"), -1);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(count_entries(own), 1);
}

enum { WRITERS = 4, ROUNDS = 50, WRITER_BYTES = 100000 };

/* Writes files that are all of one letter. */
static void write_letters(const struct folder *own, char letter) {
    char *bytes = malloc(WRITER_BYTES);
    if (bytes == NULL) _exit(1);
    memset(bytes, letter, WRITER_BYTES);
    /* in two parts, so that half a file would show */
    const struct file_part parts[] = {{bytes, WRITER_BYTES / 2}, {bytes, WRITER_BYTES / 2}};
    for (int i = 0; i < ROUNDS; i++)
        if (private_folder_write(own->descriptor, "a", parts, 2) != 0) _exit(1);
    _exit(0);
}

static void assert_whole(const struct folder *own) {
    const char *fault;
    size_t length;
    uint8_t *bytes = private_folder_read(own->descriptor, "a", BYTES_MAX, &length, &fault);
    assert_non_null(bytes);
    assert_int_equal(length, WRITER_BYTES);
    for (size_t i = 1; i < length; i++) assert_int_equal(bytes[i], bytes[0]);
    free(bytes);
}

static void test_a_reader_beside_many_writers_sees_whole_files(void **state) {
    const struct folder *own = *state;
    char first[WRITER_BYTES];
    const struct file_part part = {first, sizeof first};
    memset(first, 'z', sizeof first);
    assert_int_equal(private_folder_write(own->descriptor, "a", &part, 1), 0);
    for (int i = 0; i < WRITERS; i++) {
        const pid_t writer = fork();
        assert_true(writer >= 0);
        if (writer == 0) write_letters(own, (char)('a' + i));
    }
    for (int running = WRITERS, status; running > 0;) {
        assert_whole(own);
        if (waitpid(-1, &status, WNOHANG) <= 0) continue;
        assert_int_equal(status, 0);
        running--;
    }
    assert_whole(own);
    assert_int_equal(count_entries(own), 1);
}

static bool is_there(const struct folder *own, const char *name) {
    return faccessat(own->descriptor, name, F_OK, 0) == 0;
}

static void set_age(const struct folder *own, const char *name, time_t age_s) {
    const time_t then = time(NULL) - age_s;
    const struct timespec times[] = {{then, 0}, {then, 0}};
    assert_int_equal(utimensat(own->descriptor, name, times, 0), 0);
}

static void test_trimming_keeps_what_was_used_last_and_what_is_not_ours(void **state) {
    const struct folder *own = *state;
    static const char *const names[] = {"x-1", "x-2", "x-3.unfinished-0123", "x-4", "x-5", "y-6", "x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(write_text(own, names[i], "text"), 0);
        set_age(own, names[i], (time_t)(100 + i));
    }
    private_folder_touch(own->descriptor, "x-4");
    private_folder_trim(own->descriptor, "x-", 2);
    assert_true(is_there(own, "x-1"));
    assert_false(is_there(own, "x-2"));
    assert_false(is_there(own, "x-3.unfinished-0123"));
    assert_true(is_there(own, "x-4"));
    assert_false(is_there(own, "x-5"));
    assert_true(is_there(own, "y-6"));
    assert_true(is_there(own, "x"));
    private_folder_trim(own->descriptor, "x-", 2);
    assert_int_equal(count_entries(own), 4);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_written_is_read_back),
        TEST(test_what_is_not_there_is_no_fault),
        TEST(test_a_file_that_others_may_write_is_refused),
        TEST(test_a_folder_that_others_may_write_is_refused),
        TEST(test_what_belongs_to_another_user_is_refused),
        TEST(test_links_and_other_kinds_are_not_followed),
        TEST(test_sizes_are_bounded),
        TEST(test_writing_replaces_a_link_and_not_what_it_leads_to),
        TEST(test_a_full_disk_leaves_everything_as_it_was),
        TEST(test_a_folder_in_place_of_the_file_stays),
        TEST(test_a_reader_beside_many_writers_sees_whole_files),
        TEST(test_trimming_keeps_what_was_used_last_and_what_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
