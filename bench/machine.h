#pragma once
/* What was measured on what: for the head of every report. */

#include <stdbool.h>

#include "bench/report.h"
#include "inspect/rule_set.h"

/* Was this program compiled for measuring: optimised, without assertions and sanitizers? */
bool machine_build_is_measurable(void);

void machine_report(struct report *report, const struct rule_set *rules);
