#include "bench/goals_chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/goals.h"

/* Greys and colours that can be read on white as well as on black; the background stays open. */
#define INK "'#77818c'"
static const char *const colours[] = {[GOAL_NOT_MEASURED] = "0x77818c",
                                      [GOAL_MISSED] = "0xe5534b",
                                      [GOAL_MUST_REACHED] = "0xc69026",
                                      [GOAL_AIM_REACHED] = "0x46954a"};

static void write_row(FILE *out, size_t position, const struct goal *goal, double measured) {
    const enum judgement judgement = goal_judge(goal, measured);
    const double distance = goal_distance(goal, measured), aim = goal_distance(goal, goal->aim);
    fprintf(out, "%zu \"%s\" ", position, goal->name);
    fprintf(out, isfinite(distance) ? "%.6g " : "1 ", distance);
    fprintf(out, isfinite(aim) ? "%.6g " : "NaN ", aim);
    fprintf(out, "%s \"", colours[judgement]);
    if (judgement == GOAL_NOT_MEASURED)
        fputs(goal_judgement_name(judgement), out);
    else
        fprintf(out, "%.3g%s%s", measured, goal->unit[0] != '\0' ? " " : "", goal->unit);
    fprintf(out, " (must %g, aim %g)\"\n", goal->must, goal->aim);
}

/* One for each goal: position, name, distance (1, which shows no bar, where there is none), that of the aim, colour,
   label. */
static void write_rows(FILE *out, const struct ledger *ledger) {
    fputs("$rows << END\n", out);
    for (size_t i = 0; i < goal_count; i++) write_row(out, i, &goals[i], goal_measured(&goals[i], ledger));
    fputs("END\n", out);
}

/* The least and the greatest distance that must find room. */
static void find_range(const struct ledger *ledger, double *min, double *max) {
    *min = 0.5;
    *max = 2;
    for (size_t i = 0; i < goal_count; i++) {
        const double distance = goal_distance(&goals[i], goal_measured(&goals[i], ledger));
        *min = fmin(*min, fmin(distance, goal_distance(&goals[i], goals[i].aim)));
        *max = fmax(*max, distance);
    }
}

/* Bars from the line of what must be reached: to the left what is better, to the right what is worse. A tick is the
   aim. */
static void write_chart(FILE *out, const struct ledger *ledger, const char *file) {
    double min, max;
    find_range(ledger, &min, &max);
    write_rows(out, ledger);
    fprintf(out, "set terminal svg size 900,%zu font 'sans-serif,13' noenhanced\nset output '%s'\n",
            110 + 34 * goal_count, file);
    fprintf(out, "set xrange [%g:%g]\nset yrange [%zu.6:-0.6]\n", min / 1.3, max * 30, goal_count - 1);
    fputs("set label 'Measured against what must be reached: left of the line is better, the tick is the aim' "
          "at screen 0.5, screen 0.95 center textcolor rgb " INK "\n"
          "set tmargin 4\nunset key\nunset border\nset logscale x\nset format x '%g x'\n"
          "set xtics nomirror scale 0 textcolor rgb " INK " (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)\n"
          "set ytics nomirror scale 0 textcolor rgb " INK "\n"
          "set style fill solid 0.9 noborder\n"
          "set arrow from 1, graph 0 to 1, graph 1 nohead lc rgb " INK " lw 1.5\n"
          "plot $rows using 3:1:($3 < 1 ? $3 : 1):($3 < 1 ? 1 : $3):($1 - 0.3):($1 + 0.3):5:ytic(2)"
          " with boxxyerror lc rgb variable, "
          "'' using 4:($1 - 0.3):(0):(0.6) with vectors nohead lw 2 lc rgb " INK ", "
          "'' using ($3 > 1 ? $3 * 1.1 : 1.1):1:6 with labels left textcolor rgb " INK "\n",
          out);
}

int goals_chart_draw(const struct ledger *ledger, const char *file) {
    if (strpbrk(file, "'\n") != NULL) return -1;
    FILE *gnuplot = popen("gnuplot", "we");
    if (gnuplot == NULL) return -1;
    write_chart(gnuplot, ledger, file);
    return pclose(gnuplot) == 0 ? 0 : -1;
}
