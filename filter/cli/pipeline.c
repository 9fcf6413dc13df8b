#include "cli/pipeline.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "cli/cli.h"
#include "rules/compile/compile.h"

int pipeline_load(struct pipeline *pipeline, const char *file, const struct cache_choice *cache) {
    *pipeline = (struct pipeline){0};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    bool is_good = config_load(&pipeline->config, file, &diagnostics) == 0;
    if (is_good) {
        cache_choice_open(cache != NULL ? cache : &pipeline->config.cache, &pipeline->cache);
        pipeline->rules = rule_set_load_cached(pipeline->config.rules, pipeline->config.rule_source_count,
                                               &pipeline->cache, &diagnostics);
        is_good = pipeline->rules != NULL && config_resolve(&pipeline->config, pipeline->rules, &diagnostics) == 0;
    }
    cli_print_diagnostics(stderr, &diagnostics);
    diagnostics_reset(&diagnostics);
    return is_good ? CLI_DONE : CLI_BAD_INPUT;
}

static sigset_t ending_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

void pipeline_prepare_process(void) {
    const sigset_t signals = ending_signals();
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
}

static int start_console(struct pipeline *own) {
    if (own->config.console_address == NULL) return CLI_DONE;
    struct console_config config = {
        .address = own->config.console_address,
        .counters = stage_counters(own->stage),
        .output_count = own->config.stage.output_count,
        .class_names = own->rules->class_names,
        .class_count = own->rules->class_count,
        .version = CORDON_VERSION,
        .digest = own->rules->digest,
    };
    for (size_t i = 0; i < config.output_count; i++)
        config.outputs[i] =
            (struct console_output){own->config.stage.outputs[i].name, own->config.stage.outputs[i].purpose};
    for (size_t i = 0; i < REASON_COUNT; i++) config.reason_names[i] = reason_name((enum reason)i);
    own->console = console_start(&config);
    return own->console != NULL ? CLI_DONE : cli_failure("console: %s: %s", config.address, strerror(errno));
}

/* The stage comes last: when anything else fails, nothing was read yet. */
int pipeline_start(struct pipeline *pipeline) {
    char error[TRANSPORT_ERROR_CHARS];
    const struct cordon_config *config = &pipeline->config;
    pipeline->audit = audit_open(config->audit_file);
    if (pipeline->audit == NULL) return cli_failure("audit: %s: %s", config->audit_file, strerror(errno));
    pipeline->stage = stage_create(&config->stage, pipeline->rules, pipeline->audit, &zmq_transport);
    if (pipeline->stage == NULL) return cli_failure("no memory for the stage");
    const int status = start_console(pipeline);
    if (status != CLI_DONE) return status;
    if (stage_start(pipeline->stage, error) == 0) return CLI_DONE;
    console_stop(&pipeline->console);
    return cli_failure("%s", error);
}

bool pipeline_wait(const struct pipeline *pipeline, int timeout_ms) {
    const sigset_t signals = ending_signals();
    const struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    return sigtimedwait(&signals, NULL, &timeout) > 0 || !stage_is_running(pipeline->stage);
}

/* What the stage counts. */
static const char *unit_name(const struct stage_config *stage) {
    return stage->batching == BATCHING_RECORDS ? "records" : "messages";
}

static int tell_output_losses(const struct stage_config *stage, size_t position, uint64_t undelivered, bool is_cut) {
    const struct output_config *output = &stage->outputs[position];
    if (undelivered > 0)
        cli_failure("output '%s': %" PRIu64 " %s were read and could not be delivered", output->name, undelivered,
                    unit_name(stage));
    if (is_cut)
        cli_failure("output '%s': messages under way to its consumer are lost, as many as its queue may hold (%d)",
                    output->name, output->socket.high_water_mark);
    return undelivered > 0 || is_cut ? CLI_FAILED : CLI_DONE;
}

static int tell_losses(const struct pipeline *own, const struct stage_losses *losses) {
    const struct stage_config *stage = &own->config.stage;
    int status = CLI_DONE;
    if (losses->is_broken) status = cli_failure("the sockets failed");
    if (losses->unrecorded > 0)
        status =
            cli_failure("audit: %" PRIu64 " withheld %s could not be recorded", losses->unrecorded, unit_name(stage));
    for (size_t i = 0; i < stage->output_count; i++)
        if (tell_output_losses(stage, i, losses->undelivered[i], losses->cut_outputs >> i & 1) != CLI_DONE)
            status = CLI_FAILED;
    return status;
}

int pipeline_stop(struct pipeline *pipeline) {
    stage_stop(pipeline->stage);
    int status = tell_losses(pipeline, stage_wait(pipeline->stage));
    console_stop(&pipeline->console);
    if (audit_close(&pipeline->audit) != 0)
        status = cli_failure("audit: %s: %s", pipeline->config.audit_file, strerror(errno));
    return status;
}

void pipeline_reset(struct pipeline *pipeline) {
    audit_close(&pipeline->audit);
    stage_destroy(&pipeline->stage);
    rule_set_destroy(&pipeline->rules);
    config_reset(&pipeline->config);
}
