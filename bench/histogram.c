#include "bench/histogram.h"

#include <math.h>

/* Values from 2^k up to 2^(k+1) share HISTOGRAM_STEPS buckets; those below 2 * HISTOGRAM_STEPS have one each. */
static size_t find_bucket(uint64_t value) {
    if (value < 2 * HISTOGRAM_STEPS) return (size_t)value;
    const unsigned shift = 63 - (unsigned)__builtin_clzll(value) - 5;
    return (size_t)shift * HISTOGRAM_STEPS + (size_t)(value >> shift);
}

/* The greatest value that falls into a bucket. */
static uint64_t find_bound(size_t bucket) {
    if (bucket < 2 * HISTOGRAM_STEPS) return bucket;
    const size_t shift = bucket / HISTOGRAM_STEPS - 1;
    return (((uint64_t)(bucket % HISTOGRAM_STEPS) + HISTOGRAM_STEPS + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->buckets[find_bucket(value)]++;
    histogram->count++;
    if (value > histogram->max) histogram->max = value;
}

void histogram_merge(struct histogram *into, const struct histogram *from) {
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) into->buckets[i] += from->buckets[i];
    into->count += from->count;
    if (from->max > into->max) into->max = from->max;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share) {
    const uint64_t wanted = (uint64_t)ceil(share * (double)histogram->count);
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen < wanted || seen == 0) continue;
        const uint64_t bound = find_bound(i);
        return bound < histogram->max ? bound : histogram->max;
    }
    return histogram->max;
}
