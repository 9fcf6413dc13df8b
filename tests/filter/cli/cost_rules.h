#pragma once
/* Rules that cost little and much, each compiled by itself. */

#include <stdio.h>
#include <string.h>

#include "rules/compile/compile.h"

#include "test.h"

#define RULE_OF(id, what, example, negative)                                                                           \
    "rules:\n"                                                                                                         \
    "  - id: " id "\n"                                                                                                 \
    "    name: A rule\n"                                                                                               \
    "    class: email\n"                                                                                               \
    "    " what "\n"                                                                                                   \
    "    examples: [" example "]\n"                                                                                    \
    "    negative_examples: [" negative "]\n"

/* The first one searches every text, the second hardly any. */
#define DEAR_RULE RULE_OF("sample.dear", "pattern: '[a-z]{3}[^!]{9,90}[0-9]'", "'abc 123456789 0'", "'lunch'")
#define CHEAP_RULE RULE_OF("sample.cheap", "pattern: '\\bzebra[0-9]'", "'zebra7'", "'zebras'")

/* Reads rules, none of which may be faulty. */
static inline void parse_rules(struct rule_drafts *drafts, const char *text) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    rule_drafts_init(drafts);
    rule_file_parse(drafts, "rules.yaml", text, strlen(text), &diagnostics);
    assert_int_equal(diagnostics.error_count, 0);
    diagnostics_reset(&diagnostics);
}

/* The rules of a text, compiled; of an empty one the rule set without any. */
static inline struct rule_set *compile_rules(const char *text) {
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&drafts);
    if (*text != '\0') parse_rules(&drafts, text);
    struct rule_set *rules = rule_set_compile(&drafts, &diagnostics);
    assert_non_null(rules);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
    return rules;
}
