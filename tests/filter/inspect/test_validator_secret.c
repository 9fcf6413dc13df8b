#include "inspect/base64.h"

#include "filter/inspect/validator_cases.h"

/* The examples of RFC 7519, sections 3.1 and 6.1. */
#define HEADER "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
#define PAYLOAD "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define SIGNATURE "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define UNSECURED "eyJhbGciOiJub25lIn0." PAYLOAD "."

static void test_signed_unsecured_and_encrypted_tokens_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {HEADER "." PAYLOAD "." SIGNATURE,
                                         UNSECURED,
                                         HEADER ".." SIGNATURE /* detached */,
                                         HEADER "." PAYLOAD ".iv-_09.text.tag",
                                         HEADER "..iv.text.tag",
                                         NULL};
    assert_accepted("jwt", values);
}

static void test_texts_that_are_no_token_are_refused(void **state) {
    (void)state;
    static const char *const values[] = {HEADER,
                                         HEADER "." PAYLOAD,
                                         HEADER "+." PAYLOAD "." SIGNATURE,
                                         PAYLOAD "." PAYLOAD "." SIGNATURE /* no "alg" */,
                                         "www.example.com",
                                         ".." SIGNATURE,
                                         "=" HEADER "." PAYLOAD "." SIGNATURE,
                                         NULL};
    assert_refused("jwt", values);
}

static void test_a_token_ends_before_a_full_stop(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"Bearer ", HEADER "." PAYLOAD "." SIGNATURE, ".", true},
        {"token=", HEADER "." PAYLOAD "." SIGNATURE, "&x", true},
        {"x", HEADER "." PAYLOAD "." SIGNATURE, "", false},
    };
    assert_neighbours("jwt", cases, sizeof cases / sizeof *cases);
}

/* A token whose header is this JSON text. */
static size_t validated_header(const char *json) {
    char header[2048];
    size_t length = base64_encode((const uint8_t *)json, strlen(json), header);
    while (length > 0 && header[length - 1] == '=') length--;
    strcpy(header + length, ".e30.c2ln");
    return validated_length("jwt", "", header, "");
}

static void test_the_header_is_a_json_object_with_an_algorithm(void **state) {
    (void)state;
    static const char *const valid[] = {"{\"alg\":\"RS256\"}",
                                        " { \"kid\" : [1, {\"a\": null}], \"alg\" : \"ES256\" } ",
                                        "{\"alg\":\"none\",\"typ\":\"JWT\"}"};
    static const char *const invalid[] = {
        "{\"alg\":1}", "{\"algo\":\"x\"}",         "{\"x\":{\"alg\":\"RS256\"}}", "[\"alg\",\"RS256\"]",
        "\"alg\"",     "{\"alg\":\"RS256\"",       "{\"alg\":\"RS256\"}}",        "{\"typ\":\"alg\",\"x\":\"y\"}",
        "{}",          "{\"alg\":{\"alg\":\"x\"}}"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) assert_true(validated_header(valid[i]) > 0);
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        if (validated_header(invalid[i]) != 0) fail_msg("jwt accepts the header %s", invalid[i]);
}

static void test_a_header_of_more_than_a_thousand_characters_is_not_read(void **state) {
    (void)state;
    char json[1200];
    for (size_t padding = 700; padding <= 800; padding += 100) {
        char spaces[1000];
        memset(spaces, ' ', padding);
        spaces[padding] = '\0';
        strcpy(json, "{\"alg\":\"x\"}");
        strcat(json, spaces);
        assert_int_equal(validated_header(json) > 0, padding == 700);
    }
}

/* The digests of nothing: RFC 1321, A.5, and the examples of FIPS 180-4's test suite. */
static void test_digests_have_their_lengths(void **state) {
    (void)state;
    static const char *const valid[] = {"d41d8cd98f00b204e9800998ecf8427e",
                                        "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
                                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                                        "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
                                        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                                        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                                        NULL};
    static const char *const invalid[] = {"d41d8cd98f00b204e9800998ecf8427",
                                          "d41d8cd98f00b204e9800998ecf8427e0",
                                          "d41d8cd98f00b204e9800998ecf8427g",
                                          "d41d8cd9-8f00-b204-e980-0998ecf8427e",
                                          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF",
                                          "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU5",
                                          "ann",
                                          NULL};
    assert_accepted("digest", valid);
    assert_refused("digest", invalid);
}

static void test_random_keys_have_entropy_and_words_have_not(void **state) {
    (void)state;
    static const char *const valid[] = {"q7Zp0Xv3Lk9TbM2w", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                        "0123456789abcdef",
                                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NULL};
    static const char *const invalid[] = {"q7Zp0Xv3Lk9TbM2",
                                          "aaaaaaaaaaaaaaaaaaaaaaaa",
                                          "password_password",
                                          "0101010101010101",
                                          "1111222233334444",
                                          "00000000-0000-0000",
                                          NULL};
    assert_accepted("entropy", valid);
    assert_refused("entropy", invalid);
}

/* Exactly so many when of 16 characters eight come once and four twice. */
static void test_three_and_a_half_bits_are_enough(void **state) {
    (void)state;
    assert_int_equal(validated_length("entropy", "", "abcdefghIIJJKKLL", ""), 16);
    assert_int_equal(validated_length("entropy", "", "abcdefghIIJJKLLL", ""), 0);
}

static void test_entropy_judges_the_match_alone(void **state) {
    (void)state;
    static const struct neighbours cases[] = {
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "q7Zp0Xv3Lk9TbM2w", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true},
        {"q7Zp0Xv3Lk9TbM2w", "aaaaaaaaaaaaaaaa", "q7Zp0Xv3Lk9TbM2w", false},
    };
    assert_neighbours("entropy", cases, sizeof cases / sizeof *cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signed_unsecured_and_encrypted_tokens_are_accepted),
        cmocka_unit_test(test_texts_that_are_no_token_are_refused),
        cmocka_unit_test(test_a_token_ends_before_a_full_stop),
        cmocka_unit_test(test_the_header_is_a_json_object_with_an_algorithm),
        cmocka_unit_test(test_a_header_of_more_than_a_thousand_characters_is_not_read),
        cmocka_unit_test(test_digests_have_their_lengths),
        cmocka_unit_test(test_random_keys_have_entropy_and_words_have_not),
        cmocka_unit_test(test_three_and_a_half_bits_are_enough),
        cmocka_unit_test(test_entropy_judges_the_match_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
