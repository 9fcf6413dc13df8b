#pragma once
/*
 * A rule set as inspect() needs it: compiled, const, shared by all lanes. rules/compile builds and frees it; nothing
 * here knows where rules come from.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/field_type.h"
#include "inspect/path.h"
#include "inspect/sieve.h"
#include "inspect/validator.h"
#include "inspect/words.h"

enum {
    RULE_CLASS_MAX = 56,       /* classes in a rule set, bits of a class mask */
    RULE_SET_DIGEST_CHARS = 64 /* SHA-256 in hexadecimal */
};

struct hs_database;       /* Hyperscan's; opened by match only */
struct pcre2_real_code_8; /* PCRE2's; opened by confirm only */

/* A text that a rule lets through: compared with the matched text, or with the whole value for a field rule. */
struct allowed_text {
    enum { ALLOW_EXACT, ALLOW_PREFIX, ALLOW_SUFFIX } kind;
    uint8_t *bytes;
    size_t length;
};

/* A range of consecutive entries in one of the rule set's tables. */
struct table_range {
    uint32_t first, count;
};

struct rule {
    char *id;
    char *name;
    char *description;                 /* may be NULL */
    uint8_t class_index;               /* position in rule_set.class_names */
    uint16_t types;                    /* FIELD_BIT()s that it looks at */
    uint32_t min_count;                /* distinct matches in one value, at least 1 */
    const struct validator *validator; /* NULL: a match is enough */
    struct table_range patterns;       /* into rule_set.patterns; empty for a field rule */
    struct table_range fields;         /* into rule_set.paths: any of them makes a finding */
    struct table_range include;        /* into rule_set.paths; empty: everywhere */
    struct table_range exclude;        /* into rule_set.paths */
    struct table_range allow;          /* into rule_set.allowed */
};

struct pattern {
    uint32_t rule;
    uint8_t groups;                 /* SIEVE_BIT()s of those that scan for it */
    struct pcre2_real_code_8 *code; /* decides within one value what the scan proposed */
};

struct rule_set {
    struct rule *rules;
    size_t rule_count;
    struct pattern *patterns; /* position = the scanner's id */
    size_t pattern_count;
    struct path_glob *paths; /* every glob of every rule */
    size_t path_count;
    struct allowed_text *allowed;
    size_t allowed_count;
    struct path_index field_paths;               /* the globs of field rules, by the word they end in */
    struct words words;                          /* key names that the rules know */
    struct hs_database *databases[SIEVE_GROUPS]; /* the patterns of each group; NULL when there are none */
    struct sieve sieve;                          /* which groups must look at a text */
    uint32_t *scoped_rules;                      /* rules with patterns and paths to look in */
    size_t scoped_count;
    char *class_names[RULE_CLASS_MAX];
    size_t class_count;
    char digest[RULE_SET_DIGEST_CHARS + 1];
};
