#pragma once
/*
 * Large messages on their way out of a socket that has one connection. ZeroMQ's high-water mark counts messages, so
 * that a thousand small ones may wait as well as a thousand of 1 MiB; of large ones no more may wait than
 * OUTGOING_BYTES. With several connections a full one must not shut the others, so that there the mark alone counts.
 *
 * One thread, the stage's, gives messages to the socket; ZeroMQ's own thread tells when it has done with their bytes.
 * Each costs two allocations.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <zmq.h>

enum {
    OUTGOING_LARGE = 8 << 10, /* bytes of a message, from which on it is counted */
    OUTGOING_BYTES = 8 << 20
};

/* Must outlive the socket's context. */
struct outgoing {
    atomic_size_t bytes; /* of large messages that the socket holds */
};

/* May a message of that many bytes be given to the socket? One alone always may, whatever its size. */
bool outgoing_has_room(const struct outgoing *outgoing, size_t bytes);

/* Makes `counted`, which is not initialised, a frame with the bytes of `frame`, which may be closed or sent elsewhere
   after that. The message's `bytes` count until ZeroMQ has done with `counted`, sent or not. 0, or -1 when memory could
   not be had. */
int outgoing_count(struct outgoing *outgoing, zmq_msg_t *frame, size_t bytes, zmq_msg_t *counted);
