#pragma once
/*
 * What was sent over Unix sockets and not yet read. libzmq (4.3.4) throws it away at the receiving end when the sender
 * closes while the receiver is behind: its engine takes the hang-up of a connection that it does not read at the moment
 * for an error (stream_engine_base.cpp, in_event_internal()). So the sender keeps its connections open until all is
 * read.
 *
 *     unread_hold(&unread);     duplicates every connected Unix socket of this process
 *     ... libzmq closes its own ...
 *     unread_wait(&unread, timeout_ms);
 */

#include <stdbool.h>
#include <stddef.h>

enum { UNREAD_SOCKETS_MAX = 1024 };

struct unread {
    int fds[UNREAD_SOCKETS_MAX]; /* duplicates */
    size_t count;
};

void unread_hold(struct unread *unread);

/* Waits until the peers have read everything or are gone, and closes the duplicates. False when that took too long. */
bool unread_wait(struct unread *unread, int timeout_ms);
