#include "cli/config_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/config_value.h"
#include "cli/endpoint.h"
#include "rules/compile/compile.h"
#include "rules/compile/schema.h"
#include "rules/compile/spelling.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { KIB = 1 << 10, MIB = 1 << 20, HIGH_WATER_MARK_MAX = 1000000, DRAIN_MS_MAX = 600000 };

static void add_endpoint(struct schema_reader *reader, const struct yaml_node *node, struct socket_config *socket) {
    if (!schema_is_text(reader, node, 0)) return;
    const char *const fault = endpoint_fault(node->text, socket->is_bound);
    if (fault) {
        schema_error(reader, node, "%s", fault);
    } else {
        socket->endpoints[socket->endpoint_count++] = node->text;
    }
}

static void read_endpoints(struct schema_reader *reader, const struct yaml_node *node, bool is_bound,
                           struct socket_config *socket) {
    socket->is_bound = is_bound;
    socket->endpoint_count = 0;
    if (node->kind != YAML_SEQUENCE) {
        add_endpoint(reader, node, socket);
    } else if (schema_is_list(reader, node, 1, STAGE_ENDPOINTS_MAX)) {
        for (size_t i = 0; i < node->count; i++) add_endpoint(reader, node->items[i], socket);
    }
}

static void read_bind(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                      void *member) {
    (void)key;
    read_endpoints(reader, node, true, member);
}

static void read_connect(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                         void *member) {
    (void)key;
    read_endpoints(reader, node, false, member);
}

static void check_socket(struct schema_reader *reader, const struct yaml_node *node) {
    const bool is_bound = yaml_get(node, "bind") != NULL, is_connected = yaml_get(node, "connect") != NULL;
    if (is_bound && is_connected) schema_error(reader, node, "'bind' and 'connect' exclude each other");
    if (!is_bound && !is_connected) schema_error(reader, node, "missing key 'bind' or 'connect'");
}

static void read_input_kind(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                            void *member) {
    static const struct config_choice kinds[] = {{"pull", SOCKET_PULL}, {"sub", SOCKET_SUB}, {NULL, 0}};
    config_read_choice(reader, key, node, kinds, member);
}

static void read_output_kind(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                             void *member) {
    static const struct config_choice kinds[] = {{"push", SOCKET_PUSH}, {"pub", SOCKET_PUB}, {NULL, 0}};
    config_read_choice(reader, key, node, kinds, member);
}

static void read_format(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                        void *member) {
    static const struct config_choice formats[] = {
        {"auto", FORMAT_AUTO}, {"msgpack", FORMAT_MSGPACK}, {"json", FORMAT_JSON}, {NULL, 0}};
    config_read_choice(reader, key, node, formats, member);
}

static void read_batching(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                          void *member) {
    static const struct config_choice choices[] = {
        {"message", BATCHING_MESSAGE}, {"records", BATCHING_RECORDS}, {NULL, 0}};
    config_read_choice(reader, key, node, choices, member);
}

static void read_input(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                       void *member) {
    static const struct schema_key keys[] = {
        {"socket", read_input_kind, offsetof(struct stage_config, input.kind), .is_required = true},
        {"bind", read_bind, offsetof(struct stage_config, input), .is_required = false},
        {"connect", read_connect, offsetof(struct stage_config, input), .is_required = false},
        {"format", read_format, offsetof(struct stage_config, format), .is_required = false},
        {"batch", read_batching, offsetof(struct stage_config, batching), .is_required = false},
        {"high_water_mark", schema_read_number, offsetof(struct stage_config, input.high_water_mark), .min = 1,
         .max = HIGH_WATER_MARK_MAX},
    };
    static const char *const later_keys[] = {"kafka", "receipt", "security", NULL};
    static const struct schema input = {keys, COUNT(keys), later_keys};
    (void)key;
    if (schema_read(reader, &input, node, member)) check_socket(reader, node);
}

static void read_output(struct schema_reader *reader, const struct yaml_node *node, struct output_config *output) {
    static const struct schema_key keys[] = {
        {"name", config_read_name, offsetof(struct output_config, name), .is_required = true},
        {"purpose", config_read_name, offsetof(struct output_config, purpose), .is_required = true},
        {"socket", read_output_kind, offsetof(struct output_config, socket.kind), .is_required = true},
        {"bind", read_bind, offsetof(struct output_config, socket), .is_required = false},
        {"connect", read_connect, offsetof(struct output_config, socket), .is_required = false},
        {"high_water_mark", schema_read_number, offsetof(struct output_config, socket.high_water_mark), .min = 1,
         .max = HIGH_WATER_MARK_MAX},
    };
    static const char *const later_keys[] = {"kafka", "shadow", "receipt", "security", NULL};
    static const struct schema schema = {keys, COUNT(keys), later_keys};
    output->socket.high_water_mark = 1000;
    if (schema_read(reader, &schema, node, output)) check_socket(reader, node);
}

static void check_output_name(struct schema_reader *reader, const struct yaml_node *node,
                              const struct stage_config *stage, size_t position) {
    const char *const name = stage->outputs[position].name;
    for (size_t i = 0; i < position && name; i++)
        if (stage->outputs[i].name && strcmp(stage->outputs[i].name, name) == 0) {
            schema_error(reader, yaml_get(node, "name"), "another output is named '%s'", name);
            return;
        }
}

static void read_outputs(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                         void *member) {
    (void)key;
    struct stage_config *stage = member;
    if (!schema_is_list(reader, node, 1, STAGE_OUTPUTS_MAX)) return;
    for (size_t i = 0; i < node->count; i++) {
        read_output(reader, node->items[i], &stage->outputs[i]);
        check_output_name(reader, node->items[i], stage, i);
    }
    stage->output_count = node->count;
}

static void read_rules(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                       void *member) {
    (void)key;
    struct cordon_config *config = member;
    if (!schema_is_list(reader, node, 1, 0)) return;
    config->rules = calloc(node->count, sizeof *config->rules);
    if (!config->rules) schema_error(reader, node, "out of memory");
    for (size_t i = 0; config->rules && i < node->count; i++)
        if (schema_is_text(reader, node->items[i], 0))
            config->rules[config->rule_source_count++] = node->items[i]->text;
}

/* `all`, or a list of classes; which ones there are is known when the rules are. */
static void read_withhold(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                          void *member) {
    char *name;
    (void)member;
    if (node->kind == YAML_SEQUENCE) {
        for (size_t i = 0; i < node->count; i++) config_read_name(reader, key, node->items[i], &name);
    } else if (!yaml_is_text(node, "all")) {
        schema_error(reader, node, "expected 'all' or a list of classes");
    }
}

static void read_policy(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                        void *member) {
    static const struct schema_key keys[] = {{"withhold", read_withhold, 0, .is_required = true}};
    static const struct schema purpose = {keys, COUNT(keys), NULL};
    struct cordon_config *config = member;
    char *name;
    if (!schema_is_mapping(reader, node)) return;
    for (size_t i = 0; i + 1 < node->count; i += 2) {
        config_read_name(reader, key, node->items[i], &name);
        schema_read(reader, &purpose, node->items[i + 1], config);
    }
    config->policy = node;
}

static void read_limits(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                        void *member) {
    static const struct schema_key keys[] = {
        {"message_bytes", config_read_bytes, offsetof(struct limits, message_bytes), .min = KIB, .max = 64 * MIB},
        {"depth", config_read_count, offsetof(struct limits, depth), .min = 1, .max = LIMIT_DEPTH_MAX},
        {"unwrap_depth", config_read_count, offsetof(struct limits, unwrap_depth), .max = LIMIT_UNWRAP_DEPTH_MAX},
        {"unwrap_bytes", config_read_bytes, offsetof(struct limits, unwrap_bytes), .max = 256 * MIB},
    };
    static const struct schema limits = {keys, COUNT(keys), NULL};
    (void)key;
    schema_read(reader, &limits, node, member);
}

static void read_audit(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                       void *member) {
    static const struct schema_key keys[] = {{"file", config_read_text, 0, .is_required = true}};
    static const struct schema audit = {keys, COUNT(keys), NULL};
    (void)key;
    schema_read(reader, &audit, node, member);
}

static void read_address(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                         void *member) {
    (void)key;
    if (!schema_is_text(reader, node, 0)) return;
    const char *const fault = address_fault(node->text);
    if (fault) schema_error(reader, node, "%s", fault);
    memcpy(member, &node->text, sizeof node->text);
}

static void read_console(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                         void *member) {
    static const struct schema_key keys[] = {{"bind", read_address, 0, .is_required = false}};
    static const struct schema console = {keys, COUNT(keys), NULL};
    (void)key;
    const char **const address = member;
    *address = "127.0.0.1:9464";
    schema_read(reader, &console, node, address);
}

static void read_cache(struct schema_reader *reader, const struct schema_key *key, const struct yaml_node *node,
                       void *member) {
    static const struct schema_key keys[] = {
        {"folder", config_read_text, offsetof(struct cache_choice, folder), .is_required = true}};
    static const struct schema cache = {keys, COUNT(keys), NULL};
    (void)key;
    struct cache_choice *choice = member;
    if (yaml_is_text(node, "false")) {
        choice->is_off = true;
    } else if (node->kind != YAML_MAPPING) {
        schema_error(reader, node, "expected 'false' or a mapping with a folder");
    } else {
        schema_read(reader, &cache, node, choice);
    }
}

static const struct schema_key root_keys[] = {
    {"name", config_read_name, offsetof(struct cordon_config, stage.name), .is_required = false},
    {"input", read_input, offsetof(struct cordon_config, stage), .is_required = true},
    {"outputs", read_outputs, offsetof(struct cordon_config, stage), .is_required = true},
    {"rules", read_rules, 0, .is_required = false},
    {"cache", read_cache, offsetof(struct cordon_config, cache), .is_required = false},
    {"policy", read_policy, 0, .is_required = false},
    {"limits", read_limits, offsetof(struct cordon_config, stage.limits), .is_required = false},
    {"workers", schema_read_number, offsetof(struct cordon_config, stage.workers), .min = 1, .max = STAGE_WORKERS_MAX},
    {"drain_ms", schema_read_number, offsetof(struct cordon_config, stage.drain_ms), .max = DRAIN_MS_MAX},
    {"audit", read_audit, offsetof(struct cordon_config, audit_file), .is_required = false},
    {"console", read_console, offsetof(struct cordon_config, console_address), .is_required = false},
};
static const char *const root_later_keys[] = {"security", "quarantine", "shadow", "notices",
                                              "consent",  "receipt",    NULL};
static const struct schema root = {root_keys, COUNT(root_keys), root_later_keys};

static void set_defaults(struct cordon_config *config, const char *file) {
    *config = (struct cordon_config){.file = file, .audit_file = "audit.jsonl"};
    config->stage.name = "cordon";
    config->stage.input.high_water_mark = 1000;
    config->stage.limits = LIMITS_DEFAULT;
    config->stage.workers = 1;
    config->stage.drain_ms = 5000;
}

int config_load(struct cordon_config *config, const char *file, struct diagnostics *diagnostics) {
    const size_t first = diagnostics->count, errors_before = diagnostics->error_count;
    struct schema_reader reader = {file, diagnostics};
    set_defaults(config, file);
    config->tree = yaml_load(file, diagnostics);
    if (config->tree) schema_read(&reader, &root, config->tree, config);
    diagnostics_sort(diagnostics, first);
    return diagnostics->error_count == errors_before ? 0 : -1;
}

static uint64_t all_classes(const struct rule_set *rules) {
    return (UINT64_C(1) << rules->class_count) - 1;
}

/* The classes that one purpose of the policy must never see. */
static uint64_t resolve_withhold(const struct cordon_config *config, const struct yaml_node *withhold,
                                 const struct rule_set *rules, struct diagnostics *diagnostics) {
    if (withhold->kind != YAML_SEQUENCE) return all_classes(rules);
    uint64_t classes = 0;
    for (size_t i = 0; i < withhold->count; i++) {
        const struct yaml_node *const node = withhold->items[i];
        const uint64_t class = rule_set_class(rules, node->text);
        if (class == 0)
            spelling_refuse(diagnostics, config->file, node->place, "class", node->text,
                            (const char *const *)rules->class_names, rules->class_count);
        classes |= class;
    }
    return classes;
}

/* Sets the classes of every output of that purpose; returns how many there are. */
static size_t assign_classes(struct stage_config *stage, const char *purpose, uint64_t classes) {
    size_t count = 0;
    for (size_t i = 0; i < stage->output_count; i++) {
        if (strcmp(stage->outputs[i].purpose, purpose) != 0) continue;
        stage->outputs[i].withheld_classes = classes;
        count++;
    }
    return count;
}

int config_resolve(struct cordon_config *config, const struct rule_set *rules, struct diagnostics *diagnostics) {
    const size_t errors_before = diagnostics->error_count;
    const struct yaml_node *const policy = config->policy;
    for (size_t i = 0; i < config->stage.output_count; i++)
        config->stage.outputs[i].withheld_classes = all_classes(rules);
    for (size_t i = 0; policy && i + 1 < policy->count; i += 2) {
        const struct yaml_node *const purpose = policy->items[i];
        const struct yaml_node *const withhold = yaml_get(policy->items[i + 1], "withhold");
        const uint64_t classes = resolve_withhold(config, withhold, rules, diagnostics);
        if (assign_classes(&config->stage, purpose->text, classes) == 0)
            diagnostics_warning(diagnostics, config->file, purpose->place, "no output has the purpose '%s'",
                                purpose->text);
    }
    return diagnostics->error_count == errors_before ? 0 : -1;
}

void config_reset(struct cordon_config *config) {
    free(config->rules);
    yaml_destroy(&config->tree);
    *config = (struct cordon_config){0};
}
