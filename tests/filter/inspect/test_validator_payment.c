#include "filter/inspect/validator_cases.h"

static void test_luhn_accepts_13_to_19_digits(void **state) {
    (void)state;
    static const char *const values[] = {"4222222222222",
                                         "30000000000004",
                                         "340000000000009",
                                         "4111111111111111",
                                         "4111 1111 1111 1111",
                                         "4111-1111-1111-1111",
                                         "3400 000000 00009",
                                         "4000000000000000006",
                                         "1234567812345670",
                                         "9999 9999 9999 9995",
                                         NULL};
    assert_accepted("luhn", values);
}

static void test_luhn_refuses_wrong_check_digits_lengths_and_separators(void **state) {
    (void)state;
    static const char *const values[] = {"4111111111111112",        "79927398713" /* right, with 11 digits */,
                                         "41111111111111111111111", "4111  1111 1111 1111",
                                         "4111.1111.1111.1111",     "4111\n1111\n1111\n1111",
                                         "0000000000000000",        "4111 - 1111",
                                         "x4111111111111111",       NULL};
    assert_refused("luhn", values);
}

static void test_luhn_leaves_following_digits_out(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"", "4111 1111 1111 1111", " 123", true},
        {"", "4111 1111 1111 1111", " 12/27", true},
        {"", "5555-5555-5555-4444", "-12-2027", true},
        {"17000 ", "4222222222222", " 9", true},
        {"", "4111 1111 1111 1111", "\n5555 5555 5555 4444", true},
    };
    assert_neighbours("luhn", cases, sizeof cases / sizeof *cases);
}

static void test_cards_of_known_issuers_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {"4111111111111111",
                                         "4222222222222",
                                         "4012 8888 8888 1881",
                                         "5555555555554444",
                                         "5105-1051-0510-5100",
                                         "2223003122003222",
                                         "378282246310005",
                                         "3714 496353 98431",
                                         "6011111111111117",
                                         "30569309025904",
                                         "38520000023237",
                                         "3530111333300000",
                                         "6200000000000005",
                                         "6304000000000000",
                                         "6759649826438453",
                                         "2200000000000004",
                                         "5019717010103742",
                                         "4000000000000000006",
                                         NULL};
    assert_accepted("card-number", values);
}

/* The number of so many digits that begins with the prefix, goes on with zeros and has the right check digit. */
static void make_card(char *number, const char *prefix, size_t digit_count) {
    memset(number, '0', digit_count);
    memcpy(number, prefix, strlen(prefix));
    number[digit_count] = '\0';
    while (validated_length("luhn", "", number, "") != digit_count) {
        assert_true(number[digit_count - 1] < '9');
        number[digit_count - 1]++;
    }
}

static void test_issuers_have_their_ranges_and_lengths(void **state) {
    (void)state;
    static const struct {
        const char *prefix;
        const char *lengths; /* a letter for each that is a card: a for 13, b for 14 ... */
    } ranges[] = {{"219999", ""},        {"220000", "defg"},    {"220499", "defg"},    {"220500", ""},
                  {"222099", ""},        {"222100", "d"},       {"272099", "d"},       {"272100", ""},
                  {"300000", "bdefg"},   {"305999", "bdefg"},   {"306000", ""},        {"309499", ""},
                  {"309500", "bdefg"},   {"309599", "bdefg"},   {"309600", ""},        {"340000", "c"},
                  {"349999", "c"},       {"350000", ""},        {"352799", ""},        {"352800", "defg"},
                  {"358999", "defg"},    {"359000", ""},        {"360000", "bcdefg"},  {"369999", "bcdefg"},
                  {"370000", "c"},       {"379999", "c"},       {"380000", "bcdefg"},  {"399999", "bcdefg"},
                  {"400000", "adg"},     {"499999", "adg"},     {"500000", ""},        {"501799", ""},
                  {"501800", "abcdefg"}, {"501899", "abcdefg"}, {"501900", "d"},       {"501999", "d"},
                  {"502000", "abcdefg"}, {"502099", "abcdefg"}, {"502100", ""},        {"503799", ""},
                  {"503800", "abcdefg"}, {"503899", "abcdefg"}, {"503900", ""},        {"506098", ""},
                  {"506099", "dfg"},     {"506198", "dfg"},     {"506199", ""},        {"506698", ""},
                  {"506699", "d"},       {"506778", "d"},       {"506779", ""},        {"507864", ""},
                  {"507865", "dfg"},     {"507964", "dfg"},     {"507965", ""},        {"508499", ""},
                  {"508500", "d"},       {"509999", "d"},       {"510000", "d"},       {"559999", "d"},
                  {"560000", ""},        {"589299", ""},        {"589300", "abcdefg"}, {"589399", "abcdefg"},
                  {"589400", ""},        {"601099", ""},        {"601100", "defg"},    {"601199", "defg"},
                  {"601200", ""},        {"606281", ""},        {"606282", "d"},       {"606283", ""},
                  {"606984", ""},        {"606985", "d"},       {"608500", "d"},       {"608501", ""},
                  {"619999", ""},        {"620000", "defg"},    {"629999", "defg"},    {"630000", ""},
                  {"630399", ""},        {"630400", "abcdefg"}, {"630499", "abcdefg"}, {"630500", ""},
                  {"635999", ""},        {"636000", "defg"},    {"636999", "defg"},    {"637000", "d"},
                  {"639999", "d"},       {"640000", ""},        {"643999", ""},        {"644000", "defg"},
                  {"659999", "defg"},    {"660000", ""},        {"675899", ""},        {"675900", "abcdefg"},
                  {"675999", "abcdefg"}, {"676000", ""},        {"676099", ""},        {"676100", "abcdefg"},
                  {"676399", "abcdefg"}, {"676400", ""},        {"809999", ""},        {"810000", "defg"},
                  {"819999", "defg"},    {"820000", "d"},       {"829999", "d"},       {"830000", ""},
                  {"859999", ""},        {"860000", "d"},       {"860099", "d"},       {"860100", ""},
                  {"979199", ""},        {"979200", "d"},       {"979289", "d"},       {"979290", ""},
                  {"985999", ""},        {"986000", "d"},       {"986099", "d"},       {"986100", ""}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        for (size_t digit_count = 13; digit_count <= 19; digit_count++) {
            char number[20];
            make_card(number, ranges[i].prefix, digit_count);
            const bool is_card = strchr(ranges[i].lengths, (int)('a' + digit_count - 13)) != NULL;
            if (validated_length("card-number", "", number, "") != (is_card ? digit_count : 0))
                fail_msg("%s is judged wrongly", number);
        }
    }
}

static void test_other_issuers_and_lengths_are_no_cards(void **state) {
    (void)state;
    static const char *const values[] = {"1234567812345670" /* no issuer */,
                                         "9999999999999995",
                                         "41111111111114" /* Visa has 13, 16 or 19 digits */,
                                         "411111111111111118",
                                         "55555555555555552" /* Mastercard 16 */,
                                         "5555555555554445",
                                         "0000000000000000",
                                         NULL};
    assert_refused("card-number", values);
}

static void test_ibans_of_the_registry_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {"GB29NWBK60161331926819",
                                         "GB29 NWBK 6016 1331 9268 19",
                                         "gb29 nwbk 6016 1331 9268 19",
                                         "DE89370400440532013000",
                                         "DE89-3704-0044-0532-0130-00",
                                         "FR1420041010050500013M02606",
                                         "NO9386011117947",
                                         "MT84MALT011000012345MTLCAST001S",
                                         "SC18SSCB11010000000000001497USD",
                                         "RU0204452560040702810412345678901",
                                         "LC55HEMM000100010012001200023015",
                                         "BR1800360305000010009795493C1",
                                         "CH9300762011623852957",
                                         "NL91 ABNA 0417 1643 00",
                                         "BE68539007547034",
                                         "ES9121000418450200051332",
                                         "IT60X0542811101000000123456",
                                         "PL61109010140000071219812874",
                                         "SA0380000000608010167519",
                                         "DE98093659688281232634",
                                         "DE02400289036752684125",
                                         NULL};
    assert_accepted("iban", values);
}

static void test_ibans_with_wrong_digits_countries_or_lengths_are_refused(void **state) {
    (void)state;
    static const char *const values[] = {"GB28NWBK60161331926819",
                                         "GB29NWBK60161331926818",
                                         "GB92NWBK60161331926819",
                                         "DE8937040044053201300",
                                         "DE893704004405320130001",
                                         "XX89370400440532013000",
                                         "DE89  370400440532013000",
                                         "DE89.3704.0044.0532.0130.00",
                                         "DEXX370400440532013000",
                                         "DE01093659688281232634" /* 98 instead */,
                                         "DE99400289036752684125" /* 02 */,
                                         "DE00022812181095270827" /* 97 */,
                                         " DE89370400440532013000",
                                         "DE89",
                                         "D",
                                         NULL};
    assert_refused("iban", values);
}

static void test_an_iban_ends_where_its_country_says(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"IBAN:", "NL91 ABNA 0417 1643 00", " 12 euro", true},
        {"", "BE68 5390 0754 7034", "-", true},
        {"IBAN", "NL91ABNA0417164300", "", false},
        {"", "NL91ABNA0417164300", "A", false},
    };
    assert_neighbours("iban", cases, sizeof cases / sizeof *cases);
}

static void test_routing_numbers_need_the_checksum_and_an_assigned_prefix(void **state) {
    (void)state;
    static const char *const valid[] = {"111000025", "122105155", "021000021", "011401533", "0210-0002-1",
                                        "000000013", "129999995", "210000007", "320000007", "610000005",
                                        "720000005", "800000006", NULL};
    static const char *const invalid[] = {"112000025", "021000022",  "130000006", "200000004", "330000000",
                                          "600000002", "730000008",  "790000006", "810000009", "000000000",
                                          "02100002",  "0210000210", NULL};
    assert_accepted("aba-routing", valid);
    assert_refused("aba-routing", invalid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_luhn_accepts_13_to_19_digits),
        cmocka_unit_test(test_luhn_refuses_wrong_check_digits_lengths_and_separators),
        cmocka_unit_test(test_luhn_leaves_following_digits_out),
        cmocka_unit_test(test_cards_of_known_issuers_are_accepted),
        cmocka_unit_test(test_issuers_have_their_ranges_and_lengths),
        cmocka_unit_test(test_other_issuers_and_lengths_are_no_cards),
        cmocka_unit_test(test_ibans_of_the_registry_are_accepted),
        cmocka_unit_test(test_ibans_with_wrong_digits_countries_or_lengths_are_refused),
        cmocka_unit_test(test_an_iban_ends_where_its_country_says),
        cmocka_unit_test(test_routing_numbers_need_the_checksum_and_an_assigned_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
