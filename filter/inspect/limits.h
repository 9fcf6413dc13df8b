#pragma once
/* Bounds on one message. Reaching any of them withholds the message; none of them lets a part go unscanned. */

#include <stddef.h>

enum {
    LIMIT_DEPTH_MAX = 256,      /* the most that limits.depth may be */
    LIMIT_FRAMES = 64,          /* frames of one message */
    LIMIT_UNWRAP_DEPTH_MAX = 8, /* the most that limits.unwrap_depth may be */
};

struct limits {
    size_t message_bytes; /* all frames of a message together */
    size_t depth;         /* containers nested in each other, from 1 to LIMIT_DEPTH_MAX */
    size_t unwrap_depth;  /* encodings nested in each other, from 0 to LIMIT_UNWRAP_DEPTH_MAX */
    size_t unwrap_bytes;  /* decoded bytes per message, all layers together */
};

#define LIMITS_DEFAULT                                                                                                 \
    ((struct limits){.message_bytes = 1 << 20, .depth = 64, .unwrap_depth = 4, .unwrap_bytes = 4 << 20})
