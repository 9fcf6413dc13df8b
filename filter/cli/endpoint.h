#pragma once
/* Addresses as people write them, checked before anything is opened. */

#include <stdbool.h>

/* What is wrong with a ZeroMQ endpoint, or NULL when it is tcp://host:port or ipc://path. The host `*`, every address
   of this machine, is only good for binding. */
const char *endpoint_fault(const char *endpoint, bool is_bound);

/* What is wrong with host:port ([host]:port for IPv6), or NULL. */
const char *address_fault(const char *address);
