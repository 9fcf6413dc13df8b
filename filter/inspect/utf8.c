#include "inspect/utf8.h"

static bool is_continuation(uint8_t byte) {
    return (byte & 0xc0) == 0x80;
}

size_t utf8_sequence_length(const uint8_t *bytes, const uint8_t *end) {
    const size_t left = (size_t)(end - bytes);
    if (left == 0) return 0;
    const uint8_t head = bytes[0];
    if (head < 0x80) return 1;
    if (left < 2 || !is_continuation(bytes[1])) return 0;
    if (head >= 0xc2 && head < 0xe0) return 2;
    if (left < 3 || !is_continuation(bytes[2])) return 0;
    if ((head & 0xf0) == 0xe0) {
        const bool is_overlong = head == 0xe0 && bytes[1] < 0xa0;
        const bool is_surrogate = head == 0xed && bytes[1] >= 0xa0;
        return is_overlong || is_surrogate ? 0 : 3;
    }
    if (left < 4 || !is_continuation(bytes[3]) || head < 0xf0 || head > 0xf4) return 0;
    const bool is_overlong = head == 0xf0 && bytes[1] < 0x90;
    const bool is_beyond = head == 0xf4 && bytes[1] >= 0x90;
    return is_overlong || is_beyond ? 0 : 4;
}

size_t utf8_write(uint32_t code_point, uint8_t *out) {
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    const size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1; i > 0; i--, code_point >>= 6) out[i] = (uint8_t)(0x80 | (code_point & 0x3f));
    out[0] = (uint8_t)(heads[length] | code_point);
    return length;
}

bool utf8_is_text(const uint8_t *bytes, size_t length) {
    const uint8_t *const end = bytes + length;
    while (bytes < end) {
        if (*bytes < 0x20 && *bytes != '\t' && *bytes != '\n' && *bytes != '\r') return false;
        if (*bytes == 0x7f) return false;
        const size_t sequence_length = utf8_sequence_length(bytes, end);
        if (sequence_length == 0) return false;
        bytes += sequence_length;
    }
    return true;
}
