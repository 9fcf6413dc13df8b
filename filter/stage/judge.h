#pragma once
/*
 * Judges one message, or with BATCHING_RECORDS each record of it: which outputs must not have it, and what the audit is
 * told when there are any. The one place where that is decided, whichever thread does it.
 *
 * A judge is one thread's; it allocates nothing per message.
 */

#include "inspect/inspect.h"
#include "inspect/records.h"
#include "stage/transport.h"
#include "stage/withheld.h"

struct judgement {
    struct inspection inspection;
    uint64_t withheld_outputs;  /* one bit each: nothing of it may pass there */
    struct audit_record record; /* when there are any: all but time and sequence, which are the caller's to set */
    struct withheld names;      /* that the record borrows, beside configuration and rules */
    struct records *records;    /* NULL without BATCHING_RECORDS */
};

/* Room for judgements under that configuration. 0, or -1 when memory could not be had. */
int judgement_init(struct judgement *judgement, const struct stage_config *config);
void judgement_reset(struct judgement *judgement); /* also of one that is all zero */

/* Was the message judged record by record? Then inspection and record are as judge_record() leaves them. */
static inline bool judgement_has_records(const struct judgement *judgement) {
    return judgement->records != NULL && judgement->records->count > 0;
}

struct judge;

/* Configuration and rules are borrowed and must outlive it. NULL when memory could not be had. */
struct judge *judge_create(const struct stage_config *config, const struct rule_set *rules);
void judge_destroy(struct judge **judge);

/* The judgement keeps what it needs: the message and the judge may go on to something else. Only one that has records
   must stay in hand for judge_record() and records_rebuild(). */
void judge_message(struct judge *judge, const struct message *message, struct judgement *judgement);

/* Sets inspection and record of the judgement to those of one record, which is withheld from any output. Any judge with
   the same configuration and rules may do that. */
void judge_record(struct judge *judge, struct judgement *judgement, size_t position);
