#pragma once
/*
 * Judges one message: which outputs must not have it, and what the audit is told when there are any. The one place
 * where that is decided, whichever thread does it.
 *
 * A judge is one thread's; it allocates nothing per message.
 */

#include "inspect/inspect.h"
#include "stage/transport.h"
#include "stage/withheld.h"

struct judgement {
    struct inspection inspection;
    uint64_t withheld_outputs;  /* one bit each */
    struct audit_record record; /* when there are any: all but time and sequence, which are the caller's to set */
    struct withheld names;      /* that the record borrows, beside configuration and rules */
};

struct judge;

/* Configuration and rules are borrowed and must outlive it. NULL when memory could not be had. */
struct judge *judge_create(const struct stage_config *config, const struct rule_set *rules);
void judge_destroy(struct judge **judge);

/* The judgement keeps what it needs: the message and the judge may go on to something else. */
void judge_message(struct judge *judge, const struct message *message, struct judgement *judgement);
