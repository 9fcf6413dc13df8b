#include "bench/contestant.h"

#include <stdlib.h>

#include "inspect/inspect.h"

struct own {
    const struct workload *workload;
    struct inspector *inspector;
    struct inspection inspection;
};

static void destroy(void *self) {
    struct own *own = self;
    inspector_destroy(&own->inspector);
    free(own);
}

static void *create(const struct subject *subject) {
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->workload = subject->workload;
    own->inspector = inspector_create(subject->rules, &LIMITS_DEFAULT);
    if (own->inspector != NULL) return own;
    destroy(own);
    return NULL;
}

static size_t pass(void *self) {
    struct own *own = self;
    size_t withheld = 0;
    for (size_t i = 0; i < own->workload->count; i++) {
        inspect(own->inspector, &own->workload->messages[i], 1, own->workload->format, &own->inspection);
        withheld += verdict_for(&own->inspection, ~UINT64_C(0)) == VERDICT_WITHHOLD;
    }
    return withheld;
}

static void *create_long(const struct subject *subject) {
    struct own *own = create(subject);
    if (own != NULL) inspector_forgo_proofs(own->inspector);
    return own;
}

const struct contestant contestant_inspect = {
    .name = "inspect", .counts = "messages withheld", .create = create, .pass = pass, .destroy = destroy};
const struct contestant contestant_long_way = {.name = "inspect, the long way",
                                               .counts = "messages withheld",
                                               .create = create_long,
                                               .pass = pass,
                                               .destroy = destroy};
