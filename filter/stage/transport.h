#pragma once
/*
 * A transport: how a stage receives messages and delivers them. One struct of functions, so that the stage has no
 * branch for ZeroMQ or what may follow it.
 *
 * Messages are in hand in slots, each for itself: transport->receive() takes one into a slot, transport->deliver()
 * gives it to any number of outputs, transport->release() empties the slot. A transport belongs to one thread
 * at a time; others may read the bytes of a message in hand meanwhile.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/frame.h"
#include "inspect/limits.h"
#include "stage/stage_config.h"

enum { TRANSPORT_ERROR_CHARS = 256 };

enum transport_result {
    TRANSPORT_DONE,
    TRANSPORT_BLOCKED, /* nothing has come, or the output takes nothing now: wait() and try again */
    TRANSPORT_BROKEN   /* it will not work again */
};

/* Where wait() waits: an output's position, or the input. */
enum { TRANSPORT_INPUT = STAGE_OUTPUTS_MAX };

struct message {
    struct frame frames[LIMIT_FRAMES + 1]; /* one more than may pass, so that too many are told from enough */
    size_t frame_count;                    /* entries in frames; surplus frames are not kept */
    size_t bytes;                          /* of all frames, surplus ones included */
};

struct transport_connection; /* each transport's own */

struct transport {
    const char *name;

    /* Opens input and outputs as `config` says, which must outlive the connection, with as many slots. wait() also ends
       when `wake_fd` becomes readable. NULL: `error` says where and why. */
    struct transport_connection *(*open)(const struct stage_config *config, size_t slot_count, int wake_fd,
                                         char error[TRANSPORT_ERROR_CHARS]);

    /* Takes the next message whole into an empty slot, without waiting. Its bytes are borrowed until the slot is
       released or the delivery that is its last. */
    enum transport_result (*receive)(struct transport_connection *connection, size_t slot, struct message *message);

    /* Gives the message in a slot to an output, whole or (TRANSPORT_BLOCKED) not at all: as it came, or with a copy of
       `payload`, unless it is NULL, in place of its last frame. `is_last` spares a copy: no delivery of this message
       follows. */
    enum transport_result (*deliver)(struct transport_connection *connection, size_t slot, size_t output,
                                     const struct frame *payload, bool is_last);

    /* Empties a slot, whether or not its message was delivered. */
    void (*release)(struct transport_connection *connection, size_t slot);

    /* Waits until something has come (TRANSPORT_INPUT) or an output may take a message, at most `timeout_ms`, for ever
       with -1. May return early. */
    void (*wait)(struct transport_connection *connection, size_t place, int timeout_ms);

    /* Takes no more from producers; what has arrived can be received as before. False where that cannot be done without
       losing what has arrived: the input stays as it is. */
    bool (*close_input)(struct transport_connection *connection);

    /* Waits up to `linger_ms` until the outputs have sent what they took, and releases everything. Returns the outputs
       that did not finish, one bit each: messages that they took are lost. NULL-safe. */
    uint64_t (*close)(struct transport_connection **connection, int linger_ms);
};

extern const struct transport zmq_transport;
