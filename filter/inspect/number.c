#include "inspect/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

size_t number_write_natural(uint64_t value, uint8_t *out) {
    uint8_t digits[20];
    size_t count = 0;
    do {
        digits[sizeof digits - ++count] = (uint8_t)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memcpy(out, digits + sizeof digits - count, count);
    return count;
}

size_t number_write_integer(int64_t value, uint8_t *out) {
    if (value >= 0) return number_write_natural((uint64_t)value, out);
    *out = '-';
    return 1 + number_write_natural(0 - (uint64_t)value, out + 1);
}

/* A point and up to six digits; nothing for zero. */
static size_t write_millionths(uint64_t millionths, uint8_t *out) {
    if (millionths == 0) return 0;
    size_t length = 7;
    out[0] = '.';
    for (size_t i = 6; i > 0; i--, millionths /= 10) out[i] = (uint8_t)('0' + millionths % 10);
    while (out[length - 1] == '0') length--;
    return length;
}

size_t number_write_real(double value, uint8_t *out) {
    const double size = fabs(value);
    if (!(size < 1e19)) {
        char text[NUMBER_CHARS];
        const int length = snprintf(text, sizeof text, "%.17g", value);
        memcpy(out, text, (size_t)length);
        return (size_t)length;
    }
    uint64_t whole = (uint64_t)size;
    uint64_t millionths = (uint64_t)((size - (double)whole) * 1e6 + 0.5);
    if (millionths == 1000000) {
        whole++;
        millionths = 0;
    }
    size_t length = 0;
    if (value < 0) out[length++] = '-';
    length += number_write_natural(whole, out + length);
    return length + write_millionths(millionths, out + length);
}
