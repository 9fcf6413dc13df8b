#include "inspect/validator_checks.h"

/* The first two digits name the body that allocated the number; test numbers (00, 02 to 09) name no device. */
static bool is_imei(const uint8_t *id) {
    static const char bodies[] = "0110303335444549505152535486919899";
    for (const char *body = bodies; *body != '\0'; body += 2)
        if (memcmp(id, body, 2) == 0) return digits_hold_luhn(id, 15);
    return false;
}

size_t check_imei(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "00-0000-00-000000-0", is_imei);
}

/* The value of a character, or -1 for I, O and Q. */
static int vin_value(uint8_t character) {
    static const int8_t letter_values[] = {1, 2,  3, 4,  5, 6, 7, 8, -1, 1, 2, 3, 4,
                                           5, -1, 7, -1, 9, 2, 3, 4, 5,  6, 7, 8, 9};
    return is_digit(character) ? character - '0' : letter_values[character - 'A'];
}

/* Seventeen digits and nothing else are an account of some site rather than a car. */
static bool is_vin(const uint8_t *id) {
    static const uint8_t weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    bool has_letter = false;
    for (size_t i = 0; i < sizeof weights; i++) {
        const int value = vin_value(id[i]);
        if (value < 0) return false;
        sum += value * weights[i];
        has_letter |= i != 8 && is_letter(id[i]);
    }
    const bool is_year = !is_one_of(id[9], "0UZ");
    return has_letter && is_year && id[8] == "0123456789X"[sum % 11];
}

size_t check_vin(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "*****************", is_vin);
}

/* `count` groups of so many hexadecimal digits, one separator between them. */
static bool is_grouped(const uint8_t *text, size_t digits, size_t count, uint8_t separator) {
    const size_t group = digits + 1;
    for (size_t i = 0; i < count * group - 1; i++)
        if (i % group == digits ? text[i] != separator : !is_hexadecimal(text[i])) return false;
    return true;
}

/* Does the value go on with one more group, before or behind it? */
static bool is_longer(const uint8_t *text, size_t length, size_t from, size_t end, size_t digits, uint8_t separator) {
    if (length - end > digits && text[end] == separator && is_grouped(text + end + 1, digits, 1, separator))
        return true;
    if (from <= digits || text[from - 1] != separator) return false;
    const size_t before = from - 1 - digits;
    return is_grouped(text + before, digits, 1, separator) && edge_starts_word(text, before, from);
}

/* All zeros or all ones: not the address of a device. */
static bool is_blank(const uint8_t *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (is_hexadecimal(text[i]) && to_upper(text[i]) != to_upper(text[0])) return false;
    return text[0] == '0' || to_upper(text[0]) == 'F';
}

size_t check_mac_address(const uint8_t *text, size_t length, size_t from, size_t to) {
    static const struct { uint8_t digits, count, separator; } spellings[] = {{2, 6, ':'}, {2, 6, '-'}, {4, 3, '.'}};
    if (!edge_starts_word(text, from, to)) return 0;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        const size_t digits = spellings[i].digits, chars = spellings[i].count * (digits + 1) - 1, end = from + chars;
        const uint8_t separator = spellings[i].separator;
        if (length - from < chars || !is_grouped(text + from, digits, spellings[i].count, separator)) continue;
        if (!edge_ends_word(text, length, end) || is_longer(text, length, from, end, digits, separator)) return 0;
        return is_blank(text + from, chars) ? 0 : chars;
    }
    return 0;
}
