/*
 * Reads and compiles arbitrary text as a rule file, to ensure that it is either refused with a reason at a place in
 * the text or becomes a rule set that stands for every rule in it, the same one each time, and can inspect its
 * examples.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "rules/compile/compile.h"
#include "rules/compile/example.h"
#include "rules/compile/rule_file.h"

enum { TEXT_BYTES_MAX = 2048 };

static const char file[] = "a\nname\x1b[31m.yaml";

static size_t count_lines(const char *text, size_t length) {
    size_t count = 1;
    for (size_t i = 0; i < length; i++) count += text[i] == '\n' || text[i] == '\r';
    return count;
}

static void check_diagnostics(const struct diagnostics *diagnostics, const char *text, size_t length) {
    const size_t line_count = count_lines(text, length);
    size_t error_count = 0;
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *diagnostic = &diagnostics->items[i];
        error_count += diagnostic->severity == SEVERITY_ERROR;
        fuzz_expect(diagnostic->text[0] != '\0' && diagnostic->place.column <= length + 2);
        /* YAML also ends lines with U+0085, U+2028 and U+2029. */
        fuzz_expect(diagnostic->place.line <= line_count + length / 2);
        fuzz_expect((diagnostic->place.line == 0) == (diagnostic->place.column == 0));
        char line[1024];
        fuzz_expect(diagnostic_format(diagnostic, line, sizeof line) > 0);
        fuzz_expect(strpbrk(line, "\n\r\x1b") == NULL);
    }
    fuzz_expect(error_count == diagnostics->error_count && !diagnostics->is_incomplete);
}

static void note_result(void *context, const struct example_result *result) {
    int *const failure_count = context;
    *failure_count += !result->is_held;
}

/* The rules at work, on the messages that stand beside them; only an example with an error cannot be run. */
static void run_examples(const struct rule_set *rules, const struct rule_drafts *drafts, bool has_errors) {
    int failure_count = 0;
    const int result = examples_run(rules, drafts, note_result, &failure_count);
    fuzz_expect(result == failure_count || (result < 0 && has_errors));
}

/* Compiles and says for which digest; "" when the drafts are refused. */
static void compile(const struct rule_drafts *drafts, struct diagnostics *diagnostics,
                    char digest[RULE_SET_DIGEST_CHARS + 1]) {
    const size_t errors_before = diagnostics->error_count;
    struct rule_set *rules = rule_set_compile(drafts, diagnostics);
    fuzz_expect((rules != NULL) == (diagnostics->error_count == errors_before));
    digest[0] = '\0';
    if (rules == NULL) return;
    fuzz_expect(rules->rule_count == drafts->count && rules->class_count <= RULE_CLASS_MAX);
    fuzz_expect(strspn(rules->digest, "0123456789abcdef") == RULE_SET_DIGEST_CHARS);
    memcpy(digest, rules->digest, sizeof rules->digest);
    run_examples(rules, drafts, errors_before > 0);
    rule_set_destroy(&rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_BYTES_MAX) return 0;
    char *const text = (char *)fuzz_copy(data, size);
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&drafts);
    rule_file_parse(&drafts, file, text, size, &diagnostics);
    fuzz_expect(drafts.count > 0 || diagnostics.error_count > 0 || drafts.words.count > 0);
    if (drafts.count > 0) {
        char digest[RULE_SET_DIGEST_CHARS + 1], again[RULE_SET_DIGEST_CHARS + 1];
        compile(&drafts, &diagnostics, digest);
        compile(&drafts, &diagnostics, again);
        fuzz_expect(strcmp(digest, again) == 0);
    }
    check_diagnostics(&diagnostics, text, size);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
    free(text);
    return 0;
}
