#pragma once
/* The text of every message of a workload, gathered once and for all as inspect() gathers it: what engines are compared
   on. */

#include <stddef.h>
#include <stdint.h>

#include "bench/workload.h"
#include "inspect/frame.h"
#include "inspect/rule_set.h"

struct gathered {
    uint8_t *bytes;
    struct frame *texts; /* one per message, each value followed by a line feed */
    size_t text_count;
    struct frame *values; /* of all messages, without empty ones */
    size_t value_count;
};

/* 0, or -1 when memory ran out or a message is unreadable. Released with gathered_reset() either way. */
int gathered_make(struct gathered *gathered, const struct workload *workload, const struct rule_set *rules);
void gathered_reset(struct gathered *gathered);
