#pragma once
/*
 * The short way through inspect(): shows that a message is clean, and nothing else. It takes down no fields; what the
 * sieve clears is not scanned, what it does not clear is scanned only by the patterns that may match in it, and a place
 * that field rules name ends the proof.
 *
 * A proof that holds is one: the message was decoded whole, every text, key and number in it was looked at, also what
 * is encoded in them, and nothing was found. One that does not hold says nothing: the long way decides.
 *
 * Owned by one lane; proof_create() allocates everything.
 */

#include <stdbool.h>
#include <stddef.h>

#include "inspect/decode.h"
#include "inspect/frame.h"
#include "inspect/limits.h"
#include "inspect/match.h"
#include "inspect/rule_set.h"

struct proof;

/* `match` is the lane's and is used while proof_holds() runs. NULL when memory could not be had. */
struct proof *proof_create(const struct rule_set *rules, const struct limits *limits, struct match *match);
void proof_destroy(struct proof **proof);

/* Remembers no texts from now on. */
void proof_forgo_memos(struct proof *proof);

/* The frames are within the limits; the last one is the payload. */
bool proof_holds(struct proof *proof, const struct frame *frames, size_t frame_count, enum format format);
