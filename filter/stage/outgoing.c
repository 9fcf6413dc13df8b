#include "stage/outgoing.h"

#include <stdlib.h>

/* What a counted frame borrows its bytes from. */
struct lender {
    struct outgoing *outgoing;
    zmq_msg_t frame;
    atomic_size_t bytes; /* of the message; written last and read first, for the thread that gives it back */
};

bool outgoing_has_room(const struct outgoing *outgoing, size_t bytes) {
    const size_t held = atomic_load(&outgoing->bytes);
    return held == 0 || (held < OUTGOING_BYTES && bytes <= OUTGOING_BYTES - held);
}

/* Called by ZeroMQ, on whichever thread has done with the frame. */
static void take_back(void *data, void *context) {
    (void)data;
    struct lender *lender = context;
    const size_t bytes = atomic_load_explicit(&lender->bytes, memory_order_acquire);
    zmq_msg_close(&lender->frame);
    atomic_fetch_sub(&lender->outgoing->bytes, bytes);
    free(lender);
}

static struct lender *lend(struct outgoing *outgoing, zmq_msg_t *frame, size_t bytes) {
    struct lender *lender = malloc(sizeof *lender);
    if (lender == NULL) return NULL;
    lender->outgoing = outgoing;
    zmq_msg_init(&lender->frame);
    if (zmq_msg_copy(&lender->frame, frame) != 0) {
        free(lender);
        return NULL;
    }
    atomic_store_explicit(&lender->bytes, bytes, memory_order_release);
    return lender;
}

int outgoing_count(struct outgoing *outgoing, zmq_msg_t *frame, size_t bytes, zmq_msg_t *counted) {
    struct lender *lender = lend(outgoing, frame, bytes);
    if (lender == NULL) return -1;
    void *const data = zmq_msg_data(&lender->frame);
    if (zmq_msg_init_data(counted, data, zmq_msg_size(&lender->frame), take_back, lender) != 0) {
        zmq_msg_close(&lender->frame);
        free(lender);
        return -1;
    }
    atomic_fetch_add(&outgoing->bytes, bytes);
    return 0;
}
