#pragma once
/*
 * inspect(): one message and a rule set in, classes and findings out. It knows no socket, clock, log or file, and after
 * inspector_create() it allocates nothing.
 *
 *     decode -> fields -> match -> confirm -> unwrap* -> decide
 *
 * Proven clean means REASON_NONE and no class: the message was decoded whole, scanned whole and nothing was found.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/decode.h"
#include "inspect/frame.h"
#include "inspect/limits.h"
#include "inspect/reason.h"
#include "inspect/rule_set.h"

enum verdict { VERDICT_PASS, VERDICT_WITHHOLD };

enum {
    FINDINGS_KEPT = 64,       /* more are counted and count for the verdict, but are not described */
    FINDING_PATH_CHARS = 256, /* room for the longest shown path */
    FINDING_LAYERS = LIMIT_UNWRAP_DEPTH_MAX
};

struct finding {
    uint32_t rule;   /* position in rule_set.rules */
    uint32_t field;  /* for inspector_path() and inspector_layers() */
    uint32_t length; /* bytes of the value that it was found in */
};

struct inspection {
    enum reason reason;
    uint64_t classes;     /* bit = position in rule_set.class_names */
    size_t bytes;         /* all frames together */
    size_t finding_count; /* all of them */
    size_t kept_count;    /* those in findings[] */
    struct finding findings[FINDINGS_KEPT];
};

/* The working memory of one lane. */
struct inspector;

/* Working memory for one lane and one rule set, which must outlive it. NULL when memory could not be had. */
struct inspector *inspector_create(const struct rule_set *rules, const struct limits *limits);
void inspector_destroy(struct inspector **inspector);

/* From now on no proof is tried (see proof.h): every message goes the long way. Verdicts stay what they are; for
   comparing and measuring. */
void inspector_forgo_proofs(struct inspector *inspector);

/* From now on every text is looked at as if it came for the first time, as long as none was looked at before: what
   rules cost then does not depend on how often a sample is repeated. Not after inspector_forgo_proofs(). */
void inspector_forgo_memos(struct inspector *inspector);

/*
 * Inspects one message. The last frame is the payload; the frames before it (topic, envelope) are searched as they
 * are, and decoded too when they hold a whole map or array. `out` is filled completely; out->reason is returned.
 */
enum reason inspect(struct inspector *inspector, const struct frame *frames, size_t frame_count, enum format format,
                    struct inspection *out);

/* Was this rule found in the message inspected last? Right also beyond FINDINGS_KEPT. */
bool inspector_found_rule(const struct inspector *inspector, size_t rule);

/* The path of a finding of the message inspected last, safe to show: see path_write(). Returns its length. */
size_t inspector_path(const struct inspector *inspector, const struct finding *finding, char *out, size_t capacity);

/* The names of the layers from the message to the finding, outermost first; none for a plain value. Returns how many.
 */
size_t inspector_layers(const struct inspector *inspector, const struct finding *finding,
                        const char *names[FINDING_LAYERS]);

/* The verdict for an output whose purpose must never see `withheld_classes`. */
static inline enum verdict verdict_for(const struct inspection *inspection, uint64_t withheld_classes) {
    return inspection->reason != REASON_NONE || (inspection->classes & withheld_classes) != 0 ? VERDICT_WITHHOLD
                                                                                              : VERDICT_PASS;
}
