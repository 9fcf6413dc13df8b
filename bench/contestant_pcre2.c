#define PCRE2_CODE_UNIT_WIDTH 8

#include "bench/contestant.h"

#include <stdlib.h>

#include <pcre2.h>

#include "bench/gathered.h"

enum { STACK_BYTES_MIN = 32 << 10, STACK_BYTES_MAX = 4 << 20 };

struct own {
    struct gathered gathered;
    pcre2_code **codes;
    size_t code_count;
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static void destroy(void *self) {
    struct own *own = self;
    gathered_reset(&own->gathered);
    for (size_t i = 0; i < own->code_count; i++) pcre2_code_free(own->codes[i]);
    free(own->codes);
    pcre2_match_data_free(own->match);
    pcre2_match_context_free(own->context);
    pcre2_jit_stack_free(own->stack);
    free(own);
}

/* As the scan compiles them, so that both find the same. */
static int compile_all(struct own *own, const struct pattern_list *patterns) {
    own->codes = calloc(patterns->count + 1, sizeof *own->codes);
    if (own->codes == NULL) return -1;
    for (; own->code_count < patterns->count; own->code_count++) {
        int error;
        PCRE2_SIZE offset;
        pcre2_code *code = pcre2_compile((PCRE2_SPTR)patterns->texts[own->code_count], PCRE2_ZERO_TERMINATED,
                                         PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, &error, &offset, NULL);
        if (code == NULL) return -1;
        own->codes[own->code_count] = code;
        if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
            own->code_count++;
            return -1;
        }
    }
    return 0;
}

static void *create(const struct subject *subject) {
    struct own *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->match = pcre2_match_data_create(1, NULL);
    own->context = pcre2_match_context_create(NULL);
    own->stack = pcre2_jit_stack_create(STACK_BYTES_MIN, STACK_BYTES_MAX, NULL);
    if (own->match && own->context && own->stack && compile_all(own, subject->patterns) == 0 &&
        gathered_make(&own->gathered, subject->workload, subject->rules) == 0) {
        pcre2_jit_stack_assign(own->context, NULL, own->stack);
        return own;
    }
    destroy(own);
    return NULL;
}

static size_t pass(void *self) {
    struct own *own = self;
    size_t matches = 0;
    for (size_t i = 0; i < own->gathered.text_count; i++) {
        const struct frame *text = &own->gathered.texts[i];
        for (size_t j = 0; j < own->code_count; j++) {
            const int result =
                pcre2_jit_match(own->codes[j], text->bytes, text->length, 0, 0, own->match, own->context);
            if (result < 0 && result != PCRE2_ERROR_NOMATCH) return PASS_FAILED;
            matches += result >= 0;
        }
    }
    return matches;
}

const struct contestant contestant_pcre2 = {
    .name = "PCRE2-JIT loop", .counts = "patterns in messages", .create = create, .pass = pass, .destroy = destroy};
