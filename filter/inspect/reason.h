#pragma once
/* Why a message could not be proven clean. Every reason but REASON_NONE withholds the message on every output. */

enum reason {
    REASON_NONE,           /* read whole and scanned whole */
    REASON_MALFORMED,      /* not a complete msgpack or JSON value */
    REASON_TRAILING_BYTES, /* bytes follow the value */
    REASON_TOO_DEEP,       /* containers nested beyond limits.depth */
    REASON_TOO_LARGE,      /* frames together exceed limits.message_bytes, or there are too many */
    REASON_BUDGET,         /* a bound on fields, text, candidates, steps or unwrapping was reached */
    REASON_ENGINE,         /* a matcher returned anything but success */
    REASON_MEMORY,         /* memory could not be had */
    REASON_COUNT
};

/* The fixed name used in records and on the command line ("malformed", "trailing-bytes", ...); NULL for REASON_NONE. */
const char *reason_name(enum reason reason);
