#include "record/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "record/json_writer.h"

/* Room for the longest record many times over: its names are bounded, its described findings are few. */
enum { BUFFER_BYTES = 256 * 1024 };

struct audit {
    int fd;
    size_t length; /* gathered in buffer */
    size_t torn;   /* bytes of an unfinished line at the end of the file */
    char buffer[BUFFER_BYTES];
};

/* After a crash the file may end within a line: what comes next shall begin on a line of its own. */
static int end_torn_line(int fd) {
    const off_t size = lseek(fd, 0, SEEK_END);
    char last = '\n';
    if (size > 0 && pread(fd, &last, 1, size - 1) != 1) return -1;
    return last == '\n' || write(fd, "\n", 1) == 1 ? 0 : -1;
}

struct audit *audit_open(const char *path) {
    struct audit *audit = malloc(sizeof *audit);
    if (!audit) return NULL;
    audit->length = audit->torn = 0;
    audit->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (audit->fd >= 0 && end_torn_line(audit->fd) == 0) return audit;

    const int reason = errno;
    if (audit->fd >= 0) close(audit->fd);
    free(audit);
    errno = reason;
    return NULL;
}

static void write_time(struct json_writer *json, int64_t time_ns) {
    const time_t seconds = (time_t)(time_ns / 1000000000);
    const int microseconds = (int)(time_ns % 1000000000 / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    char text[80];
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
             utc.tm_hour, utc.tm_min, utc.tm_sec, microseconds);
    json_writer_text(json, text);
}

static void write_finding(struct json_writer *json, const struct audit_finding *finding) {
    json_writer_object(json);
    json_writer_key(json, "rule");
    json_writer_text(json, finding->rule);
    json_writer_key(json, "class");
    json_writer_text(json, finding->class_name);
    json_writer_key(json, "path");
    json_writer_text(json, finding->path);
    json_writer_key(json, "layers");
    json_writer_texts(json, finding->layers, finding->layer_count);
    json_writer_key(json, "length");
    json_writer_natural(json, finding->length);
    json_writer_end(json);
}

static void write_record(struct json_writer *json, const struct audit_record *record) {
    json_writer_object(json);
    json_writer_key(json, "time");
    write_time(json, record->time_ns);
    json_writer_key(json, "sequence");
    json_writer_natural(json, record->sequence);
    if (record->is_record) {
        json_writer_key(json, "record");
        json_writer_natural(json, record->record);
    }
    json_writer_key(json, "bytes");
    json_writer_natural(json, record->bytes);
    json_writer_key(json, "outputs");
    json_writer_texts(json, record->outputs, record->output_count);
    json_writer_key(json, "classes");
    json_writer_texts(json, record->classes, record->class_count);
    json_writer_key(json, "reason");
    json_writer_text(json, record->reason);
    json_writer_key(json, "findings");
    json_writer_array(json);
    for (size_t i = 0; i < record->described_count; i++) write_finding(json, &record->findings[i]);
    json_writer_end(json);
    json_writer_key(json, "finding_count");
    json_writer_natural(json, record->finding_count);
    json_writer_key(json, "rules_digest");
    json_writer_text(json, record->digest);
    json_writer_end(json);
    json_writer_line(json);
}

/* Appends the record when the buffer has room for all of it. */
static bool gather_record(struct audit *audit, const struct audit_record *record) {
    struct json_writer json;
    json_writer_init(&json, audit->buffer + audit->length, BUFFER_BYTES - audit->length);
    write_record(&json, record);
    if (!json.has_failed) audit->length += json.length;
    return !json.has_failed;
}

int audit_write(struct audit *audit, const struct audit_record *record) {
    if (gather_record(audit, record)) return 0;
    if (audit_flush(audit) != 0) return -1;
    return gather_record(audit, record) ? 0 : -1;
}

static size_t bytes_after_last_line(const char *bytes, size_t length, size_t torn_before) {
    const char *end = memrchr(bytes, '\n', length);
    return end ? (size_t)(bytes + length - end) - 1 : torn_before + length;
}

int audit_flush(struct audit *audit) {
    size_t written = 0;
    int reason = 0;
    while (written < audit->length && reason == 0) {
        const ssize_t count = write(audit->fd, audit->buffer + written, audit->length - written);
        if (count > 0) {
            written += (size_t)count;
        } else if (count == 0 || errno != EINTR) {
            reason = count == 0 ? EIO : errno;
        }
    }
    audit->torn = bytes_after_last_line(audit->buffer, written, audit->torn);
    audit->length -= written;
    memmove(audit->buffer, audit->buffer + written, audit->length);
    errno = reason;
    return reason == 0 ? 0 : -1;
}

/* The rest of the line is lost: so that only whole lines stand in the file, its beginning goes too. */
static void cut_torn_line(struct audit *audit) {
    const off_t size = lseek(audit->fd, 0, SEEK_END);
    if (size >= (off_t)audit->torn && ftruncate(audit->fd, size - (off_t)audit->torn) == 0) audit->torn = 0;
}

int audit_close(struct audit **audit) {
    struct audit *own = *audit;
    if (!own) return 0;
    int reason = audit_flush(own) == 0 ? 0 : errno;
    if (own->torn > 0) cut_torn_line(own);
    if (close(own->fd) != 0 && reason == 0) reason = errno;
    free(own);
    *audit = NULL;
    errno = reason;
    return reason == 0 ? 0 : -1;
}
