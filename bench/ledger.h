#pragma once
/* All facts and rows of one run of the program, as they were reported: what charts, goals and pages are made from. */

#include <stddef.h>

enum { LEDGER_FACTS_MAX = 48, LEDGER_ROWS_MAX = 192, LEDGER_FIGURES_MAX = 12, LEDGER_TEXT_CHARS = 256 };

struct figure {
    const char *name; /* with its unit, "median_ns"; a constant of the program */
    double value;     /* NAN: not known */
};

struct ledger_fact {
    char name[32];
    char text[LEDGER_TEXT_CHARS];
};

struct ledger_row {
    char scenario[48];
    char subject[64];
    struct figure figures[LEDGER_FIGURES_MAX];
    size_t figure_count;
};

/* All zeros is empty. */
struct ledger {
    struct ledger_fact facts[LEDGER_FACTS_MAX];
    size_t fact_count;
    struct ledger_row rows[LEDGER_ROWS_MAX];
    size_t row_count;
};

/* There is room for all that the scenarios report. */
void ledger_add_fact(struct ledger *ledger, const char *name, const char *text);
void ledger_add_row(struct ledger *ledger, const char *scenario, const char *subject, const struct figure *figures,
                    size_t figure_count);

/* The first fact of that name, or an empty text. */
const char *ledger_fact(const struct ledger *ledger, const char *name);

/* A figure of the first such row, NAN when there is none. */
double ledger_figure(const struct ledger *ledger, const char *scenario, const char *subject, const char *figure);

/* A figure of this row, NAN when it has none of that name. */
double ledger_row_figure(const struct ledger_row *row, const char *figure);
