#include "bench/processors.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* An odd one goes to the second half. */
static int choose_half(enum processor_half half, cpu_set_t *chosen) {
    cpu_set_t all;
    if (sched_getaffinity(0, sizeof all, &all) != 0) return -1;
    const int first_count = CPU_COUNT(&all) / 2;
    int seen = 0;
    CPU_ZERO(chosen);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &all) && (seen++ < first_count) == (half == PROCESSORS_FIRST_HALF)) CPU_SET(i, chosen);
    return first_count > 0 ? 0 : -1;
}

int processors_keep(pid_t pid, enum processor_half half) {
    char name[32];
    cpu_set_t chosen;
    int result = choose_half(half, &chosen);
    snprintf(name, sizeof name, "/proc/%d/task", (int)(pid != 0 ? pid : getpid()));
    DIR *threads = opendir(name);
    if (threads == NULL) return -1;
    for (const struct dirent *entry; result == 0 && (entry = readdir(threads)) != NULL;) {
        const pid_t thread = atoi(entry->d_name);
        if (thread > 0) result = sched_setaffinity(thread, sizeof chosen, &chosen);
    }
    closedir(threads);
    return result;
}
