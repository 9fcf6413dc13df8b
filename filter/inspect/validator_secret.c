#include "inspect/base64.h"
#include "inspect/decode.h"
#include "inspect/validator_checks.h"

enum {
    JWT_HEADER_CHARS_MAX = 1024,
    JWT_HEADER_DEPTH_MAX = 8,
    SHA256_BASE64_CHARS = 43, /* and one of padding, perhaps */
    ENTROPY_BYTES_MIN = 16,
    ENTROPY_BYTES_MAX = 256, /* looked at; what follows is taken to be alike */
    FRACTION_BITS = 16       /* of a logarithm */
};

/* Is it a JSON object that has "alg", a text, itself? */
static bool is_jwt_header(const uint8_t *json, size_t length) {
    struct decoder decoder;
    struct token token;
    bool has_algorithm = false, is_key_read = false;
    decoder_init(&decoder, FORMAT_JSON, json, length, JWT_HEADER_DEPTH_MAX);
    if (!decoder_next(&decoder, &token) || token.type != TOKEN_MAP) return false;
    while (decoder_next(&decoder, &token)) {
        has_algorithm |= is_key_read && token.type == TOKEN_STR;
        is_key_read = token.is_key && decoder.depth == 1 && token.length == 3 && memcmp(token.bytes, "alg", 3) == 0;
    }
    return has_algorithm && decoder.error == REASON_NONE;
}

/* How many characters of base64url (RFC 4648, section 5) stand there. */
static size_t base64url_length(const uint8_t *text, size_t length) {
    size_t count = 0;
    while (count < length && (is_letter_or_digit(text[count]) || text[count] == '-' || text[count] == '_')) count++;
    return count;
}

/* Three parts when signed, five when encrypted; those behind the header may be empty. */
size_t check_jwt(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to)) return 0;
    const uint8_t *const start = text + from;
    const size_t left = length - from;
    const size_t header = base64url_length(start, left < JWT_HEADER_CHARS_MAX ? left : JWT_HEADER_CHARS_MAX);
    if (header == left || start[header] != '.') return 0;
    uint8_t json[JWT_HEADER_CHARS_MAX];
    if (!is_jwt_header(json, base64_decode(start, header, json))) return 0;
    size_t at = header, accepted = 0;
    for (size_t part = 2; part <= 5 && at < left && start[at] == '.'; part++) {
        at += 1 + base64url_length(start + at + 1, left - at - 1);
        if (part == 3 || part == 5) accepted = at;
    }
    return accepted;
}

/* The binary logarithm of a count from 1 on, in units of 2^-FRACTION_BITS: squaring shifts out one bit after the other.
 */
static uint32_t binary_logarithm(uint32_t count) {
    uint32_t whole = 0;
    while (count >> whole > 1) whole++;
    uint64_t mantissa = (uint64_t)count << (31 - whole);
    uint32_t logarithm = whole;
    for (size_t i = 0; i < FRACTION_BITS; i++) {
        mantissa = mantissa * mantissa >> 31;
        const bool is_set = mantissa >> 32 != 0;
        mantissa >>= is_set;
        logarithm = logarithm << 1 | is_set;
    }
    return logarithm;
}

/* Shannon's entropy over n bytes is log2 n minus the mean of log2 of each byte's count. */
size_t check_entropy(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (to > length || from >= to || to - from < ENTROPY_BYTES_MIN) return 0;
    const uint32_t count = to - from < ENTROPY_BYTES_MAX ? (uint32_t)(to - from) : ENTROPY_BYTES_MAX;
    uint16_t counts[256] = {0};
    for (size_t i = 0; i < count; i++) counts[text[from + i]]++;
    uint32_t repetition = 0;
    for (size_t i = 0; i < 256; i++)
        if (counts[i] > 0) repetition += counts[i] * binary_logarithm(counts[i]);
    const uint32_t least = 7u << (FRACTION_BITS - 1);
    return count * binary_logarithm(count) >= repetition + count * least ? to - from : 0;
}

/* A word of just these lengths: longer runs are something else. */
size_t check_digest(const uint8_t *text, size_t length, size_t from, size_t to) {
    static const size_t hexadecimal_lengths[] = {32, 40, 64, 128};
    const size_t left = length - from;
    if (left < hexadecimal_lengths[0] || !edge_starts_word(text, from, to)) return 0;
    const uint8_t *const start = text + from;
    size_t count = 0;
    while (count < left && count <= 128 && is_hexadecimal(start[count])) count++;
    for (size_t i = 0; i < sizeof hexadecimal_lengths / sizeof *hexadecimal_lengths; i++)
        if (count == hexadecimal_lengths[i] && edge_ends_word(text, length, from + count)) return count;
    const size_t looked_at = left < SHA256_BASE64_CHARS + 1 ? left : SHA256_BASE64_CHARS + 1;
    if (base64_run_length(start, looked_at) != SHA256_BASE64_CHARS) return 0;
    return left > SHA256_BASE64_CHARS && start[SHA256_BASE64_CHARS] == '=' ? SHA256_BASE64_CHARS + 1
                                                                           : SHA256_BASE64_CHARS;
}
