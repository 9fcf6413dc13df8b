#pragma once
/* The chart of the front page: how far each goal is from what it must reach, as an SVG drawn with gnuplot. */

#include "bench/ledger.h"

/* Draws into the file. 0, or -1 when gnuplot is missing or fails. */
int goals_chart_draw(const struct ledger *ledger, const char *file);
