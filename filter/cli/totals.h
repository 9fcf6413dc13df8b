#pragma once
/* What became of the messages: the table of received, passed and withheld, per output, class and reason. */

#include <stdio.h>

#include "inspect/rule_set.h"
#include "record/counters.h"
#include "record/json_writer.h"
#include "stage/stage_config.h"

/* Prints the table for people: one column per output; classes and reasons that nothing was withheld for are left out.
 */
void totals_print(FILE *out, const struct counters *counters, const struct stage_config *stage,
                  const struct rule_set *rules);

/* The same as one JSON object:
   {"outputs":[{"output":..,"purpose":..,"received":..,"passed":..,"withheld":..,"by_class":{..},"by_reason":{..}}]} */
void totals_write(struct json_writer *json, const struct counters *counters, const struct stage_config *stage,
                  const struct rule_set *rules);
