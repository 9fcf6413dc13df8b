#include "rules/compile/text_model.h"

#include "inspect/sieve.h"

/* In thousandths, by letter. */
static const uint8_t letter_shares[26] = {80, 18, 40, 38, 98, 18, 20, 20, 60, 4,  14, 40, 36,
                                          58, 60, 30, 3,  52, 52, 66, 30, 14, 12, 10, 12, 6};

enum { DIGIT_SHARE = 15, UNDERSCORE_SHARE = 10, OTHER_SHARE = 150 /* of all that is in no word */ };

/* In thousandths: texts that hold the character. What is not listed is as rare as DEFAULT_PRESENCE. */
static const struct {
    char character;
    uint16_t presence;
} presences[] = {{' ', 400}, {'.', 500}, {'-', 500}, {'/', 300}, {':', 300}, {',', 200}, {'=', 150}, {'?', 150},
                 {'&', 150}, {'%', 100}, {'(', 150}, {')', 150}, {';', 150}, {'"', 100}, {'+', 60},  {'<', 80},
                 {'>', 160}, {'{', 80},  {'}', 80},  {'[', 80},  {']', 80},  {'|', 80},  {'#', 50},  {'\'', 60},
                 {'!', 50},  {'*', 40},  {'$', 50},  {'\\', 50}, {'\n', 80}, {'\r', 80}, {'\t', 80}};

/* With what follows them, as far as that is always the same. */
static const char *const common_words[] = {"mozilla/5.0",    "windows nt ",   "macintosh; intel mac os x ",
                                           "intel mac",      "linux; ",       "linux x86_64",
                                           "android ",       "iphone; cpu ",  "ipad; cpu ",
                                           "cpu iphone os ", "os x ",         "like mac os",
                                           "like gecko) ",   "mac os x",      "applewebkit/",
                                           "khtml, like",    "gecko/",        "gecko) ",
                                           "chrome/",        "safari/",       "version/",
                                           "mobile/",        "mobile safari", "firefox/",
                                           "https://",       "http://",       "www.",
                                           "com/",           "net/",          "org/",
                                           "html>",          "mobile ",       "tablet "};

enum { DEFAULT_PRESENCE = 20, WORD_PRESENCE = 1000 };

static bool is_digit(unsigned byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_lower(unsigned byte) {
    return byte >= 'a' && byte <= 'z';
}

static bool is_upper(unsigned byte) {
    return byte >= 'A' && byte <= 'Z';
}

/* The share of a byte that is in a word, in thousandths. */
static unsigned share_of(unsigned byte) {
    if (is_lower(byte)) return letter_shares[byte - 'a'];
    if (is_upper(byte)) return letter_shares[byte - 'A'];
    return is_digit(byte) ? DIGIT_SHARE : UNDERSCORE_SHARE;
}

double text_model_share(const struct byte_set *set) {
    const uint64_t word_bits[2] = {UINT64_C(0x03ff000000000000), UINT64_C(0x07fffffe87fffffe)};
    const bool has_other =
        ((set->bits[0] & ~word_bits[0]) | (set->bits[1] & ~word_bits[1]) | set->bits[2] | set->bits[3]) != 0;
    /* Upper case only where there is no lower case. */
    const uint64_t lower = set->bits[1] >> 32 << 32, upper = set->bits[1] & (UINT64_C(0xffffffff) & ~(lower >> 32));
    const uint64_t bits[2] = {set->bits[0] & word_bits[0], (lower | upper) & word_bits[1]};
    unsigned share = has_other ? OTHER_SHARE : 0;
    for (unsigned half = 0; half < 2; half++)
        for (uint64_t left = bits[half]; left != 0; left &= left - 1)
            share += share_of(64 * half + (unsigned)__builtin_ctzll(left));
    return share < 1000 ? share / 1000.0 : 1;
}

static double presence_of(unsigned byte) {
    if (is_lower(byte) || is_upper(byte) || is_digit(byte) || byte == '_') return WORD_PRESENCE;
    for (size_t i = 0; i < sizeof presences / sizeof *presences; i++)
        if ((uint8_t)presences[i].character == byte) return presences[i].presence;
    return DEFAULT_PRESENCE;
}

static bool is_in_no_word(uint8_t byte) {
    return (sieve_symbol(byte) & SIEVE_NO_WORD) != 0;
}

/* Has the set a byte that looks like this one to the sieve, which takes all that is in no word for the same? */
static bool may_look_like(const struct byte_set *set, uint8_t byte) {
    if (!is_in_no_word(byte)) return byte_set_has(set, byte);
    for (unsigned other = 0; other < 256; other++)
        if (is_in_no_word((uint8_t)other) && byte_set_has(set, (uint8_t)other)) return true;
    return false;
}

bool text_model_is_common(const struct byte_set *sets, size_t length) {
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++) {
        const char *word = common_words[i];
        size_t at = 0;
        while (at < length && word[at] != '\0' && may_look_like(&sets[at], (uint8_t)word[at])) at++;
        if (at == length || word[at] == '\0') return true;
    }
    return false;
}

double text_model_presence(const struct byte_set *set) {
    double presence = 0;
    for (unsigned byte = 0; byte < 256; byte++)
        if (byte_set_has(set, (uint8_t)byte)) presence += presence_of(byte) / 1000;
    return presence;
}

/* Characters stand in groups of their kind: a digit is followed by a digit nearly half of the time. */
double text_model_persistence(const struct byte_set *set) {
    double digits = 0, lower = 0, upper = 0, others = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!byte_set_has(set, (uint8_t)byte)) continue;
        if (is_digit(byte))
            digits += 0.45 / 10;
        else if (is_lower(byte))
            lower += 0.9 / 26;
        else if (is_upper(byte))
            upper += 0.2 / 26;
        else
            others += 0.04;
    }
    const double persistence = digits + lower + upper + others;
    return persistence < 0.98 ? persistence : 0.98;
}
