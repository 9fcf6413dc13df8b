#pragma once
/* The steps of a proof, for the two walks through a payload. Each returns false when the proof ends without holding.
   Only proof*.c includes this. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/field_type.h"
#include "inspect/marks.h"
#include "inspect/memo.h"
#include "inspect/proof.h"
#include "inspect/route.h"
#include "inspect/short_memo.h"

/* A text that the memo will keep when the patterns that were asked find nothing. */
struct proof_pending {
    uint64_t hash; /* of a text for the memo of longer ones */
    const uint8_t *text;
    size_t length;
};

enum { PROOF_PENDING_MAX = 32 }; /* of one message; more are not kept */

struct proof {
    const struct rule_set *rules;
    struct limits limits;
    struct match *match;
    struct routes *routes;
    struct memo *memo;
    struct short_memo short_memo;
    bool has_no_memos;               /* nothing is noted in them */
    uint64_t natural_min;            /* a natural number that patterns could match in */
    uint64_t integer_min;            /* the magnitude of a negative one */
    double real_min;                 /* the magnitude of a real */
    size_t decoded_bytes;            /* of this message, all layers together */
    size_t steps;                    /* the most that the long way takes for field rules, see CONFIRM_STEPS_MAX */
    size_t field_count;              /* the most fields that the long way could make of it so far */
    struct marks marks;              /* the frames, and what was decoded */
    uint8_t *suspects[SIEVE_GROUPS]; /* what a group must scan, a line feed behind each text */
    size_t suspect_bytes[SIEVE_GROUPS];
    size_t suspect_capacity;
    struct proof_pending pending[PROOF_PENDING_MAX];
    size_t pending_count;
};

/* A text, key or binary value that stands at the end of a route, below that many layers. */
struct proof_text {
    const uint8_t *bytes; /* marked */
    size_t length;
    struct route *route;
    enum field_type type;
    size_t layers;
};

bool proof_take_text(struct proof *own, const struct proof_text *text);

/* Does it matter where a value of that type stands? */
static inline bool proof_is_attended(const struct route *route, enum field_type type) {
    return (route->attended & FIELD_BIT(type)) != 0;
}

/* A number as text, of so many digits or with so many characters that a pattern could match in it. Marked. */
bool proof_take_number(struct proof *own, const uint8_t *digits, size_t length, struct route *route,
                       enum field_type type);

/* Does a field rule hold for a value of that type here, for all that is known? */
static inline bool proof_is_ruled(const struct route *route, enum field_type type) {
    return (route->ruled & FIELD_BIT(type)) != 0;
}

/* Must a value of that type be looked at for where it stands: by a validator, or a pattern that applies in some paths
   only? */
static inline bool proof_is_marked(const struct route *route, enum field_type type) {
    return ((route->judged | route->scoped) & FIELD_BIT(type)) != 0;
}

/* A key that was not foreseen: the route to it, or NULL when the proof ends. */
struct route *proof_take_key(struct proof *own, struct route *container, const uint8_t *key, size_t length,
                             size_t layers);

/* The text as a whole msgpack or JSON value, `layers` below the message. False also when it is none. */
bool proof_walk_msgpack(struct proof *own, const struct proof_text *text);
bool proof_walk_json(struct proof *own, const struct proof_text *text);
