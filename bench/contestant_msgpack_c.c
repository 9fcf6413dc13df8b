#include "bench/contestant.h"

#include <stdlib.h>

#include <msgpack.h>

enum { ZONE_BYTES = 8192 };

struct own {
    const struct workload *workload;
    msgpack_zone zone;
};

static void *create(const struct subject *subject) {
    if (subject->workload->format != FORMAT_MSGPACK) return NULL;
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->workload = subject->workload;
    if (msgpack_zone_init(&own->zone, ZONE_BYTES)) return own;
    free(own);
    return NULL;
}

static void destroy(void *self) {
    struct own *own = self;
    msgpack_zone_destroy(&own->zone);
    free(own);
}

static size_t pass(void *self) {
    struct own *own = self;
    size_t keys = 0;
    for (size_t i = 0; i < own->workload->count; i++) {
        const struct frame *message = &own->workload->messages[i];
        msgpack_object object;
        size_t used = 0;
        msgpack_zone_clear(&own->zone);
        const msgpack_unpack_return result =
            msgpack_unpack((const char *)message->bytes, message->length, &used, &own->zone, &object);
        if (result != MSGPACK_UNPACK_SUCCESS) return PASS_FAILED;
        keys += object.type == MSGPACK_OBJECT_MAP ? object.via.map.size : 1;
    }
    return keys;
}

const struct contestant contestant_msgpack_c = {
    .name = "msgpack-c object tree", .counts = "keys", .create = create, .pass = pass, .destroy = destroy};
