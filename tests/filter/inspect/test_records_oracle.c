/* records.h against msgpack-c and jansson: each record is what they read at its place, and a batch that was put
   together again is the list of the records that were chosen. */

#include <jansson.h>
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/records.h"
#include "random_bytes.h"
#include "test.h"

enum { BATCHES = 4000, RECORDS_AT_MOST = 40, NESTED_MAX = 6 };

/* A growing payload. */
struct writer {
    struct random_source random;
    msgpack_sbuffer buffer;
};

static struct records records;
static const struct limits limits = {.message_bytes = 1 << 20};

static void write_bytes(struct writer *writer, const void *bytes, size_t length) {
    msgpack_sbuffer_write(&writer->buffer, bytes, length);
}

static void write_text(struct writer *writer, const char *text) {
    write_bytes(writer, text, strlen(text));
}

/* A head, and a number of `size` bytes. */
static void write_head(struct writer *writer, uint8_t head, uint64_t value, size_t size) {
    char bytes[9] = {(char)head};
    for (size_t i = 0; i < size; i++) bytes[size - i] = (char)(value >> 8 * i);
    write_bytes(writer, bytes, size + 1);
}

/* The head of an array or map, in any form that fits. */
static void write_msgpack_head(struct writer *writer, bool is_map, size_t count) {
    const size_t form = random_below(&writer->random, 3);
    if (form == 0 && count < 16)
        write_head(writer, (uint8_t)((is_map ? 0x80 : 0x90) | count), 0, 0);
    else if (form == 1)
        write_head(writer, is_map ? 0xde : 0xdc, count, 2);
    else
        write_head(writer, is_map ? 0xdf : 0xdd, count, 4);
}

static void write_msgpack_value(struct writer *writer, size_t depth) {
    const size_t kind = random_below(&writer->random, depth < NESTED_MAX ? 8 : 6);
    const size_t length = random_below(&writer->random, 9);
    switch (kind) {
    case 0:
        write_head(writer, 0xc0, 0, 0);
        break;
    case 1:
        write_head(writer, (uint8_t)random_below(&writer->random, 128), 0, 0);
        break;
    case 2:
        write_head(writer, 0xd3, random_next(&writer->random), 8);
        break;
    case 3:
        write_head(writer, 0xda, length, 2);
        write_bytes(writer, ", ]\"\x92\n\xc1\0", length);
        break;
    case 4:
        write_head(writer, 0xc4, length, 1);
        write_bytes(writer, "\xdd\xff\xff\xff\xff\x91,[", length);
        break;
    case 5:
        write_head(writer, 0xc7, length, 1);
        write_bytes(writer, "\x07\xc1\x90\xde\xad\xbe\xef, ", length + 1);
        break;
    default:
        write_msgpack_head(writer, kind == 7, length / 2);
        for (size_t i = 0; i < length / 2 * (kind == 7 ? 2 : 1); i++) write_msgpack_value(writer, depth + 1);
    }
}

static void write_space(struct writer *writer) {
    static const char *const spaces[] = {"", "", " ", "\n\t", "  \r\n"};
    write_text(writer, spaces[random_below(&writer->random, 5)]);
}

static void write_json_value(struct writer *writer, size_t depth) {
    static const char *const scalars[] = {
        "null",
        "true",
        "false",
        "0",
        "-12.5e+3",
        "123456789012",
        "\"\"",
        "\",\"",
        "\"]\"",
        "\"\\\"[\"",
        "\"\\u00e9\\n\"",
        "\"\xc3\xa9\"",
        "\"\\ud83d\\ude00 \xf0\x9f\x98\x80\"",
    };
    const size_t kind = random_below(&writer->random, depth < NESTED_MAX ? 4 : 2);
    const size_t count = random_below(&writer->random, 4);
    if (kind < 2) {
        write_text(writer, scalars[random_below(&writer->random, sizeof scalars / sizeof *scalars)]);
        return;
    }
    write_text(writer, kind == 2 ? "[" : "{");
    for (size_t i = 0; i < count; i++) {
        write_space(writer);
        if (i > 0) write_text(writer, ",");
        write_space(writer);
        if (kind == 3) {
            const char key[] = {'"', (char)('a' + i), '"', ':', '\0'}; /* jansson keeps one of a kind */
            write_text(writer, key);
        }
        write_space(writer);
        write_json_value(writer, depth + 1);
    }
    write_space(writer);
    write_text(writer, kind == 2 ? "]" : "}");
}

static void write_msgpack_batch(struct writer *writer, size_t count) {
    write_msgpack_head(writer, false, count);
    for (size_t i = 0; i < count; i++) write_msgpack_value(writer, 0);
}

static void write_json_batch(struct writer *writer, size_t count) {
    write_space(writer);
    write_text(writer, "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) write_text(writer, ",");
        write_space(writer);
        write_json_value(writer, 0);
        write_space(writer);
    }
    write_text(writer, "]");
    write_space(writer);
}

/* A batch in memory of just its size, cut; the caller frees it. */
static uint8_t *make_batch(struct writer *writer, enum format format, size_t count, size_t *length) {
    msgpack_sbuffer_clear(&writer->buffer);
    (format == FORMAT_JSON ? write_json_batch : write_msgpack_batch)(writer, count);
    *length = writer->buffer.size;
    uint8_t *batch = malloc(*length);
    assert_non_null(batch);
    memcpy(batch, writer->buffer.data, *length);
    const struct frame frame = {batch, *length};
    assert_int_equal(records_cut(&records, &frame, 1, FORMAT_AUTO, &limits), REASON_NONE);
    assert_int_equal(records.format, format);
    assert_int_equal(records.count, count);
    return batch;
}

/* Chooses some of the records, one at least, and puts them together; returns the new payload, the caller's to free. */
static uint8_t *choose_some(struct writer *writer, size_t room, size_t *length) {
    for (size_t i = 0; i < records.count; i++)
        records.items[i].withheld_from = (uint32_t)random_below(&writer->random, 2);
    records.items[random_below(&writer->random, records.count)].withheld_from = 0;
    uint8_t *out = malloc(room);
    assert_non_null(out);
    *length = records_rebuild(&records, 0, out);
    assert_true(*length <= room);
    return out;
}

static msgpack_object unpack(msgpack_unpacked *unpacked, const uint8_t *bytes, size_t length) {
    size_t taken = 0;
    msgpack_unpacked_init(unpacked);
    assert_int_equal(msgpack_unpack_next(unpacked, (const char *)bytes, length, &taken), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(taken, length);
    return unpacked->data;
}

static void test_msgpack_records_are_what_msgpack_c_reads(void **state) {
    struct writer *writer = *state;
    for (size_t i = 0; i < BATCHES; i++) {
        size_t length, rebuilt_length, chosen = 0;
        uint8_t *batch =
            make_batch(writer, FORMAT_MSGPACK, 1 + random_below(&writer->random, RECORDS_AT_MOST), &length);
        uint8_t *rebuilt = choose_some(writer, length, &rebuilt_length);
        msgpack_unpacked whole, part, single;
        const msgpack_object list = unpack(&whole, batch, length), sublist = unpack(&part, rebuilt, rebuilt_length);
        assert_int_equal(list.via.array.size, records.count);
        for (size_t k = 0; k < records.count; k++) {
            const struct record *record = &records.items[k];
            const msgpack_object object = unpack(&single, batch + record->offset, record->length);
            assert_true(msgpack_object_equal(object, list.via.array.ptr[k]));
            if (record->withheld_from == 0) assert_true(msgpack_object_equal(object, sublist.via.array.ptr[chosen++]));
            msgpack_unpacked_destroy(&single);
        }
        assert_int_equal(sublist.via.array.size, chosen);
        msgpack_unpacked_destroy(&whole);
        msgpack_unpacked_destroy(&part);
        free(rebuilt);
        free(batch);
    }
}

static json_t *load(const uint8_t *bytes, size_t length) {
    json_t *value = json_loadb((const char *)bytes, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static void test_json_records_are_what_jansson_reads(void **state) {
    struct writer *writer = *state;
    for (size_t i = 0; i < BATCHES; i++) {
        size_t length, rebuilt_length, chosen = 0;
        uint8_t *batch = make_batch(writer, FORMAT_JSON, 1 + random_below(&writer->random, RECORDS_AT_MOST), &length);
        uint8_t *rebuilt = choose_some(writer, length, &rebuilt_length);
        json_t *list = load(batch, length), *sublist = load(rebuilt, rebuilt_length);
        assert_int_equal(json_array_size(list), records.count);
        for (size_t k = 0; k < records.count; k++) {
            const struct record *record = &records.items[k];
            json_t *object = load(batch + record->offset, record->length);
            assert_true(json_equal(object, json_array_get(list, k)));
            if (record->withheld_from == 0) assert_true(json_equal(object, json_array_get(sublist, chosen++)));
            json_decref(object);
        }
        assert_int_equal(json_array_size(sublist), chosen);
        json_decref(list);
        json_decref(sublist);
        free(rebuilt);
        free(batch);
    }
}

/* What is left of a batch that was cut short or damaged is a list of records only where the decoder reads it whole. */
static void test_damaged_batches_are_cut_exactly_when_they_are_whole(void **state) {
    static const char heads[] = "\x00\x7f\x80\x81\x90\x91\x9f\xa0\xc0\xc1\xc4\xd9\xdc\xdd\xde\xdf[]{},:\"\\ \n1";
    struct writer *writer = *state;
    size_t whole_count = 0;
    for (size_t i = 0; i < BATCHES * 4; i++) {
        size_t length;
        const enum format format = i % 2 == 0 ? FORMAT_JSON : FORMAT_MSGPACK;
        uint8_t *batch = make_batch(writer, format, 1 + random_below(&writer->random, 4), &length);
        uint8_t *damaged = malloc(length + 1);
        assert_non_null(damaged);
        memcpy(damaged, batch, length);
        length = random_mutate(&writer->random, damaged, length, heads, sizeof heads - 1);
        if (i % 8 == 0) length = random_below(&writer->random, length + 1);
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, format, damaged, length, LIMIT_DEPTH_MAX);
        while (decoder_next(&decoder, &token)) {
        }
        const struct frame frame = {damaged, length};
        const enum reason reason = records_cut(&records, &frame, 1, format, &limits);
        if (records.count > 0) assert_true(reason == REASON_NONE && decoder.error == REASON_NONE);
        if (reason != REASON_NONE) assert_int_equal(reason, decoder.error);
        whole_count += records.count > 0;
        free(damaged);
        free(batch);
    }
    assert_true(whole_count > BATCHES / 2 && whole_count < BATCHES * 3);
}

static int make_writer(void **state) {
    static struct writer writer;
    writer.random.state = 20261124;
    msgpack_sbuffer_init(&writer.buffer);
    *state = &writer;
    return 0;
}

static int drop_writer(void **state) {
    struct writer *writer = *state;
    msgpack_sbuffer_destroy(&writer->buffer);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_writer, drop_writer)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_msgpack_records_are_what_msgpack_c_reads),
        TEST(test_json_records_are_what_jansson_reads),
        TEST(test_damaged_batches_are_cut_exactly_when_they_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
