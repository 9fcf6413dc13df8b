#include "stage/lanes.h"

#include <assert.h>
#include <stdlib.h>

#include "stage/lane.h"

struct lanes {
    size_t count;
    size_t dealt, taken_back; /* batches so far; the lane of a batch is its number modulo count */
    struct awaited awaited;
    struct lane *lanes[STAGE_WORKERS_MAX];
};

size_t lanes_slot_count(unsigned workers) {
    return (size_t)workers * LANE_MESSAGES;
}

struct lanes *lanes_create(const struct stage_config *config, const struct rule_set *rules, int wake_fd) {
    assert(config->workers >= 1 && config->workers <= STAGE_WORKERS_MAX);
    struct lanes *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->awaited.wake_fd = wake_fd;
    for (own->count = 0; own->count < config->workers; own->count++) {
        struct lane **lane = &own->lanes[own->count];
        *lane = lane_create(config, rules, own->count * LANE_MESSAGES, &own->awaited);
        if (*lane != NULL) continue;
        lanes_destroy(&own);
        return NULL;
    }
    return own;
}

void lanes_destroy(struct lanes **lanes) {
    if (*lanes == NULL) return;
    for (size_t i = 0; i < (*lanes)->count; i++) lane_destroy(&(*lanes)->lanes[i]);
    free(*lanes);
    *lanes = NULL;
}

int lanes_start(struct lanes *lanes) {
    for (size_t i = 0; i < lanes->count; i++)
        if (lane_start(lanes->lanes[i]) != 0) return -1;
    return 0;
}

void lanes_stop(struct lanes *lanes) {
    for (size_t i = 0; lanes != NULL && i < lanes->count; i++) lane_stop(lanes->lanes[i]);
}

struct batch *lanes_free_batch(struct lanes *lanes) {
    return lane_free_batch(lanes->lanes[lanes->dealt % lanes->count]);
}

void lanes_deal(struct lanes *lanes) {
    lane_deal(lanes->lanes[lanes->dealt++ % lanes->count]);
}

bool lanes_are_busy(const struct lanes *lanes) {
    return lanes->dealt != lanes->taken_back;
}

static struct batch *oldest_batch(struct lanes *own) {
    return lanes_are_busy(own) ? lane_oldest_batch(own->lanes[own->taken_back % own->count]) : NULL;
}

struct batch *lanes_judged_batch(struct lanes *lanes) {
    struct batch *batch = oldest_batch(lanes);
    return batch != NULL && atomic_load_explicit(&batch->is_judged, memory_order_acquire) ? batch : NULL;
}

void lanes_take_back(struct lanes *lanes) {
    lane_take_back(lanes->lanes[lanes->taken_back++ % lanes->count]);
}

bool lanes_await(struct lanes *lanes) {
    struct batch *batch = oldest_batch(lanes);
    atomic_store(&lanes->awaited.batch, batch);
    return batch == NULL || !atomic_load(&batch->is_judged);
}
