#pragma once
/*
 * ZeroMQ sockets, opened as a configuration says.
 *
 * No ZMTP heartbeats: they would cut the connection to a stopped or pushed-back peer, and with it everything under way.
 * The kernel's keep-alive finds dead hosts instead.
 */

#include "stage/stage_config.h"
#include "stage/transport.h"

/* Opens the socket that `own` describes, which is `config`'s input or one of its outputs. NULL: `error` begins with
   `where` and says why. Closed with zmq_close(). */
void *socket_open(void *context, const struct stage_config *config, const struct socket_config *own, const char *where,
                  char error[TRANSPORT_ERROR_CHARS]);

/* Sets an option that is a number. 0, or -1. */
int socket_set(void *socket, int option, int value);

/* Writes "where: endpoint: reason" for what libzmq refused last; `endpoint` may be empty. */
void socket_explain(char error[TRANSPORT_ERROR_CHARS], const char *where, const char *endpoint);

/* Is any of its endpoints an ipc path? */
bool socket_has_ipc(const struct socket_config *config);
