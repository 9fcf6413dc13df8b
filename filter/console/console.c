#include "console/console.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

/* The console is read by one monitor and a person or two. */
enum { CONNECTIONS_MAX = 16, IDLE_SECONDS = 5, CONNECTION_BYTES = 16 * 1024, ADDRESS_CHARS = 256 };

struct console {
    struct console_config config;
    struct MHD_Daemon *daemon;
    uint16_t port;
};

/* The escapes of a label's value in Prometheus' text format. */
static void print_label(FILE *out, const char *name, const char *value) {
    fprintf(out, "%s=\"", name);
    for (; *value; value++) {
        if (*value == '\n') {
            fputs("\\n", out);
        } else {
            if (*value == '"' || *value == '\\') putc('\\', out);
            putc(*value, out);
        }
    }
    putc('"', out);
}

static void print_family(FILE *out, const char *name, const char *kind, const char *help) {
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

/* One sample of an output; `label` and `value` name what it counts within the output, or are NULL. */
static void print_sample(FILE *out, const char *family, const struct console_output *output, const char *label,
                         const char *value, const counter *count) {
    fprintf(out, "%s{", family);
    print_label(out, "output", output->name);
    putc(',', out);
    print_label(out, "purpose", output->purpose);
    if (label) {
        putc(',', out);
        print_label(out, label, value);
    }
    fprintf(out, "} %" PRIu64 "\n", counter_read(count));
}

static void print_messages(FILE *out, const struct console_config *config) {
    static const struct {
        const char *family, *help;
        size_t offset;
    } counts[] = {
        {"cordon_received_total", "Messages judged for an output.", offsetof(struct output_counters, received)},
        {"cordon_passed_total", "Messages delivered to an output.", offsetof(struct output_counters, passed)},
        {"cordon_withheld_total", "Messages withheld from an output.", offsetof(struct output_counters, withheld)},
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        print_family(out, counts[i].family, "counter", counts[i].help);
        for (size_t o = 0; o < config->output_count; o++) {
            const char *const base = (const char *)&config->counters->outputs[o];
            print_sample(out, counts[i].family, &config->outputs[o], NULL, NULL,
                         (const counter *)(const void *)(base + counts[i].offset));
        }
    }
}

static void print_classes(FILE *out, const struct console_config *config) {
    static const char family[] = "cordon_withheld_by_class_total";
    print_family(out, family, "counter", "Messages withheld from an output, by class; one with two counts in both.");
    for (size_t o = 0; o < config->output_count; o++)
        for (size_t c = 0; c < config->class_count; c++)
            print_sample(out, family, &config->outputs[o], "class", config->class_names[c],
                         &config->counters->outputs[o].withheld_by_class[c]);
}

static void print_reasons(FILE *out, const struct console_config *config) {
    static const char family[] = "cordon_withheld_by_reason_total";
    print_family(out, family, "counter", "Messages withheld because they could not be proven clean, by reason.");
    for (size_t o = 0; o < config->output_count; o++)
        for (size_t r = 0; r < COUNTERS_REASONS_MAX; r++)
            if (config->reason_names[r])
                print_sample(out, family, &config->outputs[o], "reason", config->reason_names[r],
                             &config->counters->outputs[o].withheld_by_reason[r]);
}

static void print_build(FILE *out, const struct console_config *config) {
    print_family(out, "cordon_build_info", "gauge", "The program's version and the digest of its rule set.");
    fputs("cordon_build_info{", out);
    print_label(out, "version", config->version);
    putc(',', out);
    print_label(out, "rules_digest", config->digest);
    fputs("} 1\n", out);
}

static void print_metrics(FILE *out, const struct console_config *config) {
    print_build(out, config);
    print_family(out, "cordon_received_bytes_total", "counter", "Bytes of all messages received.");
    fprintf(out, "cordon_received_bytes_total %" PRIu64 "\n", counter_read(&config->counters->received_bytes));
    print_messages(out, config);
    print_classes(out, config);
    print_reasons(out, config);
}

static void print_health(FILE *out, const struct console_config *config) {
    (void)config;
    fputs("ok\n", out);
}

struct page {
    const char *path, *content_type;
    void (*print)(FILE *out, const struct console_config *config);
};

static const struct page pages[] = {
    {"/metrics", "text/plain; version=0.0.4; charset=utf-8", print_metrics},
    {"/health", "text/plain; charset=utf-8", print_health},
};

static const struct page *find_page(const char *path) {
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (strcmp(pages[i].path, path) == 0) return &pages[i];
    return NULL;
}

/* Takes over `body`, which was allocated with malloc(). */
static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, const char *content_type, char *body,
                               size_t length) {
    struct MHD_Response *response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        free(body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    const enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text) {
    char *body = strdup(text);
    return body ? respond(connection, status, "text/plain; charset=utf-8", body, strlen(body)) : MHD_NO;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *upload, size_t *upload_length, void **request) {
    (void)version;
    (void)upload;
    (void)upload_length;
    (void)request;
    const struct console *console = context;
    const struct page *page = find_page(path);
    if (!page) return refuse(connection, MHD_HTTP_NOT_FOUND, "not found\n");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed\n");

    char *body = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&body, &length);
    if (!out) return MHD_NO;
    page->print(out, &console->config);
    if (fclose(out) != 0) {
        free(body);
        return MHD_NO;
    }
    return respond(connection, MHD_HTTP_OK, page->content_type, body, length);
}

/* Splits host:port, [host]:port for IPv6. */
static struct addrinfo *resolve(const char *address) {
    char text[ADDRESS_CHARS];
    const char *const colon = strrchr(address, ':');
    if (!colon || strlen(address) >= sizeof text) return NULL;
    const bool is_bracketed = address[0] == '[' && colon > address && colon[-1] == ']';
    const size_t length = (size_t)(colon - address) - (is_bracketed ? 2 : 0);
    memcpy(text, address + is_bracketed, length);
    text[length] = '\0';

    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    return length > 0 && getaddrinfo(text, colon + 1, &hints, &found) == 0 ? found : NULL;
}

/* A listening socket, or -1 with errno. */
static int listen_on(const char *address) {
    struct addrinfo *found = resolve(address);
    if (!found) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    const int yes = 1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
                    bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, CONNECTIONS_MAX) != 0)) {
        const int reason = errno;
        close(fd);
        fd = -1;
        errno = reason;
    }
    freeaddrinfo(found);
    return fd;
}

static uint16_t bound_port(int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t length = sizeof address;
    getsockname(fd, &address.any, &length);
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

struct console *console_start(const struct console_config *config) {
    struct console *console = calloc(1, sizeof *console);
    const int fd = console ? listen_on(config->address) : -1;
    if (fd >= 0) {
        console->config = *config;
        console->port = bound_port(fd);
        console->daemon = MHD_start_daemon(
            MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, answer, console, MHD_OPTION_LISTEN_SOCKET,
            fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
            (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
        if (console->daemon) return console;
        close(fd);
        errno = ENOMEM;
    }
    const int reason = errno;
    free(console);
    errno = reason;
    return NULL;
}

uint16_t console_port(const struct console *console) {
    return console->port;
}

void console_stop(struct console **console) {
    if (!*console) return;
    MHD_stop_daemon((*console)->daemon);
    free(*console);
    *console = NULL;
}
