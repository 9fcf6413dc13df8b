#include "bench/allocations.h"

#include <stdlib.h>

static _Thread_local volatile size_t count;
static _Atomic size_t count_of_all;

size_t allocations_so_far(void) {
    return count;
}

size_t allocations_of_all_threads(void) {
    return count_of_all;
}

/* Sanitizers bring definitions of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t members, size_t size);
void *__libc_realloc(void *memory, size_t size);

static void count_allocation(void) {
    count++;
    count_of_all++;
}

void *malloc(size_t size) {
    count_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t members, size_t size) {
    count_allocation();
    return __libc_calloc(members, size);
}

void *realloc(void *memory, size_t size) {
    count_allocation();
    return __libc_realloc(memory, size);
}

#endif
