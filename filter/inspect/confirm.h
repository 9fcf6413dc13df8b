#pragma once
/*
 * Confirmation: whether a candidate, or a field at a named place, meets every condition of its rule. Each value is
 * looked at by itself, with PCRE2 (byte mode, bounded by limits of its own) and the rule's validator.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/fields.h"
#include "inspect/match.h"
#include "inspect/reason.h"
#include "inspect/rule_set.h"

enum {
    CONFIRM_STEPS_MAX = 262144,         /* matches and places looked at per message; more withhold it */
    CONFIRM_BYTES_MAX = 64 << 20,       /* bytes that matching walked over per message; more withhold it */
    CONFIRM_BACKTRACKS_MAX = 200000,    /* of one pattern at one place in a value ... */
    CONFIRM_BACKTRACKS_ALL = 100000000, /* ... and at all places in a message: about a second */
    CONFIRM_STACK_BYTES = 256 * 1024
};

struct confirm; /* one lane's working memory */

struct confirm *confirm_create(void);
void confirm_destroy(struct confirm **confirm);

/* Called for every finding: `rule` holds in `field`. */
typedef void confirm_found(void *context, uint32_t rule, uint32_t field);

/* Forgets the steps of the last message. */
void confirm_begin(struct confirm *confirm);

/* Confirms candidates of the scan. Any reason but REASON_NONE: it could not be decided. */
enum reason confirm_candidates(struct confirm *confirm, const struct rule_set *rules, const struct fields *fields,
                               const struct candidate *candidates, size_t count, confirm_found *found, void *context);

/* Would a field rule hold for this value, but for its allow entries, where it stands at one of the rule's places? */
bool confirm_may_hold(const struct rule *rule, const uint8_t *text, size_t length);

/* Applies the field rules to the fields from first_field up to, without, end_field. */
enum reason confirm_places(struct confirm *confirm, const struct rule_set *rules, const struct fields *fields,
                           uint32_t first_field, uint32_t end_field, confirm_found *found, void *context);
