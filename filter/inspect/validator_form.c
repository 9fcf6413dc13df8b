#include <assert.h>

#include "inspect/validator_checks.h"

/* The separators that may stand at this place of a form, or NULL where a character is due. */
static const char *separators_at(char place) {
    return place == '-' ? " -" : place == '.' ? " -./" : NULL;
}

static bool fits(uint8_t byte, char place) {
    return (place != 'A' && is_digit(byte)) || (place != '0' && is_letter(byte));
}

size_t form_length(const uint8_t *text, size_t length, size_t from, size_t to, const char *form,
                   bool (*holds)(const uint8_t *id)) {
    const bool is_number = strpbrk(form, "A*") == NULL;
    if (!(is_number ? edge_starts_number : edge_starts_word)(text, from, to)) return 0;
    uint8_t id[FORM_CHARS_MAX];
    size_t count = 0, at = from;
    for (; *form != '\0'; form++) {
        const char *const separators = separators_at(*form);
        if (separators != NULL) {
            at += at < length && is_one_of(text[at], separators);
            continue;
        }
        if (at == length || !fits(text[at], *form)) return 0;
        assert(count < FORM_CHARS_MAX);
        id[count++] = to_upper(text[at++]);
    }
    if (!holds(id)) return 0;
    return (is_number ? edge_ends_number(text, length, from, at) : edge_ends_word(text, length, at)) ? at - from : 0;
}

void digit_run_read(struct digit_run *run, const uint8_t *text, size_t length, size_t from, const char *separators,
                    size_t separators_max) {
    size_t at = from;
    run->count = 0;
    while (at < length && is_digit(text[at]) && run->count < DIGIT_RUN_MAX) {
        const size_t end = at + 1;
        const bool is_inside = end < length && is_digit(text[end]);
        run->digits[run->count] = text[at];
        run->lengths[run->count++] = is_inside ? 0 : end - from;
        for (at = end; at < length && at - end < separators_max && is_one_of(text[at], separators);) at++;
    }
}
