#pragma once
/*
 * A payload that is a list of records: cut into them, so that each is judged as a message of its own, and put together
 * again from those that may pass.
 *
 *     records_cut -> records_inspect for each one -> records_rebuild for each output that may see only some
 *
 * A record is a slice of the payload, and nothing but slices leaves again: what stands around and between them (the
 * head of a msgpack array, white space and commas in JSON) is written anew.
 *
 * Owned by one lane, with room for the largest batch; nothing here allocates. It borrows the frames' bytes until the
 * next records_cut().
 */

#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/frame.h"
#include "inspect/inspect.h"
#include "inspect/limits.h"
#include "inspect/reason.h"

enum { RECORDS_MAX = 16384 }; /* in one message; more withhold it */

struct record {
    uint32_t offset, length; /* bytes of the payload */
    uint32_t withheld_from;  /* the caller's to set: one bit per output that must not see it */
};

struct records {
    size_t count; /* 0: the message is to be judged as a whole */
    enum format format;
    size_t text_left, text_share; /* what may still come; what a record that ran out of its own budget takes */
    size_t inspected_count;       /* those that were searched at all */
    struct frame frames[LIMIT_FRAMES];
    size_t frame_count;
    struct record items[RECORDS_MAX];
};

/*
 * Cuts the last frame, the payload, into the elements of its array. `count` stays 0 when it is no array, an empty one,
 * or the message is too large: inspect() judges such a message. REASON_NONE, or why an array could not be cut whole:
 * MALFORMED, TRAILING_BYTES, TOO_DEEP (beyond LIMIT_DEPTH_MAX; limits.depth holds for each record) or BUDGET (more than
 * RECORDS_MAX). limits.message_bytes must fit 32 bits.
 */
enum reason records_cut(struct records *records, const struct frame *frames, size_t frame_count, enum format format,
                        const struct limits *limits);

/*
 * Inspects one record as the payload of a message with the same frames before it: every record in order, and then any
 * one again, to describe it; the answer is the same. out->bytes are those of the record alone.
 *
 * All records of a batch together may have as much text as one message, each reckoned with the frames before it at the
 * most that its bytes can become: when that is used up, the rest is REASON_BUDGET, with no finding. A record that ran
 * out of its own budget uses up a sixteenth of it.
 */
enum reason records_inspect(struct records *records, size_t position, struct inspector *inspector,
                            struct inspection *out);

/* How many records are not withheld from an output, 0 to 31. */
size_t records_passing(const struct records *records, size_t output);

/* Writes a payload of the records that are not withheld from that output, at least one, in their order. Returns its
   length, at most that of the payload that was cut. */
size_t records_rebuild(const struct records *records, size_t output, uint8_t *out);
