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

static uint64_t outputs_to_withhold(const struct stage_config *config, const struct inspection *inspection) {
    uint64_t outputs = 0;
    for (size_t i = 0; i < config->output_count; i++)
        if (verdict_for(inspection, config->outputs[i].withheld_classes) == VERDICT_WITHHOLD)
            outputs |= UINT64_C(1) << i;
    return outputs;
}

void judge_message(struct judge *judge, const struct message *message, struct judgement *judgement) {
    struct inspection *inspection = &judgement->inspection;
    inspect(judge->inspector, message->frames, message->frame_count, judge->config->format, inspection);
    judgement->withheld_outputs = outputs_to_withhold(judge->config, inspection);
    if (judgement->withheld_outputs == 0) return;
    judgement->record = withheld_describe(&judgement->names, judge->config, judge->rules, judge->inspector, inspection,
                                          judgement->withheld_outputs);
    judgement->record.bytes = message->bytes;
}
