#include "bench/bench.h"

#include <limits.h>

#include "bench/goals.h"
#include "bench/goals_chart.h"
#include "bench/goals_page.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void report_goals(struct bench *bench) {
    for (size_t i = 0; i < goal_count; i++) {
        const struct goal *goal = &goals[i];
        const double measured = goal_measured(goal, &bench->report.ledger);
        const struct figure figures[] = {{"must", goal->must}, {"aim", goal->aim}, {"measured", measured}};
        report_judged_row(&bench->report, "goals", goal->name, figures, COUNT(figures),
                          goal_judgement_name(goal_judge(goal, measured)));
    }
}

static int write_pages(struct bench *bench) {
    char fault[PAGE_FAULT_CHARS], chart[PATH_MAX];
    snprintf(chart, sizeof chart, "%s/docs/benchmarks.svg", bench->page_root);
    if (goals_page_write(&bench->report.ledger, bench->page_root, fault) != 0) return bench_fail("%s", fault);
    if (goals_chart_draw(&bench->report.ledger, chart) == 0) return BENCH_DONE;
    return bench_fail("%s: gnuplot is missing or cannot draw there", chart);
}

int goals_prepare(struct bench *bench) {
    char fault[PAGE_FAULT_CHARS];
    struct workload_config *workload = &bench->workload;
    workload->personal_percent = 0;
    workload->is_unique = false;
    workload->file = NULL;
    workload->format = FORMAT_MSGPACK;
    workload->message_bytes = BENCH_USUAL_BYTES;
    if (bench->page_root == NULL || goals_page_check(bench->page_root, fault) == 0) return BENCH_DONE;
    return bench_fail("%s", fault);
}

int scenario_goals(struct bench *bench) {
    report_goals(bench);
    return bench->page_root != NULL ? write_pages(bench) : BENCH_DONE;
}
