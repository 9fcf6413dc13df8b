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
    struct judge *judge;
    struct message message;     /* in hand, in slot 0 */
    struct judgement judgement; /* of it */
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

/* May something that is blocked be tried again? Always, until a stop has used up its time. */
static bool may_wait(struct stage *own) {
    if (atomic_load(&own->is_stopping)) {
        eventfd_t count;
        eventfd_read(own->wake_fd, &count); /* it has woken us, and must not end the waits to come */
        if (own->deadline_ns == INT64_MAX) own->deadline_ns = after_ms(own->config->drain_ms);
    }
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

/* The message stays in hand until the output takes it. */
static void deliver(struct stage *own, size_t slot, size_t output, bool is_last) {
    enum transport_result result;
    while ((result = own->transport->deliver(own->connection, slot, output, is_last)) == TRANSPORT_BLOCKED &&
           may_wait(own)) {
        audit_flush(own->audit);
        own->transport->wait(own->connection, output, RETRY_MS);
        own->wall_ns = read_clock(CLOCK_REALTIME);
    }
    if (result == TRANSPORT_DONE) {
        counter_add(&own->counters.outputs[output].passed, 1);
        counter_add(&own->counters.outputs[output].received, 1);
    } else {
        own->losses.undelivered[output]++;
        own->losses.is_broken |= result == TRANSPORT_BROKEN;
    }
}

/* Does what was judged: records, delivers and counts one message. */
static void settle(struct stage *own, size_t slot, const struct message *message, struct judgement *judgement) {
    counter_add(&own->counters.received_bytes, message->bytes);
    counter_add(&own->counters.last_sequence, 1);

    const size_t count = own->config->output_count;
    const uint64_t withheld = judgement->withheld_outputs;
    const uint64_t passing = ((UINT64_C(1) << count) - 1) & ~withheld;
    if (withheld != 0) record_withheld(own, &judgement->record);
    for (size_t i = 0; i < count; i++) {
        if (passing >> i & 1) {
            deliver(own, slot, i, passing >> i == 1);
        } else {
            count_withheld(&own->counters.outputs[i], &judgement->inspection, own->config->outputs[i].withheld_classes);
        }
    }
}

/* Reads, judges and settles one message after the other; returns how many. Fewer than ROUND_MESSAGES: no more has come.
 */
static size_t handle_round(struct stage *own) {
    own->wall_ns = read_clock(CLOCK_REALTIME);
    size_t count = 0;
    enum transport_result result = TRANSPORT_DONE;
    while (count < ROUND_MESSAGES && !own->losses.is_broken &&
           (result = own->transport->receive(own->connection, 0, &own->message)) == TRANSPORT_DONE) {
        judge_message(own->judge, &own->message, &own->judgement);
        settle(own, 0, &own->message, &own->judgement);
        count++;
    }
    own->losses.is_broken |= result == TRANSPORT_BROKEN;
    flush_audit(own);
    return count;
}

static void read_until_quiet(struct stage *own, int64_t until_ns) {
    int64_t quiet_ns = after_ms(QUIET_MS);
    for (int64_t now_ns = 0; now_ns < until_ns && now_ns < quiet_ns && !own->losses.is_broken;
         now_ns = read_clock(CLOCK_MONOTONIC)) {
        if (handle_round(own) > 0) {
            quiet_ns = after_ms(QUIET_MS);
        } else {
            own->transport->wait(own->connection, TRANSPORT_INPUT, QUIET_MS / 4);
        }
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

static void *work(void *context) {
    struct stage *own = context;
    while (!atomic_load(&own->is_stopping) && !own->losses.is_broken)
        if (handle_round(own) < ROUND_MESSAGES && !own->losses.is_broken)
            own->transport->wait(own->connection, TRANSPORT_INPUT, -1);
    drain(own);
    own->losses.cut_outputs = own->transport->close(&own->connection, own->config->drain_ms);
    atomic_store(&own->is_running, false);
    return NULL;
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
    own->judge = judge_create(config, rules);
    if (own->wake_fd < 0 || own->judge == NULL) stage_destroy(&own);
    return own;
}

/* Signals are for the thread that waits for them. */
static int start_thread(struct stage *own) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&own->is_running, true);
    const int result = pthread_create(&own->thread, NULL, work, own);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

int stage_start(struct stage *stage, char error[TRANSPORT_ERROR_CHARS]) {
    stage->connection = stage->transport->open(stage->config, 1, stage->wake_fd, error);
    if (stage->connection == NULL) return -1;
    if (start_thread(stage) == 0) return 0;
    snprintf(error, TRANSPORT_ERROR_CHARS, "no thread could be started");
    atomic_store(&stage->is_running, false);
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
    if (own->wake_fd >= 0) close(own->wake_fd);
    free(own);
    *stage = NULL;
}

const struct counters *stage_counters(const struct stage *stage) {
    return &stage->counters;
}
