#pragma once
/* The rules of the stage's tests: EMAILMARK is e-mail, IDMARK an identifier. */

#include <string.h>

#include "rules/compile/compile.h"
#include "test.h"

static inline struct rule_set *stage_rules(void) {
    static const char text[] = "pack: test\n"
                               "rules:\n"
                               "  - id: email.mark\n"
                               "    name: A mark\n"
                               "    class: email\n"
                               "    pattern: 'EMAILMARK'\n"
                               "    examples: ['EMAILMARK']\n"
                               "    negative_examples: ['none']\n"
                               "  - id: identifier.mark\n"
                               "    name: Another mark\n"
                               "    class: identifier\n"
                               "    pattern: 'IDMARK'\n"
                               "    examples: ['IDMARK']\n"
                               "    negative_examples: ['none']\n";
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&drafts);
    rule_file_parse(&drafts, "test.yaml", text, strlen(text), &diagnostics);
    struct rule_set *rules = rule_set_compile(&drafts, &diagnostics);
    assert_int_equal(diagnostics.error_count, 0);
    assert_non_null(rules);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
    return rules;
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
