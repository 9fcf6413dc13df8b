#include "bench/middle.h"

#include <arpa/inet.h>
#include <fcntl.h>
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

#include "bench/processors.h"
#include "record/audit.h"
#include "stage/stage.h"

enum { READY_MS = 60000, PATH_CHARS = 512 };

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
    if (write(ready_fd, "ready", 1) != 1) _exit(1);
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
    return poll(&ready, 1, READY_MS) == 1 && read(fd, &byte, 1) == 1 && byte == 'r' ? 0 : -1;
}

static int write_config(const struct middle *own, const char *file, const struct program_config *config) {
    FILE *out = fopen(file, "we");
    if (out == NULL) return -1;
    fprintf(out, "input: {socket: pull, bind: '%s', high_water_mark: %u}\n", own->input, config->high_water_mark);
    fprintf(out, "outputs:\n- {name: out, purpose: advertising, socket: push, bind: '%s', high_water_mark: %u}\n",
            own->output, config->high_water_mark);
    fprintf(out, "audit: {file: '%s/audit'}\n", own->folder);
    for (size_t i = 0; i < config->rule_source_count; i++)
        fprintf(out, "%s- '%s'\n", i == 0 ? "rules:\n" : "", config->rule_sources[i]);
    return fclose(out);
}

/* Becomes the program, whose first words to its standard error are "ready: ..." when it is. */
static void run_program(const char *config_file, int ready_fd) {
    char program[PATH_CHARS] = "";
    if (readlink("/proc/self/exe", program, sizeof program - sizeof "cordon") < 0) return;
    strcpy(strrchr(program, '/') + 1, "cordon");
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(ready_fd, STDERR_FILENO);
    execl(program, program, "run", "-c", config_file, (char *)NULL);
}

static int prepare(struct middle *middle, const char *transport) {
    *middle = (struct middle){.folder = "/tmp/cordon-bench-XXXXXX"};
    middle->stage_cpu_ns =
        mmap(NULL, sizeof *middle->stage_cpu_ns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (middle->stage_cpu_ns == MAP_FAILED || mkdtemp(middle->folder) == NULL) return -1;
    choose_endpoint(middle, transport, "in", middle->input);
    choose_endpoint(middle, transport, "out", middle->output);
    return 0;
}

/* Forks; in the child, which ends with this process, `ready[1]` is what it tells with. */
static pid_t fork_child(int ready[2]) {
    fflush(NULL);
    if (pipe(ready) != 0) return -1;
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ready[0]);
    return 0;
}

static int await_child(struct middle *middle, pid_t pid, const int ready[2]) {
    if (pid < 0) return -1;
    middle->pid = pid;
    close(ready[1]);
    const int result = wait_until_ready(ready[0]);
    close(ready[0]);
    return result;
}

/* No workers: a proxy. */
static int start(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules) {
    int ready[2];
    if (prepare(middle, transport) != 0) return -1;
    const pid_t pid = fork_child(ready);
    if (pid == 0) {
        if (workers == 0)
            run_proxy(middle, ready[1]);
        else
            run_stage(middle, workers, rules, ready[1]);
        _exit(1);
    }
    return await_child(middle, pid, ready);
}

int middle_start_program(struct middle *middle, const char *transport, const struct program_config *config) {
    int ready[2];
    char file[sizeof middle->folder + 16];
    if (prepare(middle, transport) != 0) return -1;
    snprintf(file, sizeof file, "%s/config", middle->folder);
    if (write_config(middle, file, config) != 0) return -1;
    const pid_t pid = fork_child(ready);
    if (pid == 0) {
        run_program(file, ready[1]);
        _exit(1);
    }
    return await_child(middle, pid, ready);
}

int middle_start(struct middle *middle, enum middle_kind kind, const char *transport, const struct rule_set *rules) {
    return start(middle, kind == MIDDLE_STAGE ? 1 : 0, transport, rules);
}

int middle_start_stage(struct middle *middle, unsigned workers, const char *transport, const struct rule_set *rules) {
    return start(middle, workers, transport, rules);
}

void middle_stop(struct middle *middle) {
    static const char *const files[] = {"in", "out", "audit", "config"};
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

int middle_keep_apart(struct middle *middle) {
    middle->is_apart = processors_keep(middle->pid, PROCESSORS_FIRST_HALF) == 0;
    return middle->is_apart ? 0 : -1;
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

int middle_forget_peak(const struct middle *middle) {
    char name[48];
    snprintf(name, sizeof name, "/proc/%d/clear_refs", (int)middle->pid);
    const int fd = open(name, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    const int result = write(fd, "5", 1) == 1 ? 0 : -1;
    close(fd);
    return result;
}
