#include "bench/ledger.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void ledger_add_fact(struct ledger *ledger, const char *name, const char *text) {
    assert(ledger->fact_count < LEDGER_FACTS_MAX);
    struct ledger_fact *fact = &ledger->facts[ledger->fact_count++];
    snprintf(fact->name, sizeof fact->name, "%s", name);
    snprintf(fact->text, sizeof fact->text, "%s", text);
}

void ledger_add_row(struct ledger *ledger, const char *scenario, const char *subject, const struct figure *figures,
                    size_t figure_count) {
    assert(ledger->row_count < LEDGER_ROWS_MAX && figure_count <= LEDGER_FIGURES_MAX);
    struct ledger_row *row = &ledger->rows[ledger->row_count++];
    snprintf(row->scenario, sizeof row->scenario, "%s", scenario);
    snprintf(row->subject, sizeof row->subject, "%s", subject);
    memcpy(row->figures, figures, figure_count * sizeof *figures);
    row->figure_count = figure_count;
}

const char *ledger_fact(const struct ledger *ledger, const char *name) {
    for (size_t i = 0; i < ledger->fact_count; i++)
        if (strcmp(ledger->facts[i].name, name) == 0) return ledger->facts[i].text;
    return "";
}

double ledger_row_figure(const struct ledger_row *row, const char *figure) {
    for (size_t i = 0; i < row->figure_count; i++)
        if (strcmp(row->figures[i].name, figure) == 0) return row->figures[i].value;
    return NAN;
}

double ledger_figure(const struct ledger *ledger, const char *scenario, const char *subject, const char *figure) {
    for (size_t i = 0; i < ledger->row_count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        if (strcmp(row->scenario, scenario) == 0 && strcmp(row->subject, subject) == 0)
            return ledger_row_figure(row, figure);
    }
    return NAN;
}
