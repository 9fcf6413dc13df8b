#include "bench/contestant.h"

#include <stdlib.h>

#include "inspect/fields.h"

struct own {
    const struct subject *subject;
    struct fields fields;
};

static void destroy(void *self) {
    struct own *own = self;
    fields_reset(&own->fields);
    free(own);
}

static void *create(const struct subject *subject) {
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->subject = subject;
    if (fields_init(&own->fields, &LIMITS_DEFAULT) == 0) return own;
    free(own);
    return NULL;
}

static void begin(const struct own *own, size_t message, struct decoder *decoder) {
    const struct workload *workload = own->subject->workload;
    const struct frame *frame = &workload->messages[message];
    decoder_init(decoder, workload->format, frame->bytes, frame->length, LIMITS_DEFAULT.depth);
}

static size_t walk(void *self) {
    const struct own *own = self;
    size_t tokens = 0;
    for (size_t i = 0; i < own->subject->workload->count; i++) {
        struct decoder decoder;
        struct token token;
        begin(own, i, &decoder);
        while (decoder_next(&decoder, &token)) tokens++;
        if (decoder.error != REASON_NONE) return PASS_FAILED;
    }
    return tokens;
}

static size_t gather(void *self) {
    struct own *own = self;
    size_t fields = 0;
    for (size_t i = 0; i < own->subject->workload->count; i++) {
        struct decoder decoder;
        begin(own, i, &decoder);
        fields_clear(&own->fields);
        const enum reason reason =
            fields_gather(&own->fields, &own->subject->rules->words, &decoder, FIELD_NONE, LAYER_PLAIN);
        if (reason != REASON_NONE) return PASS_FAILED;
        fields += own->fields.count;
    }
    return fields;
}

const struct contestant contestant_walk = {
    .name = "decode walk", .counts = "tokens", .create = create, .pass = walk, .destroy = destroy};
const struct contestant contestant_gather = {
    .name = "decode and gather", .counts = "fields", .create = create, .pass = gather, .destroy = destroy};
