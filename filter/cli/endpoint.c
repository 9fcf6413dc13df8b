#include "cli/endpoint.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    IPC_PATH_BYTES_MAX = 107, /* sun_path of unix(7), without its NUL */
    HOST_CHARS_MAX = 253,
    PORT_MAX = 65535
};

static const char letters_and_digits[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static bool is_made_of(const char *text, size_t length, const char *more) {
    for (size_t i = 0; i < length; i++)
        if (!memchr(letters_and_digits, text[i], sizeof letters_and_digits - 1) && !strchr(more, text[i])) return false;
    return true;
}

/* A name or IPv4 address, or an IPv6 address in brackets, perhaps with its zone. */
static bool is_host(const char *host, size_t length) {
    if (length == 0 || length > HOST_CHARS_MAX) return false;
    if (host[0] != '[') return is_made_of(host, length, ".-_");
    return length > 2 && host[length - 1] == ']' && is_made_of(host + 1, length - 2, ":.%");
}

static const char *port_fault(const char *port) {
    const size_t length = strlen(port);
    const bool is_number = length > 0 && length <= 5 && strspn(port, "0123456789") == length && port[0] != '0';
    return is_number && atoi(port) <= PORT_MAX ? NULL : "the port must be from 1 to 65535";
}

const char *address_fault(const char *address) {
    const char *const colon = strrchr(address, ':');
    return colon && is_host(address, (size_t)(colon - address)) ? port_fault(colon + 1) : "expected host:port";
}

static const char *tcp_fault(const char *address, bool is_bound) {
    if (strncmp(address, "*:", 2) != 0) return address_fault(address);
    return is_bound ? port_fault(address + 2) : "the host '*' can be bound, but not connected to";
}

static const char *ipc_fault(const char *path) {
    const size_t length = strlen(path);
    if (length == 0 || length > IPC_PATH_BYTES_MAX) return "the path of an ipc endpoint must have 1 to 107 bytes";
    for (size_t i = 0; i < length; i++)
        if (iscntrl((unsigned char)path[i])) return "the path of an ipc endpoint must not hold control characters";
    return strcmp(path, "*") == 0 ? "the path of an ipc endpoint must be written out" : NULL;
}

const char *endpoint_fault(const char *endpoint, bool is_bound) {
    if (strncmp(endpoint, "tcp://", 6) == 0) return tcp_fault(endpoint + 6, is_bound);
    if (strncmp(endpoint, "ipc://", 6) == 0) return ipc_fault(endpoint + 6);
    return "expected tcp://host:port or ipc://path";
}
