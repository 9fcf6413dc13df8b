#pragma once
/* A transport that reads from a list and notes what is delivered, in which order. */

#include <assert.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "stage/lane.h"
#include "stage/transport.h"
#include "test.h"

enum { FAKE_DELIVERIES_MAX = 1 << 16, FAKE_SLOTS_MAX = STAGE_WORKERS_MAX * LANE_MESSAGES, FAKE_REBUILT_MAX = 64 };

struct transport_connection {
    int wake_fd;
    const char *const *payloads; /* read in turn, over and over */
    size_t payload_count;
    atomic_size_t offered; /* how many may be read */
    atomic_size_t read;
    const char *in_hand[FAKE_SLOTS_MAX];
    size_t slot_count;
    atomic_bool is_blocked[2];
    atomic_bool is_broken; /* nothing can be read; what is in hand can be delivered */
    atomic_size_t delivered[2];
    const char *deliveries[2][FAKE_DELIVERIES_MAX]; /* the last ones, from the beginning again when there are more */
    bool was_last[2][FAKE_DELIVERIES_MAX];
    char rebuilt[FAKE_REBUILT_MAX][128]; /* the last payloads that did not come so */
    size_t rebuilt_count;
    bool is_input_closed;
};

static struct transport_connection fake;

static struct transport_connection *open_fake(const struct stage_config *config, size_t slot_count, int wake_fd,
                                              char *error) {
    (void)config;
    if (fake.is_broken) {
        snprintf(error, TRANSPORT_ERROR_CHARS, "input: tcp://127.0.0.1:1: in use");
        return NULL;
    }
    assert(slot_count <= FAKE_SLOTS_MAX);
    fake.slot_count = slot_count;
    fake.wake_fd = wake_fd;
    return &fake;
}

static enum transport_result receive_fake(struct transport_connection *own, size_t slot, struct message *message) {
    assert(slot < own->slot_count);
    if (own->is_broken) return TRANSPORT_BROKEN;
    if (own->read == own->offered) return TRANSPORT_BLOCKED;
    const char *payload = own->payloads[own->read % own->payload_count];
    assert(own->in_hand[slot] == NULL);
    own->in_hand[slot] = payload;
    message->frames[0] = (struct frame){(const uint8_t *)payload, strlen(payload)};
    message->frame_count = 1;
    message->bytes = strlen(payload);
    own->read++;
    return TRANSPORT_DONE;
}

static const char *keep_rebuilt(struct transport_connection *own, const struct frame *payload) {
    char *kept = own->rebuilt[own->rebuilt_count++ % FAKE_REBUILT_MAX];
    assert(payload->length < sizeof own->rebuilt[0]);
    memcpy(kept, payload->bytes, payload->length);
    kept[payload->length] = '\0';
    return kept;
}

static enum transport_result deliver_fake(struct transport_connection *own, size_t slot, size_t output,
                                          const struct frame *payload, bool is_last) {
    if (own->is_blocked[output]) return TRANSPORT_BLOCKED;
    const size_t at = own->delivered[output] % FAKE_DELIVERIES_MAX;
    own->deliveries[output][at] = payload != NULL ? keep_rebuilt(own, payload) : own->in_hand[slot];
    own->was_last[output][at] = is_last;
    own->delivered[output]++;
    return TRANSPORT_DONE;
}

static void release_fake(struct transport_connection *own, size_t slot) {
    assert(own->in_hand[slot] != NULL);
    own->in_hand[slot] = NULL;
}

static void wait_fake(struct transport_connection *own, size_t place, int timeout_ms) {
    (void)place;
    struct pollfd wake = {.fd = own->wake_fd, .events = POLLIN};
    poll(&wake, 1, timeout_ms < 0 || timeout_ms > 2 ? 2 : timeout_ms);
}

static bool close_fake_input(struct transport_connection *own) {
    own->is_input_closed = true;
    return true;
}

static uint64_t close_fake(struct transport_connection **connection, int linger_ms) {
    (void)linger_ms;
    *connection = NULL;
    return 0;
}

static const struct transport fake_transport = {
    .name = "fake",
    .open = open_fake,
    .receive = receive_fake,
    .deliver = deliver_fake,
    .release = release_fake,
    .wait = wait_fake,
    .close_input = close_fake_input,
    .close = close_fake,
};
