/*
 * Looks at arbitrary messages by the short way and by the long way, with the rules of all packs, to ensure that a proof
 * that holds is right: nothing is found in the message, and no reason withholds it. The first byte chooses the format,
 * the limits and how the rest is cut into frames; each message is looked at twice, so that what the first time was
 * remembered counts too.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "inspect/inspect.h"
#include "inspect/proof.h"
#include "rules/compile/compile.h"

enum { LANES = 2 };

/* Two lanes over the same rules, with little and with less to spend. */
static struct lane {
    struct limits limits;
    struct match *match;
    struct proof *proof;
    struct inspector *long_way;
} lanes[LANES] = {
    {.limits = {.message_bytes = 16384, .depth = 32, .unwrap_depth = 4, .unwrap_bytes = 65536}},
    {.limits = {.message_bytes = 16384, .depth = 4, .unwrap_depth = 1, .unwrap_bytes = 512}},
};

static struct rule_set *rules;

/* Before main(), so that no input is blamed for the time it takes. */
__attribute__((constructor)) static void set_up(void) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    rules = rule_set_load(NULL, 0, &diagnostics);
    diagnostics_reset(&diagnostics);
    fuzz_expect(rules != NULL);
    for (size_t i = 0; i < LANES; i++) {
        struct lane *const lane = &lanes[i];
        lane->match = match_create(rules);
        lane->proof = proof_create(rules, &lane->limits, lane->match);
        lane->long_way = inspector_create(rules, &lane->limits);
        fuzz_expect(lane->match != NULL && lane->proof != NULL && lane->long_way != NULL);
        inspector_forgo_proofs(lane->long_way);
    }
}

static void check_proof(struct lane *lane, const struct frame *frames, size_t count, enum format format) {
    static struct inspection inspection;
    const bool was_holding = proof_holds(lane->proof, frames, count, format);
    if (!proof_holds(lane->proof, frames, count, format) && !was_holding) return;
    fuzz_expect(inspect(lane->long_way, frames, count, format, &inspection) == REASON_NONE);
    fuzz_expect(inspection.classes == 0 && inspection.finding_count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0 || size > lanes[0].limits.message_bytes) return 0;
    const enum format format = data[0] % 3;
    const size_t count = 1 + data[0] / 4 % 2, cut = count > 1 ? (size - 1) * (data[0] / 16) / 16 : 0;
    uint8_t *const first = fuzz_copy(data + 1, cut), *const last = fuzz_copy(data + 1 + cut, size - 1 - cut);
    const struct frame frames[2] = {{first, cut}, {last, size - 1 - cut}};
    for (size_t i = 0; i < LANES; i++) check_proof(&lanes[i], frames + 2 - count, count, format);
    free(first);
    free(last);
    return 0;
}
