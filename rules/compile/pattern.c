#include "rules/compile/pattern.h"

#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/*
 * The scan sees many values behind each other, with a line feed after each. Under MULTILINE `^` and `$` hold at
 * every line, which covers the edges of a value; PCRE2 then decides what they mean in the rule. Bytes, never UTF-8: one
 * pattern with the UTF8 flag would make results on other bytes undefined for all.
 */
enum { SCAN_FLAGS = HS_FLAG_MULTILINE };

/* PCRE2 10.42 loses matches where it makes repeats possessive by itself: it takes \S and \h for sets that have no byte
   in common, but in bytes both have 0xa0, and \S{1,2}\h then does not match "a\xa0". */
enum { DECIDER_FLAGS = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NO_AUTO_POSSESS };

/* Escapes that would look for the edges of the gathered text, or that only one of the two matchers knows. */
struct refused_escape {
    char letter;
    const char *reason;
};

static const struct refused_escape refused_escapes[] = {
    {'A', "\\A would mean the start of the whole message: use ^"},
    {'z', "\\z would mean the end of the whole message: use $"},
    {'Z', "\\Z would mean the end of the whole message: use $"},
    {'G', "\\G is not supported"},
    {'K', "\\K is not supported"},
    {'C', "\\C is not supported: patterns match bytes already"},
    {'R', "\\R is not supported: use \\r?\\n"},
    {'X', "\\X is not supported: patterns match bytes"},
    {'p', "\\p is not supported: patterns match bytes"},
    {'P', "\\P is not supported: patterns match bytes"},
};

static const char *refused_escape(char letter) {
    for (size_t i = 0; i < sizeof refused_escapes / sizeof *refused_escapes; i++)
        if (refused_escapes[i].letter == letter) return refused_escapes[i].reason;
    return NULL;
}

/* Does a group that begins behind "(?" switch the m flag off, as in (?-m) or (?^)? */
static bool switches_lines_off(const char *flags) {
    const size_t length = strspn(flags, "imsxnJU-^");
    const char *const minus = memchr(flags, '-', length);
    return memchr(flags, '^', length) || (minus && memchr(minus, 'm', (size_t)(flags + length - minus)));
}

/* The reason why a pattern cannot be used, in words, or NULL. */
static const char *find_refused(const char *pattern) {
    if (strncmp(pattern, "(*", 2) == 0) return "(*...) settings at the start of a pattern are not supported";
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            const char *reason = refused_escape(*++at);
            if (reason != NULL) return reason;
        } else if (at[0] == '(' && at[1] == '?' && switches_lines_off(at + 2)) {
            return "the m flag cannot be switched off: ^ and $ without (?m) are the edges of the value";
        }
    }
    return NULL;
}

/* Would the scan take this pattern? Reports why not. */
static bool check_scan(const struct pattern_text *text, struct diagnostics *diagnostics) {
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    const char *reason = NULL;
    if (hs_expression_info(text->text, SCAN_FLAGS, &info, &error) != HS_SUCCESS)
        reason = error->message;
    else if (info->min_width == 0)
        reason = "it matches where there is no text at all";
    if (reason != NULL)
        diagnostics_error(diagnostics, text->file, text->place, "rule '%s': pattern: %s", text->rule_id, reason);
    free(info);
    hs_free_compile_error(error);
    return reason == NULL;
}

static pcre2_code *compile_decider(const struct pattern_text *text, struct diagnostics *diagnostics) {
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text->text, PCRE2_ZERO_TERMINATED, DECIDER_FLAGS, &error, &offset, NULL);
    if (code == NULL) {
        PCRE2_UCHAR message[160] = "unknown";
        pcre2_get_error_message(error, message, sizeof message);
        diagnostics_error(diagnostics, text->file, text->place, "rule '%s': pattern: %s at byte %zu", text->rule_id,
                          (const char *)message, offset);
        return NULL;
    }
    /* Without compiled code matching is slower and as right. */
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

/* The patterns of one group, for the engine's compiler. */
struct group_patterns {
    const char **expressions;
    unsigned *flags, *ids;
    unsigned count;
};

static void collect_group(struct group_patterns *group, const struct rule_set *rules, const struct pattern_text *texts,
                          size_t count, enum sieve_group which) {
    group->count = 0;
    for (size_t i = 0; i < count; i++) {
        if ((rules->patterns[i].groups & SIEVE_BIT(which)) == 0) continue;
        group->expressions[group->count] = texts[i].text;
        group->flags[group->count] = SCAN_FLAGS;
        group->ids[group->count++] = (unsigned)i;
    }
}

static void report_refusal(const struct pattern_text *texts, const struct group_patterns *group,
                           const hs_compile_error_t *error, struct diagnostics *diagnostics) {
    if (error != NULL && error->expression >= 0) {
        const struct pattern_text *text = &texts[group->ids[error->expression]];
        diagnostics_error(diagnostics, text->file, text->place, "rule '%s': pattern: %s", text->rule_id,
                          error->message);
    } else {
        diagnostics_error(diagnostics, "", (struct place){0}, "the patterns could not be compiled: %s",
                          error != NULL ? error->message : "out of memory");
    }
}

static bool compile_group(struct rule_set *rules, const struct pattern_text *texts, const struct group_patterns *group,
                          enum sieve_group which, struct diagnostics *diagnostics) {
    hs_compile_error_t *error = NULL;
    if (group->count == 0) return true;
    const hs_error_t result = hs_compile_multi(group->expressions, group->flags, group->ids, group->count,
                                               HS_MODE_BLOCK, NULL, &rules->databases[which], &error);
    if (result != HS_SUCCESS) report_refusal(texts, group, error, diagnostics);
    hs_free_compile_error(error);
    return result == HS_SUCCESS;
}

static int compile_databases(struct rule_set *rules, const struct pattern_text *texts, size_t count,
                             struct diagnostics *diagnostics) {
    struct group_patterns group = {
        .expressions = calloc(count, sizeof *group.expressions),
        .flags = calloc(count, sizeof *group.flags),
        .ids = calloc(count, sizeof *group.ids),
    };
    bool is_good = group.expressions && group.flags && group.ids;
    if (!is_good) report_refusal(texts, &group, NULL, diagnostics);
    for (unsigned which = 0; which < SIEVE_GROUPS && is_good; which++) {
        collect_group(&group, rules, texts, count, (enum sieve_group)which);
        is_good = compile_group(rules, texts, &group, (enum sieve_group)which, diagnostics);
    }
    free(group.expressions);
    free(group.flags);
    free(group.ids);
    return is_good ? 0 : -1;
}

static bool has_database(const struct rule_set *rules) {
    for (size_t i = 0; i < SIEVE_GROUPS; i++)
        if (rules->databases[i] != NULL) return true;
    return false;
}

int patterns_compile(struct rule_set *rules, const struct pattern_text *texts, size_t count,
                     struct diagnostics *diagnostics) {
    const bool are_compiled = has_database(rules);
    bool is_good = true;
    for (size_t i = 0; i < count; i++) {
        const char *reason = find_refused(texts[i].text);
        if (reason != NULL) {
            diagnostics_error(diagnostics, texts[i].file, texts[i].place, "rule '%s': pattern: %s", texts[i].rule_id,
                              reason);
            is_good = false;
            continue;
        }
        if (are_compiled || check_scan(&texts[i], diagnostics))
            rules->patterns[i].code = compile_decider(&texts[i], diagnostics);
        is_good = is_good && rules->patterns[i].code != NULL;
    }
    if (!is_good) return -1;
    return count == 0 || are_compiled ? 0 : compile_databases(rules, texts, count, diagnostics);
}

void patterns_free(struct rule_set *rules) {
    for (size_t i = 0; i < rules->pattern_count; i++) pcre2_code_free(rules->patterns[i].code);
    for (size_t i = 0; i < SIEVE_GROUPS; i++) {
        hs_free_database(rules->databases[i]);
        rules->databases[i] = NULL;
    }
}
