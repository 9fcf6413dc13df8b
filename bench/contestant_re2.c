#include "bench/contestant.h"

#ifdef BENCH_HAS_RE2

#include <stdio.h>
#include <stdlib.h>

#include "bench/gathered.h"
#include "bench/re2_set.h"

struct own {
    struct gathered gathered;
    struct re2_set *set;
    char note[80];
};

static void destroy(void *self) {
    struct own *own = self;
    gathered_reset(&own->gathered);
    if (own->set != NULL) re2_set_destroy(own->set);
    free(own);
}

static void *create(const struct subject *subject) {
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    size_t taken_count;
    own->set = re2_set_create(subject->patterns->texts, subject->patterns->count, &taken_count);
    if (own->set != NULL && gathered_make(&own->gathered, subject->workload, subject->rules) == 0) {
        if (taken_count < subject->patterns->count)
            snprintf(own->note, sizeof own->note, "RE2 takes only %zu of %zu patterns", taken_count,
                     subject->patterns->count);
        return own;
    }
    destroy(own);
    return NULL;
}

static size_t pass(void *self) {
    struct own *own = self;
    size_t matches = 0;
    for (size_t i = 0; i < own->gathered.text_count; i++) {
        const size_t count = re2_set_match(own->set, own->gathered.texts[i].bytes, own->gathered.texts[i].length);
        if (count == SIZE_MAX) return PASS_FAILED;
        matches += count;
    }
    return matches;
}

static const char *note(const void *self) {
    return ((const struct own *)self)->note;
}

/* What it calls white space is not quite the same, so its count stands by itself. */
const struct contestant contestant_re2 = {.name = "RE2::Set",
                                          .counts = "patterns in messages, RE2",
                                          .create = create,
                                          .pass = pass,
                                          .destroy = destroy,
                                          .note = note};

#endif
