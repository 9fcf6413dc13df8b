#pragma once
/* Another command of this program in a process of its own, which ends with this one. */

#include <stdbool.h>
#include <sys/types.h>

struct child {
    pid_t pid; /* 0: none */
};

/* Starts this program with these arguments (argv[0] included, NULL at the end), its standard output going to a file.
   0, or -1 with errno. */
int child_start(struct child *child, const char *const argv[], const char *output_file);

/* Has it ended? *is_good tells whether with status 0. */
bool child_has_ended(struct child *child, bool *is_good);

/* Asks it to end and waits for that. NULL-safe for one that was never started or has ended. */
void child_stop(struct child *child);
