#pragma once
/*
 * Where a field stands, and the globs that rules name places with.
 *
 *     user.mail[2].body      a path
 *     **.{email,mail}.body   a glob: `**` any number of keys, `*` one key, {a,b} either, [*] or [3] an array position
 *
 * Keys are compared as words (see words.h). A glob that writes no [ ] does not see array positions: `mail.body` names
 * `mail[2].body` and `mail.body[0]` too. Encodings do not show: a JSON object inside a string value continues the
 * path of that value.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/words.h"

struct fields;

enum { PATH_WORDS_MAX = 64 };

enum path_segment_kind {
    PATH_WORDS,     /* one key out of words[] */
    PATH_ANY_KEY,   /* * */
    PATH_ANY_KEYS,  /* ** */
    PATH_ANY_INDEX, /* [*] */
    PATH_INDEX      /* [3] */
};

struct path_segment {
    enum path_segment_kind kind;
    uint32_t index;  /* PATH_INDEX */
    uint16_t *words; /* PATH_WORDS */
    size_t word_count;
};

struct path_glob {
    struct path_segment *segments;
    size_t segment_count;
};

/* For every word the globs that end in it, and those that end in a wildcard or position. */
struct path_index {
    uint32_t *globs;         /* positions in rule_set.paths, grouped */
    uint32_t *owners;        /* beside each: the rule it belongs to */
    uint32_t *first_by_word; /* word_count + 1 entries: globs[first[w] .. first[w + 1]) end in word w;
                                those of WORD_UNKNOWN end in no word */
    size_t word_count;
};

/* Reads a glob; words it names are added to `words`. 0, or -1 with *reason set to a constant text and *at to the byte
   position of the fault. The caller releases *out with path_glob_reset() either way. */
int path_glob_parse(const char *text, struct words *words, struct path_glob *out, const char **reason, size_t *at);

void path_glob_reset(struct path_glob *glob);

/* Does the field stand at a place that the glob names? A key field stands where its value does. */
bool path_matches(const struct path_glob *glob, const struct fields *fields, uint32_t field);

/* Does it stand at a place that any of several globs names? */
bool path_matches_any(const struct path_glob *globs, size_t count, const struct fields *fields, uint32_t field);

/* Could a field that these keys lead to stand at a place that the glob names, at whatever array positions? Certain
   either way when path_has_positions() is false. At most PATH_WORDS_MAX words. */
bool path_may_match(const struct path_glob *glob, const uint16_t *words, size_t word_count);

/* Does the glob name array positions? */
bool path_has_positions(const struct path_glob *glob);

/* Writes the path of a field for people and records: known words as the rules write them, any other key as `*`.
   At most capacity - 1 bytes and a NUL, capacity being 4 or more; a path that is longer ends in "...". Returns the
   length. */
size_t path_write(const struct words *words, const struct fields *fields, uint32_t field, char *out, size_t capacity);
