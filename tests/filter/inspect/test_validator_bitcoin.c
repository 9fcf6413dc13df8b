#include "filter/inspect/validator_cases.h"

/* The vectors of BIP 173 and BIP 350 for the main network. */

static void test_addresses_of_every_witness_version_are_accepted(void **state) {
    (void)state;
    static const char *const values[] = {
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "BC1SW50QGDZ25J",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        NULL,
    };
    assert_accepted("btc-address", values);
}

static void test_addresses_with_a_wrong_checksum_version_or_program_are_refused(void **state) {
    (void)state;
    static const char *const values[] = {
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",                     /* checksum */
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", /* bech32 instead of bech32m */
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", /* bech32 instead of bech32m */
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",                     /* bech32m instead of bech32 */
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", /* a character that is not used */
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", /* version 17 */
        "bc1pw5dgrnzv",                                                   /* one byte */
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", /* 41 bytes */
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",                                         /* 16 bytes in version 0 */
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",             /* five bits left */
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8F3t4",                                   /* two cases */
        "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", /* the test network */
        "bc1gmk9yu",
        "bc1",
        NULL,
    };
    assert_refused("btc-address", values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_of_every_witness_version_are_accepted),
        cmocka_unit_test(test_addresses_with_a_wrong_checksum_version_or_program_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
