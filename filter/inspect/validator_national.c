#include "inspect/validator_checks.h"

/* Area, group and serial number; areas from 900 on are other numbers, as of taxpayers without an SSN. */
static bool is_us_ssn(const uint8_t *id) {
    const uint32_t area = digits_value(id, 3), group = digits_value(id + 3, 2), serial = digits_value(id + 5, 4);
    return area != 0 && area != 666 && area < 900 && group != 0 && serial != 0;
}

/* As it has no check digit, it must at least be written evenly. */
size_t check_us_ssn(const uint8_t *text, size_t length, size_t from, size_t to) {
    const size_t taken = form_length(text, length, from, to, "000-00-0000", is_us_ssn);
    const bool is_even = taken == 9 || (taken == 11 && text[from + 3] == text[from + 6]);
    return is_even ? taken : 0;
}

static bool is_uk_nino(const uint8_t *id) {
    static const char withheld[] = "BGGBKNNKNTTNZZ";
    for (const char *pair = withheld; *pair != '\0'; pair += 2)
        if (memcmp(id, pair, 2) == 0) return false;
    return !is_one_of(id[0], "DFIQUV") && !is_one_of(id[1], "DFIOQUV") && is_one_of(id[8], "ABCD");
}

size_t check_uk_nino(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "AA-00-00-00-A", is_uk_nino);
}

/* In use are 4, 6, 7, 9 (tests), 32 to 39 (Northern Ireland), and in Scotland numbers that begin with day and month. */
static bool is_uk_nhs_issued(const uint8_t *id) {
    if (is_one_of(id[0], "4679")) return true;
    const uint32_t prefix = digits_value(id, 2), month = digits_value(id + 2, 2);
    return (prefix >= 32 && prefix <= 39) || (prefix >= 1 && prefix <= 31 && month >= 1 && month <= 12);
}

static bool is_uk_nhs(const uint8_t *id) {
    static const int8_t weights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
    return is_uk_nhs_issued(id) && !digits_are_same(id, 10) && digits_weighted_sum(id, weights, 10) % 11 == 0;
}

size_t check_uk_nhs(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "000-000-0000", is_uk_nhs);
}

/* Of the first ten digits exactly one comes twice or three times, and not three times in a row. */
static bool is_de_tax_id(const uint8_t *id) {
    unsigned counts[10] = {0}, repeated_count = 0;
    for (size_t i = 0; i < 10; i++) {
        const unsigned count = ++counts[id[i] - '0'];
        repeated_count += count == 2;
        if (count > 3 || (i >= 2 && digits_are_same(id + i - 2, 3))) return false;
    }
    return id[0] != '0' && repeated_count == 1 && digits_hold_mod_11_10(id, 11);
}

size_t check_de_tax_id(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "00.000.000.000", is_de_tax_id);
}

/* The NIE of a foreigner has X, Y or Z in place of 0, 1 or 2. */
static bool is_es_dni_nie(const uint8_t *id) {
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    if (!is_digit(id[0]) && !is_one_of(id[0], "XYZ")) return false;
    const uint32_t first = is_digit(id[0]) ? id[0] - '0' : id[0] - 'X';
    return letters[(first * 10000000 + digits_value(id + 1, 7)) % 23] == id[8];
}

size_t check_es_dni_nie(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "*.0.000.000.A", is_es_dni_nie);
}

/* Sex, year, month, department, commune, order, key. Months from 20 on stand for dates that are not known. */
static bool is_fr_nir(const uint8_t *id) {
    const uint32_t month = digits_value(id + 3, 2);
    const bool is_corsican = id[5] == '2' && (id[6] == 'A' || id[6] == 'B');
    if (!is_one_of(id[0], "123478") || month == 0 || (month > 12 && month < 20)) return false;
    if (!is_digit(id[6]) && !is_corsican) return false;
    uint8_t digits[13];
    memcpy(digits, id, sizeof digits);
    if (is_corsican) memcpy(digits + 5, id[6] == 'A' ? "19" : "18", 2);
    return digits_value(id + 13, 2) == 97 - characters_mod_97(0, digits, sizeof digits);
}

size_t check_fr_nir(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "0-00-00-0*-000-000-00", is_fr_nir);
}

/* Where two persons would share a code, letters take the place of its digits, from the last one on. */
static bool read_it_digit(uint8_t character, uint32_t *value) {
    static const char substitutes[] = "LMNPQRSTUV";
    const char *const found = is_digit(character) ? NULL : strchr(substitutes, character);
    if (!is_digit(character) && found == NULL) return false;
    *value = *value * 10 + (uint32_t)(found != NULL ? found - substitutes : character - '0');
    return true;
}

static uint8_t it_check_letter(const uint8_t *id) {
    static const uint8_t odd_values[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                         20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    uint32_t sum = 0;
    for (size_t i = 0; i < 15; i++) {
        const uint32_t value = is_digit(id[i]) ? id[i] - '0' : id[i] - 'A';
        sum += i % 2 == 0 ? odd_values[value] : value;
    }
    return (uint8_t)('A' + sum % 26);
}

/* Surname, name, year, month, day (40 more for women), place, check letter. */
static bool is_it_codice_fiscale(const uint8_t *id) {
    static const char months[] = "ABCDEHLMPRST";
    uint32_t year = 0, day = 0, place = 0;
    const bool is_well_formed = read_it_digit(id[6], &year) && read_it_digit(id[7], &year) &&
                                read_it_digit(id[9], &day) && read_it_digit(id[10], &day) &&
                                read_it_digit(id[12], &place) && read_it_digit(id[13], &place) &&
                                read_it_digit(id[14], &place);
    const char *const month = strchr(months, id[8]);
    if (!is_well_formed || month == NULL) return false;
    const bool is_day = date_exists(2000 + year, (uint32_t)(month - months) + 1, day > 40 ? day - 40 : day);
    return is_day && it_check_letter(id) == id[15];
}

size_t check_it_codice_fiscale(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "AAA-AAA-**A**-A***A", is_it_codice_fiscale);
}

static bool is_nl_bsn(const uint8_t *id) {
    static const int8_t weights[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};
    return !digits_are_same(id, 9) && digits_weighted_sum(id, weights, 9) % 11 == 0;
}

size_t check_nl_bsn(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "000.0.0.0.000", is_nl_bsn);
}

/* The month tells the century too. */
static bool is_pl_pesel(const uint8_t *id) {
    static const int8_t weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
    static const uint32_t centuries[] = {1900, 2000, 2100, 2200, 1800};
    const uint32_t year = digits_value(id, 2), month = digits_value(id + 2, 2), day = digits_value(id + 4, 2);
    return date_exists(centuries[month / 20] + year, month % 20, day) && digits_weighted_sum(id, weights, 11) % 10 == 0;
}

size_t check_pl_pesel(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "00000000000", is_pl_pesel);
}

static bool is_br_cpf(const uint8_t *id) {
    static const int8_t weights[] = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    const int first = digits_weighted_sum(id, weights + 1, 9) * 10 % 11 % 10;
    const int second = digits_weighted_sum(id, weights, 10) * 10 % 11 % 10;
    return !digits_are_same(id, 11) && id[9] - '0' == first && id[10] - '0' == second;
}

size_t check_br_cpf(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "000.000.000.00", is_br_cpf);
}

static bool is_palindrome(const uint8_t *digits, size_t count) {
    for (size_t i = 0; i < count / 2; i++)
        if (digits[i] != digits[count - 1 - i]) return false;
    return true;
}

static bool is_in_aadhaar(const uint8_t *id) {
    return id[0] >= '2' && !is_palindrome(id, 12) && digits_hold_verhoeff(id, 12);
}

size_t check_in_aadhaar(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "0000-0000-0000", is_in_aadhaar);
}

/* GB/T 2260: the first digit is a region, the second a province in it. */
static bool is_cn_province(uint8_t region, uint8_t province) {
    static const char *const provinces[] = {"", "12345", "123", "1234567", "123456", "01234", "12345", "1", "123", "1"};
    return is_one_of(province, provinces[region - '0']);
}

static bool is_cn_resident_id(const uint8_t *id) {
    static const int8_t weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char check_characters[] = "10X98765432";
    const uint32_t year = digits_value(id + 6, 4);
    return is_cn_province(id[0], id[1]) && year >= 1800 && year < 2100 &&
           date_exists(year, digits_value(id + 10, 2), digits_value(id + 12, 2)) &&
           id[17] == check_characters[digits_weighted_sum(id, weights, 17) % 11];
}

size_t check_cn_resident_id(const uint8_t *text, size_t length, size_t from, size_t to) {
    return form_length(text, length, from, to, "00000000000000000*", is_cn_resident_id);
}
