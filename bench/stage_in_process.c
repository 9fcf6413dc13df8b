#include "bench/stage_in_process.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bench/allocations.h"
#include "record/audit.h"
#include "stage/stage.h"

enum { TICK_MS = 10, POLL_NS = 500000, SILENCE_S = 120 };

/* What is left to read, and what the stage's thread did from the first message of it until it waited for more. */
struct transport_connection {
    int wake_fd;
    const struct workload *workload;
    atomic_size_t offered;
    size_t next;
    bool has_begun;
    int64_t begin_ns, begin_cpu_ns, begin_thread_ns;
    int64_t thread_ns;
};

static struct transport_connection memory;

static int64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct transport_connection *open_memory(const struct stage_config *config, size_t slot_count, int wake_fd,
                                                char error[TRANSPORT_ERROR_CHARS]) {
    (void)config;
    (void)slot_count;
    (void)error;
    memory.wake_fd = wake_fd;
    return &memory;
}

static void begin(struct transport_connection *own) {
    own->has_begun = true;
    own->begin_ns = read_clock(CLOCK_MONOTONIC);
    own->begin_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    own->begin_thread_ns = read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static enum transport_result receive_memory(struct transport_connection *own, size_t slot, struct message *message) {
    (void)slot;
    const size_t offered = atomic_load_explicit(&own->offered, memory_order_acquire);
    if (offered == 0) return TRANSPORT_BLOCKED;
    if (!own->has_begun) begin(own);
    message->frames[0] = own->workload->messages[own->next];
    message->frame_count = 1;
    message->bytes = message->frames[0].length;
    own->next = own->next + 1 < own->workload->count ? own->next + 1 : 0;
    atomic_store_explicit(&own->offered, offered - 1, memory_order_relaxed);
    return TRANSPORT_DONE;
}

static enum transport_result deliver_memory(struct transport_connection *own, size_t slot, size_t output,
                                            const struct frame *payload, bool is_last) {
    (void)payload;
    (void)own;
    (void)slot;
    (void)output;
    (void)is_last;
    return TRANSPORT_DONE;
}

static void release_memory(struct transport_connection *own, size_t slot) {
    (void)own;
    (void)slot;
}

static void wait_memory(struct transport_connection *own, size_t place, int timeout_ms) {
    (void)place;
    struct pollfd wake = {.fd = own->wake_fd, .events = POLLIN};
    own->thread_ns = read_clock(CLOCK_THREAD_CPUTIME_ID) - own->begin_thread_ns;
    poll(&wake, 1, timeout_ms < 0 || timeout_ms > TICK_MS ? TICK_MS : timeout_ms);
}

static bool close_memory_input(struct transport_connection *own) {
    (void)own;
    return true;
}

static uint64_t close_memory(struct transport_connection **connection, int linger_ms) {
    (void)linger_ms;
    *connection = NULL;
    return 0;
}

static const struct transport memory_transport = {
    .name = "memory",
    .open = open_memory,
    .receive = receive_memory,
    .deliver = deliver_memory,
    .release = release_memory,
    .wait = wait_memory,
    .close_input = close_memory_input,
    .close = close_memory,
};

/* Lets the workload be read `passes` times. All that was offered before must have been read. */
static void offer(const struct workload *workload, size_t passes) {
    memory.workload = workload;
    memory.next = 0;
    memory.has_begun = false;
    atomic_store(&memory.offered, passes * workload->count);
}

/* Waits until so many messages are settled; false when nothing goes on. */
static bool await_settled(const struct stage *stage, uint64_t count) {
    const struct timespec pause = {0, POLL_NS};
    const int64_t end_ns = read_clock(CLOCK_MONOTONIC) + SILENCE_S * INT64_C(1000000000);
    while (counter_read(&stage_counters(stage)->last_sequence) < count) {
        if (read_clock(CLOCK_MONOTONIC) > end_ns) return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static int measure(struct stage *stage, const struct workload *workload, size_t passes,
                   struct stage_in_process *result) {
    char error[TRANSPORT_ERROR_CHARS];
    const double messages = (double)(passes * workload->count);
    offer(workload, 1);
    if (stage_start(stage, error) != 0) return -1;
    bool is_done = await_settled(stage, workload->count);
    const size_t allocations_before = allocations_of_all_threads();
    const int64_t begin_polling_ns = read_clock(CLOCK_THREAD_CPUTIME_ID);
    offer(workload, passes);
    is_done = is_done && await_settled(stage, (1 + passes) * workload->count);
    const int64_t end_ns = read_clock(CLOCK_MONOTONIC), end_cpu_ns = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    const int64_t polling_ns = read_clock(CLOCK_THREAD_CPUTIME_ID) - begin_polling_ns;
    const size_t allocations = allocations_of_all_threads() - allocations_before;
    stage_stop(stage);
    stage_wait(stage);
    *result = (struct stage_in_process){
        .wall_ns = (double)(end_ns - memory.begin_ns) / messages,
        .cpu_ns = (double)(end_cpu_ns - memory.begin_cpu_ns - polling_ns) / messages,
        .stage_ns = (double)memory.thread_ns / messages,
        .allocations = (double)allocations / messages,
    };
    return is_done ? 0 : -1;
}

static struct audit *open_nameless_audit(void) {
    char path[] = "/tmp/cordon-bench-audit-XXXXXX";
    const int fd = mkstemp(path);
    if (fd < 0) return NULL;
    close(fd);
    struct audit *audit = audit_open(path);
    unlink(path);
    return audit;
}

int stage_in_process_run(const struct workload *workload, const struct rule_set *rules, unsigned workers, size_t passes,
                         struct stage_in_process *result) {
    const struct stage_config config = {.name = "bench",
                                        .outputs = {{.name = "out",
                                                     .purpose = "advertising",
                                                     .withheld_classes = (UINT64_C(1) << rules->class_count) - 1}},
                                        .output_count = 1,
                                        .limits = LIMITS_DEFAULT,
                                        .workers = workers,
                                        .drain_ms = 100};
    struct audit *audit = open_nameless_audit();
    struct stage *stage = audit != NULL ? stage_create(&config, rules, audit, &memory_transport) : NULL;
    const int status = stage != NULL ? measure(stage, workload, passes, result) : -1;
    stage_destroy(&stage);
    audit_close(&audit);
    return status;
}
