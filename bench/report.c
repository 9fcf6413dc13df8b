#include "bench/report.h"

#include <math.h>
#include <string.h>

#include "record/json_writer.h"

enum { COLUMN_WIDTH = 15, SUBJECT_WIDTH = 34 };

static void write_pair(struct json_writer *json, const char *key, const char *text) {
    json_writer_key(json, key);
    json_writer_text(json, text);
}

static void print_json_pairs(struct report *report, const char *first_key, const char *first, const char *second_key,
                             const char *second) {
    struct json_writer json;
    json_writer_init_file(&json, report->out);
    json_writer_object(&json);
    write_pair(&json, first_key, first);
    write_pair(&json, second_key, second);
    json_writer_end(&json);
    json_writer_line(&json);
}

void report_fact(struct report *report, const char *name, const char *text) {
    ledger_add_fact(&report->ledger, name, text);
    if (report->is_json)
        print_json_pairs(report, "fact", name, "text", text);
    else
        fprintf(report->out, "%-12s %s\n", name, text);
}

void report_note(struct report *report, const char *scenario, const char *text) {
    if (report->is_json)
        print_json_pairs(report, "scenario", scenario, "note", text);
    else
        fprintf(report->out, "  %s\n", text);
}

static void print_json_row(struct report *report, const char *scenario, const char *subject,
                           const struct figure *figures, size_t figure_count, const char *judgement) {
    struct json_writer json;
    json_writer_init_file(&json, report->out);
    json_writer_object(&json);
    write_pair(&json, "scenario", scenario);
    write_pair(&json, "subject", subject);
    for (size_t i = 0; i < figure_count; i++) {
        char literal[32];
        json_writer_key(&json, figures[i].name);
        if (isfinite(figures[i].value))
            json_writer_literal(&json, literal, (size_t)snprintf(literal, sizeof literal, "%.6g", figures[i].value));
        else
            json_writer_null(&json);
    }
    if (judgement[0] != '\0') write_pair(&json, "judgement", judgement);
    json_writer_end(&json);
    json_writer_line(&json);
}

/* Whole where that says enough; small figures keep what tells them apart. */
static void print_figure(FILE *out, double value) {
    if (!isfinite(value))
        fprintf(out, "%*s", COLUMN_WIDTH, "-");
    else if (value >= 100 || value == floor(value))
        fprintf(out, "%*.0f", COLUMN_WIDTH, value);
    else
        fprintf(out, "%*.*f", COLUMN_WIDTH, value < 10 ? 3 : 1, value);
}

static void begin_table(struct report *report, const char *scenario, const struct figure *figures,
                        size_t figure_count) {
    char columns[sizeof report->columns];
    int length = snprintf(columns, sizeof columns, "%s", scenario);
    for (size_t i = 0; i < figure_count && (size_t)length < sizeof columns; i++)
        length += snprintf(columns + length, sizeof columns - (size_t)length, " %s", figures[i].name);
    if (strcmp(columns, report->columns) == 0) return;
    memcpy(report->columns, columns, sizeof columns);
    fprintf(report->out, "\n%-*s", SUBJECT_WIDTH, scenario);
    for (size_t i = 0; i < figure_count; i++) fprintf(report->out, "%*s", COLUMN_WIDTH, figures[i].name);
    putc('\n', report->out);
}

void report_judged_row(struct report *report, const char *scenario, const char *subject, const struct figure *figures,
                       size_t figure_count, const char *judgement) {
    ledger_add_row(&report->ledger, scenario, subject, figures, figure_count);
    if (report->is_json) {
        print_json_row(report, scenario, subject, figures, figure_count, judgement);
    } else {
        begin_table(report, scenario, figures, figure_count);
        fprintf(report->out, "%-*s", SUBJECT_WIDTH, subject);
        for (size_t i = 0; i < figure_count; i++) print_figure(report->out, figures[i].value);
        fprintf(report->out, "%s%s\n", judgement[0] != '\0' ? "  " : "", judgement);
    }
    fflush(report->out);
}

void report_row(struct report *report, const char *scenario, const char *subject, const struct figure *figures,
                size_t figure_count) {
    report_judged_row(report, scenario, subject, figures, figure_count, "");
}
