#include "bench/instructions.h"

#ifdef BENCH_HAS_CALLGRIND

#include <valgrind/callgrind.h>

bool instructions_are_counted(void) {
    return RUNNING_ON_VALGRIND != 0;
}

void instructions_begin(void) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
}

void instructions_end(const char *name) {
    CALLGRIND_DUMP_STATS_AT(name);
    CALLGRIND_STOP_INSTRUMENTATION;
}

#else

bool instructions_are_counted(void) {
    return false;
}

void instructions_begin(void) {}

void instructions_end(const char *name) {
    (void)name;
}

#endif
