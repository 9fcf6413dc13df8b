#pragma once
/* What a scenario is given, and the scenarios. */

#include <stdbool.h>
#include <stddef.h>

#include "bench/report.h"
#include "bench/workload.h"
#include "inspect/rule_set.h"
#include "rules/compile/rule_file.h"

enum bench_status {
    BENCH_DONE = 0,
    BENCH_BAD_INPUT = 2, /* bad usage or rules */
    BENCH_FAILED = 3     /* something failed, or counts that must be equal differ */
};

enum { BENCH_USUAL_BYTES = 1460 }; /* of a message as JSON, which is 1.1 KB of msgpack */

struct bench {
    struct workload_config workload;
    const char **rule_sources; /* none means all packs */
    size_t rule_source_count;
    struct rule_drafts drafts;
    struct rule_set *rules; /* compiled from drafts */
    size_t runs;            /* of every entrant */
    unsigned run_ms;        /* that each run takes at least */
    unsigned rate;          /* messages per second of an open loop; 0: half of what the stage can take */
    const char *page_root;  /* whose docs/ and README.md tell the goals from now on; NULL: none */
    struct report report;
};

/* Each runs a scenario and reports it; an enum bench_status. What goes wrong is printed with bench_fail(). */
int scenario_inspect(struct bench *bench);
int scenario_stage(struct bench *bench);
int scenario_workers(struct bench *bench);
int scenario_size(struct bench *bench);
int scenario_rules(struct bench *bench);
int scenario_latency(struct bench *bench);
int scenario_startup(struct bench *bench);
int scenario_memory(struct bench *bench);
int scenario_instructions(struct bench *bench);

/* Judges the goals by what the others reported before. goals_prepare() comes before all of them: goals are about the
   usual messages, and the pages must be there. */
int goals_prepare(struct bench *bench);
int scenario_goals(struct bench *bench);

/* Makes a workload and reports its digest; a failure is printed. */
int bench_make_workload(struct bench *bench, const struct workload_config *config, struct workload *workload);

/* Prints "cordon-bench: reason" to stderr; returns BENCH_FAILED. */
__attribute__((format(printf, 1, 2))) int bench_fail(const char *reason, ...);
