#include "stage/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <zmq.h>

enum {
    HANDSHAKE_MS = 5000,
    RECONNECT_MS = 50,
    RECONNECT_MAX_MS = 1000,
    KEEPALIVE_IDLE_S = 60,
    KEEPALIVE_INTERVAL_S = 10,
    KEEPALIVE_PROBES = 6,
    /* A frame beyond this many times limits.message_bytes cuts the connection, so that a peer cannot have any amount of
       memory set aside. Smaller ones are read, counted and withheld as too large. */
    FRAME_BYTES_FACTOR = 4,
    FRAME_BYTES_MIN = 4 << 20,
    /* No more bytes than these wait at an input, of each connection, in messages of limits.message_bytes. */
    INPUT_BYTES = 32 << 20
};

int socket_set(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static int64_t frame_bytes_max(const struct stage_config *config) {
    const size_t bytes = config->limits.message_bytes * FRAME_BYTES_FACTOR;
    return (int64_t)(bytes > FRAME_BYTES_MIN ? bytes : FRAME_BYTES_MIN);
}

bool socket_has_ipc(const struct socket_config *config) {
    for (size_t i = 0; i < config->endpoint_count; i++)
        if (strncmp(config->endpoints[i], "ipc:", 4) == 0) return true;
    return false;
}

/* Messages that ZeroMQ may hold for each connection. An output's are bounded in bytes where they can be, see
   outgoing.h. A PUB drops what a short queue has no room for; over ipc it would lose more of what a producer had sent
   before it went, see unread.h. */
static int queue_length(const struct stage_config *config, const struct socket_config *own) {
    if (own->kind != SOCKET_PULL || socket_has_ipc(own)) return own->high_water_mark;
    const size_t most = INPUT_BYTES / config->limits.message_bytes;
    if (most == 0) return 1;
    return most < (size_t)own->high_water_mark ? (int)most : own->high_water_mark;
}

static bool has_ipv6(const struct socket_config *config) {
    for (size_t i = 0; i < config->endpoint_count; i++)
        if (strncmp(config->endpoints[i], "tcp://[", 7) == 0) return true;
    return false;
}

/* What every socket has in common; libzmq heeds most options only when they are set before bind and connect. */
static int set_common_options(void *socket, const struct stage_config *config, const struct socket_config *own) {
    const struct {
        int name, value;
    } options[] = {
        {ZMQ_SNDHWM, queue_length(config, own)},
        {ZMQ_RCVHWM, queue_length(config, own)},
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 0}, /* the queue to a connected consumer outlives its absence */
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS},
        {ZMQ_HEARTBEAT_IVL, 0},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
        {ZMQ_IPV6, has_ipv6(own)},
        {ZMQ_TCP_KEEPALIVE, 1},
        {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
        {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
        {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_PROBES},
    };
    const int64_t bytes_max = frame_bytes_max(config);
    if (zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &bytes_max, sizeof bytes_max) != 0) return -1;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (socket_set(socket, options[i].name, options[i].value) != 0) return -1;
    return 0;
}

static int set_kind_options(void *socket, enum socket_kind kind) {
    if (kind == SOCKET_PUB) return socket_set(socket, ZMQ_XPUB_NODROP, 1);
    return kind == SOCKET_SUB ? zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) : 0;
}

void socket_explain(char error[TRANSPORT_ERROR_CHARS], const char *where, const char *endpoint) {
    snprintf(error, TRANSPORT_ERROR_CHARS, "%.64s: %.128s%s%s", where, endpoint, endpoint[0] ? ": " : "",
             zmq_strerror(zmq_errno()));
}

/* libzmq would take an ipc path away from the process that listens there, without a word. */
static bool is_ipc_taken(const char *endpoint) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strncmp(endpoint, "ipc://", 6) != 0) return false;
    const int length = snprintf(address.sun_path, sizeof address.sun_path, "%s", endpoint + 6);
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    const bool is_taken =
        length < (int)sizeof address.sun_path && connect(probe, (const struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return is_taken;
}

static int attach(void *socket, const char *endpoint, bool is_bound) {
    if (!is_bound) return zmq_connect(socket, endpoint);
    if (!is_ipc_taken(endpoint)) return zmq_bind(socket, endpoint);
    errno = EADDRINUSE;
    return -1;
}

void *socket_open(void *context, const struct stage_config *config, const struct socket_config *own, const char *where,
                  char error[TRANSPORT_ERROR_CHARS]) {
    static const int types[] = {
        [SOCKET_PULL] = ZMQ_PULL, [SOCKET_SUB] = ZMQ_SUB, [SOCKET_PUSH] = ZMQ_PUSH, [SOCKET_PUB] = ZMQ_XPUB};
    void *socket = zmq_socket(context, types[own->kind]);
    if (socket == NULL || set_common_options(socket, config, own) != 0 || set_kind_options(socket, own->kind) != 0) {
        socket_explain(error, where, "");
        if (socket != NULL) zmq_close(socket);
        return NULL;
    }
    for (size_t i = 0; i < own->endpoint_count; i++) {
        const char *endpoint = own->endpoints[i];
        if (attach(socket, endpoint, own->is_bound) == 0) continue;
        socket_explain(error, where, endpoint);
        zmq_close(socket);
        return NULL;
    }
    return socket;
}
