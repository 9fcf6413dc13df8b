#pragma once
/* Charts of what was reported, one SVG per scenario, drawn with gnuplot. */

#include "bench/ledger.h"

/* Draws a chart into the folder, which must exist, for every scenario that there are rows of. 0, or -1 when gnuplot is
   missing or fails. */
int plot_draw(const struct ledger *ledger, const char *folder);
