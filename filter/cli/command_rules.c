#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cache_choice.h"
#include "cli/cli.h"
#include "cli/rules_cost.h"
#include "record/json_writer.h"
#include "rules/compile/compile.h"
#include "rules/compile/example.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct request {
    bool is_json, is_verbose;
    const char *rule_prefix; /* NULL: all */
    const char *class_name;  /* NULL: all */
    const char *messages_file;
    struct cache_choice cache;
    const char *const *sources;
    size_t source_count;
};

/* Rules as read and as compiled, their examples not yet run. */
struct rules {
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    struct rule_cache cache;
    struct rule_set *set; /* NULL: the reasons are in diagnostics */
};

static void load(struct rules *rules, const struct request *request) {
    diagnostics_init(&rules->diagnostics);
    rule_drafts_init(&rules->drafts);
    rule_sources_load(&rules->drafts, request->sources, request->source_count, &rules->diagnostics);
    const bool is_sound = rules->diagnostics.error_count == 0 && !rules->diagnostics.is_incomplete;
    cache_choice_open(&request->cache, &rules->cache);
    rules->set = is_sound ? rule_set_compile_cached(&rules->drafts, &rules->cache, &rules->diagnostics) : NULL;
}

static void reset(struct rules *rules) {
    rule_set_destroy(&rules->set);
    rule_drafts_reset(&rules->drafts);
    diagnostics_reset(&rules->diagnostics);
}

static void write_place(struct json_writer *json, const char *file, struct place place) {
    json_writer_key(json, "file");
    json_writer_text(json, file);
    json_writer_key(json, "line");
    json_writer_natural(json, place.line);
    json_writer_key(json, "column");
    json_writer_natural(json, place.column);
}

static void write_diagnostics(struct json_writer *json, const struct diagnostics *diagnostics) {
    json_writer_array(json);
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *diagnostic = &diagnostics->items[i];
        json_writer_object(json);
        json_writer_key(json, "severity");
        json_writer_text(json, diagnostic->severity == SEVERITY_ERROR ? "error" : "warning");
        write_place(json, diagnostic->file, diagnostic->place);
        json_writer_key(json, "text");
        json_writer_text(json, diagnostic->text);
        json_writer_end(json);
    }
    json_writer_end(json);
}

static void write_check(const struct rule_set *set, const struct diagnostics *diagnostics) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "ok");
    json_writer_bool(&json, set != NULL);
    if (set) {
        json_writer_key(&json, "rules");
        json_writer_natural(&json, set->rule_count);
        json_writer_key(&json, "classes");
        json_writer_natural(&json, set->class_count);
        json_writer_key(&json, "rules_digest");
        json_writer_text(&json, set->digest);
    }
    json_writer_key(&json, "diagnostics");
    write_diagnostics(&json, diagnostics);
    json_writer_end(&json);
    json_writer_line(&json);
}

static int check(const struct request *request) {
    struct diagnostics diagnostics;
    struct rule_cache cache;
    diagnostics_init(&diagnostics);
    cache_choice_open(&request->cache, &cache);
    struct rule_set *set = rule_set_load_cached(request->sources, request->source_count, &cache, &diagnostics);
    const int status = set ? CLI_DONE : CLI_BAD_INPUT;
    if (request->is_json) {
        write_check(set, &diagnostics);
    } else {
        cli_print_diagnostics(stderr, &diagnostics);
        if (set) printf("OK: %zu rules, %zu classes, digest %s\n", set->rule_count, set->class_count, set->digest);
    }
    rule_set_destroy(&set);
    diagnostics_reset(&diagnostics);
    return status;
}

static void write_compiled(const struct rule_set *set, const struct rule_cache *cache) {
    struct json_writer json;
    char path[RULE_CACHE_PATH_CHARS];
    rule_cache_path(cache, path);
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "rules");
    json_writer_natural(&json, set->rule_count);
    json_writer_key(&json, "rules_digest");
    json_writer_text(&json, set->digest);
    json_writer_key(&json, "patterns");
    json_writer_natural(&json, set->pattern_count);
    json_writer_key(&json, "file");
    json_writer_text(&json, cache->name[0] != '\0' ? path : NULL);
    json_writer_key(&json, "bytes");
    json_writer_natural(&json, cache->file_bytes);
    json_writer_key(&json, "is_new");
    json_writer_bool(&json, cache->file_bytes > 0 && !cache->is_hit);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void print_compiled(const struct rule_set *set, const struct rule_cache *cache) {
    char path[RULE_CACHE_PATH_CHARS];
    rule_cache_path(cache, path);
    printf("rules     %zu, all examples hold, digest %s\n", set->rule_count, set->digest);
    printf("patterns  %zu\n", set->pattern_count);
    if (cache->name[0] == '\0') {
        puts("file      none: there is no pattern to compile");
    } else {
        printf("file      %s, %zu bytes%s\n", path, cache->file_bytes, cache->is_hit ? ", was there already" : "");
    }
}

/* Compiles, proves and keeps, so that every start from now on is a quick one. */
static int compile(const struct request *request) {
    struct diagnostics diagnostics;
    struct rule_cache cache;
    diagnostics_init(&diagnostics);
    cache_choice_open(&request->cache, &cache);
    if (cache.folder[0] == '\0')
        return cli_usage_error("rules", "compile needs a folder to keep something in: say --cache FOLDER");
    struct rule_set *set = rule_set_load_cached(request->sources, request->source_count, &cache, &diagnostics);
    cli_print_diagnostics(stderr, &diagnostics);
    int status = set ? CLI_DONE : CLI_BAD_INPUT;
    if (set && set->pattern_count > 0 && cache.file_bytes == 0) status = cli_failure("nothing was kept");
    if (status == CLI_DONE) (request->is_json ? write_compiled : print_compiled)(set, &cache);
    rule_set_destroy(&set);
    diagnostics_reset(&diagnostics);
    return status;
}

/* What examples did, in the order they ran. */
struct outcomes {
    const struct request *request;
    struct diagnostics diagnostics; /* those that did not hold */
    size_t example_count;
};

static void write_outcome(const struct example_result *result) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "rule");
    json_writer_text(&json, result->draft->id->text);
    write_place(&json, result->draft->file, result->example->place);
    json_writer_key(&json, "is_negative");
    json_writer_bool(&json, result->is_negative);
    json_writer_key(&json, "is_held");
    json_writer_bool(&json, result->is_held);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void take_outcome(void *context, const struct example_result *result) {
    struct outcomes *outcomes = context;
    const char *const kind = result->is_negative ? "negative example" : "example";
    const char *const id = result->draft->id->text;
    const struct place place = result->example->place;
    outcomes->example_count++;
    if (!result->is_held)
        diagnostics_error(&outcomes->diagnostics, result->draft->file, place, "rule '%s': %s %s", id, kind,
                          result->is_negative ? "found" : "not found");
    if (outcomes->request->is_json && (outcomes->request->is_verbose || !result->is_held)) {
        write_outcome(result);
    } else if (outcomes->request->is_verbose && result->is_held) {
        printf("%s:%u:%u: rule '%s': %s holds\n", result->draft->file, place.line, place.column, id, kind);
    }
}

static void print_test_summary(const struct outcomes *outcomes, const struct rule_set *set, size_t failed_count) {
    if (!outcomes->request->is_json) {
        fflush(stdout);
        cli_print_diagnostics(stderr, &outcomes->diagnostics);
        printf("%zu rules, %zu examples, %zu failed\n", set->rule_count, outcomes->example_count, failed_count);
        return;
    }
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "rules");
    json_writer_natural(&json, set->rule_count);
    json_writer_key(&json, "examples");
    json_writer_natural(&json, outcomes->example_count);
    json_writer_key(&json, "failed");
    json_writer_natural(&json, failed_count);
    json_writer_end(&json);
    json_writer_line(&json);
}

static int test_rules(const struct request *request, const struct rules *rules) {
    struct outcomes outcomes = {.request = request};
    diagnostics_init(&outcomes.diagnostics);
    const int failed_count = examples_run(rules->set, &rules->drafts, take_outcome, &outcomes);
    if (failed_count >= 0) print_test_summary(&outcomes, rules->set, (size_t)failed_count);
    diagnostics_reset(&outcomes.diagnostics);
    if (failed_count < 0) return cli_failure("out of memory");
    return failed_count > 0 ? CLI_WITHHELD : CLI_DONE;
}

static bool is_asked_for(const struct request *request, const struct rule_set *set, const struct rule *rule) {
    const char *const prefix = request->rule_prefix ? request->rule_prefix : "";
    return strncmp(rule->id, prefix, strlen(prefix)) == 0 &&
           (!request->class_name || strcmp(set->class_names[rule->class_index], request->class_name) == 0);
}

static const char *rule_kind(const struct rule *rule) {
    return rule->patterns.count > 0 ? "pattern" : "field";
}

static void write_rule(const struct rule_set *set, const struct rule *rule) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "id");
    json_writer_text(&json, rule->id);
    json_writer_key(&json, "class");
    json_writer_text(&json, set->class_names[rule->class_index]);
    json_writer_key(&json, "kind");
    json_writer_text(&json, rule_kind(rule));
    json_writer_key(&json, "name");
    json_writer_text(&json, rule->name);
    json_writer_key(&json, "description");
    json_writer_text(&json, rule->description);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void print_rule(const struct rule_set *set, const struct rule *rule, int id_width) {
    printf("%-*s  %-12s %-8s %s\n", id_width, rule->id, set->class_names[rule->class_index], rule_kind(rule),
           rule->name);
}

static int list_rules(const struct request *request, const struct rules *rules) {
    const struct rule_set *const set = rules->set;
    int id_width = 0;
    for (size_t i = 0; i < set->rule_count; i++) {
        const int length = (int)strlen(set->rules[i].id);
        if (is_asked_for(request, set, &set->rules[i]) && length > id_width) id_width = length;
    }
    for (size_t i = 0; i < set->rule_count; i++) {
        if (!is_asked_for(request, set, &set->rules[i])) continue;
        if (request->is_json) {
            write_rule(set, &set->rules[i]);
        } else {
            print_rule(set, &set->rules[i], id_width);
        }
    }
    return CLI_DONE;
}

static int with_rules(const struct request *request, int (*act)(const struct request *, const struct rules *)) {
    struct rules rules;
    load(&rules, request);
    cli_print_diagnostics(stderr, &rules.diagnostics);
    const int status = rules.set ? act(request, &rules) : CLI_BAD_INPUT;
    reset(&rules);
    return status;
}

static int test(const struct request *request) {
    return with_rules(request, test_rules);
}

static int list(const struct request *request) {
    return with_rules(request, list_rules);
}

static int cost(const struct request *request) {
    const struct rules_cost_request asked = {request->sources, request->source_count, request->messages_file,
                                             request->is_json};
    return rules_cost(&asked);
}

static int (*find_action(const char *name))(const struct request *) {
    static const struct {
        const char *name;
        int (*act)(const struct request *request);
    } actions[] = {{"check", check}, {"test", test}, {"list", list}, {"cost", cost}, {"compile", compile}};
    for (size_t i = 0; i < COUNT(actions); i++)
        if (strcmp(actions[i].name, name) == 0) return actions[i].act;
    return NULL;
}

int command_rules(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'},        {"rule", required_argument, NULL, 'r'},
        {"class", required_argument, NULL, 'c'}, {"messages", required_argument, NULL, 'm'},
        {"cache", required_argument, NULL, 'k'}, {0}};
    struct request request = {0};
    for (int option; (option = getopt_long(argc, argv, ":v", options, NULL)) != -1;) switch (option) {
        case 'j':
            request.is_json = true;
            break;
        case 'v':
            request.is_verbose = true;
            break;
        case 'r':
            request.rule_prefix = optarg;
            break;
        case 'c':
            request.class_name = optarg;
            break;
        case 'm':
            request.messages_file = optarg;
            break;
        case 'k':
            request.cache = cache_choice_of(optarg);
            break;
        default:
            return cli_option_error(argv, option);
        }
    if (optind == argc) return cli_usage_error(argv[0], "say check, test, list, cost or compile");
    int (*const act)(const struct request *) = find_action(argv[optind]);
    if (!act) return cli_usage_error(argv[0], "unknown action '%s'", argv[optind]);
    request.sources = (const char *const *)(argv + optind + 1);
    request.source_count = (size_t)(argc - optind - 1);
    return act(&request);
}
