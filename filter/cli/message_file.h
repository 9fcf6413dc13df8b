#pragma once
/*
 * The messages of a file, one after the other. A regular file is mapped; anything else is read in chunks, so that a
 * pipe of any length takes bounded memory.
 */

#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/limits.h"
#include "inspect/reason.h"

enum framing {
    FRAMING_AUTO,   /* lines when the first byte is below 0x80, else stream */
    FRAMING_LINES,  /* one message per line; blank lines are none, and a carriage return at the end is not part of it */
    FRAMING_STREAM, /* msgpack values one after the other */
    FRAMING_MESSAGE /* the whole file is one message */
};

struct file_message {
    const uint8_t *bytes; /* valid until the next call; NULL when there is a reason */
    size_t length;        /* also right when there is a reason */
    enum format format;   /* that the framing stands for: lines are JSON, streams are msgpack */
    enum reason reason;   /* REASON_NONE; TOO_LARGE when it did not fit into the memory set aside for it; MALFORMED
                             for the rest of a stream that cannot be cut further */
};

struct message_file;

/* Opens a file, "-" for standard input. NULL: errno says why. */
struct message_file *message_file_open(const char *path, enum framing framing, const struct limits *limits);

/* The next message. 1, 0 at the end, or -1 with errno when the file cannot be read. */
int message_file_next(struct message_file *file, struct file_message *message);

void message_file_close(struct message_file **file);
