#pragma once
/*
 * A stage with all that it needs, as a configuration file describes it: what `cordon run` and `cordon demo` share.
 * Reasons for failures are printed here.
 */

#include <stdbool.h>

#include "cli/config_file.h"
#include "console/console.h"
#include "record/audit.h"
#include "stage/stage.h"

struct pipeline {
    struct cordon_config config;
    struct rule_cache cache; /* that the rules came from or went to */
    struct rule_set *rules;
    struct audit *audit;
    struct stage *stage;
    struct console *console; /* NULL when none is wanted */
};

/* Reads configuration and rules; opens nothing. CLI_DONE or CLI_BAD_INPUT. `cache` says where compiled rules are kept;
   NULL: as the configuration says. `file` must outlive the pipeline, which is released with pipeline_reset() either
   way. */
int pipeline_load(struct pipeline *pipeline, const char *file, const struct cache_choice *cache);

/* From here on SIGINT, SIGTERM and SIGHUP are left to pipeline_wait(), and the process leaves no core dump, which would
   hold messages. Before the first pipeline_start(). */
void pipeline_prepare_process(void);

/* Opens audit, console and sockets and sets the stage going. CLI_DONE or CLI_FAILED. */
int pipeline_start(struct pipeline *pipeline);

/* Waits up to `timeout_ms`. True when it is time to stop: a signal came or the stage has ended. */
bool pipeline_wait(const struct pipeline *pipeline, int timeout_ms);

/* Has the stage deliver what it read, and closes everything. CLI_DONE, or CLI_FAILED when messages or records were
   lost. The counters remain. */
int pipeline_stop(struct pipeline *pipeline);

/* Not while it is running. */
void pipeline_reset(struct pipeline *pipeline);
