#include "inspect/validator_checks.h"

enum {
    UUID_CHARS = 36,
    HEXADECIMAL_RUN_MIN = 24, /* the shortest identifier in common use, a MongoDB ObjectId */
    HEXADECIMAL_RUN_MAX = 128 /* SHA-512; nobody needs to look further */
};

bool edge_starts_number(const uint8_t *text, size_t from, size_t to) {
    if (from >= to) return false;
    if (from == 0 || !is_digit(text[from])) return true;
    const bool is_fraction = from >= 2 && text[from - 1] == '.' && is_digit(text[from - 2]);
    return !is_digit(text[from - 1]) && !is_fraction;
}

bool edge_starts_word(const uint8_t *text, size_t from, size_t to) {
    return edge_starts_number(text, from, to) && (from == 0 || !is_letter_or_digit(text[from - 1]));
}

/* Do these digits, without separators, stand in a longer run with hexadecimal letters? */
static bool is_in_hexadecimal_run(const uint8_t *text, size_t length, size_t from, size_t end) {
    size_t first = from, last = from;
    while (last < length && last - from < HEXADECIMAL_RUN_MAX && is_hexadecimal(text[last])) last++;
    if (last < end) return false;
    while (first > 0 && from - first < HEXADECIMAL_RUN_MAX && is_hexadecimal(text[first - 1])) first--;
    return last - first > end - from && last - first >= HEXADECIMAL_RUN_MIN;
}

/* RFC 9562: 8-4-4-4-12. */
static bool is_uuid(const uint8_t *text) {
    for (size_t i = 0; i < UUID_CHARS; i++) {
        const bool is_hyphen_due = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen_due ? text[i] != '-' : !is_hexadecimal(text[i])) return false;
    }
    return true;
}

static bool is_in_uuid(const uint8_t *text, size_t length, size_t from, size_t end) {
    for (size_t first = end > UUID_CHARS ? end - UUID_CHARS : 0; first <= from && first + UUID_CHARS <= length; first++)
        if (is_uuid(text + first)) return true;
    return false;
}

bool edge_ends_number(const uint8_t *text, size_t length, size_t from, size_t end) {
    if (end < length && is_digit(text[end])) return false;
    return !is_in_hexadecimal_run(text, length, from, end) && !is_in_uuid(text, length, from, end);
}

bool edge_ends_word(const uint8_t *text, size_t length, size_t end) {
    return end == length || !is_letter_or_digit(text[end]);
}
