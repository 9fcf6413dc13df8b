#include "cli/rule_cost.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "inspect/inspect.h"

enum {
    TRIALS = 3,
    ROUNDS_MIN = 4,
    MESSAGES_MIN = 2000, /* of all rounds of a trial */
    BLOCK = 16,          /* messages that are timed together */
    BLOCKS_MAX = COST_SAMPLE_MESSAGES / BLOCK + 1
};

/* One of two that are compared. */
struct contender {
    struct inspector *inspector;
    double quickest_ns[BLOCKS_MAX];
};

static double read_cpu_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void time_block(struct contender *own, const struct cost_sample *sample, size_t block) {
    struct inspection inspection;
    const double begin_ns = read_cpu_ns();
    for (size_t i = block * BLOCK; i < sample->count && i < (block + 1) * BLOCK; i++) {
        const struct sample_message *const message = &sample->messages[i];
        const struct frame frame = {message->bytes, message->length};
        inspect(own->inspector, &frame, 1, message->format, &inspection);
    }
    const double passed_ns = read_cpu_ns() - begin_ns;
    if (passed_ns < own->quickest_ns[block]) own->quickest_ns[block] = passed_ns;
}

/* Each goes first half of the time: the second one finds the messages at hand. */
static void run_rounds(struct contender contenders[2], const struct cost_sample *sample) {
    const size_t block_count = (sample->count + BLOCK - 1) / BLOCK, wanted = MESSAGES_MIN / sample->count;
    const size_t rounds = wanted > ROUNDS_MIN ? wanted : ROUNDS_MIN;
    for (size_t block = 0; block < block_count; block++)
        contenders[0].quickest_ns[block] = contenders[1].quickest_ns[block] = 1e18;
    for (size_t round = 0; round < 2 * rounds; round++)
        for (size_t block = 0; block < block_count; block++)
            time_block(&contenders[(round + block) % 2], sample, block);
}

static double quickest_per_message(const struct contender *own, const struct cost_sample *sample) {
    double sum_ns = 0;
    for (size_t block = 0; block * BLOCK < sample->count; block++) sum_ns += own->quickest_ns[block];
    return sum_ns / (double)sample->count;
}

static int run_trial(const struct rule_set *none, const struct rule_set *rule, const struct cost_sample *sample,
                     double *base_ns, double *added_ns) {
    const struct limits limits = LIMITS_DEFAULT;
    struct contender contenders[2] = {{.inspector = inspector_create(none, &limits)},
                                      {.inspector = inspector_create(rule, &limits)}};
    const bool is_ready = contenders[0].inspector != NULL && contenders[1].inspector != NULL;
    if (is_ready) {
        inspector_forgo_memos(contenders[0].inspector);
        inspector_forgo_memos(contenders[1].inspector);
        run_rounds(contenders, sample);
        *base_ns = quickest_per_message(&contenders[0], sample);
        *added_ns = quickest_per_message(&contenders[1], sample) - *base_ns;
    }
    inspector_destroy(&contenders[0].inspector);
    inspector_destroy(&contenders[1].inspector);
    return is_ready ? 0 : -1;
}

static int compare_doubles(const void *one, const void *other) {
    const double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

int rule_cost_measure(struct rule_cost *cost, const struct rule_set *none, const struct rule_set *rule,
                      const struct cost_sample *sample) {
    double base_ns[TRIALS], added_ns[TRIALS];
    for (size_t trial = 0; trial < TRIALS; trial++)
        if (run_trial(none, rule, sample, &base_ns[trial], &added_ns[trial]) != 0) return -1;
    qsort(base_ns, TRIALS, sizeof *base_ns, compare_doubles);
    qsort(added_ns, TRIALS, sizeof *added_ns, compare_doubles);
    *cost = (struct rule_cost){.base_ns = base_ns[TRIALS / 2],
                               .added_ns = added_ns[TRIALS / 2],
                               .spread_ns = added_ns[TRIALS - 1] - added_ns[0]};
    return 0;
}
