#pragma once
/*
 * Counts instructions exactly, so that two builds can be compared on a machine that is busy with other things: under
 *
 *     valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=FILE cordon-bench instructions
 *
 * every section leaves a dump named FILE.1, FILE.2 ... that says "desc: Trigger: Client Request: NAME".
 */

#include <stdbool.h>

/* Can they be counted: is this valgrind, and was the program built where its header is installed? */
bool instructions_are_counted(void);

/* Counts what lies between these two. Elsewhere they do nothing. */
void instructions_begin(void);
void instructions_end(const char *name);
