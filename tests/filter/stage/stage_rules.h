#pragma once
/* The rules of the stage's tests: EMAILMARK is e-mail, IDMARK an identifier. */

#include "rule_text.h"
#include "stage/stage_config.h"

static inline struct rule_set *stage_rules(void) {
    return rules_of(RULES(RULE("email.mark", "email", "pattern: EMAILMARK")
                              RULE("identifier.mark", "identifier", "pattern: IDMARK")));
}

/* Two outputs: the first withholds every class, the second only e-mail. */
static inline struct stage_config stage_rules_config(const struct rule_set *rules) {
    return (struct stage_config){
        .name = "test",
        .outputs = {{.name = "targeting", .purpose = "advertising", .withheld_classes = UINT64_MAX},
                    {.name = "insights", .purpose = "analytics", .withheld_classes = rule_set_class(rules, "email")}},
        .output_count = 2,
        .limits = LIMITS_DEFAULT,
        .drain_ms = 1000,
    };
}
