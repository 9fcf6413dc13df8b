#pragma once
/*
 * The stage: receive -> judge -> deliver or withhold, in one thread that owns the connection and the audit. With more
 * than one worker lanes judge, and that thread deals and collects. It writes no logs and, once started, allocates
 * nothing.
 *
 * With BATCHING_RECORDS a message that is a list is withheld and counted by its records; an output that may see some of
 * them gets a message with only those.
 *
 * A message is in hand until every output has taken it or had it withheld and recorded, in the order of reading. With
 * one worker only then is the next one read; with more, some are read ahead, as many as their lanes have room for. So
 * an output that takes nothing, or an audit that cannot be written, stops the reading, and producers are pushed back.
 * For every output received = passed + withheld: a message counts when that is decided and done.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/rule_set.h"
#include "record/audit.h"
#include "record/counters.h"
#include "stage/stage_config.h"
#include "stage/transport.h"

struct stage;

/* What a stage that has ended leaves to tell. */
struct stage_losses {
    bool is_broken;                          /* the transport failed and the stage ended by itself */
    uint64_t undelivered[STAGE_OUTPUTS_MAX]; /* messages or records, read but not taken within the time a stop has */
    uint64_t cut_outputs;                    /* one bit per output whose consumer did not take all that was sent */
    uint64_t unrecorded;                     /* withheld, but the audit could not be written within that time */
};

/* Everything is borrowed and must outlive the stage; nothing else may use the audit until it has ended. NULL when
   memory could not be had. */
struct stage *stage_create(const struct stage_config *config, const struct rule_set *rules, struct audit *audit,
                           const struct transport *transport);

/* Opens the sockets and starts the thread, which takes no signals. 0, or -1 and `error` says where and why. */
int stage_start(struct stage *stage, char error[TRANSPORT_ERROR_CHARS]);

/* Asks the stage to end: it reads on until nothing came for a moment, delivers what it read, and closes. That may take
   twice config.drain_ms and a second. Any thread. */
void stage_stop(struct stage *stage);

/* Has it been started and not ended yet? Any thread. */
bool stage_is_running(const struct stage *stage);

/* Does it stand still because the audit cannot be written? Any thread. */
bool stage_waits_for_audit(const struct stage *stage);

/* Waits for the end, which stage_stop() or a broken transport brings about. */
const struct stage_losses *stage_wait(struct stage *stage);

/* The stage must not be running. NULL-safe. */
void stage_destroy(struct stage **stage);

/* Any thread may read them as long as the stage exists. */
const struct counters *stage_counters(const struct stage *stage);
