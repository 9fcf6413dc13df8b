#include "stage/lane.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct lane {
    struct judge *judge;
    struct batch *batches;    /* the ring */
    size_t dealt, taken_back; /* so far, by the stage's thread */
    struct awaited *awaited;
    sem_t waiting; /* batches dealt and not yet begun */
    pthread_t thread;
    bool is_running;
    atomic_bool is_ending;
};

struct lane *lane_create(const struct stage_config *config, const struct rule_set *rules, size_t first_slot,
                         struct awaited *awaited) {
    struct lane *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    sem_init(&own->waiting, 0, 0);
    own->awaited = awaited;
    own->judge = judge_create(config, rules);
    own->batches = calloc(LANE_BATCHES, sizeof *own->batches);
    bool has_memory = own->judge != NULL && own->batches != NULL;
    for (size_t i = 0; i < LANE_BATCHES && has_memory; i++) {
        own->batches[i].first_slot = first_slot + i * BATCH_MESSAGES;
        has_memory = batch_init(&own->batches[i], config) == 0;
    }
    if (!has_memory) lane_destroy(&own);
    return own;
}

void lane_destroy(struct lane **lane) {
    struct lane *own = *lane;
    if (own == NULL) return;
    assert(!own->is_running);
    judge_destroy(&own->judge);
    for (size_t i = 0; i < LANE_BATCHES && own->batches != NULL; i++) batch_reset(&own->batches[i]);
    free(own->batches);
    sem_destroy(&own->waiting);
    free(own);
    *lane = NULL;
}

static void judge_batch(struct lane *own, struct batch *batch) {
    batch_judge(batch, own->judge);
    /* In this order, and the other way round in lanes_await(): one of both sees what the other one did. */
    atomic_store(&batch->is_judged, true);
    if (atomic_load(&own->awaited->batch) == batch) eventfd_write(own->awaited->wake_fd, 1);
}

static void *work(void *context) {
    struct lane *own = context;
    for (size_t judged = 0;; judged++) {
        while (sem_wait(&own->waiting) != 0) {
        }
        if (atomic_load(&own->is_ending)) return NULL;
        judge_batch(own, &own->batches[judged % LANE_BATCHES]);
    }
}

int lane_start(struct lane *lane) {
    atomic_store(&lane->is_ending, false);
    lane->is_running = pthread_create(&lane->thread, NULL, work, lane) == 0;
    if (lane->is_running) pthread_setname_np(lane->thread, "lane");
    return lane->is_running ? 0 : -1;
}

void lane_stop(struct lane *lane) {
    if (!lane->is_running) return;
    assert(lane->dealt == lane->taken_back);
    atomic_store(&lane->is_ending, true);
    sem_post(&lane->waiting);
    pthread_join(lane->thread, NULL);
    lane->is_running = false;
}

struct batch *lane_free_batch(struct lane *lane) {
    return lane->dealt - lane->taken_back < LANE_BATCHES ? &lane->batches[lane->dealt % LANE_BATCHES] : NULL;
}

void lane_deal(struct lane *lane) {
    assert(lane_free_batch(lane) != NULL);
    lane->dealt++;
    sem_post(&lane->waiting);
}

struct batch *lane_oldest_batch(struct lane *lane) {
    assert(lane->taken_back < lane->dealt);
    return &lane->batches[lane->taken_back % LANE_BATCHES];
}

void lane_take_back(struct lane *lane) {
    struct batch *batch = lane_oldest_batch(lane);
    assert(atomic_load(&batch->is_judged));
    batch_clear(batch);
    atomic_store_explicit(&batch->is_judged, false, memory_order_relaxed);
    lane->taken_back++;
}
