#pragma once
/*
 * The scan: all patterns over the gathered text of many fields in one go, with Hyperscan in block mode. It only
 * proposes: a candidate says that a pattern may match in a field. It misses none, because every pattern is
 * compiled so that `^`, `$` and `\b` hold at the edges of a field, and fields are told apart by a line feed.
 *
 * The only place that knows the engine's runtime.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/fields.h"
#include "inspect/reason.h"
#include "inspect/rule_set.h"

enum { CANDIDATES_MAX = 16384 }; /* per scan; more withhold the message */

struct candidate {
    uint32_t pattern; /* position in rule_set.patterns */
    uint32_t field;
};

struct match; /* one lane's scratch */

/* NULL when memory could not be had or the database does not fit this machine. */
struct match *match_create(const struct rule_set *rules);
void match_destroy(struct match **match);

/* Scans the fields from `first_field` on. REASON_NONE: `match_candidates` holds each (pattern, field) that may match,
   once. Anything but success from the engine is REASON_ENGINE. */
enum reason match_scan(struct match *match, const struct rule_set *rules, const struct fields *fields,
                       uint32_t first_field);

/* The candidates of the last scan, in the order the engine met them; valid until the next one. */
const struct candidate *match_candidates(const struct match *match, size_t *count);

/* Does no pattern of the group match anywhere in a text? False also when the engine failed. */
bool match_finds_nothing(struct match *match, const struct rule_set *rules, enum sieve_group group, const uint8_t *text,
                         size_t length);

/* "5.4.0 2021-01-26" */
const char *match_engine_version(void);

/* What the rule set's database was compiled for, as the engine describes it: "Version: 5.4.0 Features: AVX2 Mode:
   BLOCK". Writes "" when there is no database. */
void match_engine_platform(const struct rule_set *rules, char *out, size_t capacity);
