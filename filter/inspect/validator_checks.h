#pragma once
/*
 * What the validators are made of: the checks that the table in validator.c names, and the tools they share. Only
 * validator*.c includes this. Every check has the signature of struct validator; "digits" and "characters" are ASCII.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool is_digit(uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

static inline uint8_t to_upper(uint8_t byte) {
    return byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte;
}

static inline bool is_letter(uint8_t byte) {
    return to_upper(byte) >= 'A' && to_upper(byte) <= 'Z';
}

static inline bool is_letter_or_digit(uint8_t byte) {
    return is_letter(byte) || is_digit(byte);
}

static inline bool is_hexadecimal(uint8_t byte) {
    return is_digit(byte) || (to_upper(byte) >= 'A' && to_upper(byte) <= 'F');
}

static inline bool is_one_of(uint8_t byte, const char *characters) {
    return byte != 0 && strchr(characters, byte) != NULL;
}

/* Edges (validator_edge.c): may a value begin at text[from], of a match up to `to`; may it end before text[end]? A
   number has no digit beside it, a word (with letters in it) no letter either. An empty match begins nothing. */
bool edge_starts_number(const uint8_t *text, size_t from, size_t to);
bool edge_starts_word(const uint8_t *text, size_t from, size_t to);
bool edge_ends_number(const uint8_t *text, size_t length, size_t from, size_t end);
bool edge_ends_word(const uint8_t *text, size_t length, size_t end);

/*
 * Forms (validator_form.c): a number or identifier with a fixed count of characters. In a form `0` stands for a digit,
 * `A` for a letter, `*` for either; `-` for a space or hyphen that may stand there, `.` for a space, hyphen, full stop
 * or slash that may. `holds` judges the characters without separators, letters in upper case. The length in bytes, or
 * 0.
 */
enum { FORM_CHARS_MAX = 18 };
size_t form_length(const uint8_t *text, size_t length, size_t from, size_t to, const char *form,
                   bool (*holds)(const uint8_t *id));

/* Digits with separators between them, as they stand from text[from] on, as many as there is room for. */
enum { DIGIT_RUN_MAX = 19 };
struct digit_run {
    uint8_t digits[DIGIT_RUN_MAX];
    size_t lengths[DIGIT_RUN_MAX]; /* bytes up to and with that digit; 0 where the next byte is a digit too */
    size_t count;
};
void digit_run_read(struct digit_run *run, const uint8_t *text, size_t length, size_t from, const char *separators,
                    size_t separators_max);

/* Check digits (validator_digits.c). Those named "hold" look at the digits with the check digit at their end. */
uint32_t digits_value(const uint8_t *digits, size_t count); /* of at most 9 digits */
int digits_weighted_sum(const uint8_t *digits, const int8_t *weights, size_t count);
bool digits_are_same(const uint8_t *digits, size_t count);
bool digits_hold_luhn(const uint8_t *digits, size_t count);
bool digits_hold_verhoeff(const uint8_t *digits, size_t count);
bool digits_hold_mod_11_10(const uint8_t *digits, size_t count);

/* Continues a remainder modulo 97 with digits and, counting 10 to 35, letters in upper case. */
uint32_t characters_mod_97(uint32_t remainder, const uint8_t *characters, size_t count);

/* A day of the Gregorian calendar (validator_date.c). */
bool date_exists(uint32_t year, uint32_t month, uint32_t day);

size_t check_aba_routing(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_br_cpf(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_btc_address(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_card_number(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_cn_resident_id(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_date(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_de_tax_id(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_email(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_digest(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_entropy(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_es_dni_nie(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_fr_nir(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_iban(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_imei(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_in_aadhaar(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_ipv4(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_ipv6(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_it_codice_fiscale(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_jwt(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_luhn(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_mac_address(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_nl_bsn(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_phone_e164(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_pl_pesel(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_uk_nhs(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_uk_nino(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_us_ssn(const uint8_t *text, size_t length, size_t from, size_t to);
size_t check_vin(const uint8_t *text, size_t length, size_t from, size_t to);
