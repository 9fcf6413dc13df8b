#include "bench/goals_page.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/goals.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* 1234567 as 1,234,567; three figures of what is less than a hundred. */
static void write_number(FILE *out, double value) {
    char digits[32];
    if (value < 100) {
        fprintf(out, "%.3g", value);
        return;
    }
    const int length = snprintf(digits, sizeof digits, "%.0f", value);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) putc(',', out);
        putc(digits[i], out);
    }
}

static void write_amount(FILE *out, double value, const char *unit) {
    write_number(out, value);
    if (unit[0] != '\0') fprintf(out, " %s", unit);
}

static void write_detail(FILE *out, const struct ledger *ledger, const struct goal *goal) {
    if (goal->detail_figure == NULL) return;
    fputs(" (", out);
    write_number(out, ledger_figure(ledger, goal->scenario, goal->own_subject, goal->detail_figure));
    fputs(" against ", out);
    write_amount(out, ledger_figure(ledger, goal->scenario, goal->other_subject, goal->detail_figure),
                 goal->detail_unit);
    putc(')', out);
}

static void write_goal(FILE *out, const struct ledger *ledger, const struct goal *goal) {
    const double measured = goal_measured(goal, ledger);
    fprintf(out, "| %s | %s", goal->what, goal->is_at_least ? "at least " : "");
    write_amount(out, goal->must, goal->unit);
    fputs(" | ", out);
    write_amount(out, goal->aim, goal->unit);
    fputs(" | ", out);
    if (isfinite(measured)) {
        write_amount(out, measured, goal->unit);
        write_detail(out, ledger, goal);
    }
    fprintf(out, " | %s |\n", goal_judgement_name(goal_judge(goal, measured)));
}

static void write_goals(FILE *out, const struct ledger *ledger) {
    static const char *const facts[] = {"date", "machine", "build", "libraries", "rules", "workload"};
    fputs("\n| what | must | aim | measured | |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < goal_count; i++) write_goal(out, ledger, &goals[i]);
    fputs("\n| measured on | |\n|---|---|\n", out);
    for (size_t i = 0; i < COUNT(facts); i++) fprintf(out, "| %s | %s |\n", facts[i], ledger_fact(ledger, facts[i]));
    putc('\n', out);
}

static double find_ns(const struct ledger *ledger, const char *subject) {
    return ledger_figure(ledger, "inspect", subject, "median_ns");
}

static void write_step(FILE *out, const char *step, double ns, double all_ns, const char *source) {
    fprintf(out, "| %s | ", step);
    write_number(out, ns);
    fprintf(out, " | %.0f %% | %s |\n", 100 * ns / all_ns, source);
}

/* What inspect() takes beyond decoding, and what it would take without its short way. */
static void write_steps(FILE *out, const struct ledger *ledger) {
    const double walk_ns = find_ns(ledger, "decode walk"), all_ns = find_ns(ledger, "inspect");
    const double scan_ns = find_ns(ledger, "Hyperscan once per message"),
                 long_ns = find_ns(ledger, "inspect, the long way");
    fputs("\n| step | ns | | how it is known |\n|---|---|---|---|\n", out);
    write_step(out, "decoding", walk_ns, all_ns, "`decode walk`");
    write_step(out, "routes, memo, sieve, what is encoded, suspects", all_ns - walk_ns, all_ns,
               "`inspect` less the walk");
    write_step(out, "all", all_ns, all_ns, "`inspect`");
    fputs("\nThe long way takes ", out);
    write_amount(out, long_ns, "ns for the same message, of which one scan of all its text by Hyperscan alone takes ");
    write_amount(out, scan_ns, "ns.\n\n");
}

static void write_row(FILE *out, const struct ledger_row *row) {
    static const char *const figures[] = {"median_ns", "ratio", "inspect_ratio", "spread_percent"};
    fprintf(out, "| %s | %s |", row->scenario, row->subject);
    for (size_t i = 0; i < COUNT(figures); i++) {
        putc(' ', out);
        write_number(out, ledger_row_figure(row, figures[i]));
        fputs(" |", out);
    }
    putc('\n', out);
}

static void write_contestants(FILE *out, const struct ledger *ledger) {
    fputs("\n| scenario | | ns per message | against the first | against `inspect` | spread, % |\n"
          "|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < ledger->row_count; i++)
        if (isfinite(ledger_row_figure(&ledger->rows[i], "inspect_ratio"))) write_row(out, &ledger->rows[i]);
    putc('\n', out);
}

static void write_memory(FILE *out, const struct ledger *ledger) {
    write_amount(out, ledger_figure(ledger, "memory", "clean, 1.1 KB", "peak_MiB"), "MiB");
    fputs(" of memory (", out);
    write_amount(out, ledger_figure(ledger, "memory", "the worst of these", "peak_MiB"), "MiB");
    fputs(" while 240 messages of 1 MiB wait in ZeroMQ's queues)", out);
}

/* What a reader of the front page wants to know. */
static void write_headline(FILE *out, const struct ledger *ledger) {
    fputs("\nOf one processor, a clean bid request of 1.1 KB takes ", out);
    write_amount(out, find_ns(ledger, "inspect") / 1e3, "µs");
    fputs(" to inspect with all packs. A whole stage takes ", out);
    write_amount(out, ledger_figure(ledger, "stage", "stage over tcp", "cpu_ns") / 1e3, "µs");
    fputs(" for it over TCP, where a bare `zmq_proxy` takes ", out);
    write_amount(out, ledger_figure(ledger, "stage", "zmq_proxy over tcp", "cpu_ns") / 1e3, "µs");
    fputs(", and ", out);
    write_memory(out, ledger);
    fprintf(out, ". Measured %s.\n\n", ledger_fact(ledger, "date"));
}

static const struct section {
    const char *file, *name;
    void (*write)(FILE *out, const struct ledger *ledger);
} sections[] = {
    {"docs/benchmarks.md", "goals", write_goals},
    {"docs/benchmarks.md", "steps", write_steps},
    {"docs/benchmarks.md", "contestants", write_contestants},
    {"README.md", "cost", write_headline},
};

static void name_file(const struct section *section, const char *root, char file[PATH_MAX]) {
    snprintf(file, PATH_MAX, "%s/%s", root, section->file);
}

int goals_page_check(const char *root, char fault[PAGE_FAULT_CHARS]) {
    for (size_t i = 0; i < COUNT(sections); i++) {
        char file[PATH_MAX];
        name_file(&sections[i], root, file);
        if (page_check_section(file, sections[i].name, fault) != 0) return -1;
    }
    return 0;
}

static int write_section(const struct section *section, const struct ledger *ledger, const char *root,
                         char fault[PAGE_FAULT_CHARS]) {
    char file[PATH_MAX], *text = NULL;
    size_t length;
    snprintf(fault, PAGE_FAULT_CHARS, "out of memory");
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) return -1;
    section->write(out, ledger);
    name_file(section, root, file);
    const int result = fclose(out) == 0 ? page_replace_section(file, section->name, text, fault) : -1;
    free(text);
    return result;
}

int goals_page_write(const struct ledger *ledger, const char *root, char fault[PAGE_FAULT_CHARS]) {
    for (size_t i = 0; i < COUNT(sections); i++)
        if (write_section(&sections[i], ledger, root, fault) != 0) return -1;
    return 0;
}
