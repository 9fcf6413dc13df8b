#pragma once
/* Rule sets for tests, made from a few words of YAML. */

#include <string.h>

#include "rules/compile/compile.h"
#include "test.h"

#define RULES(rules) "rules:\n" rules

/* One rule in one line; `rest` is what it looks for, as in RULE("a.b", "chat", "pattern: 'x'"). */
#define RULE(id, class_name, rest)                                                                                     \
    "- {id: " id ", name: n, class: " class_name ", examples: [x], negative_examples: [y], " rest "}\n"

/* Compiles a rule file's text; NULL when it is refused, with the reasons in `diagnostics`. */
static inline struct rule_set *compile_text(const char *text, struct diagnostics *diagnostics) {
    struct rule_drafts drafts;
    struct rule_set *rules = NULL;
    rule_drafts_init(&drafts);
    rule_file_parse(&drafts, "a.yaml", text, strlen(text), diagnostics);
    if (diagnostics->error_count == 0) rules = rule_set_compile(&drafts, diagnostics);
    rule_drafts_reset(&drafts);
    return rules;
}

/* The rule set of a text that has no fault; the test fails with the first diagnostic when it has. */
static inline struct rule_set *rules_of(const char *text) {
    struct diagnostics diagnostics;
    char line[512];
    diagnostics_init(&diagnostics);
    struct rule_set *rules = compile_text(text, &diagnostics);
    if (rules == NULL && diagnostics.count > 0) {
        diagnostic_format(&diagnostics.items[0], line, sizeof line);
        print_error("%s\n", line);
    }
    diagnostics_reset(&diagnostics);
    assert_non_null(rules);
    return rules;
}
