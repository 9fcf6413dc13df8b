#include "inspect/validator.h"

#include <string.h>

#include "inspect/validator_checks.h"

static const struct validator validators[] = {
    {"luhn", "13 to 19 digits with a right check digit", "ISO/IEC 7812-1, annex B", check_luhn},
    {"card-number", "payment card number: issuer range, its lengths, check digit", "ISO/IEC 7812-1", check_card_number},
    {"iban", "international bank account number", "ISO 13616-1, SWIFT IBAN registry", check_iban},
    {"aba-routing", "bank routing number of the United States", "ABA routing number policy", check_aba_routing},
    {"btc-address", "Bitcoin address in bech32 or bech32m", "BIP 173, BIP 350", check_btc_address},

    {"email", "e-mail address, also international", "RFC 5321, RFC 5322, RFC 6531", check_email},
    {"phone-e164", "phone number with country code", "ITU-T E.164 and its list of codes", check_phone_e164},
    {"date", "date that exists: y-m-d, d.m.y, m/d/y", "ISO 8601-1, Gregorian calendar", check_date},

    {"ipv4", "IPv4 address in dotted decimals", "RFC 3986, section 3.2.2", check_ipv4},
    {"ipv6", "IPv6 address as text", "RFC 4291, section 2.2", check_ipv6},
    {"mac-address", "MAC address of a device", "IEEE 802, EUI-48", check_mac_address},
    {"imei", "number of a mobile device", "3GPP TS 23.003, GSMA TS.06", check_imei},
    {"vin", "vehicle number with its check digit", "ISO 3779, 49 CFR 565", check_vin},

    {"jwt", "JSON web token", "RFC 7519, RFC 7515, RFC 7516", check_jwt},
    {"digest", "MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal, SHA-256 in base64", "RFC 1321, FIPS 180-4",
     check_digest},
    {"entropy", "at least 16 bytes of 3.5 bits each, as in random keys", "Shannon 1948", check_entropy},

    {"us-ssn", "United States: social security number", "SSA POMS RM 10201.035", check_us_ssn},
    {"uk-nino", "United Kingdom: national insurance number", "HMRC NIM39110", check_uk_nino},
    {"uk-nhs", "United Kingdom: NHS number", "NHS data dictionary, NHS NUMBER", check_uk_nhs},
    {"de-tax-id", "Germany: tax identification number", "AO section 139b, ISO 7064 MOD 11,10", check_de_tax_id},
    {"es-dni-nie", "Spain: DNI or NIE", "Real Decreto 1553/2005", check_es_dni_nie},
    {"fr-nir", "France: social security number", "INSEE, Decret 82-103", check_fr_nir},
    {"it-codice-fiscale", "Italy: tax code of a person", "DM 23 December 1976", check_it_codice_fiscale},
    {"nl-bsn", "Netherlands: citizen service number", "Wabb, 11 test", check_nl_bsn},
    {"pl-pesel", "Poland: PESEL", "Act on population records, 2010", check_pl_pesel},
    {"br-cpf", "Brazil: CPF", "Receita Federal, mod 11", check_br_cpf},
    {"in-aadhaar", "India: Aadhaar number", "UIDAI, Verhoeff 1969", check_in_aadhaar},
    {"cn-resident-id", "China: resident identity number", "GB 11643-1999", check_cn_resident_id},
};

const struct validator *validator_find(const char *name) {
    for (size_t i = 0; i < validator_count(); i++)
        if (strcmp(validators[i].name, name) == 0) return &validators[i];
    return NULL;
}

const struct validator *validator_at(size_t position) {
    return position < validator_count() ? &validators[position] : NULL;
}

size_t validator_count(void) {
    return sizeof validators / sizeof *validators;
}
