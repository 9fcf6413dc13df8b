#pragma once
/*
 * Lanes side by side that keep total order: batches are dealt to them in turn and taken back in the same turn, so the
 * order of messages is that in which they were read, whatever each lane takes for its own.
 *
 * One thread, the stage's, calls everything here. What is in hand is bounded by the lanes' batches.
 */

#include "stage/batch.h"

struct lanes;

/* As many lanes as config->workers. Everything is borrowed and must outlive them; `wake_fd` is an eventfd. NULL when
   memory could not be had. */
struct lanes *lanes_create(const struct stage_config *config, const struct rule_set *rules, int wake_fd);
void lanes_destroy(struct lanes **lanes); /* NULL-safe */

/* Starts their threads, with the signal mask of the caller. 0, or -1 when not all could be started. */
int lanes_start(struct lanes *lanes);

/* Ends those that run; every batch must have been taken back. NULL-safe. */
void lanes_stop(struct lanes *lanes);

/* How many slots of the transport `workers` lanes need. */
size_t lanes_slot_count(unsigned workers);

/* The batch to be filled next, empty; NULL when all are dealt. */
struct batch *lanes_free_batch(struct lanes *lanes);

/* Hands that batch to the lane whose turn it is. */
void lanes_deal(struct lanes *lanes);

/* Has any batch been dealt and not taken back? */
bool lanes_are_busy(const struct lanes *lanes);

/* The batch that was dealt first, when it is judged, or NULL. */
struct batch *lanes_judged_batch(struct lanes *lanes);

/* Makes that batch a free one. */
void lanes_take_back(struct lanes *lanes);

/* From now on `wake_fd` becomes readable when the batch that was dealt first is judged. False when it is already; true
   also when there is none. A call that came too late may still make it readable. */
bool lanes_await(struct lanes *lanes);
