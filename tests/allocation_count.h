#pragma once
/* Counts the allocations of the program that includes it: these definitions take the place of the C library's. Under a
   sanitizer, which has definitions of its own, hooks count. */

#include <stddef.h>
#include <stdlib.h>

static _Atomic size_t allocation_count;
static _Thread_local size_t thread_allocation_count; /* of the calling thread alone */

static void count_one_allocation(void) {
    allocation_count++;
    thread_allocation_count++;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *memory, size_t size),
                                              void (*freed)(const volatile void *memory));

static void count_allocation(const volatile void *memory, size_t size) {
    (void)memory;
    (void)size;
    count_one_allocation();
}

static void ignore_free(const volatile void *memory) {
    (void)memory;
}

__attribute__((constructor)) static void install_hooks(void) {
    __sanitizer_install_malloc_and_free_hooks(count_allocation, ignore_free);
}

#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size) {
    count_one_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    count_one_allocation();
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    count_one_allocation();
    return __libc_realloc(memory, size);
}

#endif
