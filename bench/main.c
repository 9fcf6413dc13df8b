#include "bench/bench.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine.h"
#include "bench/measure.h"
#include "bench/plot.h"
#include "cli/argument.h"
#include "cli/cli.h"
#include "rules/compile/compile.h"
#include "rules/compile/rule_sources.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { RULE_SOURCES_MAX = 64 };

static const char usage[] =
    "usage: cordon-bench SCENARIO [options]\n"
    "\n"
    "  inspect      inspect() in process, beside decoders and other engines\n"
    "  stage        through a stage over tcp and ipc, beside zmq_proxy\n"
    "  workers      1, 2 and 4 lanes, without sockets and over tcp, and a model of more\n"
    "  size         from 256 bytes to 1 MiB\n"
    "  rules        from 10 to 5000 generated rules\n"
    "  latency      open loop at a fixed rate, beside zmq_proxy\n"
    "  startup      from rule files to a rule set\n"
    "  memory       of cordon run under several loads\n"
    "  all          one after the other\n"
    "  goals        all with the usual messages, and where each goal stands\n"
    "  instructions counts those of inspect() and what it is compared with, under callgrind\n"
    "\n"
    "  -r, --rules SOURCE    file, folder or pack:NAME; may come more than once (all packs)\n"
    "  --data FILE           JSON Lines instead of generated messages\n"
    "  --as FORMAT           msgpack or json (msgpack)\n"
    "  --seed N              of everything that is generated (1)\n"
    "  --messages N          in the workload (10000)\n"
    "  --bytes N             of a message as JSON, 0 for a mix of sizes (1460, which is 1.1 KB of msgpack)\n"
    "  --personal PERCENT    of messages that carry something personal (0)\n"
    "  --unique              no text value ever comes twice (inspect shows both)\n"
    "  --runs N              of everything that is compared (11)\n"
    "  --run-ms N            that a run takes at least (100)\n"
    "  --rate N              messages per second for latency (half of what the slower of both takes)\n"
    "  --json                one JSON object per line\n"
    "  --plot FOLDER         also draws charts as SVG, with gnuplot\n"
    "  --write ROOT          goals also fills in README.md and docs/benchmarks.md below ROOT, and draws their chart\n"
    "  --any-build           also with a build that is not fit for measuring, to test this program\n";

static const struct scenario {
    const char *name;
    int (*run)(struct bench *bench);
    bool is_apart; /* not one of all */
} scenarios[] = {
    {"stage", scenario_stage, false},
    {"inspect", scenario_inspect, false},
    {"workers", scenario_workers, false},
    {"size", scenario_size, false},
    {"rules", scenario_rules, false},
    {"latency", scenario_latency, false},
    {"startup", scenario_startup, false},
    {"memory", scenario_memory, false},
    {"goals", scenario_goals, true}, /* after all that it judges by */
    {"instructions", scenario_instructions, true},
};

int bench_fail(const char *reason, ...) {
    va_list arguments;
    va_start(arguments, reason);
    fputs("cordon-bench: ", stderr);
    vfprintf(stderr, reason, arguments);
    putc('\n', stderr);
    va_end(arguments);
    return BENCH_FAILED;
}

int bench_make_workload(struct bench *bench, const struct workload_config *config, struct workload *workload) {
    char fault[WORKLOAD_FAULT_CHARS], text[160];
    if (workload_make(workload, config, fault) != 0) return bench_fail("workload: %s", fault);
    snprintf(text, sizeof text, "%zu messages of %zu bytes on average in %s, %zu personal, texts %s, digest %s",
             workload->count, workload->length / workload->count, workload->format == FORMAT_JSON ? "JSON" : "msgpack",
             workload->personal_count,
             config->file != NULL ? "from a file" : (config->is_unique ? "never repeat" : "repeat"), workload->digest);
    report_fact(&bench->report, "workload", text);
    return BENCH_DONE;
}

struct arguments {
    struct bench *bench;
    bool may_be_any_build;
    const char *plot_folder; /* NULL: no charts */
};

static bool read_size(const char *text, size_t min, size_t max, size_t *out) {
    uint64_t value;
    if (!argument_natural(text, min, max, &value)) return false;
    *out = (size_t)value;
    return true;
}

static bool read_unsigned(const char *text, unsigned min, unsigned max, unsigned *out) {
    size_t value;
    if (!read_size(text, min, max, &value)) return false;
    *out = (unsigned)value;
    return true;
}

static bool read_format(const char *text, enum format *format) {
    *format = strcmp(text, "json") == 0 ? FORMAT_JSON : FORMAT_MSGPACK;
    return *format == FORMAT_JSON || strcmp(text, "msgpack") == 0;
}

static bool add_source(struct bench *bench, const char *source) {
    if (bench->rule_source_count == RULE_SOURCES_MAX) return false;
    bench->rule_sources[bench->rule_source_count++] = source;
    return true;
}

/* Takes one option; false when its value is none. */
static bool take_option(struct arguments *own, int option, const char *value) {
    struct bench *bench = own->bench;
    struct workload_config *workload = &bench->workload;
    switch (option) {
    case 'r':
        return add_source(bench, value);
    case 'd':
        workload->file = value;
        return true;
    case 'a':
        return read_format(value, &workload->format);
    case 's':
        return argument_natural(value, 0, UINT64_MAX / 2, &workload->seed);
    case 'm':
        return read_size(value, 1, 10000000, &workload->message_count);
    case 'b':
        return read_size(value, 0, 1300000, &workload->message_bytes);
    case 'p':
        return read_unsigned(value, 0, 100, &workload->personal_percent);
    case 'u':
        return workload->is_unique = true;
    case 'n':
        return read_size(value, 1, MEASURE_RUNS_MAX, &bench->runs);
    case 't':
        return read_unsigned(value, 1, 60000, &bench->run_ms);
    case 'o':
        return read_unsigned(value, 1, 10000000, &bench->rate);
    case 'j':
        return bench->report.is_json = true;
    case 'g':
        own->plot_folder = value;
        return true;
    case 'w':
        bench->page_root = value;
        return true;
    case 'y':
        return own->may_be_any_build = true;
    default:
        return false;
    }
}

static int read_arguments(struct arguments *own, int argc, char **argv) {
    static const struct option known[] = {
        {"rules", required_argument, NULL, 'r'},    {"data", required_argument, NULL, 'd'},
        {"as", required_argument, NULL, 'a'},       {"seed", required_argument, NULL, 's'},
        {"messages", required_argument, NULL, 'm'}, {"bytes", required_argument, NULL, 'b'},
        {"personal", required_argument, NULL, 'p'}, {"unique", no_argument, NULL, 'u'},
        {"runs", required_argument, NULL, 'n'},     {"run-ms", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'o'},     {"json", no_argument, NULL, 'j'},
        {"plot", required_argument, NULL, 'g'},     {"write", required_argument, NULL, 'w'},
        {"any-build", no_argument, NULL, 'y'},      {0}};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":r:", known, NULL)) != -1;) {
        if (take_option(own, option, optarg)) continue;
        bench_fail("what is %s?\n%s", argv[optind - 1], usage);
        return BENCH_BAD_INPUT;
    }
    return BENCH_DONE;
}

static int load_rules(struct bench *bench) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    rule_sources_load(&bench->drafts, bench->rule_sources, bench->rule_source_count, &diagnostics);
    if (diagnostics.error_count == 0) bench->rules = rule_set_compile(&bench->drafts, &diagnostics);
    cli_print_diagnostics(stderr, &diagnostics);
    diagnostics_reset(&diagnostics);
    return bench->rules != NULL ? BENCH_DONE : BENCH_BAD_INPUT;
}

/* Goals are judged by all scenarios, after them. */
static bool is_wanted(const struct scenario *scenario, const char *name) {
    const bool is_every = strcmp(name, "all") == 0 || strcmp(name, "goals") == 0;
    return strcmp(name, scenario->name) == 0 || (is_every && !scenario->is_apart);
}

static int run_scenarios(struct bench *bench, const char *name) {
    int status = strcmp(name, "goals") == 0 ? goals_prepare(bench) : BENCH_DONE;
    for (size_t i = 0; i < COUNT(scenarios) && status == BENCH_DONE; i++) {
        if (!is_wanted(&scenarios[i], name)) continue;
        status = scenarios[i].run(bench);
    }
    return status;
}

/* The same with charts, when a folder for them was given. */
static int run_and_draw(struct bench *bench, const char *name, const char *plot_folder) {
    const int status = run_scenarios(bench, name);
    if (status != BENCH_DONE || plot_folder == NULL || plot_draw(&bench->report.ledger, plot_folder) == 0)
        return status;
    return bench_fail("%s: gnuplot is missing or cannot draw there", plot_folder);
}

static bool is_scenario(const char *name) {
    for (size_t i = 0; i < COUNT(scenarios); i++)
        if (strcmp(name, scenarios[i].name) == 0) return true;
    return strcmp(name, "all") == 0;
}

int main(int argc, char **argv) {
    static const char *sources[RULE_SOURCES_MAX];
    static struct bench bench = {
        .workload = {.seed = 1, .message_count = 10000, .message_bytes = BENCH_USUAL_BYTES, .format = FORMAT_MSGPACK},
        .rule_sources = sources,
        .runs = 11,
        .run_ms = 100};
    bench.report.out = stdout;
    struct arguments arguments = {.bench = &bench};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return BENCH_DONE;
    }
    int status = read_arguments(&arguments, argc, argv);
    if (status != BENCH_DONE) return status;
    if (optind + 1 != argc || !is_scenario(argv[optind])) {
        bench_fail("which scenario?\n%s", usage);
        return BENCH_BAD_INPUT;
    }
    if (!machine_build_is_measurable() && !arguments.may_be_any_build) {
        bench_fail("refuses a debug build: configure with -DCMAKE_BUILD_TYPE=Release (cmake --preset release)");
        return BENCH_BAD_INPUT;
    }
    rule_drafts_init(&bench.drafts);
    status = load_rules(&bench);
    if (status == BENCH_DONE) {
        machine_report(&bench.report, bench.rules);
        status = run_and_draw(&bench, argv[optind], arguments.plot_folder);
    }
    rule_set_destroy(&bench.rules);
    rule_drafts_reset(&bench.drafts);
    return status;
}
