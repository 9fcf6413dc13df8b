#pragma once
/* Charts of what was reported, one SVG per scenario, drawn with gnuplot. */

#include <stddef.h>

#include "bench/report.h"

struct plot;

/* Charts go into a folder, which must exist. NULL when memory could not be had. */
struct plot *plot_create(const char *folder);
void plot_destroy(struct plot **plot);

/* Takes note of a row; charts show some figures of some scenarios. */
void plot_add(struct plot *plot, const char *scenario, const char *subject, const struct figure *figures,
              size_t figure_count);

/* Draws a chart for every scenario that there are rows of. 0, or -1 when gnuplot is missing or fails. */
int plot_draw(const struct plot *plot);
