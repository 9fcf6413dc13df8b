#include "bench/flow.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "bench/processors.h"

enum {
    START_MS = 100,     /* for connections to be made */
    SILENCE_MS = 20000, /* after which nothing more is expected */
    SURPLUS_MS = 100    /* for messages that should not come */
};

/* What the processes of a run share. */
struct shared {
    int64_t begin_ns; /* monotonic; set before they start */
    int64_t end_ns;
    size_t received_count;
    struct histogram latency_ns;
};

static int64_t read_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void sleep_until(int64_t time_ns) {
    const struct timespec time = {time_ns / 1000000000, time_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* When message `number` is meant to be sent. */
static int64_t due_ns(const struct flow *flow, const struct shared *shared, size_t number) {
    return flow->rate == 0 ? shared->begin_ns : shared->begin_ns + (int64_t)((double)number * 1e9 / (double)flow->rate);
}

static void *connect_socket(void *context, int type, const char *endpoint) {
    const int mark = MIDDLE_HIGH_WATER_MARK, silence_ms = SILENCE_MS;
    void *socket = zmq_socket(context, type);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &mark, sizeof mark);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &mark, sizeof mark);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &silence_ms, sizeof silence_ms);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &silence_ms, sizeof silence_ms);
    if (zmq_connect(socket, endpoint) != 0) _exit(1);
    return socket;
}

static void produce(const struct flow *flow, const struct middle *middle, struct shared *shared) {
    void *context = zmq_ctx_new();
    void *socket = connect_socket(context, ZMQ_PUSH, middle->input);
    prctl(PR_SET_TIMERSLACK, 1);
    sleep_until(shared->begin_ns);
    for (size_t i = 0; i < flow->message_count; i++) {
        const struct frame *message = &flow->workload->messages[i % flow->workload->count];
        if (flow->rate != 0 && due_ns(flow, shared, i) > read_clock_ns()) sleep_until(due_ns(flow, shared, i));
        if (zmq_send(socket, message->bytes, message->length, 0) < 0) _exit(1);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    _exit(0);
}

static void consume(const struct flow *flow, const struct middle *middle, struct shared *shared) {
    const int surplus_ms = SURPLUS_MS;
    zmq_msg_t message;
    zmq_msg_init(&message);
    void *socket = connect_socket(zmq_ctx_new(), ZMQ_PULL, middle->output);
    const bool is_timed = flow->rate != 0 && flow->expected_count == flow->message_count;
    while (shared->received_count < flow->expected_count && zmq_msg_recv(&message, socket, 0) >= 0) {
        shared->end_ns = is_timed || shared->received_count + 1 == flow->expected_count ? read_clock_ns() : 0;
        const int64_t latency_ns = shared->end_ns - due_ns(flow, shared, shared->received_count);
        if (is_timed) histogram_add(&shared->latency_ns, latency_ns > 0 ? (uint64_t)latency_ns : 0);
        shared->received_count++;
    }
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &surplus_ms, sizeof surplus_ms);
    while (zmq_msg_recv(&message, socket, 0) >= 0) shared->received_count++;
    _exit(0);
}

/* A process that ends with this one. */
static pid_t start_process(void (*work)(const struct flow *flow, const struct middle *middle, struct shared *shared),
                           const struct flow *flow, const struct middle *middle, struct shared *shared) {
    fflush(NULL);
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (middle->is_apart && processors_keep(0, PROCESSORS_SECOND_HALF) != 0) _exit(1);
    work(flow, middle, shared);
    _exit(1);
}

static bool has_ended_well(pid_t pid) {
    int status;
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int run_processes(const struct flow *flow, const struct middle *middle, struct shared *shared,
                         char fault[FLOW_FAULT_CHARS]) {
    shared->begin_ns = read_clock_ns() + START_MS * INT64_C(1000000);
    const pid_t consumer = start_process(consume, flow, middle, shared);
    const pid_t producer = start_process(produce, flow, middle, shared);
    const bool is_consumed = has_ended_well(consumer);
    if (producer > 0 && !is_consumed) kill(producer, SIGKILL);
    const bool is_produced = has_ended_well(producer);
    if (is_consumed && is_produced && shared->received_count == flow->expected_count) return 0;
    snprintf(fault, FLOW_FAULT_CHARS, "of %zu messages %zu should have arrived, but %zu did", flow->message_count,
             flow->expected_count, shared->received_count);
    return -1;
}

int flow_run(const struct flow *flow, const struct middle *middle, struct flow_result *result,
             char fault[FLOW_FAULT_CHARS]) {
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        snprintf(fault, FLOW_FAULT_CHARS, "out of memory");
        return -1;
    }
    const int64_t before_ns = middle_cpu_ns(middle);
    const int status = run_processes(flow, middle, shared, fault);
    result->cpu_ns = (double)(middle_cpu_ns(middle) - before_ns);
    result->count = (double)flow->message_count;
    result->seconds = (double)(shared->end_ns - shared->begin_ns) / 1e9;
    result->latency_ns = shared->latency_ns;
    munmap(shared, sizeof *shared);
    return status;
}
