/*
 * Inspects arbitrary messages with the rules of all packs, to ensure that the verdict is consistent: what a message
 * leaves behind does not change the next one's, a finding or reason withholds, and what is shown of a finding is
 * bounded and made of known words. The first byte chooses the format and how the rest is cut into frames.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "inspect/inspect.h"
#include "inspect/utf8.h"
#include "rules/compile/compile.h"

enum { FRAMES_MAX = 4 };

static const struct limits limits = {.message_bytes = 16384, .depth = 32, .unwrap_depth = 3, .unwrap_bytes = 32768};

/* Made once: two inspectors with different pasts. */
static struct {
    struct rule_set *rules;
    struct inspector *one, *other;
} own;

/* Before main(), so that no input is blamed for the time it takes. */
__attribute__((constructor)) static void set_up(void) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    own.rules = rule_set_load(NULL, 0, &diagnostics);
    diagnostics_reset(&diagnostics);
    fuzz_expect(own.rules != NULL);
    own.one = inspector_create(own.rules, &limits);
    own.other = inspector_create(own.rules, &limits);
    fuzz_expect(own.one != NULL && own.other != NULL);
}

/* Cuts the message into 1 to FRAMES_MAX frames; all but the last one have the same length. */
static size_t cut(uint8_t choice, const uint8_t *bytes, size_t length, struct frame frames[FRAMES_MAX]) {
    const size_t count = 1 + choice / 4 % FRAMES_MAX;
    const size_t step = length * (choice / 16) / 64;
    for (size_t i = 0; i + 1 < count; i++) frames[i] = (struct frame){bytes + i * step, step};
    frames[count - 1] = (struct frame){bytes + (count - 1) * step, length - (count - 1) * step};
    return count;
}

static bool is_shown_word(const char *text, size_t length, bool is_cut) {
    for (size_t word = 0; word < own.rules->words.count; word++) {
        const char *const shown = own.rules->words.shown[word];
        if (strncmp(shown, text, length) == 0 && (is_cut || shown[length] == '\0')) return true;
    }
    return false;
}

/* A path is `$`, or words that the rules know, with positions behind them; it may end in "...". */
static void check_path(const struct finding *finding) {
    char path[FINDING_PATH_CHARS];
    const size_t length = inspector_path(own.one, finding, path, sizeof path);
    fuzz_expect(length > 0 && length < sizeof path && strlen(path) == length);
    fuzz_expect(utf8_is_text((const uint8_t *)path, length));
    if (strcmp(path, "$") == 0) return;
    const bool is_cut = length == sizeof path - 1 && strcmp(path + length - 3, "...") == 0;
    if (is_cut) path[length - 3] = '\0';
    for (const char *at = path; *at != '\0';) {
        const size_t word_length = strcspn(at, ".[");
        fuzz_expect(word_length == 0 || is_shown_word(at, word_length, is_cut && at[word_length] == '\0'));
        at += word_length;
        while (*at == '[') {
            at += 1 + strspn(at + 1, "0123456789");
            fuzz_expect(*at == ']' || (is_cut && *at == '\0'));
            at += *at == ']';
        }
        fuzz_expect(*at == '.' || *at == '\0');
        at += *at == '.';
    }
}

static void check_finding(const struct inspection *inspection, const struct finding *finding) {
    fuzz_expect(finding->rule < own.rules->rule_count && inspector_found_rule(own.one, finding->rule));
    fuzz_expect(inspection->classes >> own.rules->rules[finding->rule].class_index & 1);
    fuzz_expect(finding->length <= limits.message_bytes + limits.unwrap_bytes);
    const char *layers[FINDING_LAYERS];
    const size_t layer_count = inspector_layers(own.one, finding, layers);
    fuzz_expect(layer_count <= limits.unwrap_depth);
    for (size_t i = 0; i < layer_count; i++) fuzz_expect(layers[i] != NULL && strcmp(layers[i], "plain") != 0);
    check_path(finding);
}

static void check_inspection(const struct inspection *inspection) {
    fuzz_expect(inspection->reason < REASON_COUNT);
    fuzz_expect((inspection->reason == REASON_NONE) == (reason_name(inspection->reason) == NULL));
    fuzz_expect(inspection->kept_count <= FINDINGS_KEPT && inspection->kept_count <= inspection->finding_count);
    fuzz_expect((inspection->finding_count > 0) == (inspection->classes != 0));
    const bool is_clean = inspection->reason == REASON_NONE && inspection->classes == 0;
    fuzz_expect((verdict_for(inspection, UINT64_MAX) == VERDICT_PASS) == is_clean);
    fuzz_expect((verdict_for(inspection, 0) == VERDICT_PASS) == (inspection->reason == REASON_NONE));
    uint64_t classes = 0;
    for (size_t i = 0; i < own.rules->rule_count; i++)
        if (inspector_found_rule(own.one, i)) classes |= UINT64_C(1) << own.rules->rules[i].class_index;
    fuzz_expect(classes == inspection->classes);
    for (size_t i = 0; i < inspection->kept_count; i++) check_finding(inspection, &inspection->findings[i]);
}

static void check_same(const struct inspection *one, const struct inspection *other) {
    fuzz_expect(one->reason == other->reason && one->classes == other->classes && one->bytes == other->bytes);
    fuzz_expect(one->finding_count == other->finding_count && one->kept_count == other->kept_count);
    fuzz_expect(memcmp(one->findings, other->findings, one->kept_count * sizeof *one->findings) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct inspection first, between, again;
    if (size == 0 || size > 2 * limits.message_bytes) return 0;
    const enum format format = data[0] % 3;
    uint8_t *const bytes = fuzz_copy(data + 1, size - 1);
    struct frame frames[FRAMES_MAX];
    const size_t frame_count = cut(data[0], bytes, size - 1, frames);

    fuzz_expect(inspect(own.one, frames, frame_count, format, &first) == first.reason);
    fuzz_expect(first.bytes == size - 1);
    check_inspection(&first);
    /* The other one last saw the same bytes as a message of their own. */
    const struct frame whole = {bytes, size - 1};
    inspect(own.other, &whole, 1, FORMAT_AUTO, &between);
    inspect(own.other, frames, frame_count, format, &again);
    check_same(&first, &again);
    free(bytes);
    return 0;
}
