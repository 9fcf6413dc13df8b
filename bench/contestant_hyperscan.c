#include "bench/contestant.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <hs/hs.h>

#include "bench/gathered.h"

struct own {
    const struct pattern_list *patterns;
    hs_database_t *database; /* all of them */
    struct gathered gathered;
    hs_scratch_t *scratch;
    bool *is_found; /* by pattern, in the text that is scanned */
    size_t found_count;
};

static void destroy(void *self) {
    struct own *own = self;
    gathered_reset(&own->gathered);
    hs_free_scratch(own->scratch);
    hs_free_database(own->database);
    free(own->is_found);
    free(own);
}

static hs_database_t *compile(const struct pattern_list *patterns) {
    unsigned *flags = calloc(patterns->count, sizeof *flags), *ids = calloc(patterns->count, sizeof *ids);
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    if (flags != NULL && ids != NULL) {
        for (size_t i = 0; i < patterns->count; i++) {
            flags[i] = HS_FLAG_MULTILINE;
            ids[i] = (unsigned)i;
        }
        hs_compile_multi(patterns->texts, flags, ids, (unsigned)patterns->count, HS_MODE_BLOCK, NULL, &database,
                         &error);
    }
    hs_free_compile_error(error);
    free(flags);
    free(ids);
    return database;
}

static void *create(const struct subject *subject) {
    if (subject->patterns == NULL || subject->patterns->count == 0) return NULL;
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->patterns = subject->patterns;
    own->database = compile(subject->patterns);
    own->is_found = calloc(subject->patterns->count, sizeof *own->is_found);
    if (own->database != NULL && own->is_found != NULL &&
        gathered_make(&own->gathered, subject->workload, subject->rules) == 0 &&
        hs_alloc_scratch(own->database, &own->scratch) == HS_SUCCESS)
        return own;
    destroy(own);
    return NULL;
}

static int note_match(unsigned pattern, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)from;
    (void)to;
    (void)flags;
    struct own *own = context;
    own->found_count += !own->is_found[pattern];
    own->is_found[pattern] = true;
    return 0;
}

static size_t scan_all(struct own *own, const struct frame *texts, size_t count) {
    size_t matches = 0;
    for (size_t i = 0; i < count; i++) {
        own->found_count = 0;
        if (hs_scan(own->database, (const char *)texts[i].bytes, (unsigned)texts[i].length, 0, own->scratch, note_match,
                    own) != HS_SUCCESS)
            return PASS_FAILED;
        if (own->found_count > 0) memset(own->is_found, 0, own->patterns->count * sizeof *own->is_found);
        matches += own->found_count;
    }
    return matches;
}

static size_t scan_values(void *self) {
    struct own *own = self;
    return scan_all(own, own->gathered.values, own->gathered.value_count);
}

static size_t scan_buffers(void *self) {
    struct own *own = self;
    return scan_all(own, own->gathered.texts, own->gathered.text_count);
}

const struct contestant contestant_hs_value = {.name = "Hyperscan once per value",
                                               .counts = "patterns in values",
                                               .create = create,
                                               .pass = scan_values,
                                               .destroy = destroy};
const struct contestant contestant_hs_buffer = {.name = "Hyperscan once per message",
                                                .counts = "patterns in messages",
                                                .create = create,
                                                .pass = scan_buffers,
                                                .destroy = destroy};
