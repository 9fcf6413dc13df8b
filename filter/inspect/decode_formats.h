#pragma once
/* The two readers behind decoder_next(); only decode.c calls them. */

#include "inspect/decode.h"

bool msgpack_next(struct decoder *decoder, struct token *token);
bool json_next(struct decoder *decoder, struct token *token);

/* Sets the sticky error and takes the rest of the buffer away; always false, so that readers can return it. */
static inline bool decoder_fail(struct decoder *decoder, enum reason error) {
    decoder->error = error;
    decoder->next = decoder->end;
    return false;
}

/* Opens a container: false when it would be too deep. `left` is the format's own count or state. */
static inline bool decoder_open(struct decoder *decoder, bool is_map, size_t left) {
    if (decoder->depth == decoder->max_depth) return decoder_fail(decoder, REASON_TOO_DEEP);
    decoder->is_map[decoder->depth] = is_map;
    decoder->left[decoder->depth] = left;
    decoder->depth++;
    return true;
}

/* Closes the innermost container; the value is read whole when none is left open. */
static inline void decoder_close(struct decoder *decoder) {
    decoder->depth--;
    decoder->is_done = decoder->depth == 0;
}
