#pragma once
/* The generated parts of docs/benchmarks.md and README.md: where Cordon stands against its goals, and on what that was
   measured. */

#include "bench/ledger.h"
#include "bench/page.h"

/* Have both pages below the folder `root` their sections? 0, or -1 and `fault` says why not. */
int goals_page_check(const char *root, char fault[PAGE_FAULT_CHARS]);

/* Fills them in. 0, or -1 and `fault` says why. */
int goals_page_write(const struct ledger *ledger, const char *root, char fault[PAGE_FAULT_CHARS]);
