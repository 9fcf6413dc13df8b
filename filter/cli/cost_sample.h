#pragma once
/*
 * The messages that rules are measured on: those of a file, or clean bid requests that are built in together with the
 * rules' own negative examples, which come as near to a finding as a harmless message can.
 */

#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "rules/compile/rule_file.h"

enum { COST_SAMPLE_MESSAGES = 512, COST_SAMPLE_BYTES = 4 << 20 /* a single larger message is kept */ };

struct sample_message {
    uint8_t *bytes;
    size_t length;
    enum format format;
};

/* All zeros is empty. Of more messages than there is room for, every second, fourth, ... is kept. */
struct cost_sample {
    struct sample_message messages[COST_SAMPLE_MESSAGES];
    size_t count, bytes;
    size_t stride;           /* one out of so many is kept */
    size_t offered_count;    /* messages seen, those that are not kept included */
    size_t unreadable_count; /* left out: withheld unread, whatever the rules */
};

/* Adds the messages of a file, "-" for standard input. 0, or -1 with errno: it cannot be read, or memory ran out. */
int cost_sample_read(struct cost_sample *sample, const char *path);

/* Adds all negative examples and as many of the built-in messages, in turn. 0, or -1 when out of memory. */
int cost_sample_make(struct cost_sample *sample, const struct rule_drafts *drafts);

void cost_sample_reset(struct cost_sample *sample);
