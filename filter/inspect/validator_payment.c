#include "inspect/validator_checks.h"

enum { CARD_DIGITS_MIN = 13, IBAN_CHARS_MAX = 34 };

#define DIGITS(count) (1u << (count))
#define DIGITS_16_TO_19 (DIGITS(16) | DIGITS(17) | DIGITS(18) | DIGITS(19))
#define DIGITS_14_TO_19 (DIGITS(14) | DIGITS(15) | DIGITS_16_TO_19)
#define DIGITS_13_TO_19 (DIGITS(13) | DIGITS_14_TO_19)

/* By the first six digits. Ranges of test numbers and of airlines' own cards (1...) are left out. */
static const struct issuer {
    uint32_t first, last;
    uint32_t lengths; /* DIGITS() that its numbers have */
} issuers[] = {
    {220000, 220499, DIGITS_16_TO_19},                      /* Mir */
    {222100, 272099, DIGITS(16)},                           /* Mastercard */
    {300000, 305999, DIGITS(14) | DIGITS_16_TO_19},         /* Diners Club */
    {309500, 309599, DIGITS(14) | DIGITS_16_TO_19},         /* Diners Club */
    {340000, 349999, DIGITS(15)},                           /* American Express */
    {352800, 358999, DIGITS_16_TO_19},                      /* JCB */
    {360000, 369999, DIGITS_14_TO_19},                      /* Diners Club */
    {370000, 379999, DIGITS(15)},                           /* American Express */
    {380000, 399999, DIGITS_14_TO_19},                      /* Diners Club */
    {400000, 499999, DIGITS(13) | DIGITS(16) | DIGITS(19)}, /* Visa */
    {501800, 501899, DIGITS_13_TO_19},                      /* Maestro */
    {501900, 501999, DIGITS(16)},                           /* Dankort */
    {502000, 502099, DIGITS_13_TO_19},                      /* Maestro */
    {503800, 503899, DIGITS_13_TO_19},                      /* Maestro */
    {506099, 506198, DIGITS(16) | DIGITS(18) | DIGITS(19)}, /* Verve */
    {506699, 506778, DIGITS(16)},                           /* Elo */
    {507865, 507964, DIGITS(16) | DIGITS(18) | DIGITS(19)}, /* Verve */
    {508500, 509999, DIGITS(16)},                           /* RuPay, Elo */
    {510000, 559999, DIGITS(16)},                           /* Mastercard */
    {589300, 589399, DIGITS_13_TO_19},                      /* Maestro */
    {601100, 601199, DIGITS_16_TO_19},                      /* Discover */
    {606282, 606282, DIGITS(16)},                           /* Hipercard */
    {606985, 608500, DIGITS(16)},                           /* RuPay */
    {620000, 629999, DIGITS_16_TO_19},                      /* UnionPay, Discover, Elo */
    {630400, 630499, DIGITS_13_TO_19},                      /* Maestro */
    {636000, 636999, DIGITS_16_TO_19},                      /* InterPayment, Elo */
    {637000, 639999, DIGITS(16)},                           /* InstaPayment */
    {644000, 659999, DIGITS_16_TO_19},                      /* Discover, RuPay, Elo, Troy, Verve */
    {675900, 675999, DIGITS_13_TO_19},                      /* Maestro */
    {676100, 676399, DIGITS_13_TO_19},                      /* Maestro */
    {810000, 819999, DIGITS_16_TO_19},                      /* UnionPay, RuPay */
    {820000, 829999, DIGITS(16)},                           /* RuPay */
    {860000, 860099, DIGITS(16)},                           /* Uzcard */
    {979200, 979289, DIGITS(16)},                           /* Troy */
    {986000, 986099, DIGITS(16)},                           /* Humo */
};

static bool is_issued(const uint8_t *digits, size_t count) {
    const uint32_t prefix = digits_value(digits, 6);
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
        if (prefix >= issuers[i].first && prefix <= issuers[i].last) return (issuers[i].lengths & DIGITS(count)) != 0;
    return false;
}

static bool is_not_zero(const uint8_t *digits, size_t count) {
    return digits[0] != '0' || !digits_are_same(digits, count);
}

/* The longest number that holds, of those that end where no digit follows. */
static size_t card_length(const uint8_t *text, size_t length, size_t from, size_t to,
                          bool (*is_possible)(const uint8_t *digits, size_t count)) {
    if (!edge_starts_number(text, from, to)) return 0;
    struct digit_run run;
    digit_run_read(&run, text, length, from, " -", 1);
    for (size_t count = run.count; count >= CARD_DIGITS_MIN; count--) {
        const size_t taken = run.lengths[count - 1];
        if (taken == 0 || !digits_hold_luhn(run.digits, count) || !is_possible(run.digits, count)) continue;
        if (edge_ends_number(text, length, from, from + taken)) return taken;
    }
    return 0;
}

size_t check_luhn(const uint8_t *text, size_t length, size_t from, size_t to) {
    return card_length(text, length, from, to, is_not_zero);
}

size_t check_card_number(const uint8_t *text, size_t length, size_t from, size_t to) {
    return card_length(text, length, from, to, is_issued);
}

/* Country and length of its numbers; release 99 of the registry. */
static const char iban_lengths[] =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27"
    "GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22"
    "MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28"
    "TL23TN24TR26UA29VA22VG24XK20YE30";

static size_t iban_chars(const uint8_t *country) {
    for (const char *entry = iban_lengths; *entry != '\0'; entry += 4)
        if (entry[0] == country[0] && entry[1] == country[1]) return digits_value((const uint8_t *)entry + 2, 2);
    return 0;
}

/* Single spaces or hyphens may stand between its characters; the first four tell how many there are. */
size_t check_iban(const uint8_t *text, size_t length, size_t from, size_t to) {
    if (!edge_starts_word(text, from, to)) return 0;
    uint8_t iban[IBAN_CHARS_MAX];
    size_t count = 4, at = from;
    for (size_t i = 0; i < count; i++) {
        at += i > 0 && at < length && is_one_of(text[at], " -");
        if (at == length || !is_letter_or_digit(text[at])) return 0;
        iban[i] = to_upper(text[at++]);
        if (i == 3) count = iban_chars(iban);
    }
    if (count == 0 || !is_digit(iban[2]) || !is_digit(iban[3]) || !edge_ends_word(text, length, at)) return 0;
    const uint32_t check_digits = digits_value(iban + 2, 2);
    if (check_digits < 2 || check_digits > 98) return 0;
    return characters_mod_97(characters_mod_97(0, iban + 4, count - 4), iban, 4) == 1 ? at - from : 0;
}

/* 3-7-1, and the Federal Reserve's prefixes. */
static bool is_aba_routing(const uint8_t *id) {
    static const int8_t weights[] = {3, 7, 1, 3, 7, 1, 3, 7, 1};
    const uint32_t prefix = digits_value(id, 2);
    const bool is_assigned =
        prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80;
    return is_assigned && !digits_are_same(id, 9) && digits_weighted_sum(id, weights, 9) % 10 == 0;
}

size_t check_aba_routing(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "0000-0000-0", is_aba_routing);
}
