#include "inspect/utf8.h"
#include "inspect/validator_checks.h"

enum {
    LOCAL_PART_BYTES_MAX = 64,
    LABEL_BYTES_MAX = 63,
    DOMAIN_BYTES_MAX = 255,
    PHONE_DIGITS_MIN = 8,
    PHONE_DIGITS_MAX = 15
};

/* How many bytes of an atom stand there: one ASCII character of RFC 5322, or one beyond ASCII (RFC 6531). */
static size_t atom_character_length(const uint8_t *text, size_t length) {
    if (text[0] >= 0x80) return utf8_sequence_length(text, text + length);
    return is_letter_or_digit(text[0]) || is_one_of(text[0], "!#$%&'*+-/=?^_`{|}~");
}

static size_t atom_length(const uint8_t *text, size_t length) {
    size_t at = 0;
    while (at < length && at <= LOCAL_PART_BYTES_MAX) {
        const size_t taken = atom_character_length(text + at, length - at);
        if (taken == 0) break;
        at += taken;
    }
    return at;
}

/* Atoms with single full stops between them; more than LOCAL_PART_BYTES_MAX are not read to their end. */
static size_t dot_atom_length(const uint8_t *text, size_t length) {
    for (size_t at = 0;; at++) {
        const size_t atom = atom_length(text + at, length - at);
        if (atom == 0) return 0;
        at += atom;
        if (at > LOCAL_PART_BYTES_MAX || at == length || text[at] != '.') return at;
    }
}

/* Between quotes anything printable, with a backslash before a quote or backslash; not an empty text. */
static size_t quoted_length(const uint8_t *text, size_t length) {
    size_t at = 1;
    while (at < length && at < LOCAL_PART_BYTES_MAX && text[at] != '"') {
        at += text[at] == '\\';
        if (at == length) return 0;
        const size_t taken = utf8_sequence_length(text + at, text + length);
        if (taken == 0 || text[at] < ' ' || text[at] == 0x7f) return 0;
        at += taken;
    }
    return at > 1 && at < length && text[at] == '"' ? at + 1 : 0;
}

/* Letters, digits and inner hyphens, or anything beyond ASCII; no more than a label may have. */
static size_t label_length(const uint8_t *text, size_t length) {
    size_t at = 0;
    while (at < length) {
        const bool is_plain = is_letter_or_digit(text[at]) || text[at] == '-';
        const size_t taken = text[at] < 0x80 ? is_plain : utf8_sequence_length(text + at, text + length);
        if (taken == 0 || at + taken > LABEL_BYTES_MAX) break;
        at += taken;
    }
    while (at > 0 && text[at - 1] == '-') at--;
    return at > 0 && text[0] != '-' ? at : 0;
}

static bool is_file_suffix(const uint8_t *label, size_t length) {
    static const char *const suffixes[] = {"png",  "jpg",  "jpeg", "gif", "webp", "svg", "bmp", "ico", "avif",
                                           "tif",  "tiff", "heic", "psd", "pdf",  "css", "js",  "mjs", "json",
                                           "html", "htm",  "xml",  "txt", "woff", "ttf", "csv", "webm"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strlen(suffixes[i]) != length) continue;
        size_t same = 0;
        while (same < length && to_upper(label[same]) == to_upper((uint8_t)suffixes[i][same])) same++;
        if (same == length) return true;
    }
    return false;
}

static bool is_punycode(const uint8_t *label, size_t length) {
    return length > 4 && to_upper(label[0]) == 'X' && to_upper(label[1]) == 'N' && label[2] == '-' && label[3] == '-';
}

/* Letters, punycode, or anything beyond ASCII. Where such text follows the letters at once, it is not part of it. */
static size_t top_level_length(const uint8_t *text, size_t length) {
    const size_t label = label_length(text, length);
    if (label == 0 || (label < length && is_letter_or_digit(text[label]))) return 0;
    if (text[0] >= 0x80 || is_punycode(text, label)) return label;
    size_t letters = 0;
    while (letters < label && is_letter(text[letters])) letters++;
    const bool is_whole = letters == label || text[letters] >= 0x80;
    return is_whole && letters >= 2 && !is_file_suffix(text, letters) ? letters : 0;
}

/* The longest domain of two or more labels whose last one can be a top level domain. */
static size_t domain_length(const uint8_t *text, size_t length) {
    const size_t window = length < DOMAIN_BYTES_MAX ? length : DOMAIN_BYTES_MAX;
    size_t accepted = 0;
    for (size_t at = 0; at < window; at++) {
        const size_t top_level = at > 0 ? top_level_length(text + at, length - at) : 0;
        if (top_level > 0 && at + top_level <= window) accepted = at + top_level;
        const size_t label = label_length(text + at, length - at);
        at += label;
        if (label == 0 || at >= window || text[at] != '.') break;
    }
    return accepted;
}

size_t check_email(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to)) return 0;
    const uint8_t *const start = text + from;
    const size_t left = length - from;
    const size_t local = start[0] == '"' ? quoted_length(start, left) : dot_atom_length(start, left);
    if (local == 0 || local > LOCAL_PART_BYTES_MAX || local == left || start[local] != '@') return 0;
    const size_t domain = domain_length(start + local + 1, left - local - 1);
    return domain == 0 ? 0 : local + 1 + domain;
}

#define ALL "0123456789"

/* Is a code assigned to what begins so? By its first two digits: the third ones that are, where a code has three. */
static bool has_country_code(const uint8_t *digits) {
    static const char *const third_digits[10][10] = {
        [1] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL},
        [2] = {ALL, "12368", ALL, ALL, ALL, "012345678", ALL, ALL, "", "01789"},
        [3] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, "01235679", ALL},
        [4] = {ALL, ALL, "013", ALL, ALL, ALL, ALL, ALL, ALL, ALL},
        [5] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL},
        [6] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, "023456789", "012356789", "012"},
        [7] = {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL},
        [8] = {"08", ALL, ALL, "", ALL, "02356", ALL, "08", "012368", ""},
        [9] = {ALL, ALL, ALL, ALL, ALL, ALL, "012345678", "012345679", ALL, "234568"},
    };
    return digits[0] != '0' && is_one_of(digits[2], third_digits[digits[0] - '0'][digits[1] - '0']);
}

/* Never more digits than fit: those of a following number, behind a separator, are left out. */
size_t check_phone_e164(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (from >= to || text[from] != '+' || (from > 0 && is_digit(text[from - 1]))) return 0;
    struct digit_run run;
    const size_t first = from + (length - from > 1 && text[from + 1] == '(' ? 2 : 1);
    digit_run_read(&run, text, length, first, " -.()", 2);
    size_t count = run.count < PHONE_DIGITS_MAX ? run.count : PHONE_DIGITS_MAX;
    while (count >= PHONE_DIGITS_MIN && run.lengths[count - 1] == 0) count--;
    return count >= PHONE_DIGITS_MIN && has_country_code(run.digits) ? first - from + run.lengths[count - 1] : 0;
}
