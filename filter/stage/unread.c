#include "stage/unread.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 2 };

static bool has_option(int fd, int name, int expected) {
    int value;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 && value == expected;
}

static bool is_unix_connection(int fd) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    return has_option(fd, SO_DOMAIN, AF_UNIX) && has_option(fd, SO_TYPE, SOCK_STREAM) &&
           getpeername(fd, (struct sockaddr *)&peer, &size) == 0;
}

static void find_connections(struct unread *unread) {
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && unread->count < UNREAD_SOCKETS_MAX;) {
        const int fd = atoi(entry->d_name);
        if (fd > STDERR_FILENO && is_unix_connection(fd)) unread->fds[unread->count++] = fd;
    }
    closedir(folder);
}

void unread_hold(struct unread *unread) {
    unread->count = 0;
    find_connections(unread);
    for (size_t i = 0; i < unread->count; i++) unread->fds[i] = fcntl(unread->fds[i], F_DUPFD_CLOEXEC, 0);
}

static bool is_read(int fd) {
    int bytes;
    return ioctl(fd, SIOCOUTQ, &bytes) != 0 || bytes == 0;
}

bool unread_wait(struct unread *unread, int timeout_ms) {
    const struct timespec tick = {0, TICK_MS * 1000000L};
    bool is_all_read = true;
    for (int left_ms = timeout_ms; unread->count > 0;) {
        const int fd = unread->fds[unread->count - 1];
        const bool is_done = is_read(fd);
        if (is_done || left_ms <= 0) {
            is_all_read &= is_done;
            unread->count--;
            close(fd);
        } else {
            nanosleep(&tick, NULL);
            left_ms -= TICK_MS;
        }
    }
    return is_all_read;
}
