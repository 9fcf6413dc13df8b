#pragma once
/*
 * A pattern as a tree that can be reasoned about. It promises one thing: every text that PCRE2 matches with the
 * pattern, in byte mode and in the C locale, is a text of the tree. The tree may have more texts, never fewer: lazy and
 * greedy are one, `^` and `$` are edges of a line whether or not m is on, and what an edge asks for is left to the
 * reader. What is not understood whole is refused, never guessed: look-around, references, possessive and atomic
 * groups, conditions, (*VERBS), \p \X \R \K \G \C \A \z \Z and all that is unknown. Of a pattern that PCRE2 refuses
 * nothing is promised.
 */

#include <stddef.h>
#include <stdint.h>

#include "rules/compile/byte_set.h"

/* Groups within groups; what is deeper is refused, so that walking a tree may recurse. */
enum { EXPRESSION_NESTING_MAX = 64 };

/* A repeat's maximum when there is none. */
#define EXPRESSION_UNBOUNDED UINT32_MAX

enum expression_kind { EXPRESSION_SET, EXPRESSION_EDGE, EXPRESSION_SEQUENCE, EXPRESSION_CHOICE, EXPRESSION_REPEAT };

/* ^  $  \b  \B */
enum expression_edge { EDGE_LINE_START, EDGE_LINE_END, EDGE_WORD, EDGE_NO_WORD };

struct expression {
    enum expression_kind kind;
    enum expression_edge edge; /* EXPRESSION_EDGE */
    struct byte_set set;       /* EXPRESSION_SET: one byte out of these; may be empty, it then matches nothing */
    uint32_t minimum, maximum; /* EXPRESSION_REPEAT of parts[0] */
    struct expression **parts; /* SEQUENCE (none: the empty text), CHOICE (at least two), REPEAT (one) */
    size_t part_count;
};

/* Reads a pattern. The caller frees the tree with expression_free(). NULL: not understood or out of memory, *reason is
   then a constant text. */
struct expression *expression_parse(const char *pattern, const char **reason);

/* Frees it with all its parts and sets it to NULL; NULL is freed already. */
void expression_free(struct expression **expression);

/* The fewest bytes that a match can have when only bytes of `alphabet` occur in it, at most SIZE_MAX - 1; SIZE_MAX when
   there is no such match. Edges are taken as true. */
size_t expression_min_length(const struct expression *expression, const struct byte_set *alphabet);
