#include "cli/config_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rules/compile/compile.h"

#include "test.h"

#define BAD_FOLDER TEST_SOURCE_DIR "/tests/filter/cli/bad"

static char *const class_names[] = {(char[]){"email"},     (char[]){"chat"},       (char[]){"file"},
                                    (char[]){"personal"},  (char[]){"identifier"}, (char[]){"pseudonym"},
                                    (char[]){"credential"}};
enum { CLASS_COUNT = sizeof class_names / sizeof class_names[0], ALL_CLASSES = (1 << CLASS_COUNT) - 1 };

/* As much of a rule set as a policy needs. */
static struct rule_set sample_rules(void) {
    struct rule_set rules = {.class_count = CLASS_COUNT};
    memcpy(rules.class_names, class_names, sizeof class_names);
    return rules;
}

struct loaded {
    char path[32];
    struct cordon_config config;
    struct diagnostics diagnostics;
};

static void load(struct loaded *loaded, const char *text) {
    strcpy(loaded->path, "/tmp/test_config.XXXXXX");
    const int fd = mkstemp(loaded->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    diagnostics_init(&loaded->diagnostics);
    const int result = config_load(&loaded->config, loaded->path, &loaded->diagnostics);
    if (loaded->diagnostics.count > 0) print_message("%s\n", loaded->diagnostics.items[0].text);
    assert_int_equal(loaded->diagnostics.count, 0);
    assert_int_equal(result, 0);
}

static void unload(struct loaded *loaded) {
    config_reset(&loaded->config);
    diagnostics_reset(&loaded->diagnostics);
    unlink(loaded->path);
}

static const char small[] = "input: {socket: sub, connect: ipc://in}\n"
                            "outputs: [{name: a, purpose: advertising, socket: pub, bind: 'tcp://*:5602'}]\n";

static void test_every_key_is_read(void **state) {
    (void)state;
    struct loaded loaded;
    load(&loaded, "name: ads-gate\n"
                  "input:\n"
                  "  socket: pull\n"
                  "  bind: tcp://127.0.0.1:5601\n"
                  "  format: msgpack\n"
                  "  batch: records\n"
                  "  high_water_mark: 7\n"
                  "outputs:\n"
                  "  - name: targeting\n"
                  "    purpose: advertising\n"
                  "    socket: push\n"
                  "    connect: [tcp://127.0.0.1:5602, ipc:///run/ads]\n"
                  "    high_water_mark: 1000000\n"
                  "  - {name: insights, purpose: analytics, socket: pub, bind: ['tcp://*:5603']}\n"
                  "rules: [pack:email, rules/mine]\n"
                  "cache: {folder: /var/cache/cordon}\n"
                  "policy:\n"
                  "  advertising: {withhold: all}\n"
                  "limits: {message_bytes: 2MiB, depth: 256, unwrap_depth: 0, unwrap_bytes: 65536}\n"
                  "workers: 64\n"
                  "drain_ms: 0\n"
                  "audit: {file: /var/log/cordon.jsonl}\n"
                  "console: {bind: '[::1]:9000'}\n");
    const struct cordon_config *config = &loaded.config;
    const struct stage_config *stage = &config->stage;
    assert_string_equal(stage->name, "ads-gate");
    assert_int_equal(stage->input.kind, SOCKET_PULL);
    assert_true(stage->input.is_bound);
    assert_int_equal(stage->input.endpoint_count, 1);
    assert_string_equal(stage->input.endpoints[0], "tcp://127.0.0.1:5601");
    assert_int_equal(stage->input.high_water_mark, 7);
    assert_int_equal(stage->format, FORMAT_MSGPACK);
    assert_int_equal(stage->batching, BATCHING_RECORDS);
    assert_int_equal(stage->output_count, 2);
    assert_string_equal(stage->outputs[0].name, "targeting");
    assert_string_equal(stage->outputs[0].purpose, "advertising");
    assert_int_equal(stage->outputs[0].socket.kind, SOCKET_PUSH);
    assert_false(stage->outputs[0].socket.is_bound);
    assert_int_equal(stage->outputs[0].socket.endpoint_count, 2);
    assert_string_equal(stage->outputs[0].socket.endpoints[1], "ipc:///run/ads");
    assert_int_equal(stage->outputs[0].socket.high_water_mark, 1000000);
    assert_int_equal(stage->outputs[1].socket.kind, SOCKET_PUB);
    assert_true(stage->outputs[1].socket.is_bound);
    assert_string_equal(stage->outputs[1].socket.endpoints[0], "tcp://*:5603");
    assert_int_equal(config->rule_source_count, 2);
    assert_string_equal(config->rules[0], "pack:email");
    assert_string_equal(config->rules[1], "rules/mine");
    assert_false(config->cache.is_off);
    assert_string_equal(config->cache.folder, "/var/cache/cordon");
    assert_non_null(config->policy);
    assert_int_equal(stage->limits.message_bytes, 2 << 20);
    assert_int_equal(stage->limits.depth, 256);
    assert_int_equal(stage->limits.unwrap_depth, 0);
    assert_int_equal(stage->limits.unwrap_bytes, 65536);
    assert_int_equal(stage->workers, 64);
    assert_int_equal(stage->drain_ms, 0);
    assert_string_equal(config->audit_file, "/var/log/cordon.jsonl");
    assert_string_equal(config->console_address, "[::1]:9000");
    unload(&loaded);
}

static void test_what_is_not_given_has_a_default(void **state) {
    (void)state;
    struct loaded loaded;
    load(&loaded, small);
    const struct stage_config *stage = &loaded.config.stage;
    const struct limits limits = LIMITS_DEFAULT;
    assert_string_equal(stage->name, "cordon");
    assert_int_equal(stage->format, FORMAT_AUTO);
    assert_int_equal(stage->batching, BATCHING_MESSAGE);
    assert_int_equal(stage->input.kind, SOCKET_SUB);
    assert_int_equal(stage->input.high_water_mark, 1000);
    assert_int_equal(stage->outputs[0].socket.high_water_mark, 1000);
    assert_memory_equal(&stage->limits, &limits, sizeof limits);
    assert_int_equal(stage->drain_ms, 5000);
    assert_int_equal(loaded.config.rule_source_count, 0);
    assert_false(loaded.config.cache.is_off);
    assert_null(loaded.config.cache.folder);
    assert_int_equal(stage->workers, 1);
    assert_string_equal(loaded.config.audit_file, "audit.jsonl");
    assert_null(loaded.config.console_address);
    assert_null(loaded.config.policy);
    unload(&loaded);
}

static void test_a_console_listens_on_loopback_unless_told(void **state) {
    (void)state;
    char text[sizeof small + 32];
    snprintf(text, sizeof text, "%sconsole: {}\n", small);
    struct loaded loaded;
    load(&loaded, text);
    assert_string_equal(loaded.config.console_address, "127.0.0.1:9464");
    unload(&loaded);
}

static void test_a_cache_can_be_done_without(void **state) {
    (void)state;
    char text[sizeof small + 32];
    snprintf(text, sizeof text, "%scache: false\n", small);
    struct loaded loaded;
    load(&loaded, text);
    assert_true(loaded.config.cache.is_off);
    unload(&loaded);
}

static void test_the_policy_becomes_masks_of_classes(void **state) {
    (void)state;
    struct loaded loaded;
    load(&loaded, "input: {socket: pull, bind: ipc://in}\n"
                  "outputs:\n"
                  "  - {name: a, purpose: advertising, socket: push, connect: ipc://a}\n"
                  "  - {name: b, purpose: analytics, socket: push, connect: ipc://b}\n"
                  "  - {name: c, purpose: analytics, socket: push, connect: ipc://c}\n"
                  "  - {name: d, purpose: unnamed, socket: push, connect: ipc://d}\n"
                  "  - {name: e, purpose: repair, socket: push, connect: ipc://e}\n"
                  "policy:\n"
                  "  advertising: {withhold: all}\n"
                  "  analytics: {withhold: [email, credential]}\n"
                  "  repair: {withhold: []}\n");
    const struct rule_set rules = sample_rules();
    assert_int_equal(config_resolve(&loaded.config, &rules, &loaded.diagnostics), 0);
    assert_int_equal(loaded.diagnostics.count, 0);
    const struct output_config *outputs = loaded.config.stage.outputs;
    assert_int_equal(outputs[0].withheld_classes, ALL_CLASSES);
    assert_int_equal(outputs[1].withheld_classes, 1 << 0 | 1 << 6);
    assert_int_equal(outputs[2].withheld_classes, 1 << 0 | 1 << 6);
    assert_int_equal(outputs[3].withheld_classes, ALL_CLASSES);
    assert_int_equal(outputs[4].withheld_classes, 0);
    unload(&loaded);
}

static void test_without_a_policy_everything_is_withheld(void **state) {
    (void)state;
    struct loaded loaded;
    load(&loaded, small);
    const struct rule_set rules = sample_rules();
    assert_int_equal(config_resolve(&loaded.config, &rules, &loaded.diagnostics), 0);
    assert_int_equal(loaded.config.stage.outputs[0].withheld_classes, ALL_CLASSES);
    unload(&loaded);
}

static void test_a_file_that_is_not_there_is_an_error(void **state) {
    (void)state;
    struct cordon_config config;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    assert_int_equal(config_load(&config, "/nonexistent/cordon.yaml", &diagnostics), -1);
    assert_int_equal(diagnostics.error_count, 1);
    config_reset(&config);
    diagnostics_reset(&diagnostics);
}

/* Everything that is wrong with a configuration, one line each. */
static void diagnose(const char *path, char *out, size_t capacity) {
    struct cordon_config config;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    const struct rule_set rules = sample_rules();
    if (config_load(&config, path, &diagnostics) == 0) config_resolve(&config, &rules, &diagnostics);
    size_t length = 0;
    for (size_t i = 0; i < diagnostics.count; i++) {
        struct diagnostic named = diagnostics.items[i];
        char *const base = strrchr(named.file, '/');
        named.file = base ? base + 1 : named.file;
        length += (size_t)diagnostic_format(&named, out + length, capacity - length);
        length += (size_t)snprintf(out + length, capacity - length, "\n");
        assert_true(length < capacity);
    }
    out[length] = '\0';
    config_reset(&config);
    diagnostics_reset(&diagnostics);
}

static void read_expected(const char *yaml_path, char *out, size_t capacity) {
    char path[512];
    snprintf(path, sizeof path, "%.*s.expected", (int)(strlen(yaml_path) - strlen(".yaml")), yaml_path);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("missing: %s", path);
    out[fread(out, 1, capacity - 1, file)] = '\0';
    fclose(file);
}

static int is_yaml(const struct dirent *entry) {
    const char *const dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

static void test_bad_configurations_are_diagnosed_in_full(void **state) {
    (void)state;
    struct dirent **entries = NULL;
    const int count = scandir(BAD_FOLDER, &entries, is_yaml, alphasort);
    assert_true(count >= 30);
    int different_count = 0;
    for (int i = 0; i < count; i++) {
        char path[512], found[8192], expected[8192];
        snprintf(path, sizeof path, BAD_FOLDER "/%s", entries[i]->d_name);
        diagnose(path, found, sizeof found);
        read_expected(path, expected, sizeof expected);
        assert_true(*expected);
        if (strcmp(found, expected) != 0) {
            print_message("%s: expected\n%sfound\n%s", entries[i]->d_name, expected, found);
            different_count++;
        }
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(different_count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_is_read),
        cmocka_unit_test(test_what_is_not_given_has_a_default),
        cmocka_unit_test(test_a_console_listens_on_loopback_unless_told),
        cmocka_unit_test(test_a_cache_can_be_done_without),
        cmocka_unit_test(test_the_policy_becomes_masks_of_classes),
        cmocka_unit_test(test_without_a_policy_everything_is_withheld),
        cmocka_unit_test(test_a_file_that_is_not_there_is_an_error),
        cmocka_unit_test(test_bad_configurations_are_diagnosed_in_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
