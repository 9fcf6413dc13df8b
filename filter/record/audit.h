#pragma once
/*
 * The audit: one JSON line for every withheld message, or withheld record of one, saying what was found and where,
 * never what it was.
 *
 * Lines are gathered in a buffer of fixed size and written whole by audit_flush(). While they cannot be written (disk
 * full) they are kept, and audit_write() refuses more when the buffer is full: the stage then stops reading.
 * One thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct audit_finding {
    const char *rule;
    const char *class_name;
    const char *path; /* safe to show: known words only */
    const char *const *layers;
    size_t layer_count;
    size_t length; /* bytes of the value */
};

struct audit_record {
    int64_t time_ns;            /* since 1970, UTC */
    uint64_t sequence;          /* of the message on its input, from 1 */
    bool is_record;             /* one of the records of a message: `record` is written */
    size_t record;              /* its position in the message, from 0 */
    size_t bytes;               /* of the message, or of the record alone */
    const char *const *outputs; /* those that it was withheld from */
    size_t output_count;
    const char *const *classes;
    size_t class_count;
    const char *reason; /* NULL when it was withheld for its classes */
    const struct audit_finding *findings;
    size_t described_count; /* entries in findings */
    size_t finding_count;   /* found in all */
    const char *digest;     /* of the rule set that judged it */
};

struct audit;

/* Opens `path` for appending, created with mode 0600; a symbolic link is refused. A line that a crash left unfinished
   stays as it is and is ended. NULL: errno says why. */
struct audit *audit_open(const char *path);

/* Appends one record. 0, or -1 when the buffer is full and cannot be written: call again after audit_flush() worked. */
int audit_write(struct audit *audit, const struct audit_record *record);

/* Writes what was gathered. 0, or -1 with errno; what was not written is kept, the rest of a half-written line too.
   With a file size limit (RLIMIT_FSIZE) SIGXFSZ must be ignored. */
int audit_flush(struct audit *audit);

/* Flushes and closes. 0, or -1 with errno when lines were lost, of which none is left half in the file. The memory is
   released either way; NULL-safe. */
int audit_close(struct audit **audit);
