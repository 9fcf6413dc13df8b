#include "bench/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct chart {
    const char *scenario;
    const char *figure;
    const char *file;
    const char *title;
    bool is_logarithmic;
};

static const struct chart charts[] = {
    {"inspect", "median_ns", "inspect.svg", "Processor time for one message, ns (logarithmic)", true},
    {"inspect, unique texts", "median_ns", "inspect-unique.svg",
     "Processor time for one message whose texts never repeat, ns (logarithmic)", true},
    {"stage", "cpu_ns", "stage.svg", "Processor time of the process between producer and consumer, ns per message",
     false},
    {"size", "MB_per_s", "size.svg", "MB/s by size of the message", false},
    {"rules", "median_ns", "rules.svg", "Processor time for one message by number of rules, ns", false},
    {"latency", "p99.9_us", "latency.svg", "99.9 % of messages arrive within, microseconds", false},
};

/* The value that a row adds to a chart; NAN: none. */
static double find_value(const struct ledger_row *row, const struct chart *chart) {
    return strcmp(row->scenario, chart->scenario) == 0 ? ledger_row_figure(row, chart->figure) : NAN;
}

static size_t count_rows(const struct ledger *ledger, const struct chart *chart) {
    size_t count = 0;
    for (size_t i = 0; i < ledger->row_count; i++) count += isfinite(find_value(&ledger->rows[i], chart)) != 0;
    return count;
}

/* The rows as data for gnuplot: position, name, value. Returns the greatest value. */
static double write_rows(FILE *out, const struct ledger *ledger, const struct chart *chart) {
    size_t position = 0;
    double max = 0;
    fputs("$rows << END\n", out);
    for (size_t i = 0; i < ledger->row_count; i++) {
        const double value = find_value(&ledger->rows[i], chart);
        if (!isfinite(value)) continue;
        fprintf(out, "%zu \"%s\" %.6g\n", position++, ledger->rows[i].subject, value);
        max = fmax(max, value);
    }
    fputs("END\n", out);
    return max;
}

/* Bars that lie, the first one on top, each with its figure. */
static void write_chart(FILE *out, const struct ledger *ledger, const char *folder, const struct chart *chart) {
    const size_t count = count_rows(ledger, chart);
    if (count == 0) return;
    fprintf(out, "reset\nset terminal svg size 860,%zu font 'sans-serif,13' background 'white'\n", 90 + 34 * count);
    fprintf(out, "set output '%s/%s'\n", folder, chart->file);
    fprintf(out, "set title \"%s\"\nunset key\nset border 2\nunset xtics\nset ytics nomirror scale 0\n", chart->title);
    fprintf(out, "set yrange [%zu.5:-0.5]\nset style fill solid 0.85\n", count - 1);
    const double max = write_rows(out, ledger, chart);
    if (chart->is_logarithmic)
        fprintf(out, "set logscale x\nset xrange [10:%g]\nlow = 10\n", max * 20);
    else
        fprintf(out, "set xrange [0:%g]\nlow = 0\n", max * 1.2);
    fputs("plot $rows using 3:1:(low):3:($1-0.32):($1+0.32):ytic(2) with boxxyerror lc rgb '#2b6cb0', "
          "'' using 3:1:(sprintf($3 < 100 ? '  %.3g' : '  %.0f', $3)) with labels left\n",
          out);
}

int plot_draw(const struct ledger *ledger, const char *folder) {
    if (strpbrk(folder, "'\n") != NULL) return -1;
    FILE *gnuplot = popen("gnuplot", "we");
    if (gnuplot == NULL) return -1;
    for (size_t i = 0; i < COUNT(charts); i++) write_chart(gnuplot, ledger, folder, &charts[i]);
    return pclose(gnuplot) == 0 ? 0 : -1;
}
