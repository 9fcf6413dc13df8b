#include "bench/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/traffic.h"
#include "cli/convert.h"
#include "inspect/limits.h"

enum { TEXT_BYTES_MAX = 4 << 20 };

/* A workload that grows. Messages hold offsets in place of addresses until the last byte is there. */
struct making {
    struct workload *workload;
    msgpack_sbuffer out;
    size_t *ends;
    size_t capacity;
    char *fault;
};

static int fail(struct making *own, const char *reason, size_t line) {
    if (line > 0)
        snprintf(own->fault, WORKLOAD_FAULT_CHARS, "line %zu: %s", line, reason);
    else
        snprintf(own->fault, WORKLOAD_FAULT_CHARS, "%s", reason);
    return -1;
}

/* Appends one message, given as JSON that was checked. */
static int append_message(struct making *own, const char *text, size_t length) {
    struct workload *workload = own->workload;
    if (workload->count == own->capacity) {
        const size_t capacity = own->capacity * 2 + 1024;
        size_t *ends = realloc(own->ends, capacity * sizeof *ends);
        if (ends == NULL) return fail(own, "out of memory", 0);
        own->ends = ends;
        own->capacity = capacity;
    }
    const int result = workload->format == FORMAT_MSGPACK ? convert_to_msgpack((const uint8_t *)text, length, &own->out)
                                                          : msgpack_sbuffer_write(&own->out, text, length);
    if (result != 0) return fail(own, "a message cannot be converted", 0);
    own->ends[workload->count++] = own->out.size;
    return 0;
}

/* 35 % around 300 bytes, 40 % around 850, 20 % around 4.3 KB, 5 % from 8 to 48 KB. */
static size_t draw_size(struct random *random) {
    const size_t draw = random_below(random, 100);
    if (draw < 35) return 240 + random_below(random, 120);
    if (draw < 75) return 700 + random_below(random, 300);
    if (draw < 95) return 3800 + random_below(random, 1000);
    return 8192 + random_below(random, 40 << 10);
}

static int generate(struct making *own, const struct workload_config *config) {
    char *text = malloc(TEXT_BYTES_MAX);
    if (text == NULL) return fail(own, "out of memory", 0);
    struct traffic traffic = {.random = {config->seed}, .is_unique = config->is_unique};
    struct random draws = {~config->seed};
    int result = 0;
    for (size_t i = 0; i < config->message_count && result == 0; i++) {
        struct json_writer json;
        json_writer_init(&json, text, TEXT_BYTES_MAX);
        const bool is_personal = random_below(&draws, 100) < config->personal_percent;
        const size_t bytes = config->message_bytes > 0 ? config->message_bytes : draw_size(&draws);
        traffic_write(&traffic, &json, bytes, is_personal);
        own->workload->personal_count += is_personal;
        result = json.has_failed ? fail(own, "a message is too large", 0) : append_message(own, text, json.length);
    }
    free(text);
    return result;
}

/* Finds the value of the key `payload` of an object, or leaves the text as it is. */
static void find_payload(const char **text, size_t *length) {
    struct decoder decoder;
    struct token token;
    size_t begin = 0;
    decoder_init(&decoder, FORMAT_JSON, (const uint8_t *)*text, *length, LIMIT_DEPTH_MAX);
    while (decoder_next(&decoder, &token)) {
        const bool is_at_top = decoder.depth == 1 && token.type != TOKEN_ARRAY && token.type != TOKEN_MAP;
        if (begin > 0 && decoder.depth == 1 && (is_at_top || token.type == TOKEN_END)) {
            const size_t end = (size_t)(decoder.next - decoder.start);
            while (strchr(" \t\r\n:", (*text)[begin]) != NULL) begin++;
            *text += begin;
            *length = end - begin;
            return;
        }
        if (is_at_top && token.is_key && token.length == 7 && memcmp(token.bytes, "payload", 7) == 0)
            begin = (size_t)(decoder.next - decoder.start);
    }
}

static int read_file(struct making *own, const char *name) {
    FILE *file = fopen(name, "re");
    if (file == NULL) return fail(own, strerror(errno), 0);
    char *line = NULL;
    size_t capacity = 0, number = 0;
    int result = 0;
    for (ssize_t read; result == 0 && (read = getline(&line, &capacity, file)) > 0;) {
        number++;
        const char *text = line;
        size_t fault, length = strcspn(line, "\r\n");
        if (length == 0) continue;
        if (convert_check_json((const uint8_t *)text, length, &fault) != REASON_NONE) {
            result = fail(own, "no JSON value", number);
            break;
        }
        find_payload(&text, &length);
        result = append_message(own, text, length);
    }
    free(line);
    fclose(file);
    return result;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static int finish(struct making *own) {
    struct workload *workload = own->workload;
    workload->length = own->out.size;
    workload->bytes = (uint8_t *)msgpack_sbuffer_release(&own->out);
    workload->messages = calloc(workload->count, sizeof *workload->messages);
    if (workload->messages == NULL) return fail(own, "out of memory", 0);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0, begin = 0; i < workload->count; begin = own->ends[i++]) {
        workload->messages[i] = (struct frame){workload->bytes + begin, own->ends[i] - begin};
        hash = hash_bytes(hash, &workload->messages[i].length, sizeof workload->messages[i].length);
        hash = hash_bytes(hash, workload->messages[i].bytes, workload->messages[i].length);
    }
    snprintf(workload->digest, sizeof workload->digest, "%016" PRIx64, hash);
    return 0;
}

int workload_make(struct workload *workload, const struct workload_config *config, char fault[WORKLOAD_FAULT_CHARS]) {
    *workload = (struct workload){.format = config->format};
    struct making making = {.workload = workload, .fault = fault};
    msgpack_sbuffer_init(&making.out);
    int result = config->file != NULL ? read_file(&making, config->file) : generate(&making, config);
    if (result == 0 && workload->count == 0) result = fail(&making, "there is no message", 0);
    if (result == 0) result = finish(&making);
    msgpack_sbuffer_destroy(&making.out);
    free(making.ends);
    return result;
}

void workload_reset(struct workload *workload) {
    free(workload->messages);
    free(workload->bytes);
    *workload = (struct workload){0};
}
