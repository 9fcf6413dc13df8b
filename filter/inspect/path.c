#include "inspect/path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/fields.h"

enum { STEPS_MAX = LIMIT_DEPTH_MAX * (LIMIT_UNWRAP_DEPTH_MAX + 1) };

/* One step on the way from the message to a field. */
struct step {
    bool is_index;
    uint32_t index;
    uint16_t word;
};

/* The step that leads to `field` from its container; false when it has none, being a root or decoded from its parent.
 */
static bool step_to(const struct fields *fields, const struct field *field, struct step *step) {
    if (field->parent == FIELD_NONE || field->layer != LAYER_PLAIN) return false;
    step->is_index = fields->items[field->parent].type == FIELD_ARRAY;
    step->index = field->key;
    const bool has_name = !step->is_index && fields->items[field->key].type == FIELD_KEY;
    step->word = has_name ? fields->items[field->key].word : WORD_UNKNOWN;
    return true;
}

/* The steps to a field, first one first, in the last entries of `steps`; returns how many. */
static size_t collect_steps(const struct fields *fields, uint32_t field, struct step steps[STEPS_MAX]) {
    size_t count = 0;
    for (uint32_t at = field; at != FIELD_NONE && count < STEPS_MAX; at = fields->items[at].parent)
        count += step_to(fields, &fields->items[at], &steps[STEPS_MAX - 1 - count]);
    return count;
}

static bool segment_takes(const struct path_segment *segment, const struct step *step) {
    switch (segment->kind) {
    case PATH_ANY_KEY:
        return !step->is_index;
    case PATH_ANY_INDEX:
        return step->is_index;
    case PATH_INDEX:
        return step->is_index && step->index == segment->index;
    case PATH_WORDS:
        for (size_t i = 0; i < segment->word_count; i++)
            if (!step->is_index && step->word == segment->words[i]) return true;
        return false;
    default:
        return false;
    }
}

static bool sees_index(const struct path_segment *segment) {
    return segment->kind == PATH_ANY_INDEX || segment->kind == PATH_INDEX;
}

/* A segment that names array positions holds wherever it stands, when these are not known. */
static bool is_passed_over(const struct path_segment *segment, bool has_positions) {
    return segment->kind == PATH_ANY_KEYS || (!has_positions && sees_index(segment));
}

/* The usual walk for wildcards: `**` first takes nothing, and one step more each time the rest does not fit. */
static bool takes_steps(const struct path_glob *glob, const struct step *first, size_t step_count, bool has_positions) {
    const struct path_segment *const segments = glob->segments;
    size_t at_step = 0, at_segment = 0, retry_step = 0, retry_segment = SIZE_MAX;
    while (at_step < step_count) {
        const bool has_segment = at_segment < glob->segment_count;
        if (has_segment && segments[at_segment].kind == PATH_ANY_KEYS) {
            retry_segment = at_segment++;
            retry_step = at_step;
        } else if (has_segment && is_passed_over(&segments[at_segment], has_positions)) {
            at_segment++;
        } else if (has_segment && segment_takes(&segments[at_segment], &first[at_step])) {
            at_segment++;
            at_step++;
        } else if (first[at_step].is_index && !(has_segment && sees_index(&segments[at_segment]))) {
            at_step++;
        } else if (retry_segment != SIZE_MAX) {
            at_segment = retry_segment + 1;
            at_step = ++retry_step;
        } else {
            return false;
        }
    }
    while (at_segment < glob->segment_count && is_passed_over(&segments[at_segment], has_positions)) at_segment++;
    return at_segment == glob->segment_count;
}

bool path_matches(const struct path_glob *glob, const struct fields *fields, uint32_t field) {
    struct step steps[STEPS_MAX];
    const size_t step_count = collect_steps(fields, field, steps);
    return takes_steps(glob, steps + STEPS_MAX - step_count, step_count, true);
}

bool path_matches_any(const struct path_glob *globs, size_t count, const struct fields *fields, uint32_t field) {
    for (size_t i = 0; i < count; i++)
        if (path_matches(&globs[i], fields, field)) return true;
    return false;
}

bool path_may_match(const struct path_glob *glob, const uint16_t *words, size_t word_count) {
    struct step steps[PATH_WORDS_MAX];
    assert(word_count <= PATH_WORDS_MAX);
    for (size_t i = 0; i < word_count; i++) steps[i] = (struct step){.word = words[i]};
    return takes_steps(glob, steps, word_count, false);
}

bool path_has_positions(const struct path_glob *glob) {
    for (size_t i = 0; i < glob->segment_count; i++)
        if (sees_index(&glob->segments[i])) return true;
    return false;
}

size_t path_write(const struct words *words, const struct fields *fields, uint32_t field, char *out, size_t capacity) {
    assert(capacity >= sizeof "...");
    struct step steps[STEPS_MAX];
    const size_t step_count = collect_steps(fields, field, steps);
    const struct step *const first = steps + STEPS_MAX - step_count;
    size_t length = (size_t)snprintf(out, capacity, "%s", step_count == 0 ? "$" : "");
    for (size_t i = 0; i < step_count; i++) {
        const size_t room = capacity - length;
        const int written = first[i].is_index
                                ? snprintf(out + length, room, "[%u]", first[i].index)
                                : snprintf(out + length, room, "%s%s", i > 0 ? "." : "", words->shown[first[i].word]);
        if ((size_t)written >= room) {
            memcpy(out + capacity - sizeof "...", "...", sizeof "...");
            return capacity - 1;
        }
        length += (size_t)written;
    }
    return length;
}

/* Reading a glob. */

struct glob_reader {
    const char *text;
    size_t at;
    struct words *words;
    struct path_glob *glob;
    const char *reason;
};

static bool refuse(struct glob_reader *own, const char *reason) {
    own->reason = reason;
    return false;
}

static struct path_segment *add_segment(struct glob_reader *own, enum path_segment_kind kind) {
    struct path_glob *glob = own->glob;
    struct path_segment *segments = realloc(glob->segments, (glob->segment_count + 1) * sizeof *segments);
    if (segments == NULL) {
        refuse(own, "out of memory");
        return NULL;
    }
    glob->segments = segments;
    segments[glob->segment_count] = (struct path_segment){.kind = kind};
    return &segments[glob->segment_count++];
}

static bool is_name_char(char letter) {
    return letter != '\0' && !strchr(".,{}[]*", letter);
}

/* Reads one name and adds it to the segment's words. */
static bool read_name(struct glob_reader *own, struct path_segment *segment) {
    size_t length = 0;
    while (is_name_char(own->text[own->at + length])) length++;
    if (length == 0) return refuse(own, "a key name is missing");
    if (own->text[own->at + length] == '*')
        return refuse(own, "a wildcard stands for a whole key, not for a part of one");
    char *name = strndup(own->text + own->at, length);
    uint16_t *names = realloc(segment->words, (segment->word_count + 1) * sizeof *names);
    if (names != NULL) segment->words = names;
    const uint16_t word = name != NULL && names != NULL ? words_add(own->words, name) : WORD_UNKNOWN;
    free(name);
    if (word == WORD_UNKNOWN) return refuse(own, "not a usable key name (empty, longer than 64 bytes, or too many)");
    segment->words[segment->word_count++] = word;
    own->at += length;
    return true;
}

static bool read_names(struct glob_reader *own) {
    struct path_segment *segment = add_segment(own, PATH_WORDS);
    if (segment == NULL) return false;
    if (own->text[own->at] != '{') return read_name(own, segment);
    do {
        own->at++;
        if (!read_name(own, segment)) return false;
    } while (own->text[own->at] == ',');
    if (own->text[own->at] != '}') return refuse(own, "expected ',' or '}'");
    own->at++;
    return true;
}

static bool read_index(struct glob_reader *own) {
    const char *text = own->text + own->at + 1;
    char *end;
    if (*text == '*') {
        if (text[1] != ']') return refuse(own, "expected ']'");
        own->at += 3;
        return add_segment(own, PATH_ANY_INDEX) != NULL;
    }
    if (*text < '0' || *text > '9') return refuse(own, "an array position is a number or *");
    const unsigned long index = strtoul(text, &end, 10);
    if (index >= FIELD_NONE) return refuse(own, "the array position is too large");
    if (*end != ']') return refuse(own, "expected ']'");
    struct path_segment *segment = add_segment(own, PATH_INDEX);
    if (segment == NULL) return false;
    segment->index = (uint32_t)index;
    own->at = (size_t)(end + 1 - own->text);
    return true;
}

static bool read_segment(struct glob_reader *own) {
    const char *text = own->text + own->at;
    if (*text == '[') return read_index(own);
    if (*text != '*') return read_names(own);
    const bool is_any_depth = text[1] == '*';
    own->at += is_any_depth ? 2 : 1;
    const char after = own->text[own->at];
    if (after != '\0' && after != '.' && after != '[')
        return refuse(own, "a wildcard stands for a whole key, not for a part of one");
    return add_segment(own, is_any_depth ? PATH_ANY_KEYS : PATH_ANY_KEY) != NULL;
}

int path_glob_parse(const char *text, struct words *words, struct path_glob *out, const char **reason, size_t *at) {
    *out = (struct path_glob){0};
    struct glob_reader own = {.text = text, .words = words, .glob = out};
    bool is_good = *text != '\0' || refuse(&own, "a path is empty");
    while (is_good && text[own.at] != '\0') {
        is_good = read_segment(&own);
        if (!is_good || text[own.at] == '\0' || text[own.at] == '[') continue;
        if (text[own.at] != '.')
            is_good = refuse(&own, "expected '.' or '[' between keys");
        else if (text[++own.at] == '\0')
            is_good = refuse(&own, "a key name is missing");
    }
    *reason = own.reason;
    *at = own.at;
    return is_good ? 0 : -1;
}

void path_glob_reset(struct path_glob *glob) {
    for (size_t i = 0; i < glob->segment_count; i++) free(glob->segments[i].words);
    free(glob->segments);
    *glob = (struct path_glob){0};
}
