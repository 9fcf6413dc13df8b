#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/config_file.h"
#include "cli/message_file.h"
#include "cli/progress.h"
#include "cli/totals.h"
#include "inspect/inspect.h"
#include "inspect/records.h"
#include "record/counters.h"
#include "record/json_writer.h"
#include "rules/compile/compile.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { FINDINGS_SHOWN = 3, NOT_GIVEN = -2, NO_RECORD = -1 };

/* What the command line asks for. */
struct request {
    const char **rules;
    size_t rule_source_count;
    const char *config_file;
    const struct cache_choice *cache; /* NULL: as the configuration says */
    struct cache_choice own_cache;
    enum format format;
    enum framing framing;
    int batch; /* enum batching, or NOT_GIVEN */
    bool is_json;
    const char **files;
    size_t file_count;
};

/* What is at work on the messages. */
struct work {
    const struct rule_set *rules;
    struct stage_config stage; /* one output per purpose */
    enum framing framing;
    bool is_json;
    struct inspector *inspector;
    struct records *records; /* NULL unless messages are judged by their records */
    struct inspection inspection;
    uint64_t number; /* of the message at hand, from 1 over all files */
    int64_t record;  /* position of the record at hand, or NO_RECORD: the message as a whole */
    bool has_withheld;
    bool shows_progress; /* not among the lines of a terminal */
    struct progress progress;
    struct counters counters;
};

struct name {
    const char *name;
    int value;
};
static const struct name format_names[] = {{"auto", FORMAT_AUTO}, {"msgpack", FORMAT_MSGPACK}, {"json", FORMAT_JSON}};
static const struct name framing_names[] = {
    {"auto", FRAMING_AUTO}, {"lines", FRAMING_LINES}, {"stream", FRAMING_STREAM}, {"message", FRAMING_MESSAGE}};
static const struct name batch_names[] = {{"message", BATCHING_MESSAGE}, {"records", BATCHING_RECORDS}};

/* The value of that name, or -1. */
static int find_value(const struct name *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, name) == 0) return names[i].value;
    return -1;
}

/* The rules and files of a request have room for every argument. */
static int parse_request(struct request *request, int argc, char **argv) {
    static const struct option options[] = {
        {"rules", required_argument, NULL, 'r'},  {"config", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'f'}, {"framing", required_argument, NULL, 'F'},
        {"batch", required_argument, NULL, 'b'},  {"json", no_argument, NULL, 'j'},
        {"cache", required_argument, NULL, 'k'},  {0}};
    int format = FORMAT_AUTO, framing = FRAMING_AUTO;
    request->batch = NOT_GIVEN;
    for (int option; (option = getopt_long(argc, argv, ":r:c:", options, NULL)) != -1;) switch (option) {
        case 'r':
            request->rules[request->rule_source_count++] = optarg;
            break;
        case 'c':
            request->config_file = optarg;
            break;
        case 'f':
            format = find_value(format_names, COUNT(format_names), optarg);
            break;
        case 'F':
            framing = find_value(framing_names, COUNT(framing_names), optarg);
            break;
        case 'b':
            request->batch = find_value(batch_names, COUNT(batch_names), optarg);
            break;
        case 'j':
            request->is_json = true;
            break;
        case 'k':
            request->own_cache = cache_choice_of(optarg);
            request->cache = &request->own_cache;
            break;
        default:
            return cli_option_error(argv, option);
        }
    if (format < 0) return cli_usage_error(argv[0], "the format is auto, msgpack or json");
    if (framing < 0) return cli_usage_error(argv[0], "the framing is auto, lines, stream or message");
    if (request->batch == -1) return cli_usage_error(argv[0], "the batch is message or records");
    request->format = (enum format)format;
    request->framing = (enum framing)framing;
    for (int i = optind; i < argc; i++) request->files[request->file_count++] = argv[i];
    if (request->file_count == 0) request->files[request->file_count++] = "-";
    return CLI_DONE;
}

static int check_files(const struct request *request) {
    for (size_t i = 0; i < request->file_count; i++)
        if (strcmp(request->files[i], "-") != 0 && access(request->files[i], R_OK) != 0) {
            cli_failure("%s: %s", request->files[i], strerror(errno));
            return CLI_BAD_INPUT;
        }
    return CLI_DONE;
}

/* The purposes of the example configuration, for everybody who has none yet. */
static void set_default_outputs(struct stage_config *stage, const struct rule_set *rules) {
    static const char advertising[] = "advertising", analytics[] = "analytics";
    static const char *const analytics_classes[] = {"email", "chat", "file", "personal", "credential"};
    uint64_t classes = 0;
    for (size_t i = 0; i < COUNT(analytics_classes); i++) classes |= rule_set_class(rules, analytics_classes[i]);
    stage->outputs[0] =
        (struct output_config){.name = advertising, .purpose = advertising, .withheld_classes = UINT64_MAX};
    stage->outputs[1] = (struct output_config){.name = analytics, .purpose = analytics, .withheld_classes = classes};
    stage->output_count = 2;
}

/* Verdicts are told per purpose: further outputs of the same purpose have the same one. */
static void keep_one_output_per_purpose(struct stage_config *stage) {
    size_t kept = 0;
    for (size_t i = 0; i < stage->output_count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < kept; k++)
            if (strcmp(stage->outputs[k].purpose, stage->outputs[i].purpose) == 0) is_new = false;
        if (!is_new) continue;
        stage->outputs[kept] = stage->outputs[i];
        stage->outputs[kept].name = stage->outputs[i].purpose;
        kept++;
    }
    stage->output_count = kept;
}

static enum verdict verdict_at(const struct work *work, size_t output) {
    return verdict_for(&work->inspection, work->stage.outputs[output].withheld_classes);
}

static bool is_withheld(const struct work *work) {
    for (size_t i = 0; i < work->stage.output_count; i++)
        if (verdict_at(work, i) == VERDICT_WITHHOLD) return true;
    return false;
}

static void count_verdicts(struct work *work) {
    const struct inspection *inspection = &work->inspection;
    for (size_t i = 0; i < work->stage.output_count; i++) {
        struct output_counters *counters = &work->counters.outputs[i];
        const uint64_t classes = inspection->classes & work->stage.outputs[i].withheld_classes;
        const bool passes = verdict_at(work, i) == VERDICT_PASS;
        counter_add(&counters->received, 1);
        counter_add(passes ? &counters->passed : &counters->withheld, 1);
        if (inspection->reason != REASON_NONE) {
            counter_add(&counters->withheld_by_reason[inspection->reason], 1);
        } else {
            for (size_t c = 0; c < work->rules->class_count; c++)
                counter_add(&counters->withheld_by_class[c], classes >> c & 1);
        }
    }
}

static void write_finding(struct json_writer *json, const struct work *work, const struct finding *finding) {
    const struct rule *rule = &work->rules->rules[finding->rule];
    char path[FINDING_PATH_CHARS];
    const char *layers[FINDING_LAYERS];
    inspector_path(work->inspector, finding, path, sizeof path);
    json_writer_object(json);
    json_writer_key(json, "rule");
    json_writer_text(json, rule->id);
    json_writer_key(json, "class");
    json_writer_text(json, work->rules->class_names[rule->class_index]);
    json_writer_key(json, "path");
    json_writer_text(json, path);
    json_writer_key(json, "layers");
    json_writer_texts(json, layers, inspector_layers(work->inspector, finding, layers));
    json_writer_key(json, "length");
    json_writer_natural(json, finding->length);
    json_writer_end(json);
}

static void write_verdicts(struct json_writer *json, const struct work *work) {
    json_writer_object(json);
    for (size_t i = 0; i < work->stage.output_count; i++) {
        json_writer_key(json, work->stage.outputs[i].purpose);
        json_writer_text(json, verdict_at(work, i) == VERDICT_PASS ? "pass" : "withhold");
    }
    json_writer_end(json);
}

static void write_classes(struct json_writer *json, const struct work *work) {
    json_writer_array(json);
    for (size_t i = 0; i < work->rules->class_count; i++)
        if (work->inspection.classes >> i & 1) json_writer_text(json, work->rules->class_names[i]);
    json_writer_end(json);
}

static void print_json(const struct work *work) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "n");
    json_writer_natural(&json, work->number);
    if (work->record != NO_RECORD) {
        json_writer_key(&json, "record");
        json_writer_natural(&json, (uint64_t)work->record);
    }
    json_writer_key(&json, "bytes");
    json_writer_natural(&json, work->inspection.bytes);
    json_writer_key(&json, "verdicts");
    write_verdicts(&json, work);
    json_writer_key(&json, "classes");
    write_classes(&json, work);
    json_writer_key(&json, "reason");
    json_writer_text(&json, reason_name(work->inspection.reason));
    json_writer_key(&json, "findings");
    json_writer_array(&json);
    for (size_t i = 0; i < work->inspection.kept_count; i++) write_finding(&json, work, &work->inspection.findings[i]);
    json_writer_end(&json);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void print_finding(const struct work *work, const struct finding *finding) {
    char path[FINDING_PATH_CHARS];
    const char *layers[FINDING_LAYERS];
    inspector_path(work->inspector, finding, path, sizeof path);
    const size_t layer_count = inspector_layers(work->inspector, finding, layers);
    printf("%s at %s", work->rules->rules[finding->rule].id, *path ? path : "the top");
    for (size_t i = 0; i < layer_count; i++) printf("%s%s", i == 0 ? " in " : ", ", layers[i]);
}

/* One line for a withheld message or record: its number, from which purposes, why, and what was found where. */
static void print_line(const struct work *work) {
    const struct inspection *inspection = &work->inspection;
    const char *separator = "";
    printf("%" PRIu64, work->number);
    if (work->record != NO_RECORD) printf(", record %" PRId64, work->record);
    fputs(": withheld from ", stdout);
    for (size_t i = 0; i < work->stage.output_count; i++) {
        if (verdict_at(work, i) == VERDICT_PASS) continue;
        printf("%s%s", separator, work->stage.outputs[i].purpose);
        separator = ", ";
    }
    separator = ": ";
    if (inspection->reason != REASON_NONE) printf("%s%s", separator, reason_name(inspection->reason));
    for (size_t i = 0; i < work->rules->class_count; i++) {
        if (!(inspection->classes >> i & 1)) continue;
        printf("%s%s", separator, work->rules->class_names[i]);
        separator = ", ";
    }
    const size_t shown_count = inspection->kept_count < FINDINGS_SHOWN ? inspection->kept_count : FINDINGS_SHOWN;
    for (size_t i = 0; i < shown_count; i++) {
        fputs(i == 0 ? " (" : "; ", stdout);
        print_finding(work, &inspection->findings[i]);
    }
    if (inspection->finding_count > shown_count) printf("; %zu more", inspection->finding_count - shown_count);
    puts(shown_count > 0 ? ")" : "");
}

/* Counts and shows the verdicts on what was inspected last. */
static void tell(struct work *work) {
    count_verdicts(work);
    if (is_withheld(work)) work->has_withheld = true;
    if (work->is_json) {
        print_json(work);
    } else if (is_withheld(work)) {
        print_line(work);
    }
}

static void inspect_records(struct work *work) {
    for (size_t i = 0; i < work->records->count; i++) {
        records_inspect(work->records, i, work->inspector, &work->inspection);
        work->record = (int64_t)i;
        tell(work);
    }
}

static void inspect_message(struct work *work, const struct file_message *message) {
    const struct frame frame = {message->bytes, message->length};
    const enum format format = work->stage.format != FORMAT_AUTO ? work->stage.format : message->format;
    enum reason reason = message->reason;
    work->number++;
    work->record = NO_RECORD;
    if (reason == REASON_NONE && work->records != NULL) {
        reason = records_cut(work->records, &frame, 1, format, &work->stage.limits);
        if (work->records->count > 0) {
            inspect_records(work);
            return;
        }
    }
    if (reason == REASON_NONE) {
        inspect(work->inspector, &frame, 1, format, &work->inspection);
    } else {
        work->inspection = (struct inspection){.reason = reason, .bytes = message->length};
    }
    tell(work);
}

static int inspect_file(struct work *work, const char *path) {
    struct message_file *file = message_file_open(path, work->framing, &work->stage.limits);
    if (!file) return cli_failure("%s: %s", path, strerror(errno));
    struct file_message message;
    int result;
    while ((result = message_file_next(file, &message)) == 1 && !ferror(stdout)) {
        inspect_message(work, &message);
        if (work->shows_progress && progress_is_due(&work->progress))
            progress_show(&work->progress, "%" PRIu64 " messages", work->number);
    }
    const int reason = errno;
    message_file_close(&file);
    return result < 0 ? cli_failure("%s: %s", path, strerror(reason)) : CLI_DONE;
}

static int inspect_files(struct work *work, const struct request *request) {
    work->inspector = inspector_create(work->rules, &work->stage.limits);
    if (work->stage.batching == BATCHING_RECORDS) work->records = malloc(sizeof *work->records);
    const bool has_memory = work->inspector && (work->records || work->stage.batching != BATCHING_RECORDS);
    int status = has_memory ? CLI_DONE : cli_failure("out of memory");
    for (size_t i = 0; i < request->file_count && status == CLI_DONE; i++)
        status = inspect_file(work, request->files[i]);
    inspector_destroy(&work->inspector);
    free(work->records);
    progress_clear(&work->progress);
    if (!work->is_json) {
        if (work->has_withheld) putchar('\n');
        totals_print(stdout, &work->counters, &work->stage, work->rules);
    }
    return status == CLI_DONE && work->has_withheld ? CLI_WITHHELD : status;
}

/* The rules and the policy that the request names; NULL when anything is wrong. */
static struct rule_set *load_rules(const struct request *request, struct cordon_config *config,
                                   struct diagnostics *diagnostics) {
    if (request->config_file && config_load(config, request->config_file, diagnostics) != 0) return NULL;
    const bool has_own_rules = request->rule_source_count > 0;
    struct rule_cache cache;
    cache_choice_open(request->cache ? request->cache : &config->cache, &cache);
    struct rule_set *rules = rule_set_load_cached(
        has_own_rules ? request->rules : config->rules,
        has_own_rules ? request->rule_source_count : config->rule_source_count, &cache, diagnostics);
    if (!rules) return NULL;
    if (!request->config_file) {
        set_default_outputs(&config->stage, rules);
    } else if (config_resolve(config, rules, diagnostics) != 0) {
        rule_set_destroy(&rules);
    }
    return rules;
}

static int carry_out(const struct request *request) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct cordon_config config = {.stage.limits = LIMITS_DEFAULT};
    struct rule_set *rules = load_rules(request, &config, &diagnostics);
    struct work *work = calloc(1, sizeof *work);
    int status = CLI_BAD_INPUT;
    cli_print_diagnostics(stderr, &diagnostics);
    if (!work) {
        status = cli_failure("out of memory");
    } else if (rules) {
        work->rules = rules;
        work->stage = config.stage;
        if (request->format != FORMAT_AUTO) work->stage.format = request->format;
        if (request->batch != NOT_GIVEN) work->stage.batching = (enum batching)request->batch;
        work->framing = request->framing;
        work->is_json = request->is_json;
        work->shows_progress = isatty(STDOUT_FILENO) == 0;
        keep_one_output_per_purpose(&work->stage);
        status = inspect_files(work, request);
    }
    free(work);
    rule_set_destroy(&rules);
    config_reset(&config);
    diagnostics_reset(&diagnostics);
    return status;
}

int command_inspect(int argc, char **argv) {
    struct request request = {0};
    request.rules = calloc(2 * (size_t)argc + 1, sizeof *request.rules);
    if (!request.rules) return cli_failure("out of memory");
    request.files = request.rules + argc;
    int status = parse_request(&request, argc, argv);
    if (status == CLI_DONE) status = check_files(&request);
    if (status == CLI_DONE) status = carry_out(&request);
    free(request.rules);
    return status;
}
