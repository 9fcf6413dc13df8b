#include "stage/batch.h"

#include <stdlib.h>

int batch_init(struct batch *batch, const struct stage_config *config) {
    for (size_t i = 0; i < BATCH_MESSAGES; i++)
        if (judgement_init(&batch->judgements[i], config) != 0) return -1;
    return 0;
}

void batch_reset(struct batch *batch) {
    for (size_t i = 0; i < BATCH_MESSAGES; i++) judgement_reset(&batch->judgements[i]);
}

struct batch *batch_create(const struct stage_config *config) {
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch != NULL && batch_init(batch, config) != 0) batch_destroy(&batch);
    return batch;
}

void batch_destroy(struct batch **batch) {
    if (*batch == NULL) return;
    batch_reset(*batch);
    free(*batch);
    *batch = NULL;
}

void batch_judge(struct batch *batch, struct judge *judge) {
    for (size_t i = 0; i < batch->count; i++) judge_message(judge, &batch->messages[i], &batch->judgements[i]);
}
