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
#include "stage/unread.h"

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

struct sender {
    void *context, *socket;
    void *monitor; /* receives an event when the socket is connected */
};

static int open_sender(struct sender *sender, const struct send_options *options) {
    static const char endpoint[] = "inproc://connected";
    const int yes = 1;
    sender->context = zmq_ctx_new();
    sender->socket = zmq_socket(sender->context, options->is_pub ? ZMQ_XPUB : ZMQ_PUSH);
    sender->monitor = zmq_socket(sender->context, ZMQ_PAIR);
    if (sender->socket != NULL && sender->monitor != NULL &&
        (!options->is_pub || zmq_setsockopt(sender->socket, ZMQ_XPUB_NODROP, &yes, sizeof yes) == 0) &&
        zmq_socket_monitor(sender->socket, endpoint, ZMQ_EVENT_HANDSHAKE_SUCCEEDED) == 0 &&
        zmq_connect(sender->monitor, endpoint) == 0 &&
        (options->is_bound ? zmq_bind : zmq_connect)(sender->socket, options->endpoint) == 0)
        return CLI_DONE;
    return cli_failure("%s: %s", options->endpoint, zmq_strerror(zmq_errno()));
}

/* Closes everything; what was sent has up to `linger_ms` to leave. */
static void close_sender(struct sender *sender, int linger_ms) {
    if (sender->monitor != NULL) zmq_close(sender->monitor);
    if (sender->socket != NULL) {
        zmq_setsockopt(sender->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_close(sender->socket);
    }
    while (zmq_ctx_term(sender->context) != 0 && zmq_errno() == EINTR) {
    }
}

/* A publisher waits for a subscriber, so that none of its messages goes nowhere. */
static int await_subscriber(const struct sender *sender, int timeout_ms) {
    zmq_pollitem_t item = {.socket = sender->socket, .events = ZMQ_POLLIN};
    if (zmq_poll(&item, 1, timeout_ms) > 0) return CLI_DONE;
    return cli_failure("nobody subscribed within %g seconds", timeout_ms / 1000.0);
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

static int left_ms(int64_t deadline_ns) {
    const int64_t now_ns = clock_ns();
    return now_ns < deadline_ns ? (int)((deadline_ns - now_ns) / 1000000) : 0;
}

/* Closes the sender and waits until everything was taken; says so when that takes too long. */
static int finish(struct sender *sender, const struct send_options *options) {
    const int64_t deadline_ns = clock_ns() + (int64_t)options->linger_ms * 1000000;
    zmq_pollitem_t connected = {.socket = sender->monitor, .events = ZMQ_POLLIN};
    zmq_poll(&connected, 1, options->linger_ms);

    struct unread unread;
    unread_hold(&unread);
    close_sender(sender, left_ms(deadline_ns));
    if (unread_wait(&unread, left_ms(deadline_ns)) && left_ms(deadline_ns) > 0) return CLI_DONE;
    return cli_failure("not all of them were taken within %g seconds; the rest is lost", options->linger_ms / 1000.0);
}

static int send_file(const struct payload_file *file, const struct send_options *options) {
    struct sender sender;
    int status = open_sender(&sender, options);
    if (status == CLI_DONE && options->is_pub) status = await_subscriber(&sender, options->linger_ms);
    if (status != CLI_DONE) {
        close_sender(&sender, 0);
        return status;
    }
    const uint64_t sent = send_all(sender.socket, file, options);
    if (sent < file->count * options->repeat_count) status = cli_failure("%s", zmq_strerror(zmq_errno()));
    printf("%" PRIu64 " messages sent\n", sent);
    const int finished = finish(&sender, options);
    return status != CLI_DONE ? status : finished;
}

static int load_and_send(const struct send_options *options) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct payload_file file;
    int status = CLI_BAD_INPUT;
    if (payload_file_load(&file, options->file, options->is_msgpack, &diagnostics) == 0) {
        status =
            file.count > 0 ? send_file(&file, options) : cli_usage_error("send", "%s holds no message", options->file);
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
