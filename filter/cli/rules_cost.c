#include "cli/rules_cost.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/cost_sample.h"
#include "cli/progress.h"
#include "cli/rule_cost.h"
#include "cli/rule_reach.h"
#include "record/json_writer.h"
#include "rules/compile/compile.h"
#include "rules/compile/expense.h"

/* From where on something is told of. */
static const struct {
    double added;      /* by a rule, of what a message costs without any: the rule is dear */
    double candidates; /* messages with one, of all, where a rule is dear */
} notable_from = {.added = 0.05, .candidates = 0.01};

enum { REASON_INDENT = 15 };

/* One rule, alone in its rule set. */
struct row {
    const struct rule_draft *draft;
    struct rule_set *rules;
    struct rule_cost cost;
    struct rule_reach reach;
};

struct table {
    struct rule_drafts drafts;
    struct rule_set *none; /* without any rule, but with the words of all */
    struct row *rows;      /* one for each draft */
    struct cost_sample sample;
};

/* The drafts from `first` on, as many as there are to be, with the words of all files. */
static struct rule_set *compile(const struct rule_drafts *drafts, size_t first, size_t count,
                                struct diagnostics *diagnostics) {
    struct rule_drafts some = *drafts;
    some.items = drafts->items + first;
    some.count = count;
    return rule_set_compile(&some, diagnostics);
}

static void compile_each(struct table *table, struct diagnostics *diagnostics) {
    struct progress progress = {0};
    const struct rule_drafts *const drafts = &table->drafts;
    table->none = compile(drafts, 0, 0, diagnostics);
    for (size_t i = 0; i < drafts->count; i++) {
        table->rows[i] = (struct row){.draft = &drafts->items[i], .rules = compile(drafts, i, 1, diagnostics)};
        if (progress_is_due(&progress)) progress_show(&progress, "compiled %zu of %zu rules", i + 1, drafts->count);
    }
    progress_clear(&progress);
}

static bool has_errors(const struct diagnostics *diagnostics) {
    return diagnostics->error_count > 0 || diagnostics->is_incomplete;
}

/* Reads and compiles; false when anything is wrong. */
static bool load(struct table *table, const struct rules_cost_request *request, struct diagnostics *diagnostics) {
    rule_sources_load(&table->drafts, request->sources, request->source_count, diagnostics);
    if (!has_errors(diagnostics) && table->drafts.count == 0)
        diagnostics_error(diagnostics, "", (struct place){0}, "no rules to measure");
    if (has_errors(diagnostics)) return false;
    table->rows = calloc(table->drafts.count, sizeof *table->rows);
    if (table->rows == NULL)
        diagnostics_error(diagnostics, "", (struct place){0}, "out of memory");
    else
        compile_each(table, diagnostics);
    return !has_errors(diagnostics);
}

static int take_sample(struct table *table, const char *file) {
    if (file == NULL && cost_sample_make(&table->sample, &table->drafts) != 0) return cli_failure("out of memory");
    if (file != NULL && cost_sample_read(&table->sample, file) != 0) {
        cli_failure("%s: %s", file, strerror(errno));
        return CLI_BAD_INPUT;
    }
    if (table->sample.count > 0) return CLI_DONE;
    cli_failure("%s: no message that can be read", file);
    return CLI_BAD_INPUT;
}

static int compare_rows(const void *one, const void *other) {
    const struct row *const a = one, *const b = other;
    if (a->cost.added_ns != b->cost.added_ns) return a->cost.added_ns < b->cost.added_ns ? 1 : -1;
    return strcmp(a->draft->id->text, b->draft->id->text);
}

static int measure(struct table *table) {
    struct progress progress = {0};
    int result = 0;
    for (size_t i = 0; i < table->drafts.count && result == 0; i++) {
        struct row *const row = &table->rows[i];
        result = rule_cost_measure(&row->cost, table->none, row->rules, &table->sample);
        if (result == 0) result = rule_reach_find(&row->reach, row->rules, &table->sample);
        if (progress_is_due(&progress))
            progress_show(&progress, "measured %zu of %zu rules", i + 1, table->drafts.count);
    }
    progress_clear(&progress);
    qsort(table->rows, table->drafts.count, sizeof *table->rows, compare_rows);
    return result == 0 ? CLI_DONE : cli_failure("out of memory");
}

/* Beyond doubt: by more than the trials differ. */
static bool is_dear(const struct row *row) {
    return row->cost.added_ns - row->cost.spread_ns >= notable_from.added * row->cost.base_ns;
}

/* What is told of a rule that is dear; `place` is a pattern's, or the rule's own. */
typedef void tell_reason(void *context, const char *file, struct place place, const char *reason);

/* What the patterns do not tell, but the messages. */
static void tell_reach(const struct row *row, tell_reason *tell, void *context) {
    char reason[EXPENSE_REASON_CHARS];
    if (row->reach.candidates > 0)
        snprintf(reason, sizeof reason, "%.1f %% of the messages hold a candidate, and are looked at in full",
                 100 * row->reach.candidates);
    else
        snprintf(reason, sizeof reason, "%.1f %% of the texts hold what it starts from", 100 * row->reach.searched);
    tell(context, row->draft->file, row->draft->place, reason);
}

static void tell_reasons(const struct row *row, tell_reason *tell, void *context) {
    const struct node_list *const patterns = &row->draft->patterns;
    size_t count = 0;
    if (!is_dear(row)) return;
    for (size_t i = 0; i < patterns->count; i++) {
        struct expense expense;
        if (expense_find(&expense, patterns->items[i]->text, row->draft->include.count > 0) != 0) continue;
        for (size_t k = 0; k < expense.count; k++)
            tell(context, row->draft->file, patterns->items[i]->place, expense.reasons[k]);
        count += expense.count;
    }
    if (count == 0 || row->reach.candidates >= notable_from.candidates) tell_reach(row, tell, context);
}

static void print_reason(void *context, const char *file, struct place place, const char *reason) {
    (void)context;
    printf("%*s%s:%u:%u: %s\n", REASON_INDENT, "", file, place.line, place.column, reason);
}

static void print_row(const struct row *row, bool has_colour) {
    const bool is_bold = has_colour && is_dear(row);
    printf("%s%8.0f ns  %5.0f  %6.1f %%  %6.1f %%  %6.1f %%  %s%s\n", is_bold ? "\033[1m" : "", row->cost.added_ns,
           row->cost.spread_ns, 100 * row->cost.added_ns / row->cost.base_ns, 100 * row->reach.searched,
           100 * row->reach.candidates, row->draft->id->text, is_bold ? "\033[0m" : "");
    tell_reasons(row, print_reason, NULL);
}

static void print_sample(const struct cost_sample *sample, const char *file) {
    printf("Measured on %zu messages", sample->count);
    if (file == NULL)
        fputs(": the rules' negative examples and clean messages that are built in", stdout);
    else
        printf(" of %s", file);
    if (sample->stride > 1) printf(", one out of %zu", sample->stride);
    if (sample->unreadable_count > 0) printf(", %zu unreadable left out", sample->unreadable_count);
    puts("");
}

static void print_table(const struct table *table, const char *file) {
    const bool has_colour = cli_has_colour(stdout);
    print_sample(&table->sample, file);
    puts("Each rule by itself, against none: what it adds per message, texts searched for it, messages with a "
         "candidate\n");
    printf("%11s  %5s  %8s  %8s  %8s  %s\n", "adds", "+/-", "to none", "texts", "messages", "rule");
    for (size_t i = 0; i < table->drafts.count; i++) print_row(&table->rows[i], has_colour);
}

static void write_real(struct json_writer *json, const char *key, double value, int decimals) {
    char literal[64];
    const int length = snprintf(literal, sizeof literal, "%.*f", decimals, value);
    json_writer_key(json, key);
    json_writer_literal(json, literal, (size_t)length);
}

static void write_reason(void *context, const char *file, struct place place, const char *reason) {
    struct json_writer *const json = context;
    (void)file;
    json_writer_object(json);
    json_writer_key(json, "line");
    json_writer_natural(json, place.line);
    json_writer_key(json, "column");
    json_writer_natural(json, place.column);
    json_writer_key(json, "text");
    json_writer_text(json, reason);
    json_writer_end(json);
}

static void write_row(const struct row *row) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "rule");
    json_writer_text(&json, row->draft->id->text);
    json_writer_key(&json, "file");
    json_writer_text(&json, row->draft->file);
    json_writer_key(&json, "line");
    json_writer_natural(&json, row->draft->place.line);
    write_real(&json, "added_ns", row->cost.added_ns, 1);
    write_real(&json, "spread_ns", row->cost.spread_ns, 1);
    write_real(&json, "base_ns", row->cost.base_ns, 1);
    write_real(&json, "searched", row->reach.searched, 5);
    write_real(&json, "candidates", row->reach.candidates, 5);
    json_writer_key(&json, "is_dear");
    json_writer_bool(&json, is_dear(row));
    json_writer_key(&json, "reasons");
    json_writer_array(&json);
    tell_reasons(row, write_reason, &json);
    json_writer_end(&json);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void write_table(const struct table *table, const char *file) {
    struct json_writer json;
    for (size_t i = 0; i < table->drafts.count; i++) write_row(&table->rows[i]);
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "rules");
    json_writer_natural(&json, table->drafts.count);
    json_writer_key(&json, "file");
    json_writer_text(&json, file);
    json_writer_key(&json, "messages");
    json_writer_natural(&json, table->sample.count);
    json_writer_key(&json, "one_out_of");
    json_writer_natural(&json, table->sample.stride);
    json_writer_key(&json, "unreadable");
    json_writer_natural(&json, table->sample.unreadable_count);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void reset(struct table *table) {
    for (size_t i = 0; i < table->drafts.count && table->rows != NULL; i++) rule_set_destroy(&table->rows[i].rules);
    free(table->rows);
    rule_set_destroy(&table->none);
    rule_drafts_reset(&table->drafts);
    cost_sample_reset(&table->sample);
}

int rules_cost(const struct rules_cost_request *request) {
    struct table table = {0};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&table.drafts);
    int status = load(&table, request, &diagnostics) ? CLI_DONE : CLI_BAD_INPUT;
    cli_print_diagnostics(stderr, &diagnostics);
    diagnostics_reset(&diagnostics);
    if (status == CLI_DONE) status = take_sample(&table, request->messages_file);
    if (status == CLI_DONE) status = measure(&table);
    if (status == CLI_DONE) (request->is_json ? write_table : print_table)(&table, request->messages_file);
    reset(&table);
    return status;
}
