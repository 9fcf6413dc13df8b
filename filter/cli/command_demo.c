/*
 * The whole pipeline on one machine: this process is the stage, `cordon send` in a second one the producer, `cordon
 * recv` in two more the consumers. They meet in a temporary folder, which is this process's working directory.
 */

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/audit_sample.h"
#include "cli/child.h"
#include "cli/cli.h"
#include "cli/payload_file.h"
#include "cli/pipeline.h"
#include "cli/progress.h"
#include "cli/totals.h"

enum {
    TICK_MS = 20,
    STUCK_MS = 20 * 1000,    /* without a message */
    CONSUMERS_MS = 5 * 1000, /* for the consumers to write down what was delivered */
    EXAMPLES = 3
};

static const char configuration[] = "name: demo\n"
                                    "input: {socket: pull, bind: ipc://producer}\n"
                                    "outputs:\n"
                                    "  - {name: targeting, purpose: advertising, socket: push, bind: ipc://targeting}\n"
                                    "  - {name: insights, purpose: analytics, socket: push, bind: ipc://insights}\n"
                                    "policy:\n"
                                    "  advertising: {withhold: all}\n"
                                    "  analytics: {withhold: [email, chat, file, personal, credential]}\n"
                                    "audit: {file: audit.jsonl}\n";

static const char *const files[] = {"cordon.yaml", "producer",        "targeting",     "insights",
                                    "sent",        "targeting.jsonl", "insights.jsonl"};

struct consumer {
    const char *endpoint;
    const char *file; /* what it received, one message per line */
    struct child child;
};

struct demo {
    char *messages; /* absolute, as the working directory changes */
    char *audit;    /* absolute, or NULL for one in the folder */
    struct cache_choice cache;
    char *cache_folder; /* that it names, absolute */
    char folder[PATH_MAX];
    uint64_t message_count;
    long audit_offset; /* where this run's records begin */
    struct pipeline pipeline;
    struct child producer;
    struct consumer consumers[2]; /* of the outputs, in the same order */
};

static int fail(const char *what) {
    return cli_failure("%s: %s", what, strerror(errno));
}

static int enter_folder(struct demo *own) {
    const char *parent = getenv("TMPDIR");
    snprintf(own->folder, sizeof own->folder, "%s/cordon-demo-XXXXXX", parent != NULL && *parent ? parent : "/tmp");
    if (mkdtemp(own->folder) == NULL) {
        const int status = fail(own->folder);
        own->folder[0] = '\0';
        return status;
    }
    if (chdir(own->folder) != 0) return fail(own->folder);
    FILE *file = fopen("cordon.yaml", "we");
    if (file == NULL) return fail("cordon.yaml");
    fputs(configuration, file);
    return fclose(file) == 0 ? CLI_DONE : fail("cordon.yaml");
}

static int start_stage(struct demo *own) {
    const int status = pipeline_load(&own->pipeline, "cordon.yaml", &own->cache);
    if (status != CLI_DONE) return status;
    if (own->audit != NULL) own->pipeline.config.audit_file = own->audit;
    struct stat before;
    own->audit_offset = stat(own->pipeline.config.audit_file, &before) == 0 ? (long)before.st_size : 0;
    return pipeline_start(&own->pipeline);
}

static int start_clients(struct demo *own) {
    for (size_t i = 0; i < 2; i++) {
        struct consumer *consumer = &own->consumers[i];
        const char *const arguments[] = {"cordon", "recv", "--from", consumer->endpoint, NULL};
        if (child_start(&consumer->child, arguments, consumer->file) != 0)
            return fail("the consumer cannot be started");
    }
    const char *const arguments[] = {"cordon", "send",    "--to",        "ipc://producer",
                                     "--as",   "msgpack", own->messages, NULL};
    return child_start(&own->producer, arguments, "sent") == 0 ? CLI_DONE : fail("the producer cannot be started");
}

static void show(struct progress *progress, const struct demo *own) {
    const struct counters *counters = stage_counters(own->pipeline.stage);
    const struct output_counters *first = &counters->outputs[0];
    progress_show(progress, "%" PRIu64 " of %" PRIu64 " messages read, %" PRIu64 " passed to %s, %" PRIu64 " withheld",
                  counter_read(&counters->last_sequence), own->message_count, counter_read(&first->passed),
                  own->pipeline.config.stage.outputs[0].purpose, counter_read(&first->withheld));
}

/* Watches the stage until it has read everything. */
static int watch(struct demo *own) {
    const counter *sequence = &stage_counters(own->pipeline.stage)->last_sequence;
    struct progress progress = {0};
    uint64_t seen = 0;
    int status = CLI_DONE;
    bool is_sent = true;
    for (int idle_ms = 0; status == CLI_DONE && counter_read(sequence) < own->message_count; idle_ms += TICK_MS) {
        if (pipeline_wait(&own->pipeline, TICK_MS)) status = cli_failure("interrupted");
        if (child_has_ended(&own->producer, &is_sent) && !is_sent) status = cli_failure("the producer failed");
        if (counter_read(sequence) != seen) idle_ms = 0;
        if (idle_ms > STUCK_MS) status = cli_failure("no message came for %d seconds", STUCK_MS / 1000);
        seen = counter_read(sequence);
        if (progress_is_due(&progress)) show(&progress, own);
    }
    progress_clear(&progress);
    return status;
}

static uint64_t count_lines(const char *path) {
    uint64_t count = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    for (int byte; (byte = getc_unlocked(file)) != EOF;) count += byte == '\n';
    fclose(file);
    return count;
}

/* Waits until the consumer has written down `expected` messages, or has had time enough; returns how many it has. */
static uint64_t await_lines(const struct consumer *consumer, uint64_t expected) {
    const struct timespec tick = {0, TICK_MS * 1000000L};
    uint64_t count = 0;
    for (int waited_ms = 0; waited_ms < CONSUMERS_MS; waited_ms += TICK_MS) {
        count = count_lines(consumer->file);
        if (count >= expected) break;
        nanosleep(&tick, NULL);
    }
    return count;
}

/* Do the consumers have what was passed? */
static int print_consumers(const struct demo *own) {
    int status = CLI_DONE;
    for (size_t i = 0; i < 2; i++) {
        const uint64_t passed = counter_read(&stage_counters(own->pipeline.stage)->outputs[i].passed);
        const uint64_t received = await_lines(&own->consumers[i], passed);
        printf("Consumer '%s' received %" PRIu64 " of %" PRIu64 " passed messages.\n",
               own->pipeline.config.stage.outputs[i].name, received, passed);
        if (received != passed) status = cli_failure("passed and received do not agree");
    }
    return status;
}

static int print_results(const struct demo *own) {
    const struct rule_set *rules = own->pipeline.rules;
    const char *audit = own->pipeline.config.audit_file;
    printf("%" PRIu64 " messages went through one stage with %zu rules.\n\n", own->message_count, rules->rule_count);
    totals_print(stdout, stage_counters(own->pipeline.stage), &own->pipeline.config.stage, rules);
    puts("\nWithheld, for example:");
    audit_sample_print(stdout, audit, own->audit_offset, rules, EXAMPLES);
    putchar('\n');
    const int status = print_consumers(own);
    printf("The audit says what was found where, never what it said: %s%s%s\n", own->audit != NULL ? "" : own->folder,
           own->audit != NULL ? "" : "/", audit);
    return status;
}

/* Runs it all; what was begun is ended by leave(). */
static int run(struct demo *own) {
    int status = enter_folder(own);
    if (status == CLI_DONE) status = start_stage(own);
    if (status != CLI_DONE) return status;
    status = start_clients(own);
    if (status == CLI_DONE) status = watch(own);
    const int stopped = pipeline_stop(&own->pipeline);
    if (status == CLI_DONE) status = stopped;
    return status == CLI_DONE ? print_results(own) : status;
}

static void leave(struct demo *own) {
    child_stop(&own->producer);
    for (size_t i = 0; i < 2; i++) child_stop(&own->consumers[i].child);
    pipeline_reset(&own->pipeline);
    if (own->folder[0] != '\0') {
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) unlink(files[i]);
        rmdir(own->folder); /* unless the audit is there */
    }
    free(own->messages);
    free(own->audit);
    free(own->cache_folder);
}

/* The path as it can still be used in another working directory, from malloc(); NULL when there is no memory. */
static char *make_absolute(const char *path) {
    char *folder = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
    char *result = NULL;
    if (folder != NULL && asprintf(&result, "%s%s%s", folder, *folder ? "/" : "", path) < 0) result = NULL;
    free(folder);
    return result;
}

/* Counts the messages, and refuses a file that the producer would refuse. */
static int check_messages(struct demo *own, const char *path) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct payload_file file;
    int status = payload_file_load(&file, path, true, &diagnostics) == 0 ? CLI_DONE : CLI_BAD_INPUT;
    own->message_count = file.count;
    cli_print_diagnostics(stderr, &diagnostics);
    payload_file_reset(&file);
    diagnostics_reset(&diagnostics);
    return status;
}

int command_demo(int argc, char **argv) {
    static const struct option known[] = {{"messages", required_argument, NULL, 'm'},
                                          {"audit", required_argument, NULL, 'a'},
                                          {"cache", required_argument, NULL, 'k'},
                                          {0}};
    const char *messages = NULL, *audit = NULL;
    struct cache_choice cache = {0};
    for (int option; (option = getopt_long(argc, argv, ":", known, NULL)) != -1;) {
        if (option == '?' || option == ':') return cli_option_error(argv, option);
        if (option == 'm') messages = optarg;
        if (option == 'a') audit = optarg;
        if (option == 'k') cache = cache_choice_of(optarg);
    }
    if (messages == NULL) return cli_usage_error(argv[0], "--messages FILE is missing");
    if (optind < argc) return cli_usage_error(argv[0], "unexpected '%s'", argv[optind]);

    struct demo demo = {.consumers = {{.endpoint = "ipc://targeting", .file = "targeting.jsonl"},
                                      {.endpoint = "ipc://insights", .file = "insights.jsonl"}}};
    int status = check_messages(&demo, messages);
    if (status != CLI_DONE) return status;
    if (demo.message_count == 0) return cli_usage_error(argv[0], "%s holds no message", messages);
    demo.messages = make_absolute(messages);
    demo.audit = audit != NULL ? make_absolute(audit) : NULL;
    demo.cache_folder = cache.folder != NULL ? make_absolute(cache.folder) : NULL;
    demo.cache = (struct cache_choice){cache.is_off, demo.cache_folder};
    pipeline_prepare_process();
    const bool has_paths = demo.messages != NULL && (audit == NULL || demo.audit != NULL) &&
                           (cache.folder == NULL || demo.cache_folder != NULL);
    status = has_paths ? run(&demo) : fail("demo");
    leave(&demo);
    return status;
}
