#include "inspect/validator_checks.h"

uint32_t digits_value(const uint8_t *digits, size_t count) {
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) value = value * 10 + (digits[i] - '0');
    return value;
}

int digits_weighted_sum(const uint8_t *digits, const int8_t *weights, size_t count) {
    int sum = 0;
    for (size_t i = 0; i < count; i++) sum += (digits[i] - '0') * weights[i];
    return sum;
}

bool digits_are_same(const uint8_t *digits, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (digits[i] != digits[0]) return false;
    return true;
}

bool digits_hold_luhn(const uint8_t *digits, size_t count) {
    static const uint8_t doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned digit = digits[i] - '0';
        const bool is_doubled = (count - i) % 2 == 0;
        sum += is_doubled ? doubled[digit] : digit;
    }
    return sum % 10 == 0;
}

/* Multiplication in the dihedral group D5, and the permutation of each position. */
bool digits_hold_verhoeff(const uint8_t *digits, size_t count) {
    static const uint8_t product[10][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
    };
    static const uint8_t permuted[8][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
    };
    uint8_t check = 0;
    for (size_t i = 0; i < count; i++) check = product[check][permuted[i % 8][digits[count - 1 - i] - '0']];
    return check == 0;
}

bool digits_hold_mod_11_10(const uint8_t *digits, size_t count) {
    unsigned product = 10;
    for (size_t i = 0; i + 1 < count; i++) {
        const unsigned sum = (product + digits[i] - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (product + digits[count - 1] - '0') % 10 == 1;
}

uint32_t characters_mod_97(uint32_t remainder, const uint8_t *characters, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool is_number = is_digit(characters[i]);
        const uint32_t value = (uint32_t)(is_number ? characters[i] - '0' : characters[i] - 'A' + 10);
        remainder = (remainder * (is_number ? 10 : 100) + value) % 97;
    }
    return remainder;
}
