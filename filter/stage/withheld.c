#include "stage/withheld.h"

static void describe_finding(struct withheld *own, size_t at, const struct rule_set *rules,
                             const struct inspector *inspector, const struct finding *finding) {
    const struct rule *rule = &rules->rules[finding->rule];
    inspector_path(inspector, finding, own->paths[at], sizeof own->paths[at]);
    own->findings[at] = (struct audit_finding){
        .rule = rule->id,
        .class_name = rules->class_names[rule->class_index],
        .path = own->paths[at],
        .layers = own->layers[at],
        .layer_count = inspector_layers(inspector, finding, own->layers[at]),
        .length = finding->length,
    };
}

/* The names at the positions that are set in `mask`; returns how many. */
static size_t list_classes(const char **names, const struct rule_set *rules, uint64_t mask) {
    size_t count = 0;
    for (size_t i = 0; i < rules->class_count; i++)
        if (mask >> i & 1) names[count++] = rules->class_names[i];
    return count;
}

static size_t list_outputs(const char **names, const struct stage_config *config, uint64_t mask) {
    size_t count = 0;
    for (size_t i = 0; i < config->output_count; i++)
        if (mask >> i & 1) names[count++] = config->outputs[i].name;
    return count;
}

struct audit_record withheld_describe(struct withheld *own, const struct stage_config *config,
                                      const struct rule_set *rules, const struct inspector *inspector,
                                      const struct inspection *inspection, uint64_t outputs) {
    const size_t count = inspection->kept_count < WITHHELD_FINDINGS ? inspection->kept_count : WITHHELD_FINDINGS;
    for (size_t i = 0; i < count; i++) describe_finding(own, i, rules, inspector, &inspection->findings[i]);
    return (struct audit_record){
        .outputs = own->outputs,
        .output_count = list_outputs(own->outputs, config, outputs),
        .classes = own->classes,
        .class_count = list_classes(own->classes, rules, inspection->classes),
        .reason = reason_name(inspection->reason),
        .findings = own->findings,
        .described_count = count,
        .finding_count = inspection->finding_count,
        .digest = rules->digest,
    };
}
