#include "stage/judge.h"

#include <stdlib.h>

struct judge {
    const struct stage_config *config;
    const struct rule_set *rules;
    struct inspector *inspector;
};

struct judge *judge_create(const struct stage_config *config, const struct rule_set *rules) {
    struct judge *own = malloc(sizeof *own);
    if (own == NULL) return NULL;
    *own = (struct judge){config, rules, inspector_create(rules, &config->limits)};
    if (own->inspector == NULL) judge_destroy(&own);
    return own;
}

void judge_destroy(struct judge **judge) {
    if (*judge == NULL) return;
    inspector_destroy(&(*judge)->inspector);
    free(*judge);
    *judge = NULL;
}

int judgement_init(struct judgement *judgement, const struct stage_config *config) {
    judgement->records = NULL;
    if (config->batching != BATCHING_RECORDS) return 0;
    judgement->records = malloc(sizeof *judgement->records);
    return judgement->records != NULL ? 0 : -1;
}

void judgement_reset(struct judgement *judgement) {
    free(judgement->records);
    judgement->records = NULL;
}

static uint64_t outputs_to_withhold(const struct stage_config *config, const struct inspection *inspection) {
    uint64_t outputs = 0;
    for (size_t i = 0; i < config->output_count; i++)
        if (verdict_for(inspection, config->outputs[i].withheld_classes) == VERDICT_WITHHOLD)
            outputs |= UINT64_C(1) << i;
    return outputs;
}

static void describe(struct judge *own, struct judgement *judgement, uint64_t outputs) {
    judgement->record =
        withheld_describe(&judgement->names, own->config, own->rules, own->inspector, &judgement->inspection, outputs);
    judgement->record.bytes = judgement->inspection.bytes;
}

static void judge_records(struct judge *own, struct judgement *judgement) {
    struct records *records = judgement->records;
    judgement->withheld_outputs = UINT64_MAX;
    for (size_t i = 0; i < records->count; i++) {
        records_inspect(records, i, own->inspector, &judgement->inspection);
        const uint64_t outputs = outputs_to_withhold(own->config, &judgement->inspection);
        records->items[i].withheld_from = (uint32_t)outputs;
        judgement->withheld_outputs &= outputs;
    }
}

void judge_message(struct judge *judge, const struct message *message, struct judgement *judgement) {
    const struct stage_config *config = judge->config;
    struct inspection *inspection = &judgement->inspection;
    enum reason reason = REASON_NONE;
    if (judgement->records != NULL)
        reason =
            records_cut(judgement->records, message->frames, message->frame_count, config->format, &config->limits);
    if (judgement_has_records(judgement)) {
        judge_records(judge, judgement);
        return;
    }
    if (reason == REASON_NONE) {
        inspect(judge->inspector, message->frames, message->frame_count, config->format, inspection);
    } else {
        *inspection = (struct inspection){.reason = reason};
    }
    inspection->bytes = message->bytes;
    judgement->withheld_outputs = outputs_to_withhold(config, inspection);
    if (judgement->withheld_outputs != 0) describe(judge, judgement, judgement->withheld_outputs);
}

void judge_record(struct judge *judge, struct judgement *judgement, size_t position) {
    records_inspect(judgement->records, position, judge->inspector, &judgement->inspection);
    describe(judge, judgement, judgement->records->items[position].withheld_from);
    judgement->record.is_record = true;
    judgement->record.record = position;
}
