#pragma once
/* How common bytes are in ordinary values of advertising traffic: names, identifiers, addresses of pages, user agents.
   Rough, and good enough to choose what to look for; nothing depends on it but speed. */

#include <stdint.h>

#include "rules/compile/byte_set.h"

/* The share of all characters that are in the set, upper case taken as lower case; from 0 to 1. */
double text_model_share(const struct byte_set *set);

/* About how many texts out of one hold a byte of the set. */
double text_model_presence(const struct byte_set *set);

/* How likely it is that a byte of the set follows one of the set. */
double text_model_persistence(const struct byte_set *set);

/* Do words that many messages hold (those of user agents and addresses) begin with one byte out of each set? */
bool text_model_is_common(const struct byte_set *sets, size_t length);
