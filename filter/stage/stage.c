#include "stage/stage.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "stage/judge.h"
#include "stage/lanes.h"

enum {
    ROUND_MESSAGES = 256, /* between looks at the clock, the stop flag and the audit file */
    QUIET_MS = 100,       /* without a message for that long, a stopping stage has read everything */
    REST_MS = 1000,       /* for reading what can no longer be delivered */
    RETRY_MS = 100        /* for what is blocked, when nothing tells that it no longer is */
};

static_assert((int)REASON_COUNT <= (int)COUNTERS_REASONS_MAX, "every reason has a counter");
static_assert((int)RULE_CLASS_MAX <= (int)COUNTERS_CLASSES_MAX, "every class has a counter");
static_assert((int)STAGE_OUTPUTS_MAX <= (int)COUNTERS_OUTPUTS_MAX, "every output has counters");

struct stage {
    const struct stage_config *config;
    struct audit *audit;
    const struct transport *transport;
    struct transport_connection *connection;
    struct lanes *lanes; /* NULL when the stage's own thread judges */
    struct judge *judge; /* of that thread; with lanes for describing records alone, or NULL */
    struct batch *batch; /* without lanes: in hand, or NULL */
    uint8_t *rebuilt;    /* a payload of the records that may pass; NULL without BATCHING_RECORDS */
    struct counters counters;
    struct stage_losses losses;
    int64_t wall_ns;     /* since 1970, read once per round */
    int64_t deadline_ns; /* monotonic: when a stopping stage no longer waits; INT64_MAX before */
    int wake_fd;
    pthread_t thread;
    atomic_bool is_stopping, is_running, is_waiting_for_audit;
};

static int64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t after_ms(int64_t ms) {
    return read_clock(CLOCK_MONOTONIC) + ms * 1000000;
}

/* What has woken the thread must not end the waits to come. A stop is told by is_stopping, which is set before. */
static void reset_wake(struct stage *own) {
    eventfd_t count;
    eventfd_read(own->wake_fd, &count);
}

/* May something that is blocked be tried again? Always, until a stop has used up its time. */
static bool may_wait(struct stage *own) {
    reset_wake(own);
    if (atomic_load(&own->is_stopping) && own->deadline_ns == INT64_MAX)
        own->deadline_ns = after_ms(own->config->drain_ms);
    return !own->losses.is_broken && read_clock(CLOCK_MONOTONIC) < own->deadline_ns;
}

/* The audit is written before the next message is read, so that a full disk pushes producers back. */
static void flush_audit(struct stage *own) {
    struct pollfd wake = {.fd = own->wake_fd, .events = POLLIN};
    while (audit_flush(own->audit) != 0 && may_wait(own)) {
        atomic_store(&own->is_waiting_for_audit, true);
        poll(&wake, 1, RETRY_MS);
    }
    if (atomic_load_explicit(&own->is_waiting_for_audit, memory_order_relaxed))
        atomic_store(&own->is_waiting_for_audit, false);
}

static void record_withheld(struct stage *own, struct audit_record *record) {
    record->time_ns = own->wall_ns;
    record->sequence = counter_read(&own->counters.last_sequence);
    if (audit_write(own->audit, record) == 0) return;
    flush_audit(own);
    if (audit_write(own->audit, record) != 0) own->losses.unrecorded++;
}

static void count_withheld(struct output_counters *counters, const struct inspection *inspection, uint64_t classes) {
    if (inspection->reason != REASON_NONE) {
        counter_add(&counters->withheld_by_reason[inspection->reason], 1);
    } else {
        for (uint64_t left = inspection->classes & classes; left != 0; left &= left - 1)
            counter_add(&counters->withheld_by_class[__builtin_ctzll(left)], 1);
    }
    counter_add(&counters->withheld, 1);
    counter_add(&counters->received, 1);
}

/* Records and counts what was inspected last, a message or one record of it, for those who must not have it. */
static void withhold(struct stage *own, struct judgement *judgement, uint64_t outputs) {
    record_withheld(own, &judgement->record);
    for (uint64_t left = outputs; left != 0; left &= left - 1) {
        const int i = __builtin_ctzll(left);
        count_withheld(&own->counters.outputs[i], &judgement->inspection, own->config->outputs[i].withheld_classes);
    }
}

static void withhold_records(struct stage *own, struct judgement *judgement) {
    for (size_t i = 0; i < judgement->records->count; i++) {
        const uint32_t outputs = judgement->records->items[i].withheld_from;
        if (outputs == 0) continue;
        judge_record(own->judge, judgement, i);
        withhold(own, judgement, outputs);
    }
}

/* What passes stays in hand until the output takes it: `count` records, or a message. */
static void deliver(struct stage *own, size_t slot, size_t output, const struct frame *payload, size_t count,
                    bool is_last) {
    enum transport_result result;
    while ((result = own->transport->deliver(own->connection, slot, output, payload, is_last)) == TRANSPORT_BLOCKED &&
           may_wait(own)) {
        audit_flush(own->audit);
        own->transport->wait(own->connection, output, RETRY_MS);
        own->wall_ns = read_clock(CLOCK_REALTIME);
    }
    if (result == TRANSPORT_DONE) {
        counter_add(&own->counters.outputs[output].passed, count);
        counter_add(&own->counters.outputs[output].received, count);
    } else {
        own->losses.undelivered[output] += count;
        own->losses.is_broken |= result == TRANSPORT_BROKEN;
    }
}

/* A message of which every record passes leaves as it came. */
static void deliver_records(struct stage *own, size_t slot, size_t output, const struct records *records,
                            bool is_last) {
    struct frame rebuilt = {.bytes = own->rebuilt};
    const size_t count = records_passing(records, output);
    if (count < records->count) rebuilt.length = records_rebuild(records, output, own->rebuilt);
    deliver(own, slot, output, count < records->count ? &rebuilt : NULL, count, is_last);
}

/* Does what was judged: records, delivers and counts one message. */
static void settle(struct stage *own, size_t slot, const struct message *message, struct judgement *judgement) {
    counter_add(&own->counters.received_bytes, message->bytes);
    counter_add(&own->counters.last_sequence, 1);

    const bool has_records = judgement_has_records(judgement);
    const uint64_t withheld = judgement->withheld_outputs;
    const uint64_t passing = ((UINT64_C(1) << own->config->output_count) - 1) & ~withheld;
    if (has_records) {
        withhold_records(own, judgement);
    } else if (withheld != 0) {
        withhold(own, judgement, withheld);
    }
    for (uint64_t left = passing; left != 0; left &= left - 1) {
        const size_t output = (size_t)__builtin_ctzll(left);
        const bool is_last = (left & (left - 1)) == 0;
        if (has_records) {
            deliver_records(own, slot, output, judgement->records, is_last);
        } else {
            deliver(own, slot, output, NULL, 1, is_last);
        }
    }
}

/* Reads what has come, as much as there is room for; returns how many messages the batch then has. */
static size_t fill_batch(struct stage *own, struct batch *batch) {
    enum transport_result result = TRANSPORT_DONE;
    while (!batch_is_full(batch)) {
        struct message *message = &batch->messages[batch->count];
        result = own->transport->receive(own->connection, batch->first_slot + batch->count, message);
        if (result != TRANSPORT_DONE) break;
        batch->bytes += message->bytes;
        batch->count++;
    }
    own->losses.is_broken |= result == TRANSPORT_BROKEN;
    return batch->count;
}

/* Settles a batch that is judged; returns how many messages it had. Those that pass are delivered close behind each
   other: a transport sends many at once for little more than one. */
static size_t settle_messages(struct stage *own, struct batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        settle(own, batch->first_slot + i, &batch->messages[i], &batch->judgements[i]);
        own->transport->release(own->connection, batch->first_slot + i);
    }
    return batch->count;
}

/* Reads, judges and settles one batch after the other; returns how many messages. */
static size_t handle_alone(struct stage *own) {
    struct batch *const batch = own->batch;
    size_t count = 0;
    while (count < ROUND_MESSAGES && !own->losses.is_broken && fill_batch(own, batch) > 0) {
        batch_judge(batch, own->judge);
        count += settle_messages(own, batch);
        batch_clear(batch);
    }
    return count;
}

/* Deals a batch of what has come, full or not. False: nothing has come, or every batch is dealt. */
static bool deal_batch(struct stage *own) {
    struct batch *batch = lanes_free_batch(own->lanes);
    if (batch == NULL || own->losses.is_broken || fill_batch(own, batch) == 0) return false;
    lanes_deal(own->lanes);
    return true;
}

/* Settles the batch that was dealt first, once it is judged; returns how many messages it had. */
static size_t settle_batch(struct stage *own) {
    struct batch *batch = lanes_judged_batch(own->lanes);
    if (batch == NULL) return 0;
    const size_t count = settle_messages(own, batch);
    lanes_take_back(own->lanes);
    return count;
}

static size_t handle_in_lanes(struct stage *own) {
    size_t count = 0;
    for (bool goes_on = true; goes_on && count < ROUND_MESSAGES;) {
        goes_on = deal_batch(own);
        const size_t settled = settle_batch(own);
        goes_on |= settled > 0;
        count += settled;
    }
    return count;
}

/* Returns how many messages were settled. Fewer than ROUND_MESSAGES: there is nothing to do but to wait. */
static size_t handle_round(struct stage *own) {
    own->wall_ns = read_clock(CLOCK_REALTIME);
    const size_t count = own->lanes == NULL ? handle_alone(own) : handle_in_lanes(own);
    flush_audit(own);
    return count;
}

static bool is_judging(const struct stage *own) {
    return own->lanes != NULL && lanes_are_busy(own->lanes);
}

/* Waits until lanes have judged what comes first, or for the next message too if there is room for it. */
static void wait_for_lanes(struct stage *own, bool has_room, int timeout_ms) {
    struct pollfd wake = {.fd = own->wake_fd, .events = POLLIN};
    if (!lanes_await(own->lanes)) return;
    if (has_room) {
        own->transport->wait(own->connection, TRANSPORT_INPUT, timeout_ms);
    } else {
        poll(&wake, 1, timeout_ms);
    }
    reset_wake(own);
}

static void wait_for_more(struct stage *own, int timeout_ms) {
    if (own->lanes == NULL) {
        own->transport->wait(own->connection, TRANSPORT_INPUT, timeout_ms);
    } else {
        wait_for_lanes(own, lanes_free_batch(own->lanes) != NULL, timeout_ms);
    }
}

static void read_until_quiet(struct stage *own, int64_t until_ns) {
    int64_t quiet_ns = after_ms(QUIET_MS);
    for (int64_t now_ns = 0; now_ns < until_ns && now_ns < quiet_ns && !own->losses.is_broken;
         now_ns = read_clock(CLOCK_MONOTONIC)) {
        const size_t count = handle_round(own);
        if (count > 0 || is_judging(own)) quiet_ns = after_ms(QUIET_MS);
        if (count == 0) wait_for_more(own, QUIET_MS / 4);
    }
}

/* Half of the time is for producers that go on, the other half for delivering what they had sent by then. What cannot
   be delivered in time is still read, to be told. */
static void drain(struct stage *own) {
    if (!may_wait(own) && own->losses.is_broken) return;
    const int64_t half_ns = own->config->drain_ms * INT64_C(1000000) / 2;
    read_until_quiet(own, own->deadline_ns - half_ns);
    if (own->transport->close_input(own->connection))
        read_until_quiet(own, own->deadline_ns + REST_MS * INT64_C(1000000));
}

/* Nothing more is read, but what lanes have in hand is settled. */
static void settle_rest(struct stage *own) {
    while (is_judging(own))
        if (settle_batch(own) == 0) wait_for_lanes(own, false, -1);
    flush_audit(own);
}

static bool is_ending(const struct stage *own) {
    return atomic_load(&own->is_stopping) || own->losses.is_broken;
}

static void *work(void *context) {
    struct stage *own = context;
    while (!is_ending(own))
        if (handle_round(own) < ROUND_MESSAGES && !is_ending(own)) wait_for_more(own, -1);
    drain(own);
    settle_rest(own);
    lanes_stop(own->lanes);
    own->losses.cut_outputs = own->transport->close(&own->connection, own->config->drain_ms);
    atomic_store(&own->is_running, false);
    return NULL;
}

/* Lanes or a judge, and what records need beside. 0, or -1 when memory could not be had. */
static int create_judges(struct stage *own, const struct rule_set *rules) {
    const struct stage_config *config = own->config;
    const bool has_lanes = config->workers > 1, has_records = config->batching == BATCHING_RECORDS;
    if (has_lanes)
        own->lanes = lanes_create(config, rules, own->wake_fd);
    else
        own->batch = batch_create(config);
    if (has_records) own->rebuilt = malloc(config->limits.message_bytes);
    if (!has_lanes || has_records) own->judge = judge_create(config, rules);
    if ((own->lanes == NULL && own->batch == NULL) || (has_records && own->rebuilt == NULL)) return -1;
    if ((!has_lanes || has_records) && own->judge == NULL) return -1;
    return 0;
}

struct stage *stage_create(const struct stage_config *config, const struct rule_set *rules, struct audit *audit,
                           const struct transport *transport) {
    assert(config->output_count >= 1 && config->output_count <= STAGE_OUTPUTS_MAX);
    struct stage *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->config = config;
    own->audit = audit;
    own->transport = transport;
    own->deadline_ns = INT64_MAX;
    own->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (own->wake_fd < 0 || create_judges(own, rules) != 0) stage_destroy(&own);
    return own;
}

/* Signals are for the thread that waits for them. */
static int start_threads(struct stage *own) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&own->is_running, true);
    int result = own->lanes != NULL ? lanes_start(own->lanes) : 0;
    if (result == 0) result = pthread_create(&own->thread, NULL, work, own);
    if (result == 0) pthread_setname_np(own->thread, "stage");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

int stage_start(struct stage *stage, char error[TRANSPORT_ERROR_CHARS]) {
    const size_t slot_count = stage->lanes != NULL ? lanes_slot_count(stage->config->workers) : BATCH_MESSAGES;
    stage->connection = stage->transport->open(stage->config, slot_count, stage->wake_fd, error);
    if (stage->connection == NULL) return -1;
    if (start_threads(stage) == 0) return 0;
    snprintf(error, TRANSPORT_ERROR_CHARS, "no thread could be started");
    atomic_store(&stage->is_running, false);
    lanes_stop(stage->lanes);
    stage->transport->close(&stage->connection, 0);
    return -1;
}

void stage_stop(struct stage *stage) {
    atomic_store(&stage->is_stopping, true);
    eventfd_write(stage->wake_fd, 1);
}

bool stage_is_running(const struct stage *stage) {
    return atomic_load(&stage->is_running);
}

bool stage_waits_for_audit(const struct stage *stage) {
    return atomic_load(&stage->is_waiting_for_audit);
}

const struct stage_losses *stage_wait(struct stage *stage) {
    pthread_join(stage->thread, NULL);
    return &stage->losses;
}

void stage_destroy(struct stage **stage) {
    struct stage *own = *stage;
    if (own == NULL) return;
    assert(own->connection == NULL);
    judge_destroy(&own->judge);
    batch_destroy(&own->batch);
    lanes_destroy(&own->lanes);
    free(own->rebuilt);
    if (own->wake_fd >= 0) close(own->wake_fd);
    free(own);
    *stage = NULL;
}

const struct counters *stage_counters(const struct stage *stage) {
    return &stage->counters;
}
