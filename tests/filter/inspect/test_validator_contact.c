#include "filter/inspect/validator_cases.h"

#define CHARS_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static void test_email_accepts_dot_atoms_and_quoted_local_parts(void **state) {
    (void)state;
    static const char *const values[] = {"simple@example.com",
                                         "very.common@example.com",
                                         "FirstName.LastName@EasierReading.org",
                                         "x@example.com",
                                         "long.email-address-with-hyphens@and.subdomains.example.com",
                                         "user.name+tag+sorting@example.com",
                                         "name/surname@example.com",
                                         "mailhost!username@example.org",
                                         "user%example.com@example.org",
                                         "user-@example.org",
                                         "_@example.org",
                                         "o'brien@example.ie",
                                         "\" \"@example.org",
                                         "\"john..doe\"@example.org",
                                         "\"very.(),:;<>[]\\\".VERY.\\\"very@\\\\ \\\"very\\\".unusual\"@example.com",
                                         "a@3com.example",
                                         "a@1-2.example",
                                         "a@x--y.example",
                                         CHARS_63 "l@example.com",
                                         "a@" CHARS_63 ".com",
                                         NULL};
    assert_accepted("email", values);
}

static void test_email_accepts_addresses_beyond_ascii(void **state) {
    (void)state;
    static const char *const values[] = {
        "D\xc3\xb6rte@S\xc3\xb6rensen.example.com",
        "\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b\xe5\xad\x90.\xe5\xb9\xbf\xe5\x91\x8a",
        "\xce\xb8\xcf\x83\xce\xb5\xcf\x81@\xce\xb5\xcf\x87\xce\xb1\xce\xbc\xcf\x80\xce\xbb\xce\xb5."
        "\xcf\x88\xce\xbf\xce\xbc",
        "user@xn--bcher-kva.example",
        "user@xn--e1afmkfd.xn--p1ai",
        "user@xn--e1afmkfd.XN--P1AI",
        "user@example.xn--p",
        NULL};
    assert_accepted("email", values);
}

static void test_email_refuses_what_is_no_address(void **state) {
    (void)state;
    static const char *const values[] = {"abc.example.com",
                                         "a@b@c@example.com",
                                         "a\"b(c)d,e:f;g<h>i[j\\k]l@example.com",
                                         "just\"not\"right@example.com",
                                         "this is\"not\\allowed@example.com",
                                         ".john@example.com",
                                         "john.@example.com",
                                         "jo..hn@example.com",
                                         "@example.com",
                                         "\"\"@example.com",
                                         "\"open@example.com",
                                         "\"line\nfeed\"@example.com",
                                         "\"@\n\"@example.com",
                                         "admin@mailserver1",
                                         "john@example",
                                         "john@.example.com",
                                         "john@example..com",
                                         "john@-example.com",
                                         "john@example-.com",
                                         "john@exam_ple.com",
                                         "john@example.c",
                                         "john@example.123",
                                         "john@192.0.2.1",
                                         "john@example.c0m",
                                         "john@example.ab--c1",
                                         "john@example.xa--c1",
                                         "john@xn--.xn--",
                                         "john@\xc3.com",
                                         "\xff@example.com",
                                         "john @example.com",
                                         CHARS_63 "lm@example.com",
                                         "a@" CHARS_63 "l.com",
                                         "a@x." CHARS_63 "l",
                                         NULL};
    assert_refused("email", values);
}

static void test_email_refuses_names_of_files(void **state) {
    (void)state;
    static const char *const values[] = {"image@2x.png", "logo@3x.webp", "icon@2x.SVG", "sprite@1.5x.jpeg",
                                         "vue@3.js",     "style@2x.css", NULL};
    assert_refused("email", values);
}

static void test_email_ends_with_its_domain(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"<", "ann@example.org", ">", true},
        {"mailto:", "ann@example.org", "?subject=x", true},
        {"to=", "ann@example.org", "&cc=", true},
        {"write to ", "ann@example.org", ". Thanks", true},
        {"", "ann@example.org", "...", true},
        {"", "ann@example.org", "-", true},
        {"", "ann@example.org", ".2024", true},
        {"avatars/", "ann@example.org", ".png", true},
        {"\xe2\x80\x9c", "ann@example.org", "\xe2\x80\x9d", true},
        {"\xe8\x81\x94\xe7\xb3\xbb", "ann@example.org", "\xe8\xb0\xa2\xe8\xb0\xa2", true},
        {"jo", "ann@example.org", "", false},
    };
    assert_neighbours("email", cases, sizeof cases / sizeof *cases);
}

static void test_email_finds_an_address_that_long_text_follows_at_once(void **state) {
    (void)state;
    char after[301];
    for (size_t i = 0; i < 100; i++) memcpy(after + 3 * i, "\xe8\xb0\xa2", 3);
    after[300] = '\0';
    assert_int_equal(validated_length("email", "", "ann@example.org", after), strlen("ann@example.org"));
}

static void test_a_domain_has_at_most_255_bytes(void **state) {
    (void)state;
    char domain[600] = "a@";
    for (size_t i = 0; i < 3; i++) strcat(domain, CHARS_63 ".");
    strcat(domain, CHARS_63);
    assert_int_equal(validated_length("email", "", domain, ""), strlen(domain));
    for (size_t i = 0; i < 4; i++) strcat(domain, "." CHARS_63);
    assert_in_range(validated_length("email", "", domain, ""), 0, 2 + 255);
}

static void test_phone_accepts_numbers_with_country_code(void **state) {
    (void)state;
    static const char *const values[] = {"+442071838750",     "+4930123456",
                                         "+49 30 123456",     "+1 (415) 555-2671",
                                         "+1.4155552671",     "+358-40-1234567",
                                         "+49 (0) 30 123456", "+(49) 30 123456",
                                         "+551155256325",     "+352 12345",
                                         "+996 312 123456",   "+123456789012345",
                                         "+7 495 123-45-67",  NULL};
    assert_accepted("phone-e164", values);
}

static void test_phone_refuses_unknown_codes_and_lengths(void **state) {
    (void)state;
    static const char *const values[] = {"442071838750",
                                         "0044 2071838750",
                                         "+0442071838750",
                                         "+999 1234567",
                                         "+210 1234567",
                                         "+384 1234567",
                                         "+2891234567",
                                         "+1234567",
                                         "+4930123456789012",
                                         "+ 4930123456",
                                         "+((49) 30 123456",
                                         "+(",
                                         "+49\n30123456",
                                         "+49   30123456",
                                         "+",
                                         "+4",
                                         NULL};
    assert_refused("phone-e164", values);
}

static void test_phone_leaves_following_numbers_out(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"tel:", "+49 30 1234567", " 1234567890123", true},
        {"(", "+49 30 1234567", ")", true},
        {"call ", "+442071838750", ". Now", true},
        {"3", "+442071838750", "", false},
        {"tel", "+442071838750", "x12", true},
    };
    assert_neighbours("phone-e164", cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_email_accepts_dot_atoms_and_quoted_local_parts),
        cmocka_unit_test(test_email_accepts_addresses_beyond_ascii),
        cmocka_unit_test(test_email_refuses_what_is_no_address),
        cmocka_unit_test(test_email_refuses_names_of_files),
        cmocka_unit_test(test_email_ends_with_its_domain),
        cmocka_unit_test(test_email_finds_an_address_that_long_text_follows_at_once),
        cmocka_unit_test(test_a_domain_has_at_most_255_bytes),
        cmocka_unit_test(test_phone_accepts_numbers_with_country_code),
        cmocka_unit_test(test_phone_refuses_unknown_codes_and_lengths),
        cmocka_unit_test(test_phone_leaves_following_numbers_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
