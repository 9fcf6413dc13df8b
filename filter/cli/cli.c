#include "cli/cli.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rules/compile/spelling.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
    const char *usage;
};

static const struct command commands[] = {
    {"run", command_run, "Run the stage between the brokers and their consumers",
     "Usage: cordon run -c FILE [--check] [--json]\n"
     "\n"
     "  -c, --config FILE   the configuration (cordon.yaml)\n"
     "  --check             load everything, say what would be done, and end\n"
     "  --json              print the totals as JSON\n"},
    {"inspect", command_inspect, "Give the verdict for every message of a file",
     "Usage: cordon inspect [OPTIONS] [FILE... | -]\n"
     "\n"
     "  -r, --rules RULES    a rule file, a folder of them or pack:NAME; may be repeated (default: all packs)\n"
     "  -c, --config FILE    take rules, limits and the outputs' policy from a configuration\n"
     "  --format FORMAT      auto, msgpack or json (default: auto, what the framing stands for)\n"
     "  --framing FRAMING    lines: JSON, one message per line; stream: msgpack values one after the other;\n"
     "                       message: the whole file is one; auto: lines or stream, by the first byte\n"
     "  --batch BATCH        message, or records: a message that is a list has a verdict for each of its elements\n"
     "                       (default: message, or what the configuration says)\n"
     "  --json               print one JSON object per message\n"
     "  --cache FOLDER       keep compiled rules there, or none (default: as configured, or the user's own)\n"},
    {"rules", command_rules, "Check, test, list, measure and compile rules",
     "Usage: cordon rules check|test|list|cost|compile [OPTIONS] [RULES...]\n"
     "\n"
     "RULES are rule files, folders of them or pack:NAME; the default is all packs.\n"
     "\n"
     "  check             load and compile the rules and run their examples\n"
     "  test              run the examples and show those that do not hold\n"
     "    -v              show all of them\n"
     "  list              show the rules\n"
     "    --rule PREFIX   those whose id begins so\n"
     "    --class NAME    those of a class\n"
     "  cost              measure what each rule adds per message, and say why where it is much\n"
     "    --messages FILE on these, as 'cordon inspect' reads them (default: the rules' negative examples and\n"
     "                    clean messages that are built in)\n"
     "  compile           load, compile and prove the rules, and keep them compiled for the next start\n"
     "  --cache FOLDER    keep compiled rules there, or none (default: $XDG_CACHE_HOME/cordon or ~/.cache/cordon)\n"
     "  --json            print JSON Lines\n"},
    {"send", command_send, "Send the messages of a file",
     "Usage: cordon send --to ENDPOINT [OPTIONS] FILE | -\n"
     "\n"
     "FILE holds JSON Lines.\n"
     "\n"
     "  --to ENDPOINT    tcp://host:port or ipc://path\n"
     "  --bind           bind rather than connect\n"
     "  --socket KIND    push or pub (default: push)\n"
     "  --as FORMAT      send msgpack or json (default: json)\n"
     "  --rate N         messages per second at most\n"
     "  --repeat N       send the file N times\n"
     "  --linger S       wait S seconds at most until all is delivered (default: 30)\n"},
    {"recv", command_recv, "Receive messages and print them as JSON Lines",
     "Usage: cordon recv --from ENDPOINT [OPTIONS]\n"
     "\n"
     "  --from ENDPOINT   tcp://host:port or ipc://path\n"
     "  --bind            bind rather than connect\n"
     "  --socket KIND     pull or sub (default: pull)\n"
     "  --count N         end after N messages\n"
     "  --timeout S       end after S seconds without a message\n"},
    {"demo", command_demo, "Show a whole pipeline at work on this machine",
     "Usage: cordon demo --messages FILE [--audit FILE] [--cache FOLDER]\n"
     "\n"
     "  --messages FILE   JSON Lines to send through it\n"
     "  --audit FILE      where the audit goes\n"
     "  --cache FOLDER    keep compiled rules there, or none (default: the user's own)\n"},
    {"version", command_version, "Tell the versions of the program, its engine and its rules",
     "Usage: cordon version [--json]\n"},
};

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static void print_help(FILE *out) {
    fputs("Cordon " CORDON_VERSION ", a content firewall for ad pipelines\n\nUsage: cordon COMMAND [OPTIONS]\n\n", out);
    for (size_t i = 0; i < COUNT(commands); i++) fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].summary);
    fputs("\n'cordon COMMAND --help' tells more about a command.\n", out);
}

static int refuse_command(const char *name) {
    const char *names[COUNT(commands)];
    for (size_t i = 0; i < COUNT(commands); i++) names[i] = commands[i].name;
    const char *const nearest = spelling_nearest(name, names, COUNT(commands));
    fprintf(stderr, "cordon: unknown command '%s'", name);
    if (nearest) fprintf(stderr, ", did you mean '%s'?", nearest);
    fputs("\nTry 'cordon --help'.\n", stderr);
    return CLI_BAD_INPUT;
}

static int command_help(int argc, char **argv) {
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 1 && !command) return refuse_command(argv[1]);
    if (command) {
        fputs(command->usage, stdout);
    } else {
        print_help(stdout);
    }
    return CLI_DONE;
}

static bool asks_for_help(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
    return false;
}

static int run_command(int argc, char **argv) {
    const char *const name = argv[0];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return command_help(argc, argv);
    if (strcmp(name, "--version") == 0) return command_version(argc, argv);
    const struct command *command = find_command(name);
    if (!command) return refuse_command(name);
    if (!asks_for_help(argc, argv)) return command->run(argc, argv);
    fputs(command->usage, stdout);
    return CLI_DONE;
}

int cli_main(int argc, char **argv) {
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes shall fail a write, not end the program */
    opterr = 0;
    optind = 0;
    if (argc < 2) {
        print_help(stderr);
        return CLI_BAD_INPUT;
    }
    const int status = run_command(argc - 1, argv + 1);
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    return cli_failure("the output could not be written");
}

int cli_usage_error(const char *command, const char *reason, ...) {
    va_list arguments;
    va_start(arguments, reason);
    fprintf(stderr, "cordon %s: ", command);
    vfprintf(stderr, reason, arguments);
    va_end(arguments);
    const struct command *known = find_command(command);
    fprintf(stderr, "\n%s", known ? known->usage : "");
    return CLI_BAD_INPUT;
}

int cli_option_error(char **argv, int answer) {
    const char letter[] = {'-', (char)optopt, '\0'};
    const char *const option = strncmp(argv[optind - 1], "--", 2) == 0 ? argv[optind - 1] : letter;
    if (answer == ':') return cli_usage_error(argv[0], "option '%s' needs a value", option);
    return cli_usage_error(argv[0], "unknown option '%s'", option);
}

int cli_failure(const char *reason, ...) {
    va_list arguments;
    va_start(arguments, reason);
    fputs("cordon: ", stderr);
    vfprintf(stderr, reason, arguments);
    va_end(arguments);
    putc('\n', stderr);
    return CLI_FAILED;
}

bool cli_has_colour(FILE *out) {
    const char *const no_color = getenv("NO_COLOR");
    return isatty(fileno(out)) == 1 && (!no_color || !*no_color);
}

/* The line of a file without its line feed, or NULL; the caller frees it. */
static char *read_source_line(const char *path, unsigned line) {
    FILE *file = fopen(path, "re");
    if (!file) return NULL;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length = 0;
    for (unsigned i = 0; i < line && length >= 0; i++) length = getline(&text, &capacity, file);
    fclose(file);
    if (length < 0) {
        free(text);
        return NULL;
    }
    if (text) text[strcspn(text, "\r\n")] = '\0';
    return text;
}

/* The line with a caret below the place; tabs and control characters take one column each, as continuation bytes of
   UTF-8 take none. */
static void print_source(FILE *out, const struct diagnostic *diagnostic, bool has_colour) {
    char *line = diagnostic->place.line > 0 ? read_source_line(diagnostic->file, diagnostic->place.line) : NULL;
    if (!line) return;
    int column = 0;
    fputs("    ", out);
    for (size_t i = 0; line[i]; i++) {
        const unsigned char byte = (unsigned char)line[i];
        putc(byte < ' ' || byte == 0x7f ? ' ' : byte, out);
        if (i + 1 < diagnostic->place.column && (byte & 0xc0) != 0x80) column++;
    }
    fprintf(out, "\n    %*s%s^%s\n", column, "", has_colour ? "\033[32m" : "", has_colour ? "\033[0m" : "");
    free(line);
}

void cli_print_diagnostics(FILE *out, const struct diagnostics *diagnostics) {
    const bool is_terminal = isatty(fileno(out)) == 1, has_colour = cli_has_colour(out);
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *diagnostic = &diagnostics->items[i];
        char text[2048];
        diagnostic_format(diagnostic, text, sizeof text);
        fprintf(out, has_colour ? "\033[1m%s\033[0m\n" : "%s\n", text);
        if (is_terminal) print_source(out, diagnostic, has_colour);
    }
    if (diagnostics->is_incomplete) fputs("error: out of memory\n", out);
}
