#pragma once
/* One frame of a message as it came: borrowed bytes, never changed. */

#include <stddef.h>
#include <stdint.h>

struct frame {
    const uint8_t *bytes; /* may be NULL when length is 0 */
    size_t length;        /* bytes */
};
