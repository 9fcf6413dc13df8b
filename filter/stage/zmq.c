/*
 * ZeroMQ, chosen so that a consumer may be slow, stopped or absent and a producer may be faster than all of them:
 * PUSH waits at its high-water mark, PUB too (an XPUB with ZMQ_XPUB_NODROP, which waits for its first subscriber as
 * well).
 *
 * What ZeroMQ cannot keep is lost, and uncounted, when a peer's connection ends: what is on its way between two libzmq.
 * Over ipc that includes what a producer sent before it went while the stage was pushing back (see unread.h).
 */

#include "stage/transport.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zmq.h>

#include "stage/outgoing.h"
#include "stage/socket.h"
#include "stage/unread.h"

enum {
    WHERE_CHARS = 64,
    LINGER_MARGIN_MS = 100,
    CHANGES_AT_ONCE = 64, /* of subscriptions, so that a subscriber cannot keep the stage busy with them */
    BLOCKED_MS = 2        /* a PUB socket does not tell when there is room again, nor does one full of large messages */
};

struct output {
    void *socket;
    void *monitor; /* tells when the closed socket has sent everything */
    bool is_pub;
    bool is_single;            /* it has one connection at the most, of which large messages are counted */
    bool is_full;              /* of those, when the last delivery was tried */
    size_t subscription_count; /* PUB: distinct ones; nothing is sent while there are none */
    struct outgoing outgoing;
};

/* Where a message in hand lies. Nearly all have one frame, which is always initialised. */
struct slot {
    zmq_msg_t first;
    zmq_msg_t *more; /* room for LIMIT_FRAMES, initialised as far as frame_count says */
    size_t frame_count;
};

struct transport_connection {
    const struct stage_config *config;
    int wake_fd;
    void *context;
    void *input;
    struct output outputs[STAGE_OUTPUTS_MAX];
    struct slot *slots;
    zmq_msg_t *more_frames; /* of all slots; memory that is hardly ever touched */
    size_t slot_count;
};

/* From here on the monitor receives one event when the socket is gone for good. NULL on failure. */
static void *open_monitor(struct transport_connection *own, size_t output) {
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "inproc://gone-%zu", output);
    void *monitor = zmq_socket(own->context, ZMQ_PAIR);
    if (monitor == NULL) return NULL;
    if (socket_set(monitor, ZMQ_LINGER, 0) == 0 &&
        zmq_socket_monitor(own->outputs[output].socket, endpoint, ZMQ_EVENT_MONITOR_STOPPED) == 0 &&
        zmq_connect(monitor, endpoint) == 0)
        return monitor;
    zmq_close(monitor);
    return NULL;
}

static int open_output(struct transport_connection *own, size_t position, char error[TRANSPORT_ERROR_CHARS]) {
    const struct output_config *config = &own->config->outputs[position];
    struct output *output = &own->outputs[position];
    char where[WHERE_CHARS];
    snprintf(where, sizeof where, "output '%.40s'", config->name);
    output->is_pub = config->socket.kind == SOCKET_PUB;
    output->is_single = !output->is_pub && !config->socket.is_bound && config->socket.endpoint_count == 1;
    output->socket = socket_open(own->context, own->config, &config->socket, where, error);
    if (output->socket == NULL) return -1;
    output->monitor = open_monitor(own, position);
    if (output->monitor == NULL) socket_explain(error, where, "");
    return output->monitor != NULL ? 0 : -1;
}

static int open_sockets(struct transport_connection *own, char error[TRANSPORT_ERROR_CHARS]) {
    own->context = zmq_ctx_new();
    if (own->context == NULL) {
        socket_explain(error, "ZeroMQ", "");
        return -1;
    }
    for (size_t i = 0; i < own->config->output_count; i++)
        if (open_output(own, i, error) != 0) return -1;
    own->input = socket_open(own->context, own->config, &own->config->input, "input", error);
    return own->input != NULL ? 0 : -1;
}

static int create_slots(struct transport_connection *own, size_t count, char error[TRANSPORT_ERROR_CHARS]) {
    own->slots = calloc(count, sizeof *own->slots);
    own->more_frames = malloc(count * LIMIT_FRAMES * sizeof *own->more_frames);
    if (own->slots == NULL || own->more_frames == NULL) {
        snprintf(error, TRANSPORT_ERROR_CHARS, "out of memory");
        return -1;
    }
    own->slot_count = count;
    for (size_t i = 0; i < count; i++) {
        zmq_msg_init(&own->slots[i].first);
        own->slots[i].more = own->more_frames + i * LIMIT_FRAMES;
    }
    return 0;
}

static void release_slot(struct slot *slot) {
    for (; slot->frame_count > 1; slot->frame_count--) zmq_msg_close(&slot->more[slot->frame_count - 2]);
    slot->frame_count = 0;
    zmq_msg_close(&slot->first);
    zmq_msg_init(&slot->first);
}

static void release_message(struct transport_connection *own, size_t position) {
    release_slot(&own->slots[position]);
}

static void destroy_slots(struct transport_connection *own) {
    for (size_t i = 0; i < own->slot_count; i++) {
        release_slot(&own->slots[i]);
    }
    free(own->slots);
    free(own->more_frames);
}

/* zmq_unbind() ends the connections and leaves what came through them, zmq_disconnect() would throw it away. */
static bool close_input(struct transport_connection *own) {
    const struct socket_config *config = &own->config->input;
    if (!config->is_bound) return false;
    for (size_t i = 0; i < config->endpoint_count; i++) zmq_unbind(own->input, config->endpoints[i]);
    return true;
}

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Was the closed socket gone by `deadline_ms`, and so before libzmq throws away what it could not send? */
static bool has_sent_all(struct output *output, int64_t deadline_ms) {
    zmq_pollitem_t item = {.socket = output->monitor, .events = ZMQ_POLLIN};
    for (;;) {
        const int64_t left_ms = deadline_ms - clock_ms();
        const int count = zmq_poll(&item, 1, left_ms > 0 ? left_ms : 0);
        if (count >= 0 || zmq_errno() != EINTR) return count > 0;
    }
}

static uint64_t close_outputs(struct transport_connection *own, int linger_ms) {
    const int64_t deadline_ms = clock_ms() + linger_ms + LINGER_MARGIN_MS;
    const size_t count = own->config->output_count;
    struct unread unread;
    uint64_t cut = 0;
    unread_hold(&unread);
    for (size_t i = 0; i < count; i++) {
        if (own->outputs[i].socket == NULL) continue;
        socket_set(own->outputs[i].socket, ZMQ_LINGER, linger_ms + 2 * LINGER_MARGIN_MS);
        zmq_close(own->outputs[i].socket);
    }
    for (size_t i = 0; i < count; i++) {
        if (own->outputs[i].monitor == NULL) continue;
        if (!has_sent_all(&own->outputs[i], deadline_ms)) cut |= UINT64_C(1) << i;
        zmq_close(own->outputs[i].monitor);
    }
    const bool is_all_read = unread_wait(&unread, (int)(deadline_ms - clock_ms()));
    for (size_t i = 0; i < count && !is_all_read; i++)
        if (socket_has_ipc(&own->config->outputs[i].socket)) cut |= UINT64_C(1) << i;
    return cut;
}

static uint64_t close_connection(struct transport_connection **connection, int linger_ms) {
    struct transport_connection *own = *connection;
    if (own == NULL) return 0;
    destroy_slots(own);
    if (own->input != NULL) zmq_close(own->input);
    const uint64_t cut = close_outputs(own, linger_ms);
    while (own->context != NULL && zmq_ctx_term(own->context) != 0 && zmq_errno() == EINTR) {
    }
    free(own);
    *connection = NULL;
    return cut;
}

static struct transport_connection *open_connection(const struct stage_config *config, size_t slot_count, int wake_fd,
                                                    char error[TRANSPORT_ERROR_CHARS]) {
    struct transport_connection *own = calloc(1, sizeof *own);
    if (own == NULL) {
        snprintf(error, TRANSPORT_ERROR_CHARS, "out of memory");
        return NULL;
    }
    own->config = config;
    own->wake_fd = wake_fd;
    if (create_slots(own, slot_count, error) != 0 || open_sockets(own, error) != 0) close_connection(&own, 0);
    return own;
}

static enum transport_result receive_frame(void *input, zmq_msg_t *frame, int flags) {
    while (zmq_msg_recv(frame, input, flags) < 0)
        if (zmq_errno() != EINTR) return zmq_errno() == EAGAIN ? TRANSPORT_BLOCKED : TRANSPORT_BROKEN;
    return TRANSPORT_DONE;
}

/* Reads the frames after the first. Those that the slot has no room for are only counted. */
static enum transport_result receive_more(void *input, struct slot *slot, struct message *message) {
    zmq_msg_t surplus, *frame;
    zmq_msg_init(&surplus);
    enum transport_result result;
    do {
        frame = &surplus;
        if (slot->frame_count <= LIMIT_FRAMES) {
            frame = &slot->more[slot->frame_count++ - 1];
            zmq_msg_init(frame);
        }
        result = receive_frame(input, frame, 0);
        message->bytes += zmq_msg_size(frame);
        if (frame != &surplus)
            message->frames[slot->frame_count - 1] = (struct frame){zmq_msg_data(frame), zmq_msg_size(frame)};
    } while (result == TRANSPORT_DONE && zmq_msg_more(frame));
    zmq_msg_close(&surplus);
    return result;
}

static enum transport_result receive_message(struct transport_connection *own, size_t position,
                                             struct message *message) {
    struct slot *slot = &own->slots[position];
    assert(slot->frame_count == 0);
    enum transport_result result = receive_frame(own->input, &slot->first, ZMQ_DONTWAIT);
    if (result != TRANSPORT_DONE) return result;
    slot->frame_count = 1;
    message->bytes = zmq_msg_size(&slot->first);
    message->frames[0] = (struct frame){zmq_msg_data(&slot->first), message->bytes};
    if (zmq_msg_more(&slot->first)) result = receive_more(own->input, slot, message);
    message->frame_count = slot->frame_count;
    return result;
}

/* Subscribers come and go as messages of their own: 1 or 0, then the topic. Each topic is told once. */
static void read_subscriptions(struct output *output) {
    zmq_msg_t change;
    zmq_msg_init(&change);
    for (int i = 0; i < CHANGES_AT_ONCE && zmq_msg_recv(&change, output->socket, ZMQ_DONTWAIT) >= 0; i++) {
        if (zmq_msg_size(&change) == 0) continue;
        const uint8_t kind = *(const uint8_t *)zmq_msg_data(&change);
        if (kind == 1) output->subscription_count++;
        if (kind == 0 && output->subscription_count > 0) output->subscription_count--;
    }
    zmq_msg_close(&change);
}

/* Sends a message of our own making, which is gone then, sent or not. */
static int send_own(void *socket, zmq_msg_t *frame, int flags) {
    const int sent = zmq_msg_send(frame, socket, flags);
    if (sent >= 0) return sent;
    const int reason = zmq_errno();
    zmq_msg_close(frame);
    errno = reason;
    return sent;
}

static int send_copy(void *socket, zmq_msg_t *frame, int flags) {
    zmq_msg_t copy;
    zmq_msg_init(&copy);
    return zmq_msg_copy(&copy, frame) == 0 ? send_own(socket, &copy, flags) : -1;
}

/* Sends a frame for which the whole message is counted. */
static int send_counted(struct output *output, zmq_msg_t *frame, size_t bytes, int flags) {
    zmq_msg_t counted;
    if (outgoing_count(&output->outgoing, frame, bytes, &counted) == 0)
        return send_own(output->socket, &counted, flags);
    errno = ENOMEM;
    return -1;
}

static int send_bytes(struct output *output, const struct frame *bytes, size_t counted_bytes, int flags) {
    zmq_msg_t copy;
    if (zmq_msg_init_size(&copy, bytes->length) != 0) return -1;
    memcpy(zmq_msg_data(&copy), bytes->bytes, bytes->length);
    if (counted_bytes == 0) return send_own(output->socket, &copy, flags);
    const int sent = send_counted(output, &copy, counted_bytes, flags), reason = zmq_errno();
    zmq_msg_close(&copy);
    errno = reason;
    return sent;
}

/* How a frame is sent. */
struct sending {
    const struct frame *bytes; /* in its place, unless NULL */
    size_t counted_bytes;      /* of the whole message, 0 when this frame does not stand for it */
    int flags;
    bool is_last; /* no other delivery of it follows */
};

static enum transport_result send_frame(struct output *output, zmq_msg_t *frame, const struct sending *how) {
    for (;;) {
        const int sent = how->bytes != NULL       ? send_bytes(output, how->bytes, how->counted_bytes, how->flags)
                         : how->counted_bytes > 0 ? send_counted(output, frame, how->counted_bytes, how->flags)
                         : how->is_last           ? zmq_msg_send(frame, output->socket, how->flags)
                                                  : send_copy(output->socket, frame, how->flags);
        if (sent >= 0) return TRANSPORT_DONE;
        if (zmq_errno() != EINTR) return zmq_errno() == EAGAIN ? TRANSPORT_BLOCKED : TRANSPORT_BROKEN;
    }
}

/* The bytes that a message counts for on its way out, with another payload unless it is NULL. */
static size_t bytes_to_count(const struct output *output, const struct slot *slot, const struct frame *payload) {
    size_t bytes = payload != NULL ? payload->length : 0;
    const size_t count = payload != NULL ? slot->frame_count - 1 : slot->frame_count;
    for (size_t i = 0; i < count; i++) bytes += zmq_msg_size(i == 0 ? &slot->first : &slot->more[i - 1]);
    return output->is_single && bytes >= OUTGOING_LARGE ? bytes : 0;
}

/* Can an output take nothing now, whatever its socket says? */
static bool is_shut(struct output *output, size_t counted_bytes) {
    output->is_full = counted_bytes > 0 && !outgoing_has_room(&output->outgoing, counted_bytes);
    if (!output->is_pub) return output->is_full;
    read_subscriptions(output);
    return output->subscription_count == 0;
}

/* Only the first frame can be refused: the socket that took it has room for the whole message, however many frames. */
static enum transport_result deliver_message(struct transport_connection *own, size_t position, size_t output_position,
                                             const struct frame *payload, bool is_last) {
    struct slot *slot = &own->slots[position];
    struct output *output = &own->outputs[output_position];
    assert(slot->frame_count > 0 && slot->frame_count <= LIMIT_FRAMES);
    const size_t counted_bytes = bytes_to_count(output, slot, payload);
    if (is_shut(output, counted_bytes)) return TRANSPORT_BLOCKED;
    enum transport_result result = TRANSPORT_DONE;
    for (size_t i = 0; i < slot->frame_count && result == TRANSPORT_DONE; i++) {
        const bool is_payload = i + 1 == slot->frame_count;
        const struct sending how = {.bytes = is_payload ? payload : NULL,
                                    .counted_bytes = is_payload ? counted_bytes : 0,
                                    .flags = (i == 0 ? ZMQ_DONTWAIT : 0) | (is_payload ? 0 : ZMQ_SNDMORE),
                                    .is_last = is_last};
        result = send_frame(output, i == 0 ? &slot->first : &slot->more[i - 1], &how);
    }
    return result;
}

/* Has the socket any of these events? Asking makes libzmq look at what its other threads have told it, and so readies
   ZMQ_FD to tell of what comes next. */
static bool has_events(void *socket, int wanted) {
    int events;
    size_t size = sizeof events;
    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) != 0 || (events & wanted) != 0;
}

/* zmq_poll() asks the system twice and every socket before and after; once is enough for one that may return early. */
static void wait_at(struct transport_connection *own, size_t place, int timeout_ms) {
    void *socket = own->input;
    int wanted = ZMQ_POLLIN;
    if (place != TRANSPORT_INPUT) {
        struct output *output = &own->outputs[place];
        socket = output->socket;
        wanted = output->is_pub ? ZMQ_POLLIN : ZMQ_POLLOUT;
        if (output->subscription_count > 0 || output->is_full) timeout_ms = BLOCKED_MS;
        if (output->is_full) wanted = 0;
    }
    struct pollfd fds[] = {{.fd = own->wake_fd, .events = POLLIN}, {.events = POLLIN}};
    size_t size = sizeof fds[1].fd;
    if (has_events(socket, wanted)) return;
    zmq_getsockopt(socket, ZMQ_FD, &fds[1].fd, &size);
    poll(fds, 2, timeout_ms);
}

const struct transport zmq_transport = {
    .name = "zmq",
    .open = open_connection,
    .receive = receive_message,
    .deliver = deliver_message,
    .release = release_message,
    .wait = wait_at,
    .close_input = close_input,
    .close = close_connection,
};
