#pragma once
/* What a stage is to do, as plain values: read from cordon.yaml by the floor above, checked before any socket opens. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/limits.h"

enum {
    STAGE_OUTPUTS_MAX = 32,
    STAGE_ENDPOINTS_MAX = 16, /* of one socket */
    STAGE_WORKERS_MAX = 64
};

enum batching {
    BATCHING_MESSAGE, /* a message is judged as a whole */
    BATCHING_RECORDS  /* a payload that is a list is judged and delivered by its elements: see inspect/records.h */
};

enum socket_kind { SOCKET_PULL, SOCKET_SUB, SOCKET_PUSH, SOCKET_PUB };

struct socket_config {
    enum socket_kind kind;
    bool is_bound;                              /* bind rather than connect */
    const char *endpoints[STAGE_ENDPOINTS_MAX]; /* tcp:// or ipc:// */
    size_t endpoint_count;
    int high_water_mark; /* messages, at least 1 */
};

struct output_config {
    const char *name;
    const char *purpose;
    uint64_t withheld_classes; /* classes of the rule set that this purpose must never see */
    struct socket_config socket;
};

struct stage_config {
    const char *name;
    struct socket_config input;
    enum format format;
    enum batching batching;
    struct output_config outputs[STAGE_OUTPUTS_MAX];
    size_t output_count;
    struct limits limits;
    unsigned workers; /* lanes that judge messages side by side; up to 1: the stage's own thread judges */
    int drain_ms;     /* how long a stop may take to deliver what was read */
};
