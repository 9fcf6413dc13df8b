/*
 * Asks every validator about arbitrary text, to ensure that none reads beside it, that an answer lies inside it and
 * that no value is cut out of a longer number. The first two bytes say where the match begins and ends.
 */
#include <stdbool.h>

#include "fuzz.h"
#include "inspect/validator.h"

static bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static void ask(const struct validator *validator, const uint8_t *text, size_t length, size_t from, size_t to) {
    const size_t found = validator->check(text, length, from, to);
    fuzz_expect(found == validator->check(text, length, from, to));
    fuzz_expect(found <= length - from);
    if (found == 0) return;
    fuzz_expect(from < to);
    if (strcmp(validator->name, "entropy") == 0) return; /* judges the match, wherever it ends */
    const size_t end = from + found;
    fuzz_expect(from == 0 || !is_digit(text[from - 1]) || !is_digit(text[from]));
    fuzz_expect(end == length || !is_digit(text[end]) || !is_digit(text[end - 1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    const size_t length = size - 2;
    const size_t from = data[0] % (length + 1);
    const size_t to = length - data[1] % (length - from + 1);
    uint8_t *const text = fuzz_copy(data + 2, length);
    for (size_t i = 0; i < validator_count(); i++) {
        ask(validator_at(i), text, length, from, to);
        ask(validator_at(i), text, length, 0, length);
        ask(validator_at(i), text, length, from, from);
    }
    free(text);
    return 0;
}
