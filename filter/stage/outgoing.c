#include "stage/outgoing.h"

#include <stdlib.h>

/* What a counted frame borrows its bytes from. */
struct lender {
    struct outgoing *outgoing;
    size_t bytes;
    zmq_msg_t frame;
};

bool outgoing_has_room(const struct outgoing *outgoing, size_t bytes) {
    const size_t held = atomic_load(&outgoing->bytes);
    return held == 0 || (held < OUTGOING_BYTES && bytes <= OUTGOING_BYTES - held);
}

/* Called by ZeroMQ, on whichever thread has done with the frame. */
static void take_back(void *data, void *context) {
    (void)data;
    struct lender *lender = context;
    zmq_msg_close(&lender->frame);
    atomic_fetch_sub(&lender->outgoing->bytes, lender->bytes);
    free(lender);
}

int outgoing_count(struct outgoing *outgoing, zmq_msg_t *frame, zmq_msg_t *counted) {
    struct lender *lender = malloc(sizeof *lender);
    if (lender == NULL) return -1;
    *lender = (struct lender){.outgoing = outgoing, .bytes = zmq_msg_size(frame)};
    zmq_msg_init(&lender->frame);
    if (zmq_msg_copy(&lender->frame, frame) != 0) {
        free(lender);
        return -1;
    }
    if (zmq_msg_init_data(counted, zmq_msg_data(&lender->frame), lender->bytes, take_back, lender) != 0) {
        zmq_msg_close(&lender->frame);
        free(lender);
        return -1;
    }
    atomic_fetch_add(&outgoing->bytes, lender->bytes);
    return 0;
}
