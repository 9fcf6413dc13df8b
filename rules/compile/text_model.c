#include "rules/compile/text_model.h"

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
                 {'>', 80},  {'{', 80},  {'}', 80},  {'[', 80},  {']', 80},  {'|', 80},  {'#', 50},  {'\'', 60},
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

double text_model_share(const struct byte_set *set) {
    double share = 0;
    bool has_other = false;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!byte_set_has(set, (uint8_t)byte)) continue;
        if (is_lower(byte))
            share += letter_shares[byte - 'a'];
        else if (is_upper(byte))
            share += byte_set_has(set, (uint8_t)(byte | 0x20)) ? 0 : letter_shares[byte - 'A'];
        else if (is_digit(byte))
            share += DIGIT_SHARE;
        else if (byte == '_')
            share += UNDERSCORE_SHARE;
        else
            has_other = true;
    }
    share += has_other ? OTHER_SHARE : 0;
    return share < 1000 ? share / 1000 : 1;
}

static double presence_of(unsigned byte) {
    if (is_lower(byte) || is_upper(byte) || is_digit(byte) || byte == '_') return WORD_PRESENCE;
    for (size_t i = 0; i < sizeof presences / sizeof *presences; i++)
        if ((uint8_t)presences[i].character == byte) return presences[i].presence;
    return DEFAULT_PRESENCE;
}

bool text_model_is_common(const struct byte_set *sets, size_t length) {
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++) {
        const char *word = common_words[i];
        size_t at = 0;
        while (at < length && word[at] != '\0' && byte_set_has(&sets[at], (uint8_t)word[at])) at++;
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
