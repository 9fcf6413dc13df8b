#pragma once
/*
 * The console: HTTP for operators and their monitoring. GET /metrics gives the counters in Prometheus' text format
 * (prometheus.io/docs/instrumenting/exposition_formats), GET /health answers "ok" as long as the console runs, so it is
 * started after the stage and stopped with it. It runs in a thread of its own and only reads the counters.
 */

#include <stddef.h>
#include <stdint.h>

#include "record/counters.h"

struct console_output {
    const char *name, *purpose;
};

/* Everything is borrowed and must outlive the console. */
struct console_config {
    const char *address; /* host:port, [host]:port for IPv6; port 0 takes a free one */
    const struct counters *counters;
    struct console_output outputs[COUNTERS_OUTPUTS_MAX];
    size_t output_count;
    char *const *class_names;
    size_t class_count;
    const char *reason_names[COUNTERS_REASONS_MAX]; /* by position in withheld_by_reason; NULL: not shown */
    const char *version;                            /* of this program */
    const char *digest;                             /* of the rule set */
};

struct console;

/* Listens on the address and serves in the background. NULL: errno says why. */
struct console *console_start(const struct console_config *config);

/* The port that it listens on. */
uint16_t console_port(const struct console *console);

/* Stops serving, ends its thread and releases it. */
void console_stop(struct console **console);
