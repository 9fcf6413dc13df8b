#pragma once
/*
 * Ways to look at messages, from the whole of inspect() to a part of it or somebody else's: each makes an entrant for
 * measure(). What is borrowed must outlive the entrant.
 */

#include <stddef.h>

#include "bench/measure.h"
#include "bench/pattern_list.h"
#include "bench/workload.h"
#include "inspect/rule_set.h"

struct subject {
    const struct workload *workload;
    const struct rule_set *rules;
    const struct pattern_list *patterns; /* of these rules; for contestants that compile them for another engine */
};

struct contestant {
    const char *name;
    const char *counts;                             /* see struct entrant */
    void *(*create)(const struct subject *subject); /* NULL: it cannot take part */
    size_t (*pass)(void *self);
    void (*destroy)(void *self);
    /* What should be known of this one, such as patterns that it does not take; NULL or an empty text: nothing. */
    const char *(*note)(const void *self);
};

extern const struct contestant contestant_inspect;   /* the product: everything up to the verdict */
extern const struct contestant contestant_long_way;  /* the same when no message is shown to be clean the short way */
extern const struct contestant contestant_walk;      /* the decoder alone */
extern const struct contestant contestant_gather;    /* the decoder and all text into one buffer */
extern const struct contestant contestant_msgpack_c; /* msgpack-c's object tree, its zone used again */
extern const struct contestant contestant_hs_value;  /* Hyperscan once per value */
extern const struct contestant contestant_hs_buffer; /* Hyperscan once over the gathered text, without gathering */
extern const struct contestant contestant_pcre2;     /* PCRE2-JIT, one pattern after the other, over the same */
#ifdef BENCH_HAS_RE2
extern const struct contestant contestant_re2; /* RE2::Set, over the same */
#endif
