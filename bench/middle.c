#include "bench/middle.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "record/audit.h"
#include "stage/stage.h"

enum { READY_MS = 10000 };

static int find_free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool is_bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                          getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    if (fd >= 0) close(fd);
    return is_bound ? ntohs(address.sin_port) : 0;
}

static void choose_endpoint(const struct middle *own, const char *transport, const char *name,
                            char out[MIDDLE_ENDPOINT_CHARS]) {
    if (strcmp(transport, "ipc") == 0)
        snprintf(out, MIDDLE_ENDPOINT_CHARS, "ipc://%s/%s", own->folder, name);
    else
        snprintf(out, MIDDLE_ENDPOINT_CHARS, "tcp://127.0.0.1:%d", find_free_port());
}

static void tell_ready(int ready_fd) {
    if (write(ready_fd, "", 1) != 1) _exit(1);
}

static void *bind_socket(void *context, int type, const char *endpoint) {
    const int mark = MIDDLE_HIGH_WATER_MARK;
    void *socket = zmq_socket(context, type);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &mark, sizeof mark);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &mark, sizeof mark);
    if (zmq_bind(socket, endpoint) != 0) _exit(1);
    return socket;
}

static void run_proxy(const struct middle *own, int ready_fd) {
    void *context = zmq_ctx_new();
    void *input = bind_socket(context, ZMQ_PULL, own->input), *output = bind_socket(context, ZMQ_PUSH, own->output);
    tell_ready(ready_fd);
    zmq_proxy(input, output, NULL);
}

static _Atomic int64_t *stage_cpu_ns;

/* Notes what the stage's thread has used so far, and waits. */
static void note_and_wait(struct transport_connection *connection, size_t place, int timeout_ms) {
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    atomic_store(stage_cpu_ns, (int64_t)used.tv_sec * 1000000000 + used.tv_nsec);
    zmq_transport.wait(connection, place, timeout_ms);
}

static void run_stage(const struct middle *own, unsigned workers, const struct rule_set *rules, int ready_fd) {
    char file[sizeof own->folder + 16], error[TRANSPORT_ERROR_CHARS];
    snprintf(file, sizeof file, "%s/audit", own->folder);
    const struct stage_config config = {.name = "bench",
                                        .input = {.kind = SOCKET_PULL,
                                                  .is_bound = true,
                                                  .endpoints = {own->input},
                                                  .endpoint_count = 1,
                                                  .high_water_mark = MIDDLE_HIGH_WATER_MARK},
                                        .outputs = {{.name = "out",
                                                     .purpose = "advertising",
                                                     .withheld_classes = (UINT64_C(1) << rules->class_count) - 1,
                                                     .socket = {.kind = SOCKET_PUSH,
                                                                .is_bound = true,
                                                                .endpoints = {own->output},
                                                                .endpoint_count = 1,
                                                                .high_water_mark = MIDDLE_HIGH_WATER_MARK}}},
                                        .output_count = 1,
                                        .limits = LIMITS_DEFAULT,
                                        .workers = workers,
                                        .drain_ms = 1000};
    struct transport transport = zmq_transport;
    transport.wait = note_and_wait;
    stage_cpu_ns = own->stage_cpu_ns;
    struct audit *audit = audit_open(file);
    struct stage *stage = audit != NULL ? stage_create(&config, rules, audit, &transport) : NULL;
    if (stage == NULL || stage_start(stage, error) != 0) return;
    tell_ready(ready_fd);
    stage_wait(stage);
}

static int wait_until_ready(int fd) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char byte;
    return poll(&ready, 1, READY_MS) == 1 && read(fd, &byte, 1) == 1 ? 0 : -1;
}

/* No workers: a proxy. */
static int start(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules) {
    int ready[2];
    *middle = (struct middle){.folder = "/tmp/cordon-bench-XXXXXX"};
    middle->stage_cpu_ns =
        mmap(NULL, sizeof *middle->stage_cpu_ns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (middle->stage_cpu_ns == MAP_FAILED || mkdtemp(middle->folder) == NULL || pipe(ready) != 0) return -1;
    choose_endpoint(middle, transport, "in", middle->input);
    choose_endpoint(middle, transport, "out", middle->output);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ready[0]);
        if (workers == 0)
            run_proxy(middle, ready[1]);
        else
            run_stage(middle, workers, rules, ready[1]);
        _exit(1);
    }
    close(ready[1]);
    middle->pid = pid > 0 ? pid : 0;
    const int result = pid > 0 ? wait_until_ready(ready[0]) : -1;
    close(ready[0]);
    return result;
}

int middle_start(struct middle *middle, enum middle_kind kind, const char *transport, const struct rule_set *rules) {
    return start(middle, kind == MIDDLE_STAGE ? 1 : 0, transport, rules);
}

int middle_start_stage(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules) {
    return start(middle, workers, transport, rules);
}

void middle_stop(struct middle *middle) {
    static const char *const files[] = {"in", "out", "audit"};
    if (middle->pid > 0) {
        kill(middle->pid, SIGKILL);
        waitpid(middle->pid, NULL, 0);
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char file[sizeof middle->folder + 16];
        snprintf(file, sizeof file, "%s/%s", middle->folder, files[i]);
        unlink(file);
    }
    rmdir(middle->folder);
    if (middle->stage_cpu_ns != MAP_FAILED) munmap(middle->stage_cpu_ns, sizeof *middle->stage_cpu_ns);
    middle->pid = 0;
}

int64_t middle_cpu_ns(const struct middle *middle) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(middle->pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return -1;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int64_t middle_stage_cpu_ns(const struct middle *middle) {
    return atomic_load(middle->stage_cpu_ns);
}

size_t middle_peak_kib(const struct middle *middle) {
    char name[48], line[128];
    size_t kib = 0;
    snprintf(name, sizeof name, "/proc/%d/status", (int)middle->pid);
    FILE *file = fopen(name, "re");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file) != NULL && kib == 0)
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtoul(line + 6, NULL, 10);
    fclose(file);
    return kib;
}
