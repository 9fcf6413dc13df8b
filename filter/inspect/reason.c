#include "inspect/reason.h"

#include <assert.h>
#include <stddef.h>

static const char *const names[REASON_COUNT] = {
    [REASON_NONE] = NULL,           [REASON_MALFORMED] = "malformed", [REASON_TRAILING_BYTES] = "trailing-bytes",
    [REASON_TOO_DEEP] = "too-deep", [REASON_TOO_LARGE] = "too-large", [REASON_BUDGET] = "budget",
    [REASON_ENGINE] = "engine",     [REASON_MEMORY] = "memory",
};

const char *reason_name(enum reason reason) {
    assert(reason < REASON_COUNT);
    return names[reason];
}
