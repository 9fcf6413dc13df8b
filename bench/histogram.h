#pragma once
/* How often values came, in buckets of fixed bounds: exact below 64, within a thirty-second above. All zeros is empty.
   It lives in one piece, so that processes can share it. */

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_STEPS = 32, HISTOGRAM_BUCKETS = 60 * HISTOGRAM_STEPS };

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
    uint64_t count;
    uint64_t max;
};

void histogram_add(struct histogram *histogram, uint64_t value);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The least bound that this share of all values (0 to 1) does not exceed; at most the greatest value; 0 when empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);
