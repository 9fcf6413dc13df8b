/*
 * Loads arbitrary text as cordon.yaml, to ensure that it is either refused with a reason or gives a configuration that
 * a stage can run: everything named, in range, and a policy that can only withhold more than it says, never less.
 */
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/config_file.h"
#include "fuzz.h"
#include "rules/compile/compile.h"

enum { TEXT_BYTES_MAX = 8192 };

/* A rule set with no rules of its own has the classes that every rule set has. */
static const struct rule_set *classes(void) {
    static struct rule_set *rules;
    if (rules != NULL) return rules;
    struct diagnostics diagnostics;
    struct rule_drafts drafts;
    diagnostics_init(&diagnostics);
    rule_drafts_init(&drafts);
    rules = rule_set_compile(&drafts, &diagnostics);
    fuzz_expect(rules != NULL && rule_set_class(rules, "email") != 0);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
    return rules;
}

static void check_socket(const struct socket_config *socket) {
    fuzz_expect(socket->endpoint_count >= 1 && socket->endpoint_count <= STAGE_ENDPOINTS_MAX);
    fuzz_expect(socket->high_water_mark >= 1);
    for (size_t i = 0; i < socket->endpoint_count; i++) {
        const char *const endpoint = socket->endpoints[i];
        fuzz_expect(strncmp(endpoint, "tcp://", 6) == 0 || strncmp(endpoint, "ipc://", 6) == 0);
    }
}

static void check_config(const struct cordon_config *config) {
    const struct stage_config *const stage = &config->stage;
    fuzz_expect(stage->name[0] != '\0' && config->audit_file[0] != '\0');
    fuzz_expect(stage->workers >= 1 && stage->workers <= STAGE_WORKERS_MAX && stage->drain_ms >= 0);
    fuzz_expect(stage->limits.message_bytes >= 1024 && stage->limits.depth >= 1);
    fuzz_expect(stage->limits.depth <= LIMIT_DEPTH_MAX && stage->limits.unwrap_depth <= LIMIT_UNWRAP_DEPTH_MAX);
    fuzz_expect(stage->output_count >= 1 && stage->output_count <= STAGE_OUTPUTS_MAX);
    check_socket(&stage->input);
    fuzz_expect(stage->input.kind == SOCKET_PULL || stage->input.kind == SOCKET_SUB);
    for (size_t i = 0; i < stage->output_count; i++) {
        const struct output_config *const output = &stage->outputs[i];
        fuzz_expect(output->name[0] != '\0' && output->purpose[0] != '\0');
        fuzz_expect(output->socket.kind == SOCKET_PUSH || output->socket.kind == SOCKET_PUB);
        check_socket(&output->socket);
    }
}

static bool policy_names(const struct cordon_config *config, const char *purpose) {
    return config->policy != NULL && yaml_get(config->policy, purpose) != NULL;
}

static void check_policy(struct cordon_config *config, struct diagnostics *diagnostics) {
    const struct rule_set *const rules = classes();
    const uint64_t every_class = (UINT64_C(1) << rules->class_count) - 1;
    const size_t errors_before = diagnostics->error_count;
    const int result = config_resolve(config, rules, diagnostics);
    fuzz_expect((result == 0) == (diagnostics->error_count == errors_before));
    for (size_t i = 0; i < config->stage.output_count; i++) {
        const struct output_config *const output = &config->stage.outputs[i];
        fuzz_expect((output->withheld_classes & ~every_class) == 0);
        if (!policy_names(config, output->purpose)) fuzz_expect(output->withheld_classes == every_class);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > TEXT_BYTES_MAX) return 0;
    const int memory = memfd_create("config", MFD_CLOEXEC);
    fuzz_expect(memory >= 0 && write(memory, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);

    struct cordon_config config;
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    const int result = config_load(&config, path, &diagnostics);
    fuzz_expect((result == 0) == (diagnostics.error_count == 0));
    if (result == 0) {
        check_config(&config);
        check_policy(&config, &diagnostics);
    }
    config_reset(&config);
    diagnostics_reset(&diagnostics);
    close(memory);
    return 0;
}
