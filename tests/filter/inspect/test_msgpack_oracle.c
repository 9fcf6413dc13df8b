/* msgpack_next() against msgpack-c: both accept the same buffers and read the same from them. */

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/decode.h"
#include "random_bytes.h"
#include "test.h"

enum { ROOM = 4096, NESTED_MAX = 12 };

/* Would every container's claim fit into what is left? msgpack-c would reserve memory for any claim. */
static bool claims_fit(const uint8_t *bytes, size_t length) {
    static const uint8_t fixed_sizes[] = {
        [0x0a] = 4, [0x0b] = 8, [0x0c] = 1, [0x0d] = 2, [0x0e] = 4, [0x0f] = 8, [0x10] = 1,  [0x11] = 2,
        [0x12] = 4, [0x13] = 8, [0x14] = 2, [0x15] = 3, [0x16] = 5, [0x17] = 9, [0x18] = 17,
    };
    static const uint8_t size_sizes[] = {
        [0x04] = 1, [0x05] = 2, [0x06] = 4, [0x07] = 1, [0x08] = 2, [0x09] = 4, [0x19] = 1,
        [0x1a] = 2, [0x1b] = 4, [0x1c] = 2, [0x1d] = 4, [0x1e] = 2, [0x1f] = 4,
    };
    size_t at = 0;
    while (at < length) {
        const uint8_t head = bytes[at++];
        size_t skipped = 0, claimed = 0;
        if (head >= 0x80 && head < 0x90) claimed = 2 * (size_t)(head & 0x0f);
        if (head >= 0x90 && head < 0xa0) claimed = head & 0x0f;
        if (head >= 0xa0 && head < 0xc0) skipped = head & 0x1f;
        if (head >= 0xc0 && head < 0xe0) {
            const uint8_t form = head & 0x1f;
            const size_t size = form < sizeof size_sizes ? size_sizes[form] : 0;
            if (form < sizeof fixed_sizes) skipped = fixed_sizes[form];
            if (length - at < size) return true;
            size_t count = 0;
            for (size_t i = 0; i < size; i++) count = count << 8 | bytes[at++];
            if (form >= 0x1c)
                claimed = form >= 0x1e ? 2 * count : count;
            else
                skipped += count + (form >= 0x07 && form <= 0x09);
        }
        if (claimed > length - at) return false;
        if (skipped > length - at) return true;
        at += skipped;
    }
    return true;
}

static void assert_same_body(const struct token *token, enum token_type type, const void *bytes, size_t length) {
    assert_int_equal(token->type, type);
    assert_int_equal(token->length, length);
    if (length > 0) assert_memory_equal(token->bytes, bytes, length);
}

/* The decoder's next tokens are this object. */
static void assert_same_object(struct decoder *decoder, const msgpack_object *object, bool is_key) {
    struct token token;
    assert_true(decoder_next(decoder, &token));
    assert_int_equal(token.is_key, is_key);
    switch (object->type) {
    case MSGPACK_OBJECT_NIL:
        assert_int_equal(token.type, TOKEN_NULL);
        break;
    case MSGPACK_OBJECT_BOOLEAN:
        assert_true(token.type == TOKEN_BOOL && token.truth == object->via.boolean);
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        assert_true(token.type == TOKEN_INT && !token.is_negative && token.natural == object->via.u64);
        break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        assert_true(token.type == TOKEN_INT && token.is_negative && token.integer == object->via.i64);
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        assert_int_equal(token.type, TOKEN_FLOAT);
        assert_memory_equal(&token.real, &object->via.f64, sizeof token.real);
        break;
    case MSGPACK_OBJECT_STR:
        assert_same_body(&token, TOKEN_STR, object->via.str.ptr, object->via.str.size);
        break;
    case MSGPACK_OBJECT_BIN:
        assert_same_body(&token, TOKEN_BIN, object->via.bin.ptr, object->via.bin.size);
        break;
    case MSGPACK_OBJECT_EXT:
        assert_same_body(&token, TOKEN_EXT, object->via.ext.ptr, object->via.ext.size);
        assert_int_equal(token.ext_type, object->via.ext.type);
        break;
    case MSGPACK_OBJECT_ARRAY:
        assert_int_equal(token.type, TOKEN_ARRAY);
        for (size_t i = 0; i < object->via.array.size; i++)
            assert_same_object(decoder, &object->via.array.ptr[i], false);
        assert_true(decoder_next(decoder, &token) && token.type == TOKEN_END);
        break;
    case MSGPACK_OBJECT_MAP:
        assert_int_equal(token.type, TOKEN_MAP);
        for (size_t i = 0; i < object->via.map.size; i++) {
            assert_same_object(decoder, &object->via.map.ptr[i].key, true);
            assert_same_object(decoder, &object->via.map.ptr[i].val, false);
        }
        assert_true(decoder_next(decoder, &token) && token.type == TOKEN_END);
        break;
    default:
        fail_msg("no such object: %d", object->type);
    }
}

static bool is_accepted(const uint8_t *bytes, size_t length) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, FORMAT_MSGPACK, bytes, length, LIMIT_DEPTH_MAX);
    while (decoder_next(&decoder, &token)) {
    }
    return decoder.error == REASON_NONE;
}

struct tally {
    size_t accepted_count, refused_count, undecided_count;
};

/* Both accept the whole buffer and read the same from it, or neither does. */
static void compare_with_oracle(const uint8_t *bytes, size_t length, struct tally *tally) {
    uint8_t *copy = malloc(length + !length); /* just its size, so that a sanitizer sees every byte too many */
    msgpack_unpacked unpacked;
    size_t taken = 0;
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    const bool accepted = is_accepted(copy, length);
    msgpack_unpacked_init(&unpacked);
    const bool fits = claims_fit(copy, length);
    const msgpack_unpack_return result =
        fits ? msgpack_unpack_next(&unpacked, (const char *)copy, length, &taken) : MSGPACK_UNPACK_CONTINUE;
    if (result == MSGPACK_UNPACK_NOMEM_ERROR) { /* nested deeper than it can */
        tally->undecided_count++;
    } else {
        const bool expected = result == MSGPACK_UNPACK_SUCCESS && taken == length;
        if (accepted != expected) {
            for (size_t i = 0; i < length; i++) print_error("%02x ", copy[i]);
            fail_msg("accepted %d, msgpack-c %d (code %d, %zu of %zu)", accepted, expected, result, taken, length);
        }
        tally->accepted_count += accepted;
        tally->refused_count += !accepted;
    }
    if (accepted && result == MSGPACK_UNPACK_SUCCESS) {
        struct decoder decoder;
        decoder_init(&decoder, FORMAT_MSGPACK, copy, length, LIMIT_DEPTH_MAX);
        assert_same_object(&decoder, &unpacked.data, false);
    }
    msgpack_unpacked_destroy(&unpacked);
    free(copy);
}

/* Random values. msgpack-c writes the shortest form; the longer forms are written by hand. */

struct writer {
    struct random_source random;
    msgpack_sbuffer buffer;
    msgpack_packer packer;
};

static void write_head(struct writer *writer, uint8_t head, uint64_t value, size_t size) {
    char bytes[9] = {(char)head};
    for (size_t i = 0; i < size; i++) bytes[size - i] = (char)(value >> 8 * i);
    msgpack_sbuffer_write(&writer->buffer, bytes, size + 1);
}

static void write_body(struct writer *writer, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const char byte = (char)random_next(&writer->random);
        msgpack_sbuffer_write(&writer->buffer, &byte, 1);
    }
}

/* Something with a length: any of its forms that the length fits in. */
static void write_sized(struct writer *writer) {
    static const uint8_t heads[][3] = {{0xc4, 0xc5, 0xc6}, {0xc7, 0xc8, 0xc9}, {0xd9, 0xda, 0xdb}};
    const size_t kind = random_below(&writer->random, 3), form = random_below(&writer->random, 3);
    const size_t length = random_below(&writer->random, random_below(&writer->random, 20) == 0 ? 256 : 12);
    write_head(writer, heads[kind][form], length, (size_t)1 << form);
    write_body(writer, length + (kind == 1));
}

static void write_fixed_ext(struct writer *writer) {
    const size_t form = random_below(&writer->random, 5);
    write_head(writer, (uint8_t)(0xd4 + form), random_next(&writer->random), 1);
    write_body(writer, (size_t)1 << form);
}

static void write_long_number(struct writer *writer) {
    static const uint8_t heads[] = {0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3};
    static const uint8_t sizes[] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8};
    const size_t form = random_below(&writer->random, sizeof heads);
    write_head(writer, heads[form], random_bits(&writer->random), sizes[form]);
}

static void pack_short(struct writer *writer) {
    msgpack_packer *packer = &writer->packer;
    const uint64_t bits = random_bits(&writer->random);
    switch (random_below(&writer->random, 7)) {
    case 0:
        msgpack_pack_nil(packer);
        break;
    case 1:
        bits % 2 == 0 ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
        break;
    case 2:
        msgpack_pack_uint64(packer, bits);
        break;
    case 3:
        msgpack_pack_int64(packer, -(int64_t)(bits >> 1) - 1);
        break;
    case 4:
        msgpack_pack_double(packer, (double)bits / 3);
        break;
    case 5:
        msgpack_pack_float(packer, (float)bits / 3);
        break;
    default:
        msgpack_pack_str(packer, bits % 40);
        write_body(writer, bits % 40);
    }
}

static void write_value(struct writer *writer, size_t depth);

static void write_container(struct writer *writer, size_t depth) {
    const bool is_map = random_below(&writer->random, 2) == 0;
    const size_t count = random_below(&writer->random, 5);
    switch (random_below(&writer->random, 3)) {
    case 0:
        is_map ? msgpack_pack_map(&writer->packer, count) : msgpack_pack_array(&writer->packer, count);
        break;
    case 1:
        write_head(writer, is_map ? 0xde : 0xdc, count, 2);
        break;
    default:
        write_head(writer, is_map ? 0xdf : 0xdd, count, 4);
    }
    for (size_t i = 0; i < (is_map ? 2 * count : count); i++) write_value(writer, depth + 1);
}

/* Any value, keys of maps included. */
static void write_value(struct writer *writer, size_t depth) {
    const size_t kind = random_below(&writer->random, 10);
    if ((kind < 4 || depth == 0) && depth < NESTED_MAX && writer->buffer.size < 150)
        write_container(writer, depth);
    else if (kind < 6)
        write_sized(writer);
    else if (kind < 7)
        write_fixed_ext(writer);
    else if (kind < 8)
        write_long_number(writer);
    else
        pack_short(writer);
}

/* Takes the next document of the sequence; returns its length. */
static size_t write_document(struct writer *writer, uint8_t out[ROOM]) {
    do {
        msgpack_sbuffer_clear(&writer->buffer);
        write_value(writer, random_below(&writer->random, 20) == 0 ? NESTED_MAX : 0);
    } while (writer->buffer.size > ROOM / 2 || writer->buffer.size == 0);
    memcpy(out, writer->buffer.data, writer->buffer.size);
    return writer->buffer.size;
}

static int make_writer(void **state) {
    static struct writer writer;
    writer.random.state = 20240229;
    msgpack_sbuffer_init(&writer.buffer);
    msgpack_packer_init(&writer.packer, &writer.buffer, msgpack_sbuffer_write);
    *state = &writer;
    return 0;
}

static int drop_writer(void **state) {
    struct writer *writer = *state;
    msgpack_sbuffer_destroy(&writer->buffer);
    return 0;
}

static void test_random_values_are_read_as_msgpack_c_reads_them(void **state) {
    struct writer *writer = *state;
    struct tally tally = {0};
    uint8_t bytes[ROOM];
    for (size_t i = 0; i < 20000; i++) compare_with_oracle(bytes, write_document(writer, bytes), &tally);
    assert_int_equal(tally.accepted_count, 20000);
}

static void test_no_truncated_value_is_accepted(void **state) {
    struct writer *writer = *state;
    struct tally tally = {0};
    uint8_t bytes[ROOM];
    while (tally.refused_count < 100000) {
        const size_t length = write_document(writer, bytes);
        for (size_t cut = 0; cut < length; cut++) compare_with_oracle(bytes, cut, &tally);
    }
    assert_int_equal(tally.accepted_count, 0);
    assert_int_equal(tally.undecided_count, 0);
}

static void test_damaged_values_are_accepted_exactly_when_msgpack_c_accepts_them(void **state) {
    struct writer *writer = *state;
    struct tally tally = {0};
    uint8_t bytes[ROOM], damaged[ROOM];
    static const char heads[] = "\x7f\x80\x81\x8f\x90\x91\x9f\xa0\xa1\xbf\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca"
                                "\xcb\xcc\xcd\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf"
                                "\xe0\xff\x00\x01\x02\x03";
    for (size_t i = 0; i < 6000; i++) {
        const size_t length = write_document(writer, bytes);
        for (size_t j = 0; j < 20; j++) {
            size_t damaged_length = length;
            memcpy(damaged, bytes, length);
            for (size_t count = 1 + random_below(&writer->random, 3); count > 0 && damaged_length > 0; count--)
                damaged_length = random_mutate(&writer->random, damaged, damaged_length, heads, sizeof heads - 1);
            compare_with_oracle(damaged, damaged_length, &tally);
        }
    }
    assert_int_equal(tally.accepted_count + tally.refused_count + tally.undecided_count, 120000);
    assert_true(tally.accepted_count > 10000 && tally.refused_count > 10000);
    assert_true(tally.undecided_count < 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_values_are_read_as_msgpack_c_reads_them, make_writer, drop_writer),
        cmocka_unit_test_setup_teardown(test_no_truncated_value_is_accepted, make_writer, drop_writer),
        cmocka_unit_test_setup_teardown(test_damaged_values_are_accepted_exactly_when_msgpack_c_accepts_them,
                                        make_writer, drop_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
