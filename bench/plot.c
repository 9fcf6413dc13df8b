#include "bench/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { ROWS_MAX = 24, SUBJECT_CHARS = 64 };

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

struct row {
    char subject[SUBJECT_CHARS];
    double value;
};

struct plot {
    const char *folder;
    struct row rows[COUNT(charts)][ROWS_MAX];
    size_t row_counts[COUNT(charts)];
};

struct plot *plot_create(const char *folder) {
    struct plot *plot = calloc(1, sizeof *plot);
    if (plot != NULL) plot->folder = folder;
    return plot;
}

void plot_destroy(struct plot **plot) {
    free(*plot);
    *plot = NULL;
}

void plot_add(struct plot *plot, const char *scenario, const char *subject, const struct figure *figures,
              size_t figure_count) {
    for (size_t i = 0; i < COUNT(charts); i++) {
        if (strcmp(charts[i].scenario, scenario) != 0 || plot->row_counts[i] == ROWS_MAX) continue;
        for (size_t j = 0; j < figure_count; j++) {
            if (strcmp(charts[i].figure, figures[j].name) != 0 || !isfinite(figures[j].value)) continue;
            struct row *row = &plot->rows[i][plot->row_counts[i]++];
            snprintf(row->subject, sizeof row->subject, "%s", subject);
            row->value = figures[j].value;
        }
    }
}

/* Bars that lie, the first one on top, each with its figure. */
static void write_chart(FILE *out, const struct plot *plot, size_t chart) {
    const size_t count = plot->row_counts[chart];
    fprintf(out, "reset\nset terminal svg size 860,%zu font 'sans-serif,13' background 'white'\n", 90 + 34 * count);
    fprintf(out, "set output '%s/%s'\n", plot->folder, charts[chart].file);
    fprintf(out, "set title \"%s\"\nunset key\nset border 2\nunset xtics\nset ytics nomirror scale 0\n",
            charts[chart].title);
    fprintf(out, "set yrange [%zu.5:-0.5]\nset style fill solid 0.85\n$rows << END\n", count - 1);
    double max = 0;
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%zu \"%s\" %.6g\n", i, plot->rows[chart][i].subject, plot->rows[chart][i].value);
        max = fmax(max, plot->rows[chart][i].value);
    }
    if (charts[chart].is_logarithmic)
        fprintf(out, "END\nset logscale x\nset xrange [10:%g]\nlow = 10\n", max * 20);
    else
        fprintf(out, "END\nset xrange [0:%g]\nlow = 0\n", max * 1.2);
    fputs("plot $rows using 3:1:(low):3:($1-0.32):($1+0.32):ytic(2) with boxxyerror lc rgb '#2b6cb0', "
          "'' using 3:1:(sprintf($3 < 100 ? '  %.3g' : '  %.0f', $3)) with labels left\n",
          out);
}

int plot_draw(const struct plot *plot) {
    if (strpbrk(plot->folder, "'\n") != NULL) return -1;
    FILE *gnuplot = popen("gnuplot", "we");
    if (gnuplot == NULL) return -1;
    for (size_t i = 0; i < COUNT(charts); i++)
        if (plot->row_counts[i] > 0) write_chart(gnuplot, plot, i);
    return pclose(gnuplot) == 0 ? 0 : -1;
}
