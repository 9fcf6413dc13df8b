#pragma once
/* The command line: the table of commands and what they share. Only filter/cli prints, and only cli_main() ends the
   program. */

#include <stdbool.h>
#include <stdio.h>

#include "rules/compile/diagnostics.h"

#define CORDON_VERSION "0.1.0"

enum cli_status {
    CLI_DONE = 0,      /* and nothing was withheld; all examples hold */
    CLI_WITHHELD = 1,  /* something was withheld, or an example failed */
    CLI_BAD_INPUT = 2, /* bad usage, configuration or rules */
    CLI_FAILED = 3     /* failed while running */
};

/* Runs one command and returns its exit status. */
int cli_main(int argc, char **argv);

/* The commands. argv[0] is the command's name; --help was answered before. Each returns an enum cli_status. */
int command_run(int argc, char **argv);
int command_inspect(int argc, char **argv);
int command_rules(int argc, char **argv);
int command_send(int argc, char **argv);
int command_recv(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_version(int argc, char **argv);

/* Prints "cordon COMMAND: reason" and the command's usage to stderr; returns CLI_BAD_INPUT. */
__attribute__((format(printf, 2, 3))) int cli_usage_error(const char *command, const char *reason, ...);

/* The same for an option that getopt_long() did not like; `answer` is what it gave: '?', or ':' when the option string
   begins with one and a value is missing. cli_main() has silenced getopt_long() itself. */
int cli_option_error(char **argv, int answer);

/* Prints "cordon: reason" to stderr; returns CLI_FAILED. */
__attribute__((format(printf, 1, 2))) int cli_failure(const char *reason, ...);

/* Prints one line per diagnostic; on a terminal also the line of the file that it speaks of, with a caret below. */
void cli_print_diagnostics(FILE *out, const struct diagnostics *diagnostics);

/* Is it a terminal that may be coloured (https://no-color.org)? */
bool cli_has_colour(FILE *out);
