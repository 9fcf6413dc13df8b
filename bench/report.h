#pragma once
/* What is printed: facts first, then rows of figures, as a table for people or as one JSON object per line. All of it
   is also kept in a ledger. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/ledger.h"

struct report {
    FILE *out;
    bool is_json;
    struct ledger ledger;
    char columns[512]; /* that the table has at the moment */
};

/* Something that holds for all rows to come. */
void report_fact(struct report *report, const char *name, const char *text);

/* A row; a new table begins where the scenario or the names of the figures change. */
void report_row(struct report *report, const char *scenario, const char *subject, const struct figure *figures,
                size_t figure_count);

/* The same with a word at its end that says how the figures are judged. */
void report_judged_row(struct report *report, const char *scenario, const char *subject, const struct figure *figures,
                       size_t figure_count, const char *judgement);

/* Something to know beside the rows, such as who was left out and why. */
void report_note(struct report *report, const char *scenario, const char *text);
