#include "inspect/validator_checks.h"

enum { IPV4_OCTETS = 4, IPV6_GROUPS = 8 };

/* 0 to 255 without leading zeros: its length, or 0. */
static size_t octet_length(const uint8_t *text, size_t length) {
    size_t count = 0;
    while (count < length && count < 4 && is_digit(text[count])) count++;
    if (count == 0 || count == 4 || (count > 1 && text[0] == '0')) return 0;
    return digits_value(text, count) <= 255 ? count : 0;
}

static size_t ipv4_length(const uint8_t *text, size_t length, size_t from) {
    size_t at = from;
    for (size_t i = 0; i < IPV4_OCTETS; i++) {
        if (i > 0 && (at == length || text[at++] != '.')) return 0;
        const size_t octet = octet_length(text + at, length - at);
        if (octet == 0) return 0;
        at += octet;
    }
    return at - from;
}

static bool is_followed_by_octet(const uint8_t *text, size_t length, size_t end) {
    return length - end >= 2 && text[end] == '.' && is_digit(text[end + 1]);
}

static bool is_followed_by_group(const uint8_t *text, size_t length, size_t end) {
    return length - end >= 2 && text[end] == ':' && is_hexadecimal(text[end + 1]);
}

size_t check_ipv4(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to)) return 0;
    const size_t taken = ipv4_length(text, length, from);
    if (taken == 0 || !edge_ends_word(text, length, from + taken)) return 0;
    return is_followed_by_octet(text, length, from + taken) ? 0 : taken;
}

/* Reads groups of 16 bits up to their end or a "::", the last two perhaps as IPv4 behind so many others; how many. */
static size_t read_groups(const uint8_t *text, size_t length, size_t *at, size_t ipv4_after, size_t count_max) {
    size_t count = 0;
    while (count < count_max) {
        const size_t begin = *at + (count > 0);
        if (count > 0 && !is_followed_by_group(text, length, *at)) break;
        const size_t embedded = count >= ipv4_after && count + 2 <= count_max ? ipv4_length(text, length, begin) : 0;
        if (embedded > 0) {
            *at = begin + embedded;
            return count + 2;
        }
        size_t end = begin;
        while (end < length && end - begin < 4 && is_hexadecimal(text[end])) end++;
        if (end == begin) break;
        *at = end;
        count++;
    }
    return count;
}

static bool is_double_colon(const uint8_t *text, size_t length, size_t at) {
    return length - at >= 2 && text[at] == ':' && text[at + 1] == ':';
}

size_t check_ipv6(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to) || (from > 0 && text[from - 1] == ':')) return 0;
    size_t at = from;
    size_t count = read_groups(text, length, &at, IPV6_GROUPS - 2, IPV6_GROUPS);
    const bool is_shortened = is_double_colon(text, length, at);
    if (is_shortened) {
        if (count == IPV6_GROUPS) return 0;
        at += 2;
        count += read_groups(text, length, &at, 0, IPV6_GROUPS - 1 - count);
    }
    if (!is_shortened && count != IPV6_GROUPS) return 0;
    const bool is_longer = is_followed_by_group(text, length, at) || is_double_colon(text, length, at - 1) ||
                           is_double_colon(text, length, at) || is_followed_by_octet(text, length, at);
    return !is_longer && edge_ends_word(text, length, at) ? at - from : 0;
}
