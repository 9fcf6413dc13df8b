#pragma once
/*
 * Invented bid requests (OpenRTB 2.6), as JSON. Sizes, nesting, number of keys and of texts follow what real traffic
 * shows; no text is taken from it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/random.h"
#include "record/json_writer.h"

struct traffic {
    struct random random;
    bool is_unique;  /* no text value ever comes twice; else they repeat as in real traffic, ids apart */
    uint64_t serial; /* texts written so far, where they are to be unique */
};

/* Writes one request of about `bytes`, at least some 250. With `is_personal` one of its values is something that
   people write or keep privately. */
void traffic_write(struct traffic *traffic, struct json_writer *json, size_t bytes, bool is_personal);
