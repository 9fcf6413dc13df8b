#pragma once
/* The rule packs that are built into the program, each as it stands in its file. */

#include <stddef.h>

struct pack {
    const char *name; /* "email" */
    const char *text;
    size_t length;
};

/* By position, ordered by name; NULL beyond the last. */
const struct pack *pack_at(size_t position);

/* How many there are. */
size_t pack_count(void);
