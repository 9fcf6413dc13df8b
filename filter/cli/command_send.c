#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <zmq.h>

#include "cli/argument.h"
#include "cli/cli.h"
#include "cli/endpoint.h"
#include "cli/payload_file.h"
#include "cli/progress.h"

enum { LINGER_MS = 30 * 1000 };

struct send_options {
    const char *endpoint, *file;
    bool is_bound, is_pub, is_msgpack;
    uint64_t rate; /* messages per second; 0: as fast as they are taken */
    uint64_t repeat_count;
    int linger_ms;
};

static int64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A publisher waits for a subscriber, so that none of its messages goes nowhere. */
static int wait_for_subscriber(void *socket, int timeout_ms) {
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    if (zmq_poll(&item, 1, timeout_ms) > 0) return 0;
    return cli_failure("nobody subscribed within %d seconds", timeout_ms / 1000);
}

static void *open_socket(void *context, const struct send_options *options) {
    const int yes = 1;
    void *socket = zmq_socket(context, options->is_pub ? ZMQ_XPUB : ZMQ_PUSH);
    if (socket != NULL && zmq_setsockopt(socket, ZMQ_LINGER, &options->linger_ms, sizeof(int)) == 0 &&
        (!options->is_pub || zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &yes, sizeof yes) == 0) &&
        (options->is_bound ? zmq_bind : zmq_connect)(socket, options->endpoint) == 0)
        return socket;
    cli_failure("%s: %s", options->endpoint, zmq_strerror(zmq_errno()));
    if (socket != NULL) zmq_close(socket);
    return NULL;
}

static void sleep_until(int64_t due_ns) {
    const struct timespec due = {.tv_sec = due_ns / 1000000000, .tv_nsec = due_ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {
    }
}

/* Sends one message, however long it takes until there is room for it. */
static int send_payload(void *socket, const void *bytes, size_t length) {
    int sent;
    while ((sent = zmq_send(socket, bytes, length, 0)) < 0 && zmq_errno() == EINTR) {
    }
    return sent;
}

/* Returns how many were sent, which is less than all only when the socket failed. */
static uint64_t send_all(void *socket, const struct payload_file *file, const struct send_options *options) {
    const uint64_t total = file->count * options->repeat_count;
    const int64_t start_ns = clock_ns();
    struct progress progress = {0};
    uint64_t sent = 0;
    for (; sent < total; sent++) {
        const struct payload *payload = &file->payloads[sent % file->count];
        if (options->rate > 0) sleep_until(start_ns + (int64_t)((double)sent * 1e9 / (double)options->rate));
        if (send_payload(socket, file->bytes + payload->offset, payload->length) < 0) break;
        if (sent % 64 == 0 && progress_is_due(&progress))
            progress_show(&progress, "%" PRIu64 " of %" PRIu64 " messages sent", sent, total);
    }
    progress_clear(&progress);
    return sent;
}

/* Closes the socket and waits until all is under way; says so when that takes too long. */
static int finish(void *context, void *socket, const struct send_options *options) {
    const int64_t deadline_ns = clock_ns() + (int64_t)options->linger_ms * 1000000;
    zmq_close(socket);
    while (zmq_ctx_term(context) != 0 && zmq_errno() == EINTR) {
    }
    if (clock_ns() < deadline_ns) return CLI_DONE;
    return cli_failure("not all of them were taken within %d seconds; the rest is lost", options->linger_ms / 1000);
}

static int send_file(const struct payload_file *file, const struct send_options *options) {
    void *context = zmq_ctx_new();
    void *socket = context != NULL ? open_socket(context, options) : NULL;
    if (socket == NULL) {
        zmq_ctx_term(context);
        return CLI_FAILED;
    }
    int status = options->is_pub ? wait_for_subscriber(socket, options->linger_ms) : CLI_DONE;
    if (status == CLI_DONE) {
        const uint64_t sent = send_all(socket, file, options);
        printf("%" PRIu64 " messages sent\n", sent);
        if (sent < file->count * options->repeat_count) status = cli_failure("%s", zmq_strerror(zmq_errno()));
    }
    const int finished = finish(context, socket, options);
    return status != CLI_DONE ? status : finished;
}

static int load_and_send(const struct send_options *options) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct payload_file file;
    int status = CLI_BAD_INPUT;
    if (payload_file_load(&file, options->file, options->is_msgpack, &diagnostics) == 0) {
        status = send_file(&file, options);
    } else {
        cli_print_diagnostics(stderr, &diagnostics);
    }
    payload_file_reset(&file);
    diagnostics_reset(&diagnostics);
    return status;
}

/* Which of two words it is: 0 or 1, or -1 for neither. */
static int choose(const char *text, const char *first, const char *second) {
    return strcmp(text, first) == 0 ? 0 : strcmp(text, second) == 0 ? 1 : -1;
}

static bool read_option(struct send_options *out, int option, const char *value) {
    int choice = 0;
    switch (option) {
    case 't':
        out->endpoint = value;
        return true;
    case 'b':
        out->is_bound = true;
        return true;
    case 's':
        out->is_pub = (choice = choose(value, "push", "pub")) == 1;
        return choice >= 0;
    case 'a':
        out->is_msgpack = (choice = choose(value, "json", "msgpack")) == 1;
        return choice >= 0;
    case 'r':
        return argument_natural(value, 1, 1000000000, &out->rate);
    case 'n':
        return argument_natural(value, 1, 1000000000, &out->repeat_count);
    default:
        return argument_seconds(value, &out->linger_ms);
    }
}

int command_send(int argc, char **argv) {
    static const struct option known[] = {
        {"to", required_argument, NULL, 't'},     {"bind", no_argument, NULL, 'b'},
        {"socket", required_argument, NULL, 's'}, {"as", required_argument, NULL, 'a'},
        {"rate", required_argument, NULL, 'r'},   {"repeat", required_argument, NULL, 'n'},
        {"linger", required_argument, NULL, 'l'}, {0}};
    struct send_options options = {.repeat_count = 1, .linger_ms = LINGER_MS};
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        if (option == '?' || option == ':') return cli_option_error(argv, option);
        if (!read_option(&options, option, optarg)) return cli_usage_error(argv[0], "cannot use '%s' here", optarg);
    }
    if (options.endpoint == NULL) return cli_usage_error(argv[0], "--to is missing");
    const char *fault = endpoint_fault(options.endpoint, options.is_bound);
    if (fault != NULL) return cli_usage_error(argv[0], "--to: %s", fault);
    if (optind + 1 != argc) return cli_usage_error(argv[0], "one FILE or - is needed");
    options.file = argv[optind];
    return load_and_send(&options);
}
