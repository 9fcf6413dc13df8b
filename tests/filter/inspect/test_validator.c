#include "inspect/validator.h"

#include "filter/inspect/validator_cases.h"

/* One valid value of every validator. `has_check_digit`: no other digit may stand at any place. */
static const struct sample {
    const char *name, *value;
    bool has_check_digit;
} samples[] = {
    {"luhn", "4111 1111 1111 1111", true},
    {"card-number", "5555555555554444", true},
    {"iban", "DE89 3704 0044 0532 0130 00", true},
    {"aba-routing", "021000021", true},
    {"btc-address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", true},
    {"email", "ann@example.org", false},
    {"phone-e164", "+49 30 123456", false},
    {"date", "2024-02-29", false},
    {"ipv4", "192.0.2.200", false},
    {"ipv6", "2001:db8::8:800:200c:417a", false},
    {"mac-address", "00:00:5e:00:53:01", false},
    {"imei", "490154203237518", true},
    {"vin", "1M8GDM9AXKP042788", true},
    {"jwt", "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r", false},
    {"digest", "d41d8cd98f00b204e9800998ecf8427e", false},
    {"entropy", "q7Zp0Xv3Lk9TbM2w", false},
    {"us-ssn", "536-90-4399", false},
    {"uk-nino", "AB 12 34 56 C", false},
    {"uk-nhs", "943 476 5919", true},
    {"de-tax-id", "86095742719", true},
    {"es-dni-nie", "12345678Z", true},
    {"fr-nir", "2 95 10 99 126 111 93", true},
    {"it-codice-fiscale", "RSSMRA85T10A562S", true},
    {"nl-bsn", "111222333", true},
    {"pl-pesel", "44051401359", true},
    {"br-cpf", "529.982.247-25", true},
    {"in-aadhaar", "2341 2341 2346", true},
    {"cn-resident-id", "11010519491231002X", true},
};
enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

static bool is_sampled(const char *name) {
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        if (strcmp(samples[i].name, name) == 0) return true;
    return false;
}

static void test_every_validator_is_found_by_its_name(void **state) {
    (void)state;
    assert_true(validator_count() >= 20);
    for (size_t i = 0; i < validator_count(); i++) {
        const struct validator *const validator = validator_at(i);
        assert_ptr_equal(validator_find(validator->name), validator);
        assert_true(strlen(validator->description) > 0 && strlen(validator->reference) > 0);
        if (!is_sampled(validator->name)) fail_msg("no sample of %s", validator->name);
    }
}

static void test_an_unknown_name_or_position_finds_none(void **state) {
    (void)state;
    assert_null(validator_find("Luhn"));
    assert_null(validator_find(""));
    assert_null(validator_at(validator_count()));
    assert_null(validator_at(SIZE_MAX));
}

static void test_samples_are_valid_alone_and_in_a_sentence(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        assert_accepted(samples[i].name, (const char *const[]){samples[i].value, NULL});
}

static void test_a_wrong_digit_is_never_overlooked(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        char value[128];
        strcpy(value, samples[i].value);
        for (size_t at = 0; samples[i].has_check_digit && value[at] != '\0'; at++) {
            const char right = value[at];
            if (right < '0' || right > '9') continue;
            for (value[at] = '0'; value[at] <= '9'; value[at]++)
                if (value[at] != right && validated_length(samples[i].name, "", value, "") != 0)
                    fail_msg("%s accepts \"%s\"", samples[i].name, value);
            value[at] = right;
        }
    }
}

static void test_a_value_is_never_cut_out_of_a_longer_one(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const char *const name = samples[i].name, *const value = samples[i].value;
        if (strcmp(name, "entropy") == 0) continue; /* judges the match, whatever it is */
        if (validated_length(name, "7", value, "") != 0) fail_msg("%s takes a value behind a digit", name);
        if (validated_length(name, "", value, "7") == strlen(value)) fail_msg("%s takes a value before a digit", name);
    }
}

static void test_text_that_is_cut_off_is_read_to_its_end_only(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        char value[128];
        strcpy(value, samples[i].value);
        for (size_t length = strlen(value) - 1; length > 0; length--) {
            value[length] = '\0';
            assert_in_range(validated_length(samples[i].name, "", value, ""), 0, length);
        }
    }
}

static void test_an_empty_match_is_no_value(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        const uint8_t *const text = (const uint8_t *)samples[i].value;
        const size_t length = strlen(samples[i].value);
        assert_int_equal(validator_find(samples[i].name)->check(text, length, 0, 0), 0);
        assert_int_equal(validator_find(samples[i].name)->check(text, length, length, length), 0);
    }
}

static uint32_t next_random(uint32_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Runs all validators on a match of the text, which stands in memory of its own. */
static void check_with_all(const uint8_t *bytes, size_t length, size_t from, size_t to) {
    uint8_t *const text = malloc(length + !length);
    assert_non_null(text);
    memcpy(text, bytes, length);
    for (size_t i = 0; i < validator_count(); i++) {
        const size_t taken = validator_at(i)->check(text, length, from, to);
        if (taken > length - from) fail_msg("%s takes more than there is", validator_at(i)->name);
    }
    free(text);
}

static void test_no_validator_takes_more_than_there_is_of_random_bytes(void **state) {
    (void)state;
    static const char *const alphabets[] = {"0123456789",
                                            "0123456789 -.()+/",
                                            "0123456789abcdefABCDEF:.-",
                                            "ABCXYZ0123456789",
                                            "abc@.-\"\\\xc3\xa9\xe2\x82\xac",
                                            "eyJhbGciOiJ9._-"};
    enum { ALPHABET_COUNT = sizeof alphabets / sizeof *alphabets };
    uint32_t seed = 20240229;
    uint8_t text[300];
    for (size_t round = 0; round < 60000; round++) {
        const size_t length = next_random(&seed) % (sizeof text + 1), kind = round % (ALPHABET_COUNT + 1);
        for (size_t i = 0; i < length; i++) {
            const uint32_t value = next_random(&seed) >> 8;
            text[i] =
                kind == ALPHABET_COUNT ? (uint8_t)value : (uint8_t)alphabets[kind][value % strlen(alphabets[kind])];
        }
        const size_t from = next_random(&seed) % (length + 1), to = from + next_random(&seed) % (length - from + 1);
        check_with_all(text, length, from, to);
    }
}

static void test_no_validator_takes_more_than_there_is_of_damaged_samples(void **state) {
    (void)state;
    uint32_t seed = 7;
    for (size_t round = 0; round < 60000; round++) {
        uint8_t text[256];
        const char *const first = samples[round % SAMPLE_COUNT].value;
        const char *const second = samples[next_random(&seed) % SAMPLE_COUNT].value;
        const size_t first_length = strlen(first), length = first_length + strlen(second);
        memcpy(text, first, first_length);
        memcpy(text + first_length, second, length - first_length);
        for (size_t i = next_random(&seed) % 4; i > 0; i--)
            text[next_random(&seed) % length] = (uint8_t)(next_random(&seed) >> 9);
        const size_t from = round % 3 == 0 ? next_random(&seed) % length : 0;
        check_with_all(text, next_random(&seed) % (length - from) + from + 1, from, from + 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_validator_is_found_by_its_name),
        cmocka_unit_test(test_an_unknown_name_or_position_finds_none),
        cmocka_unit_test(test_samples_are_valid_alone_and_in_a_sentence),
        cmocka_unit_test(test_a_wrong_digit_is_never_overlooked),
        cmocka_unit_test(test_a_value_is_never_cut_out_of_a_longer_one),
        cmocka_unit_test(test_text_that_is_cut_off_is_read_to_its_end_only),
        cmocka_unit_test(test_an_empty_match_is_no_value),
        cmocka_unit_test(test_no_validator_takes_more_than_there_is_of_random_bytes),
        cmocka_unit_test(test_no_validator_takes_more_than_there_is_of_damaged_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
