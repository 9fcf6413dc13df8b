#include "cli/message_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 64 * 1024 };

struct message_file {
    int fd;
    int (*next)(struct message_file *file, struct file_message *message);
    uint8_t *buffer;
    size_t capacity;
    size_t start, end; /* in buffer: read, but not yet given out */
    bool is_mapped;
    bool is_ended; /* nothing more comes in */
    bool is_done;  /* nothing more is given out */
    int error;     /* errno of a read that failed */
};

static size_t bytes_held(const struct message_file *file) {
    return file->end - file->start;
}

/* Reads more behind what is held. False when there is no more, no room, or an error. */
static bool fill(struct message_file *file) {
    if (file->is_ended) return false;
    if (file->start > 0) {
        memmove(file->buffer, file->buffer + file->start, bytes_held(file));
        file->end -= file->start;
        file->start = 0;
    }
    if (file->end == file->capacity) return false;
    ssize_t count;
    do {
        count = read(file->fd, file->buffer + file->end, file->capacity - file->end);
    } while (count < 0 && errno == EINTR);
    if (count < 0) file->error = errno;
    if (count <= 0) file->is_ended = true;
    if (count > 0) file->end += (size_t)count;
    return count > 0;
}

static int give(struct message_file *file, struct file_message *message, size_t length, enum format format) {
    *message = (struct file_message){.bytes = file->buffer + file->start, .length = length, .format = format};
    return 1;
}

static int give_reason(struct file_message *message, enum reason reason, size_t length) {
    *message = (struct file_message){.length = length, .reason = reason};
    return 1;
}

/* Lets go of all that is held and still to come; returns how many bytes that were. */
static size_t discard_rest(struct message_file *file) {
    size_t length = 0;
    do {
        length += bytes_held(file);
        file->start = file->end;
    } while (fill(file));
    file->is_done = true;
    return length;
}

/* The position of the next line feed, or of the end of what is held when there is none. */
static size_t find_line_end(struct message_file *file) {
    size_t searched = 0;
    do {
        const uint8_t *const from = file->buffer + file->start + searched;
        const uint8_t *const found = memchr(from, '\n', bytes_held(file) - searched);
        if (found) return (size_t)(found - file->buffer);
        searched = bytes_held(file);
    } while (fill(file));
    return file->end;
}

static bool is_blank(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') return false;
    return true;
}

/* A line that outgrew the buffer: its length is still told. */
static int give_large_line(struct message_file *file, struct file_message *message) {
    size_t length = 0, line_end;
    do {
        length += bytes_held(file);
        file->start = file->end;
        line_end = find_line_end(file);
    } while (line_end == file->end && !file->is_ended);
    length += line_end - file->start;
    file->start = line_end < file->end ? line_end + 1 : line_end;
    return give_reason(message, REASON_TOO_LARGE, length);
}

static int next_line(struct message_file *file, struct file_message *message) {
    for (;;) {
        const size_t line_end = find_line_end(file);
        if (line_end == file->end && !file->is_ended) return give_large_line(file, message);
        size_t length = line_end - file->start;
        if (length == 0 && line_end == file->end) return 0;
        give(file, message, length, FORMAT_JSON);
        file->start = line_end < file->end ? line_end + 1 : line_end;
        if (is_blank(message->bytes, length)) continue;
        if (message->bytes[length - 1] == '\r') message->length--;
        return 1;
    }
}

static int next_value(struct message_file *file, struct file_message *message) {
    if (bytes_held(file) == 0 && !fill(file)) return 0;
    size_t length;
    do {
        length = decoder_value_length(file->buffer + file->start, bytes_held(file), LIMIT_DEPTH_MAX);
    } while (length == 0 && fill(file));
    if (length == 0) {
        const enum reason reason = file->is_ended ? REASON_MALFORMED : REASON_TOO_LARGE;
        return give_reason(message, reason, discard_rest(file));
    }
    give(file, message, length, FORMAT_MSGPACK);
    file->start += length;
    return 1;
}

static int next_whole(struct message_file *file, struct file_message *message) {
    while (fill(file)) {
    }
    if (!file->is_ended) return give_reason(message, REASON_TOO_LARGE, discard_rest(file));
    file->is_done = true;
    return give(file, message, bytes_held(file), FORMAT_AUTO);
}

static int next_by_first_byte(struct message_file *file, struct file_message *message) {
    if (bytes_held(file) == 0 && !fill(file)) return 0;
    file->next = file->buffer[file->start] < 0x80 ? next_line : next_value;
    return file->next(file, message);
}

static void map(struct message_file *file) {
    struct stat status;
    if (fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return;
    if (lseek(file->fd, 0, SEEK_CUR) != 0) return;
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file->fd, 0);
    if (bytes == MAP_FAILED) return;
    file->buffer = bytes;
    file->capacity = file->end = (size_t)status.st_size;
    file->is_mapped = file->is_ended = true;
}

static bool make_buffer(struct message_file *file, const struct limits *limits) {
    file->capacity = 4 * limits->message_bytes + CHUNK_BYTES;
    file->buffer = malloc(file->capacity);
    return file->buffer != NULL;
}

struct message_file *message_file_open(const char *path, enum framing framing, const struct limits *limits) {
    static int (*const cutters[])(struct message_file *, struct file_message *) = {
        [FRAMING_AUTO] = next_by_first_byte,
        [FRAMING_LINES] = next_line,
        [FRAMING_STREAM] = next_value,
        [FRAMING_MESSAGE] = next_whole,
    };
    struct message_file *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->next = cutters[framing];
    file->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (file->fd >= 0) map(file);
    if (file->fd >= 0 && (file->is_mapped || make_buffer(file, limits))) return file;
    const int reason = errno;
    message_file_close(&file);
    errno = reason;
    return NULL;
}

int message_file_next(struct message_file *file, struct file_message *message) {
    const int result = file->is_done ? 0 : file->next(file, message);
    if (file->error == 0) return result;
    errno = file->error;
    return -1;
}

void message_file_close(struct message_file **file) {
    struct message_file *own = *file;
    if (!own) return;
    if (own->is_mapped) {
        munmap(own->buffer, own->capacity);
    } else {
        free(own->buffer);
    }
    if (own->fd >= 0) close(own->fd);
    free(own);
    *file = NULL;
}
