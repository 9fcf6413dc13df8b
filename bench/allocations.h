#pragma once
/* How often this thread has asked the C library for memory: the program's own definitions of malloc() and its kin count
   before they pass the call on. */

#include <stddef.h>

size_t allocations_so_far(void);

/* The same for all threads together. */
size_t allocations_of_all_threads(void);
