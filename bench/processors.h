#pragma once
/* Which processors a process may run on: all that this one may, or one half of them, so that the process that is
   measured shares none with those around it. */

#include <sys/types.h>

enum processor_half { PROCESSORS_FIRST_HALF, PROCESSORS_SECOND_HALF };

/* Keeps a process with all its threads of now, and those they will start, to one half; 0 is this one. 0, or -1 when
   there are not two processors or the system does not let it. */
int processors_keep(pid_t pid, enum processor_half half);
