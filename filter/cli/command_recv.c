#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <zmq.h>

#include "cli/argument.h"
#include "cli/cli.h"
#include "cli/convert.h"
#include "cli/endpoint.h"
#include "inspect/utf8.h"

enum {
    FRAME_BYTES_MAX = 256 << 20,
    POLL_MESSAGES = 256,   /* between looks at signals */
    QUIET_MS = 100,        /* after a signal: without a message for that long, all that had arrived is printed */
    LAST_MESSAGES = 100000 /* after a signal, whatever keeps coming */
};

struct recv_options {
    const char *endpoint;
    bool is_bound, is_sub;
    uint64_t count; /* 0: no end */
    int timeout_ms; /* without a message; -1: no end */
};

static void *open_socket(void *context, const struct recv_options *options) {
    const int linger_ms = 0;
    const int64_t bytes_max = FRAME_BYTES_MAX;
    void *socket = zmq_socket(context, options->is_sub ? ZMQ_SUB : ZMQ_PULL);
    if (socket != NULL && zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms) == 0 &&
        zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &bytes_max, sizeof bytes_max) == 0 &&
        (!options->is_sub || zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) == 0) &&
        (options->is_bound ? zmq_bind : zmq_connect)(socket, options->endpoint) == 0)
        return socket;
    cli_failure("%s: %s", options->endpoint, zmq_strerror(zmq_errno()));
    if (socket != NULL) zmq_close(socket);
    return NULL;
}

/* A frame before the payload is shown as the text that it mostly is, such as a topic. */
static int write_envelope(const uint8_t *bytes, size_t length, struct json_writer *json) {
    if (!utf8_is_text(bytes, length)) return convert_bytes_to_json(bytes, length, json);
    json_writer_bytes(json, bytes, length);
    return 0;
}

static int write_frame(zmq_msg_t *frame, bool is_payload, struct json_writer *json) {
    return (is_payload ? convert_to_json : write_envelope)(zmq_msg_data(frame), zmq_msg_size(frame), json);
}

/* Writes the message whose first frame is in hand, and the frames that follow it, as one line. */
static int write_message(void *socket, zmq_msg_t *frame, struct json_writer *json) {
    if (!zmq_msg_more(frame)) return write_frame(frame, true, json);
    json_writer_object(json);
    json_writer_key(json, "$frames");
    json_writer_array(json);
    int result = write_frame(frame, false, json);
    while (result == 0 && zmq_msg_more(frame)) {
        if (zmq_msg_recv(frame, socket, 0) < 0) return -1;
        result = write_frame(frame, !zmq_msg_more(frame), json);
    }
    json_writer_end(json);
    json_writer_end(json);
    return result;
}

/* Prints a message if there is one. 1, 0 when there is none now, or -1. */
static int print_next(void *socket, struct json_writer *json) {
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    const bool is_there = zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) >= 0;
    int result = is_there ? 1 : zmq_errno() == EAGAIN || zmq_errno() == EINTR ? 0 : -1;
    if (is_there) {
        if (write_message(socket, &frame, json) != 0) result = -1;
        json_writer_line(json);
    }
    zmq_msg_close(&frame);
    return json->has_failed ? -1 : result;
}

/* Prints messages until there are enough, or none for long enough. After a signal what has arrived is printed still. */
static int print_messages(void *socket, int signal_fd, const struct recv_options *options) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    zmq_pollitem_t items[] = {{.fd = signal_fd, .events = ZMQ_POLLIN}, {.socket = socket, .events = ZMQ_POLLIN}};
    uint64_t count = 0, enough = options->count > 0 ? options->count : UINT64_MAX;
    int timeout_ms = options->timeout_ms;
    while (count < enough) {
        const int result = print_next(socket, &json);
        if (result < 0 || (result == 0 && fflush(stdout) != 0))
            return cli_failure("a message could not be received or printed");
        count += (uint64_t)result;
        if (result > 0 && count % POLL_MESSAGES != 0) continue;

        const bool is_interrupted = items[0].fd < 0;
        if (zmq_poll(items + is_interrupted, 2 - is_interrupted, result > 0 ? 0 : timeout_ms) == 0 && result == 0)
            break;
        if (is_interrupted || items[0].revents == 0) continue;
        items[0].fd = -1;
        timeout_ms = QUIET_MS;
        if (enough - count > LAST_MESSAGES) enough = count + LAST_MESSAGES;
    }
    if (count >= options->count) return CLI_DONE;
    return cli_failure("only %" PRIu64 " of %" PRIu64 " messages came", count, options->count);
}

static int receive(const struct recv_options *options) {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    const int signal_fd = signalfd(-1, &ending, SFD_CLOEXEC);
    if (signal_fd < 0) return cli_failure("%s", strerror(errno));

    void *context = zmq_ctx_new();
    void *socket = context != NULL ? open_socket(context, options) : NULL;
    int status = CLI_FAILED;
    if (socket != NULL) {
        status = print_messages(socket, signal_fd, options);
        zmq_close(socket);
    }
    if (context != NULL) zmq_ctx_term(context);
    close(signal_fd);
    return status;
}

static bool read_option(struct recv_options *out, int option, const char *value) {
    switch (option) {
    case 'f':
        out->endpoint = value;
        return true;
    case 'b':
        out->is_bound = true;
        return true;
    case 's':
        out->is_sub = strcmp(value, "sub") == 0;
        return out->is_sub || strcmp(value, "pull") == 0;
    case 'n':
        return argument_natural(value, 1, UINT64_MAX, &out->count);
    default:
        return argument_seconds(value, &out->timeout_ms);
    }
}

int command_recv(int argc, char **argv) {
    static const struct option known[] = {
        {"from", required_argument, NULL, 'f'},    {"bind", no_argument, NULL, 'b'},
        {"socket", required_argument, NULL, 's'},  {"count", required_argument, NULL, 'n'},
        {"timeout", required_argument, NULL, 't'}, {0}};
    struct recv_options options = {.timeout_ms = -1};
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        if (option == '?' || option == ':') return cli_option_error(argv, option);
        if (!read_option(&options, option, optarg)) return cli_usage_error(argv[0], "cannot use '%s' here", optarg);
    }
    if (options.endpoint == NULL) return cli_usage_error(argv[0], "--from is missing");
    if (optind < argc) return cli_usage_error(argv[0], "unexpected '%s'", argv[optind]);
    const char *fault = endpoint_fault(options.endpoint, options.is_bound);
    if (fault != NULL) return cli_usage_error(argv[0], "--from: %s", fault);
    return receive(&options);
}
