#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/pipeline.h"
#include "cli/progress.h"
#include "cli/totals.h"

enum { TICK_MS = 200 };

static const char *socket_name(enum socket_kind kind) {
    static const char *const names[] = {
        [SOCKET_PULL] = "pull", [SOCKET_SUB] = "sub", [SOCKET_PUSH] = "push", [SOCKET_PUB] = "pub"};
    return names[kind];
}

static void print_socket(FILE *out, const struct socket_config *socket) {
    fprintf(out, "%s, %s", socket_name(socket->kind), socket->is_bound ? "bound to" : "connected to");
    for (size_t i = 0; i < socket->endpoint_count; i++) fprintf(out, " %s", socket->endpoints[i]);
}

static void print_classes(const struct rule_set *rules, uint64_t classes) {
    for (size_t i = 0; i < rules->class_count; i++)
        if (classes >> i & 1) printf(" %s", rules->class_names[i]);
}

static void print_cache(const struct rule_cache *cache) {
    if (cache->file_bytes == 0) {
        puts("cache     compiled rules are not kept");
    } else {
        printf("cache     compiled rules %s %s\n", cache->is_hit ? "taken from" : "kept in", cache->folder);
    }
}

static void print_plan(const struct pipeline *pipeline) {
    static const char *const formats[] = {[FORMAT_AUTO] = "auto", [FORMAT_MSGPACK] = "msgpack", [FORMAT_JSON] = "json"};
    const struct stage_config *stage = &pipeline->config.stage;
    const struct limits *limits = &stage->limits;
    printf("%s: good\n\ninput     ", pipeline->config.file);
    print_socket(stdout, &stage->input);
    printf(", format %s\n", formats[stage->format]);
    if (stage->batching == BATCHING_RECORDS)
        puts("          a message that is a list is withheld, passed and counted by its records");
    for (size_t i = 0; i < stage->output_count; i++) {
        const struct output_config *output = &stage->outputs[i];
        printf("output    %s: ", output->name);
        print_socket(stdout, &output->socket);
        printf("\n          for %s, withholds", output->purpose);
        print_classes(pipeline->rules, output->withheld_classes);
        puts(output->withheld_classes != 0 ? " and what cannot be proven clean" : " what cannot be proven clean");
    }
    printf("rules     %zu in %zu classes, digest %s\n", pipeline->rules->rule_count, pipeline->rules->class_count,
           pipeline->rules->digest);
    print_cache(&pipeline->cache);
    printf("limits    message %zu bytes, depth %zu, unwrapping %zu deep and %zu bytes\n", limits->message_bytes,
           limits->depth, limits->unwrap_depth, limits->unwrap_bytes);
    printf("workers   %u\n", stage->workers);
    printf("audit     %s\n", pipeline->config.audit_file);
    if (pipeline->config.console_address != NULL) printf("console   http://%s\n", pipeline->config.console_address);
}

static void print_ready(const struct pipeline *pipeline) {
    const char *name = pipeline->config.stage.name;
    fprintf(stderr, "ready: %s reads from ", name != NULL ? name : "the stage");
    print_socket(stderr, &pipeline->config.stage.input);
    putc('\n', stderr);
}

static void show_progress(struct progress *progress, const struct pipeline *pipeline) {
    const struct counters *counters = stage_counters(pipeline->stage);
    const struct output_counters *first = &counters->outputs[0];
    progress_show(progress, "%" PRIu64 " messages read; %s: %" PRIu64 " passed, %" PRIu64 " withheld",
                  counter_read(&counters->last_sequence), pipeline->config.stage.outputs[0].purpose,
                  counter_read(&first->passed), counter_read(&first->withheld));
}

static void print_json_totals(const struct pipeline *pipeline) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    totals_write(&json, stage_counters(pipeline->stage), &pipeline->config.stage, pipeline->rules);
    json_writer_line(&json);
}

static void print_totals(const struct pipeline *pipeline) {
    const struct counters *counters = stage_counters(pipeline->stage);
    totals_print(stdout, counters, &pipeline->config.stage, pipeline->rules);
    putchar('\n');
    for (size_t i = 0; i < pipeline->config.stage.output_count; i++) {
        const struct output_counters *own = &counters->outputs[i];
        printf("%s: %" PRIu64 " received = %" PRIu64 " passed + %" PRIu64 " withheld\n",
               pipeline->config.stage.outputs[i].name, counter_read(&own->received), counter_read(&own->passed),
               counter_read(&own->withheld));
    }
}

/* Says once each time that reading has stopped, or goes on again. */
static void tell_standstill(const struct pipeline *pipeline, bool *is_told) {
    const bool is_waiting = stage_waits_for_audit(pipeline->stage);
    if (is_waiting == *is_told) return;
    *is_told = is_waiting;
    fprintf(stderr, "audit: %s: %s\n", pipeline->config.audit_file,
            is_waiting ? "cannot be written; no message is read until it can" : "can be written again");
}

static int run(struct pipeline *pipeline, bool is_json) {
    pipeline_prepare_process();
    int status = pipeline_start(pipeline);
    if (status != CLI_DONE) return status;
    print_ready(pipeline);
    struct progress progress = {0};
    bool is_standstill_told = false;
    while (!pipeline_wait(pipeline, TICK_MS)) {
        tell_standstill(pipeline, &is_standstill_told);
        if (progress_is_due(&progress)) show_progress(&progress, pipeline);
    }
    progress_clear(&progress);
    status = pipeline_stop(pipeline);
    (is_json ? print_json_totals : print_totals)(pipeline);
    return status;
}

int command_run(int argc, char **argv) {
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"check", no_argument, NULL, 'k'},
                                          {"json", no_argument, NULL, 'j'},
                                          {0}};
    const char *file = NULL;
    bool is_check = false, is_json = false;
    for (int option; (option = getopt_long(argc, argv, ":c:", known, NULL)) != -1;) {
        if (option == '?' || option == ':') return cli_option_error(argv, option);
        if (option == 'c') file = optarg;
        is_check |= option == 'k';
        is_json |= option == 'j';
    }
    if (file == NULL) return cli_usage_error(argv[0], "-c FILE is missing");
    if (optind < argc) return cli_usage_error(argv[0], "unexpected '%s'", argv[optind]);

    struct pipeline pipeline;
    int status = pipeline_load(&pipeline, file, NULL);
    if (status == CLI_DONE && is_check) {
        print_plan(&pipeline);
    } else if (status == CLI_DONE) {
        status = run(&pipeline, is_json);
    }
    pipeline_reset(&pipeline);
    return status;
}
