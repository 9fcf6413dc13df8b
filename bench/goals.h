#pragma once
/* What Cordon may cost: for each goal what it must reach, what it aims at, and the row of a scenario that tells where
   it stands. */

#include <stdbool.h>
#include <stddef.h>

#include "bench/ledger.h"

struct goal {
    const char *name; /* short, for tables on a terminal and charts */
    const char *what; /* in full */
    const char *unit; /* of must, aim and measured: "x" */
    double must, aim;
    bool is_at_least; /* more is better; else less is */
    /* Where the measured figure stands. */
    const char *scenario, *subject, *figure;
    /* What it was made from, for people: a figure of two subjects of that scenario. NULL: nothing more to say. */
    const char *own_subject, *other_subject, *detail_figure, *detail_unit;
};

enum judgement {
    GOAL_NOT_MEASURED, /* whatever it takes is not there */
    GOAL_MISSED,
    GOAL_MUST_REACHED,
    GOAL_AIM_REACHED
};

extern const struct goal goals[];
extern const size_t goal_count;

/* The figure that a goal is about; NAN when it was not measured. */
double goal_measured(const struct goal *goal, const struct ledger *ledger);

enum judgement goal_judge(const struct goal *goal, double measured);
const char *goal_judgement_name(enum judgement judgement); /* "missed" */

/* How far from what it must reach: 1 is just reached, less is better, 2 is twice as much as it may be. NAN for what was
   not measured, or must be 0. */
double goal_distance(const struct goal *goal, double measured);
