/*
 * A proof that holds is right: the long way finds nothing in any message of which the short way says so. Over the
 * samples, or all JSON Lines files of the folder CORDON_TEST_DATA (rows with a `payload`, base64 in those that are
 * named file_blobs or hostile_*), as they are and with personal texts put into them. CORDON_TEST_ROUNDS says how often
 * each message is changed, CORDON_TEST_SEED how. Prints counts, never a content; a message at fault goes to the file
 * CORDON_TEST_FAULT where that is named.
 */

#include <dirent.h>
#include <jansson.h>
#include <time.h>

#include "cli/convert.h"
#include "inspect/inspect.h"
#include "inspect/proof.h"
#include "mutated_messages.h"
#include "rule_text.h"
#include "rules/compile/example.h"

enum { SEEDS_MAX = 8192, MESSAGE_BYTES_MAX = 65536 };

/* Everything that a rule can ask for, with features that the packs do not have. */
static const char special_rules[] = RULES(
    RULE("a.short-run", "personal", "pattern: '[0-9]{8}'")
        RULE("a.key", "chat", "fields: ['**.{id,user}.*'], types: [key]")
            RULE("a.scoped", "email", "pattern: '[a-z]+', paths: {include: ['**.{name,title}', 'imp[*].ext.**']}")
                RULE("a.excluded", "email",
                     "pattern: '(?i)\\b(?:from|to|dear|hi)\\b', paths: {exclude: ['**.{page,ref}', "
                     "'imp[0].**']}") RULE("a.judged", "identifier", "fields: ['**.{ip,ua,id}'], validator: ipv4")
                    RULE("a.judged-too", "identifier",
                         "fields: ['**.id', 'device.**'], validator: luhn, types: [int, "
                         "str]") RULE("a.anything", "chat", "pattern: '[a-z]+ [a-z]+ [a-z]+ [a-z]+ [a-z]+ [a-z]+'")
                        RULE("a.place", "file", "fields: ['user[*].data[1].**', '**.keywords']")
                            RULE("a.zero", "file", "pattern: '^(?:0|41)$'"));

/* Two lanes over the same rules: one that tries proofs, with the memory of all messages before, one that never does. */
struct pair {
    struct rule_set *rules;
    struct limits limits;
    struct match *match;
    struct proof *proof;
    struct inspector *long_way;
    size_t message_count, held_count;
};

static void pair_init(struct pair *pair, struct rule_set *rules, size_t unwrap_depth, size_t unwrap_bytes) {
    *pair = (struct pair){.rules = rules, .limits = LIMITS_DEFAULT};
    pair->limits.unwrap_depth = unwrap_depth;
    pair->limits.unwrap_bytes = unwrap_bytes;
    pair->match = match_create(rules);
    pair->proof = proof_create(rules, &pair->limits, pair->match);
    pair->long_way = inspector_create(rules, &pair->limits);
    assert_true(pair->match != NULL && pair->proof != NULL && pair->long_way != NULL);
    inspector_forgo_proofs(pair->long_way);
}

static void pair_reset(struct pair *pair) {
    inspector_destroy(&pair->long_way);
    proof_destroy(&pair->proof);
    match_destroy(&pair->match);
}

/* False: the proof holds, and the long way finds something or cannot tell. */
static bool agrees(struct pair *pair, const struct frame *frames, size_t count, enum format format) {
    static struct inspection inspection;
    pair->message_count++;
    if (!proof_holds(pair->proof, frames, count, format)) return true;
    pair->held_count++;
    inspect(pair->long_way, frames, count, format, &inspection);
    return inspection.reason == REASON_NONE && inspection.classes == 0;
}

enum { PAIRS = 3 };

struct comparison {
    struct pair pairs[PAIRS];
    struct mutator mutator;
    struct seed_text seeds[SEEDS_MAX];
    struct rule_drafts drafts;
    size_t rounds;
    clock_t deadline; /* 0: none */
    size_t row_count;
};

static void fail_message(const struct comparison *own, const char *what, size_t pair, const struct frame *frame) {
    const char *const path = getenv("CORDON_TEST_FAULT");
    FILE *const file = path != NULL ? fopen(path, "wb") : NULL;
    if (file != NULL) fwrite(frame->bytes, 1, frame->length, file);
    if (file != NULL) fclose(file);
    fail_msg("%s, row %zu, pair %zu: a proof that holds is wrong", what, own->row_count, pair);
}

static void compare(struct comparison *own, const char *what, const uint8_t *bytes, size_t length, enum format format) {
    const struct frame frames[2] = {{bytes, length / 2}, {bytes, length}};
    if (length == 0 || length > MESSAGE_BYTES_MAX) return;
    for (size_t i = 0; i < PAIRS; i++) {
        if (!agrees(&own->pairs[i], frames + 1, 1, format)) fail_message(own, what, i, &frames[1]);
        if (is_drawn(&own->mutator, 16) && !agrees(&own->pairs[i], frames, 2, format))
            fail_message(own, what, i, &frames[1]);
    }
}

/* One message as it is, then changed again and again. */
static void compare_changed(struct comparison *own, const char *what, const uint8_t *bytes, size_t length,
                            enum format format) {
    static struct leaves leaves;
    static struct content changed;
    compare(own, what, bytes, length, format);
    if (length > CONTENT_BYTES_MAX) return;
    find_leaves(&leaves, format, bytes, length);
    for (size_t i = 0; i < own->rounds && (own->deadline == 0 || clock() < own->deadline); i++) {
        mutate_message(&own->mutator, &changed, format, &leaves, bytes, length);
        compare(own, what, changed.bytes, changed.length, format);
    }
}

static void compare_json(struct comparison *own, const char *what, const json_t *payload) {
    char *const text = json_dumps(payload, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    assert_non_null(text);
    msgpack_sbuffer packed;
    msgpack_sbuffer_init(&packed);
    if (convert_to_msgpack((const uint8_t *)text, strlen(text), &packed) == 0)
        compare_changed(own, what, (const uint8_t *)packed.data, packed.size, FORMAT_MSGPACK);
    compare_changed(own, what, (const uint8_t *)text, strlen(text), FORMAT_JSON);
    msgpack_sbuffer_destroy(&packed);
    free(text);
}

/* A payload in base64: bytes of whatever format, and as a binary value. */
static void compare_raw(struct comparison *own, const char *what, const json_t *payload) {
    static uint8_t raw[1 << 20];
    const char *const text = json_string_value(payload);
    const size_t run = text != NULL ? base64_run_length((const uint8_t *)text, strlen(text)) : 0;
    if (run == 0 || run > sizeof raw) return;
    const size_t length = base64_decode((const uint8_t *)text, run, raw + 8);
    compare_changed(own, what, raw + 8, length, FORMAT_MSGPACK);
    compare_changed(own, what, raw + 8, length, FORMAT_JSON);
    const uint8_t head[] = {0x81, 0xa1, 'a', 0xc5, (uint8_t)(length >> 8), (uint8_t)length};
    if (length > UINT16_MAX) return;
    memcpy(raw + 8 - sizeof head, head, sizeof head);
    compare_changed(own, what, raw + 8 - sizeof head, length + sizeof head, FORMAT_MSGPACK);
}

static void compare_row(struct comparison *own, const char *what, const json_t *row) {
    const bool is_raw = strstr(what, "file_blobs") || strstr(what, "hostile_msgpack") || strstr(what, "hostile_json");
    json_t *const payload = json_object_get(row, "payload");
    own->row_count++;
    if (is_raw)
        compare_raw(own, what, payload);
    else if (json_is_string(payload)) {
        json_t *const whole = json_pack("{s:s, s:{s:O}}", "event", "custom", "properties", "value", payload);
        compare_json(own, what, whole);
        json_decref(whole);
    } else {
        compare_json(own, what, payload != NULL ? payload : row);
    }
}

static void compare_file(struct comparison *own, const char *path) {
    FILE *const file = fopen(path, "re");
    assert_non_null(file);
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) > 0) {
        json_t *const row = json_loads(line, JSON_ALLOW_NUL, NULL);
        if (row != NULL) compare_row(own, path, row);
        json_decref(row);
    }
    free(line);
    fclose(file);
}

static void collect_seeds(struct comparison *own, const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR && node->length > 3 && own->mutator.seed_count < SEEDS_MAX)
        own->seeds[own->mutator.seed_count++] = (struct seed_text){(const uint8_t *)node->text, node->length};
    for (size_t i = 0; i < node->count; i++) collect_seeds(own, node->items[i]);
}

static size_t number_of(const char *variable, size_t usual) {
    const char *const text = getenv(variable);
    return text != NULL ? strtoull(text, NULL, 10) : usual;
}

static struct comparison *comparison_create(void) {
    struct comparison *own = calloc(1, sizeof *own);
    struct diagnostics diagnostics;
    assert_non_null(own);
    diagnostics_init(&diagnostics);
    rule_drafts_init(&own->drafts);
    rule_sources_load(&own->drafts, NULL, 0, &diagnostics);
    struct rule_set *const packs = rule_set_compile(&own->drafts, &diagnostics);
    assert_non_null(packs);
    diagnostics_reset(&diagnostics);
    pair_init(&own->pairs[0], packs, 4, 4 << 20);
    pair_init(&own->pairs[1], packs, 2, 2048);
    pair_init(&own->pairs[2], rules_of(special_rules), 4, 4 << 20);
    for (size_t i = 0; i < own->drafts.count; i++)
        for (size_t j = 0; j < own->drafts.items[i].examples.count; j++)
            collect_seeds(own, own->drafts.items[i].examples.items[j]);
    own->mutator.seeds = own->seeds;
    own->mutator.words = &packs->words;
    own->mutator.random.state = number_of("CORDON_TEST_SEED", 20240701);
    return own;
}

static void comparison_destroy(struct comparison *own) {
    struct rule_set *packs = own->pairs[0].rules, *special = own->pairs[2].rules;
    for (size_t i = 0; i < PAIRS; i++) pair_reset(&own->pairs[i]);
    rule_set_destroy(&packs);
    rule_set_destroy(&special);
    rule_drafts_reset(&own->drafts);
    free(own);
}

static void compare_folder(struct comparison *own, const char *folder) {
    DIR *const open_folder = opendir(folder);
    assert_non_null(open_folder);
    for (const struct dirent *entry; (entry = readdir(open_folder)) != NULL;) {
        char path[1024];
        const char *const suffix = strrchr(entry->d_name, '.');
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (suffix != NULL && strcmp(suffix, ".jsonl") == 0) compare_file(own, path);
    }
    closedir(open_folder);
}

static void test_a_proof_that_holds_is_right(void **state) {
    (void)state;
    const char *const folder = getenv("CORDON_TEST_DATA");
    struct comparison *const own = comparison_create();
    assert_true(own->mutator.seed_count > 300);
    own->rounds = number_of("CORDON_TEST_ROUNDS", 40);
    if (folder == NULL) own->deadline = clock() + 15 * CLOCKS_PER_SEC;
    compare_folder(own, folder != NULL ? folder : TEST_SOURCE_DIR "/samples");
    for (size_t i = 0; i < PAIRS; i++) {
        const struct pair *const pair = &own->pairs[i];
        print_message("%zu messages, %zu proofs hold\n", pair->message_count, pair->held_count);
        assert_true(pair->message_count >= own->row_count);
        assert_true(pair->held_count > pair->message_count / 100);
        assert_true(pair->held_count < pair->message_count);
    }
    comparison_destroy(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_proof_that_holds_is_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
