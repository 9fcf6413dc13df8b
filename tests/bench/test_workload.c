#include "bench/workload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct workload_config usual = {
    .seed = 7, .message_count = 200, .message_bytes = 1460, .format = FORMAT_MSGPACK};

static struct workload make(const struct workload_config *config) {
    struct workload workload;
    char fault[WORKLOAD_FAULT_CHARS] = "";
    if (workload_make(&workload, config, fault) != 0) fail_msg("%s", fault);
    return workload;
}

static int compare_frames(const void *one, const void *other) {
    const struct frame *a = one, *b = other;
    const size_t length = a->length < b->length ? a->length : b->length;
    const int order = memcmp(a->bytes, b->bytes, length);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

/* How many texts there are in all messages, keys left out, and how many of them came before. */
static void count_texts(const struct workload *workload, size_t *count, size_t *repeated) {
    struct frame *texts = calloc(workload->length, sizeof *texts);
    assert_non_null(texts);
    *count = *repeated = 0;
    for (size_t i = 0; i < workload->count; i++) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, workload->format, workload->messages[i].bytes, workload->messages[i].length, 64);
        while (decoder_next(&decoder, &token))
            if (token.type == TOKEN_STR && !token.is_key) texts[(*count)++] = (struct frame){token.bytes, token.length};
        assert_int_equal(decoder.error, REASON_NONE);
    }
    qsort(texts, *count, sizeof *texts, compare_frames);
    for (size_t i = 1; i < *count; i++) *repeated += compare_frames(&texts[i - 1], &texts[i]) == 0;
    free(texts);
}

static void the_same_seed_makes_the_same_bytes(void **state) {
    (void)state;
    struct workload_config other_seed = usual;
    other_seed.seed = 8;
    struct workload one = make(&usual), again = make(&usual), other = make(&other_seed);
    assert_int_equal(one.length, again.length);
    assert_memory_equal(one.bytes, again.bytes, one.length);
    assert_string_equal(one.digest, again.digest);
    assert_string_not_equal(one.digest, other.digest);
    workload_reset(&one);
    workload_reset(&again);
    workload_reset(&other);
}

static void a_usual_message_has_the_size_of_a_bid_request(void **state) {
    (void)state;
    size_t texts, repeated;
    struct workload workload = make(&usual);
    const size_t mean = workload.length / workload.count;
    count_texts(&workload, &texts, &repeated);
    assert_in_range(mean, 1000, 1250);
    assert_in_range(texts / workload.count, 30, 45);
    workload_reset(&workload);
}

static void texts_repeat_or_never_do(void **state) {
    (void)state;
    size_t count, repeated;
    struct workload_config config = usual;
    struct workload repeating = make(&config);
    config.is_unique = true;
    struct workload unique = make(&config);
    count_texts(&repeating, &count, &repeated);
    assert_true(repeated > count / 2);
    count_texts(&unique, &count, &repeated);
    /* Numbers of impressions stay what they are, one in each message. */
    assert_true(repeated < unique.count);
    workload_reset(&repeating);
    workload_reset(&unique);
}

static void the_share_of_personal_messages_is_kept(void **state) {
    (void)state;
    static const unsigned percents[] = {0, 10, 100};
    for (size_t i = 0; i < COUNT(percents); i++) {
        struct workload_config config = usual;
        config.message_count = 1000;
        config.personal_percent = percents[i];
        struct workload workload = make(&config);
        const size_t expected = percents[i] * config.message_count / 100;
        assert_in_range(workload.personal_count, expected * 7 / 10, expected * 13 / 10);
        workload_reset(&workload);
    }
}

static void the_mix_has_small_and_large_messages(void **state) {
    (void)state;
    size_t small = 0, large = 0;
    struct workload_config config = usual;
    config.message_bytes = 0;
    struct workload workload = make(&config);
    for (size_t i = 0; i < workload.count; i++) {
        small += workload.messages[i].length < 400;
        large += workload.messages[i].length > 6000;
    }
    assert_in_range(small, workload.count / 5, workload.count / 2);
    assert_in_range(large, 1, workload.count / 5);
    workload_reset(&workload);
}

/* What is published of real bid requests: 16 bytes on average, one text in a hundred longer than 128. */
static void texts_of_the_mix_are_as_long_as_real_ones(void **state) {
    (void)state;
    size_t count = 0, bytes = 0, short_count = 0, long_count = 0;
    struct workload_config config = usual;
    config.message_bytes = 0;
    config.message_count = 1000;
    struct workload workload = make(&config);
    for (size_t i = 0; i < workload.count; i++) {
        struct decoder decoder;
        struct token token;
        decoder_init(&decoder, workload.format, workload.messages[i].bytes, workload.messages[i].length, 64);
        while (decoder_next(&decoder, &token)) {
            if (token.type != TOKEN_STR || token.is_key) continue;
            count++;
            bytes += token.length;
            short_count += token.length <= 16;
            long_count += token.length > 128;
        }
    }
    assert_in_range(bytes / count, 14, 20);
    assert_in_range(100 * short_count / count, 70, 90);
    assert_in_range(1000 * long_count / count, 8, 25);
    workload_reset(&workload);
}

static struct workload read_lines(const char *lines, int expected, char fault[WORKLOAD_FAULT_CHARS]) {
    char name[] = "/tmp/cordon-workload-XXXXXX";
    const int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, lines, strlen(lines)), strlen(lines));
    close(fd);
    const struct workload_config config = {.format = FORMAT_JSON, .file = name};
    struct workload workload;
    assert_int_equal(workload_make(&workload, &config, fault), expected);
    unlink(name);
    return workload;
}

static void a_file_gives_its_lines_or_their_payloads(void **state) {
    (void)state;
    static const char *const expected[] = {"{\"a\":1}", "{\"payload\":2}", "[3]", "\"payload\"", "4"};
    char fault[WORKLOAD_FAULT_CHARS];
    struct workload workload =
        read_lines("{\"a\":1}\n\n{\"id\":[1,{\"payload\":9}],\"payload\": {\"payload\":2},\"z\":0}\r\n"
                   "{\"payload\":[3]}\n\"payload\"\n{\"payload\" : 4}\n",
                   0, fault);
    assert_int_equal(workload.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(workload.messages[i].length, strlen(expected[i]));
        assert_memory_equal(workload.messages[i].bytes, expected[i], strlen(expected[i]));
    }
    workload_reset(&workload);
}

static void a_line_that_is_no_json_is_told(void **state) {
    (void)state;
    char fault[WORKLOAD_FAULT_CHARS];
    struct workload workload = read_lines("1\n{\n", -1, fault);
    assert_string_equal(fault, "line 2: no JSON value");
    workload_reset(&workload);
    workload = read_lines("\n", -1, fault);
    assert_string_equal(fault, "there is no message");
    workload_reset(&workload);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_makes_the_same_bytes),
        cmocka_unit_test(a_usual_message_has_the_size_of_a_bid_request),
        cmocka_unit_test(texts_repeat_or_never_do),
        cmocka_unit_test(the_share_of_personal_messages_is_kept),
        cmocka_unit_test(the_mix_has_small_and_large_messages),
        cmocka_unit_test(texts_of_the_mix_are_as_long_as_real_ones),
        cmocka_unit_test(a_file_gives_its_lines_or_their_payloads),
        cmocka_unit_test(a_line_that_is_no_json_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
