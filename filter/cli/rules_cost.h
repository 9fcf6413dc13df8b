#pragma once
/* `cordon rules cost`: for each rule what it adds per message, dearest first, with the reasons where it is dear. */

#include <stdbool.h>
#include <stddef.h>

struct rules_cost_request {
    const char *const *sources; /* see rule_sources_load() */
    size_t source_count;
    const char *messages_file; /* "-": standard input; NULL: what is built in and the rules' negative examples */
    bool is_json;
};

/* Returns an enum cli_status. */
int rules_cost(const struct rules_cost_request *request);
