#include "inspect/validator_checks.h"

enum {
    PREFIX_CHARS = 3, /* "bc1" */
    DATA_CHARS_MIN = 11,
    DATA_CHARS_MAX = 71,
    CHECKSUM_CHARS = 6,
    CHECKSUM_BECH32 = 1,
    CHECKSUM_BECH32M = 0x2bc830a3
};

static uint32_t continue_checksum(uint32_t checksum, uint32_t value) {
    static const uint32_t generators[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const uint32_t top = checksum >> 25;
    checksum = (checksum & 0x1ffffff) << 5 ^ value;
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
        if (top >> i & 1) checksum ^= generators[i];
    return checksum;
}

/* The values of up to DATA_CHARS_MAX characters of one case; how many, or 0 when another letter or digit stands there.
 */
static size_t read_values(const uint8_t *text, size_t length, bool is_upper, uint8_t values[DATA_CHARS_MAX]) {
    static const char alphabet[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    size_t count = 0;
    for (; count < length && is_letter_or_digit(text[count]); count++) {
        const char *const found = memchr(alphabet, to_upper(text[count]), sizeof alphabet - 1);
        const bool is_other_case = is_letter(text[count]) && (to_upper(text[count]) == text[count]) != is_upper;
        if (found == NULL || is_other_case || count == DATA_CHARS_MAX) return 0;
        values[count] = (uint8_t)(found - alphabet);
    }
    return count;
}

/* A witness version and its program of 2 to 40 bytes, 20 or 32 in version 0; what is left of the bits is zero. */
static bool is_witness(const uint8_t *values, size_t count) {
    const size_t bit_count = (count - 1) * 5, program_bytes = bit_count / 8, left_bits = bit_count % 8;
    if (values[0] > 16 || program_bytes < 2 || program_bytes > 40 || left_bits > 4) return false;
    if (values[0] == 0 && program_bytes != 20 && program_bytes != 32) return false;
    return (values[count - 1] & ((1u << left_bits) - 1)) == 0;
}

size_t check_btc_address(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to) || length - from < PREFIX_CHARS + DATA_CHARS_MIN) return 0;
    const bool is_upper = memcmp(text + from, "BC1", PREFIX_CHARS) == 0;
    if (!is_upper && memcmp(text + from, "bc1", PREFIX_CHARS) != 0) return 0;
    uint8_t values[DATA_CHARS_MAX];
    const size_t begin = from + PREFIX_CHARS, count = read_values(text + begin, length - begin, is_upper, values);
    if (count < DATA_CHARS_MIN || !is_witness(values, count - CHECKSUM_CHARS)) return 0;
    static const uint8_t expanded_prefix[] = {'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31};
    uint32_t checksum = 1;
    for (size_t i = 0; i < sizeof expanded_prefix; i++) checksum = continue_checksum(checksum, expanded_prefix[i]);
    for (size_t i = 0; i < count; i++) checksum = continue_checksum(checksum, values[i]);
    return checksum == (values[0] == 0 ? CHECKSUM_BECH32 : CHECKSUM_BECH32M) ? PREFIX_CHARS + count : 0;
}
