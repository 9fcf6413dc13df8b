#pragma once
/*
 * A lane: a thread that judges batches, with a judge of its own. Its batches go round in a ring between it and the
 * stage's thread, which calls everything here: it fills a free batch, deals it, and takes it back when it is judged.
 * Batches are judged and taken back in the order in which they were dealt.
 */

#include "stage/batch.h"

enum { LANE_BATCHES = 2, LANE_MESSAGES = LANE_BATCHES * BATCH_MESSAGES }; /* one judged, one ready to be */

/* The batch that the stage's thread waits for, or NULL: the lane that has judged it writes to wake_fd. */
struct awaited {
    _Atomic(const struct batch *) batch;
    int wake_fd;
};

struct lane;

/* Messages go into LANE_MESSAGES slots of the transport from `first_slot` on. All else is borrowed and must outlive the
   lane. NULL when memory could not be had. */
struct lane *lane_create(const struct stage_config *config, const struct rule_set *rules, size_t first_slot,
                         struct awaited *awaited);

/* Not while it runs. NULL-safe. */
void lane_destroy(struct lane **lane);

/* The thread has the signal mask of the caller. 0, or -1 when it could not be started. */
int lane_start(struct lane *lane);

/* Waits for the thread's end; every batch must have been taken back. Nothing happens when it does not run. */
void lane_stop(struct lane *lane);

/* The batch to be filled next, or NULL when all are dealt. */
struct batch *lane_free_batch(struct lane *lane);

/* Hands that batch over to the thread. */
void lane_deal(struct lane *lane);

/* The batch that was dealt first and not taken back. There must be one. */
struct batch *lane_oldest_batch(struct lane *lane);

/* Makes that batch, which must be judged, a free one. */
void lane_take_back(struct lane *lane);
