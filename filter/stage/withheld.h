#pragma once
/* What the audit is told about a withheld message. One thread at a time; allocates nothing per message. */

#include <stddef.h>
#include <stdint.h>

#include "inspect/inspect.h"
#include "record/audit.h"
#include "stage/stage_config.h"

enum { WITHHELD_FINDINGS = 16 }; /* described in one record; all are counted */

/* Room for the names of one record. */
struct withheld {
    struct audit_finding findings[WITHHELD_FINDINGS];
    char paths[WITHHELD_FINDINGS][FINDING_PATH_CHARS];
    const char *layers[WITHHELD_FINDINGS][FINDING_LAYERS];
    const char *classes[RULE_CLASS_MAX];
    const char *outputs[STAGE_OUTPUTS_MAX];
};

/* Describes the message that `inspector` saw last, withheld from `outputs` (one bit each). Time, sequence and size are
   the caller's to set. The record borrows from `own`, the configuration and the rules. */
struct audit_record withheld_describe(struct withheld *own, const struct stage_config *config,
                                      const struct rule_set *rules, const struct inspector *inspector,
                                      const struct inspection *inspection, uint64_t outputs);
