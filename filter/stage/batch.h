#pragma once
/* A batch: messages on their way through a lane. The stage's thread reads into it and settles what was judged, a lane's
   thread judges in between; who has it in hand alone touches it, but for is_judged. */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "stage/judge.h"
#include "stage/transport.h"

/* Enough to make handing it over cheap, and few enough to be judged in a moment, large messages too. */
enum { BATCH_MESSAGES = 64, BATCH_BYTES = 256 << 10 };

struct batch {
    size_t first_slot; /* of the transport: message i lies in the i-th slot from there */
    size_t count;
    size_t bytes;
    atomic_bool is_judged;
    struct message messages[BATCH_MESSAGES];
    struct judgement judgements[BATCH_MESSAGES];
};

static inline bool batch_is_full(const struct batch *batch) {
    return batch->count == BATCH_MESSAGES || batch->bytes >= BATCH_BYTES;
}
