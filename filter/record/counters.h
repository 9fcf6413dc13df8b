#pragma once
/*
 * Counters of one stage: for every output received = passed + withheld (+ what is in hand). Written by one thread
 * without locks, read by any thread; a reader may see a message counted on one output and not yet on the next.
 */

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { COUNTERS_OUTPUTS_MAX = 32, COUNTERS_CLASSES_MAX = 56, COUNTERS_REASONS_MAX = 8 };

typedef _Atomic uint64_t counter;

struct output_counters {
    counter received;
    counter passed;
    counter withheld;
    counter withheld_by_class[COUNTERS_CLASSES_MAX];  /* a message with two classes counts in both */
    counter withheld_by_reason[COUNTERS_REASONS_MAX]; /* by enum reason; none for messages withheld by class */
};

struct counters {
    counter received_bytes;
    counter last_sequence; /* messages read so far */
    struct output_counters outputs[COUNTERS_OUTPUTS_MAX];
};

/* Adds to a counter that only this thread writes. */
static inline void counter_add(counter *value, uint64_t amount) {
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + amount, memory_order_release);
}

static inline uint64_t counter_read(const counter *value) {
    return atomic_load_explicit(value, memory_order_acquire);
}
