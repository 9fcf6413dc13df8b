#pragma once
/*
 * Large frames on their way out of one socket. ZeroMQ's high-water mark counts messages, so that a thousand small ones
 * may wait as well as a thousand of 1 MiB; of large frames no more may wait than OUTGOING_BYTES.
 *
 * One thread, the stage's, gives frames to the socket; ZeroMQ's own thread tells when it has done with their bytes.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <zmq.h>

enum {
    OUTGOING_LARGE = 8 << 10, /* bytes, from which on a frame is counted */
    OUTGOING_BYTES = 8 << 20
};

/* Must outlive the socket's context. */
struct outgoing {
    atomic_size_t bytes; /* of large frames that the socket holds */
};

/* May that many bytes more be given to the socket? A single message always may, whatever its size. */
bool outgoing_has_room(const struct outgoing *outgoing, size_t bytes);

/* Makes `counted`, which is not initialised, a frame with the bytes of `frame`, which may be closed or sent elsewhere
   after that. They count until ZeroMQ has done with `counted`, sent or not. 0, or -1 when memory could not be had. */
int outgoing_count(struct outgoing *outgoing, zmq_msg_t *frame, zmq_msg_t *counted);
