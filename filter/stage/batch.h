#pragma once
/*
 * A batch: messages that are read, judged and settled together. One worker does all three; with lanes the stage's
 * thread reads and settles, a lane's thread judges in between, and who has the batch in hand alone touches it, but for
 * is_judged.
 */

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

/* Set-up and end of a batch that is all zero. 0, or -1 when memory could not be had; batch_reset() either way. */
int batch_init(struct batch *batch, const struct stage_config *config);
void batch_reset(struct batch *batch);

/* The same for one by itself. NULL when memory could not be had; batch_destroy() is NULL-safe. */
struct batch *batch_create(const struct stage_config *config);
void batch_destroy(struct batch **batch);

/* Judges every message. */
void batch_judge(struct batch *batch, struct judge *judge);

/* Makes it empty; its messages stay in the transport's slots. */
static inline void batch_clear(struct batch *batch) {
    batch->count = batch->bytes = 0;
}
