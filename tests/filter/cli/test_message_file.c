#include "cli/message_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static const struct limits small_limits = {.message_bytes = 1024, .depth = 8};

struct source {
    const char *bytes;
    size_t length;
    bool is_pipe;
    char path[40];
    int fds[2];
    int stdin_before;
    pthread_t writer;
};

static void *feed_pipe(void *context) {
    const struct source *source = context;
    size_t written = 0;
    while (written < source->length) {
        /* In odd pieces, so that messages are cut anywhere. */
        const size_t piece = source->length - written < 777 ? source->length - written : 777;
        const ssize_t count = write(source->fds[1], source->bytes + written, piece);
        if (count <= 0) break;
        written += (size_t)count;
    }
    close(source->fds[1]);
    return NULL;
}

static struct message_file *open_source(struct source *source, enum framing framing) {
    if (source->is_pipe) {
        assert_int_equal(pipe(source->fds), 0);
        source->stdin_before = dup(STDIN_FILENO);
        dup2(source->fds[0], STDIN_FILENO);
        close(source->fds[0]);
        assert_int_equal(pthread_create(&source->writer, NULL, feed_pipe, source), 0);
        return message_file_open("-", framing, &small_limits);
    }
    strcpy(source->path, "/tmp/test_message_file.XXXXXX");
    const int fd = mkstemp(source->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, source->bytes, source->length), source->length);
    close(fd);
    return message_file_open(source->path, framing, &small_limits);
}

static void close_source(struct source *source) {
    if (source->is_pipe) {
        pthread_join(source->writer, NULL);
        dup2(source->stdin_before, STDIN_FILENO);
        close(source->stdin_before);
    } else {
        unlink(source->path);
    }
}

/* All messages as "length" or "length:reason", a space between. */
static void describe(const char *bytes, size_t length, bool is_pipe, enum framing framing, char *out, size_t capacity) {
    struct source source = {.bytes = bytes, .length = length, .is_pipe = is_pipe};
    struct message_file *file = open_source(&source, framing);
    assert_non_null(file);
    struct file_message message;
    size_t used = 0;
    out[0] = '\0';
    int result;
    while ((result = message_file_next(file, &message)) == 1) {
        const char *reason = reason_name(message.reason);
        assert_int_equal(message.bytes == NULL, reason != NULL);
        used += (size_t)snprintf(out + used, capacity - used, "%s%zu%s%s", used > 0 ? " " : "", message.length,
                                 reason ? ":" : "", reason ? reason : "");
        assert_true(used < capacity);
    }
    assert_int_equal(result, 0);
    assert_int_equal(message_file_next(file, &message), 0);
    message_file_close(&file);
    assert_null(file);
    close_source(&source);
}

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    enum framing framing;
    const char *messages;
} cases[] = {
    {BYTES(""), FRAMING_AUTO, ""},
    {BYTES(""), FRAMING_LINES, ""},
    {BYTES(""), FRAMING_STREAM, ""},
    {BYTES(""), FRAMING_MESSAGE, "0"},
    {BYTES("{}\n[]\n"), FRAMING_AUTO, "2 2"},
    {BYTES("{}\n[1]"), FRAMING_AUTO, "2 3"},
    {BYTES("{}\r\n[1]\r\n"), FRAMING_LINES, "2 3"},
    {BYTES("\n\n{}\n \t\r\n\r\n[]\n\n"), FRAMING_LINES, "2 2"},
    {BYTES("  "), FRAMING_LINES, ""},
    {BYTES("{}\n"), FRAMING_MESSAGE, "3"},
    {BYTES("\x80\x81\xa1\x61\x01\xc0"), FRAMING_AUTO, "1 4 1"},
    {BYTES("\x80\n\x80"), FRAMING_LINES, "1 1"},
    {BYTES("\x80\xc1\x80\x80"), FRAMING_STREAM, "1 3:malformed"},
    {BYTES("\x80\xda\xff\xff\x00"), FRAMING_STREAM, "1 4:malformed"},
    {BYTES("\xdd\xff\xff\xff\xff"), FRAMING_STREAM, "5:malformed"},
    {BYTES("{}"), FRAMING_STREAM, "1 1"}, /* two small integers */
};

static void test_files_are_cut_into_messages(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int is_pipe = 0; is_pipe <= 1; is_pipe++) {
            char found[256];
            describe(cases[i].bytes, cases[i].length, is_pipe, cases[i].framing, found, sizeof found);
            if (strcmp(found, cases[i].messages) != 0)
                fail_msg("case %zu (pipe: %d): '%s', expected '%s'", i, is_pipe, found, cases[i].messages);
        }
}

/* A text line of `length` bytes between two short ones. */
static char *surround(size_t length, size_t *total) {
    char *text = malloc(length + 7);
    assert_non_null(text);
    memcpy(text, "{}\n", 3);
    memset(text + 3, 'x', length);
    memcpy(text + 3 + length, "\n[]\n", 4);
    *total = length + 7;
    return text;
}

static void test_a_line_of_any_length_is_one_message(void **state) {
    (void)state;
    static const struct {
        size_t length;
        const char *from_file, *from_pipe;
    } lines[] = {
        {1024, "2 1024 2", "2 1024 2"},
        {60000, "2 60000 2", "2 60000 2"},
        {69630, "2 69630 2", "2 69630 2"},
        {69632, "2 69632 2", "2 69632:too-large 2"},
        {69633, "2 69633 2", "2 69633:too-large 2"},
        {500000, "2 500000 2", "2 500000:too-large 2"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t length;
        char *text = surround(lines[i].length, &length), found[64];
        describe(text, length, false, FRAMING_LINES, found, sizeof found);
        assert_string_equal(found, lines[i].from_file);
        describe(text, length, true, FRAMING_LINES, found, sizeof found);
        assert_string_equal(found, lines[i].from_pipe);
        free(text);
    }
}

static void test_a_large_last_line_needs_no_line_feed(void **state) {
    (void)state;
    size_t length;
    char *text = surround(200000, &length), found[64];
    describe(text, length - 4, true, FRAMING_LINES, found, sizeof found);
    assert_string_equal(found, "2 200000:too-large");
    free(text);
}

/* A msgpack value of `length` bytes (a str 32) between two nils. */
static char *surround_value(size_t length, size_t *total) {
    char *bytes = calloc(1, length + 2);
    assert_non_null(bytes);
    const size_t text_length = length - 5;
    const unsigned char head[] = {0xc0,
                                  0xdb,
                                  (unsigned char)(text_length >> 24),
                                  (unsigned char)(text_length >> 16),
                                  (unsigned char)(text_length >> 8),
                                  (unsigned char)text_length};
    memcpy(bytes, head, sizeof head);
    bytes[length + 1] = (char)0xc0;
    *total = length + 2;
    return bytes;
}

static void test_a_value_beyond_memory_is_the_rest_of_a_pipe(void **state) {
    (void)state;
    size_t length;
    char *bytes = surround_value(60000, &length), found[64];
    describe(bytes, length, true, FRAMING_STREAM, found, sizeof found);
    assert_string_equal(found, "1 60000 1");
    free(bytes);
    bytes = surround_value(300000, &length);
    describe(bytes, length, true, FRAMING_STREAM, found, sizeof found);
    assert_string_equal(found, "1 300001:too-large");
    describe(bytes, length, false, FRAMING_STREAM, found, sizeof found);
    assert_string_equal(found, "1 300000 1");
    describe(bytes, length, true, FRAMING_MESSAGE, found, sizeof found);
    assert_string_equal(found, "300002:too-large");
    free(bytes);
}

static void test_a_message_holds_the_bytes_of_the_file(void **state) {
    (void)state;
    for (int is_pipe = 0; is_pipe <= 1; is_pipe++) {
        char text[20000];
        size_t length = 0;
        for (int i = 0; i < 1000; i++)
            length += (size_t)snprintf(text + length, sizeof text - length, "{\"n\":%d}\n", i);
        struct source source = {.bytes = text, .length = length, .is_pipe = is_pipe};
        struct message_file *file = open_source(&source, FRAMING_AUTO);
        struct file_message message;
        for (int i = 0; i < 1000; i++) {
            char expected[24];
            const int expected_length = snprintf(expected, sizeof expected, "{\"n\":%d}", i);
            assert_int_equal(message_file_next(file, &message), 1);
            assert_int_equal(message.length, expected_length);
            assert_int_equal(message.format, FORMAT_JSON);
            assert_memory_equal(message.bytes, expected, message.length);
        }
        assert_int_equal(message_file_next(file, &message), 0);
        message_file_close(&file);
        close_source(&source);
    }
}

static void test_files_that_cannot_be_read_give_the_reason(void **state) {
    (void)state;
    assert_null(message_file_open("/nonexistent", FRAMING_AUTO, &small_limits));
    assert_int_equal(errno, ENOENT);
    struct message_file *folder = message_file_open("/tmp", FRAMING_AUTO, &small_limits);
    assert_non_null(folder);
    struct file_message message;
    assert_int_equal(message_file_next(folder, &message), -1);
    assert_int_equal(errno, EISDIR);
    message_file_close(&folder);
    message_file_close(&folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_cut_into_messages),
        cmocka_unit_test(test_a_line_of_any_length_is_one_message),
        cmocka_unit_test(test_a_large_last_line_needs_no_line_feed),
        cmocka_unit_test(test_a_value_beyond_memory_is_the_rest_of_a_pipe),
        cmocka_unit_test(test_a_message_holds_the_bytes_of_the_file),
        cmocka_unit_test(test_files_that_cannot_be_read_give_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
