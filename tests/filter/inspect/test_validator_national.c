#include "filter/inspect/validator_cases.h"

/* Published examples, and what breaks one rule of each number. Lists end with NULL. */
static const struct {
    const char *name;
    const char *valid[12], *invalid[20];
} numbers[] = {
    {"us-ssn",
     {"536-90-4399", "536 90 4399", "536904399", "078-05-1120", "219-09-9999", "665-01-0001", "899-99-9999"},
     {"000-12-3456", "666-12-3456", "900-12-3456", "987-65-4321", "123-00-4567", "123-45-0000", "123-456789",
      "123 45-6789", "12-345-6789", "123.45.6789", "12345678", "1234567890"}},
    {"uk-nino",
     {"AB123456C", "AB 12 34 56 C", "ab-12-34-56-c", "JG103759A", "AB123456D"},
     {"QQ123456C", "DA123456A", "AO123456A", "BG123456A", "GB123456A", "KN123456A", "NK123456A", "NT123456A",
      "TN123456A", "ZZ123456A", "AB123456E", "AB123456", "AB12345C", "A1123456C", "AB  123456C"}},
    {"uk-nhs",
     {"943 476 5919", "943-476-5919", "9434765919", "401 023 2137", "0101801238", "3112991230", "3200000015",
      "3999999918"},
     {"943 476 5918", "9434765871", "1700000012" /* no date */, "3113000017", "0012000019", "5000000013", "4444444444",
      "0000000000", "943476591", "943.476.5919"}},
    {"de-tax-id",
     {"86095742719", "86 095 742 719", "47036892816", "65929970489", "57549285017", "25768131411", "36/574/261/809",
      "12131456787" /* one digit three times */},
     {"86095742710", "12345678903" /* none twice */, "11234567881" /* two of them */, "11123456786" /* in a row */,
      "01234567888", "8609574271"}},
    {"es-dni-nie",
     {"12345678Z", "12345678-Z", "12.345.678-Z", "54362315k", "00000000T", "X1234567L", "x-1234567-l", "X-2482300W"},
     {"12345678A", "X1234567T", "W1234567L", "1234567Z", "123456789", "12345678 "}},
    {"fr-nir",
     {"2 95 10 99 126 111 93", "255081416802538", "2 55 08 14 168 025 38", "184122A45108933", "1 84 12 2b 451 089 60",
      "255201416802536", "255991416802539", "755081416802579"},
     {"255081416802539", "184122C45108933", "184123A45108933", "25508141680253", "295009912611130" /* month 0 */,
      "255131416802521", "255191416802520", "355131416802568", "055081416802541" /* no sex */, "555081416802582",
      "955081416802576"}},
    {"it-codice-fiscale",
     {"RSSMRA85T10A562S", "rssmra85t10a562s", "RSS MRA 85T10 A562S", "MRTMTT91D08F205J", "RCCMNL83S18D969H",
      "RSSMRA85T41A562U" /* a woman */, "RSSMRA85T71A562X", "RSSMRA84B29A562Y",
      "RSSMRA85T10A56NH" /* a digit as letter */, "RSSMRAU5T10A562P"},
     {"RSSMRA85T10A562A", "RSSMRA85F10A562R" /* no month is F */, "RSSMRA85D31A562M" /* 31 April */, "RSSMRA85B29A562Z",
      "RSSMRA85T00A562R", "RSSMRA85T32A562Y", "RSSMRA85T40A562V", "RSSMRA85T72A562C", "RSSMRA8AT10A562N",
      "RSSMRAA5T10A562A", "RSSMRA85TA0A562R", "RSSMRA85T1AA562S", "RSSMRA85T10AA62G", "RSSMRA85T10A5A2M",
      "RSSMRA85T10A56AO", "1SSMRA85T10A562S"}},
    {"nl-bsn",
     {"111222333", "123456782", "1112.22.333", "1112 22 333", "111 222 333"},
     {"111222334", "123456789", "000000000", "11122233", "1112223330"}},
    {"pl-pesel",
     {"44051401359", "02070803628", "80810101234" /* born 1880 */, "00222900016" /* 29 February 2000 */},
     {"44051401358", "44023001233" /* 30 February */, "00022900010" /* 1900 */, "00622900018" /* 2200 */, "44051401350",
      "4405140135", "00000000000"}},
    {"br-cpf",
     {"529.982.247-25", "52998224725", "111.444.777-35", "390.533.447-05", "529 982 247 25", "529982247/25"},
     {"529.982.247-24", "529.982.247-35", "111.111.111-11", "00000000000", "529.982.247-2"}},
    {"in-aadhaar",
     {"2341 2341 2346", "2341-2341-2346", "234123412346"},
     {"234123412347", "123412341234", "234122221432" /* a palindrome */, "222222222222", "23412341234",
      "2341.2341.2346"}},
    {"cn-resident-id",
     {"11010519491231002X", "11010519491231002x", "440524188001010014", "110105200002290021", "448778200504068791",
      "541742194109260962", "449290199702020337", "650757200504173479", "111746200002234530", "654019194307044618"},
     {"110105194912310029", "11010519491231002A", "440524188001010015", "110105200102290029" /* no leap year */,
      "990105200002290025" /* no province */, "110105170012310028", "1101051949123100", "A1010519491231002X"}},
};
enum { NUMBER_COUNT = sizeof numbers / sizeof *numbers };

static void test_published_examples_are_accepted(void **state) {
    (void)state;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        assert_non_null(numbers[i].valid[0]);
        assert_accepted(numbers[i].name, numbers[i].valid);
    }
}

static void test_numbers_that_break_a_rule_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        assert_non_null(numbers[i].invalid[0]);
        assert_refused(numbers[i].name, numbers[i].invalid);
    }
}

static void test_a_number_ends_before_a_following_one(void **state) {
    (void)state;
    static const struct neighbours ssn[] = {
        {"ssn ", "536-90-4399", " 12", true},
        {"ssn ", "536-90-4399", "-12", true},
        {"", "536-90-4399", "1", false},
    };
    static const struct neighbours dni[] = {{"DNI ", "12345678Z", " 5", true}, {"DNI ", "12345678Z", "5", false}};
    assert_neighbours("us-ssn", ssn, sizeof ssn / sizeof *ssn);
    assert_neighbours("es-dni-nie", dni, sizeof dni / sizeof *dni);
}

/* Each letter and digit that stands at an odd place has a value of its own. */
static void test_the_italian_check_letter_follows_its_table(void **state) {
    (void)state;
    static const char for_letters[] = "ZYDFHLNPRTACQSJBEGKMOIUXWV", for_digits[] = "IHMOQUWYAC";
    for (size_t i = 0; i < 26; i++) {
        char code[] = "AAAAAA80A01A000?";
        code[0] = (char)('A' + i);
        code[15] = for_letters[i];
        assert_int_equal(validated_length("it-codice-fiscale", "", code, ""), 16);
    }
    for (size_t i = 0; i < 10; i++) {
        char code[] = "AAAAAA?1A01A000?";
        code[6] = (char)('0' + i);
        code[15] = for_digits[i];
        assert_int_equal(validated_length("it-codice-fiscale", "", code, ""), 16);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_examples_are_accepted),
        cmocka_unit_test(test_numbers_that_break_a_rule_are_refused),
        cmocka_unit_test(test_the_italian_check_letter_follows_its_table),
        cmocka_unit_test(test_a_number_ends_before_a_following_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
