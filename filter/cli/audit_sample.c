#include "cli/audit_sample.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rules/compile/diagnostics.h"
#include "rules/compile/yaml.h"

enum { SAMPLES_MAX = 8, RECORDS_MAX = 1000 };

struct sample {
    struct yaml_node *record; /* owns the finding */
    const struct yaml_node *finding;
};

struct samples {
    struct sample items[SAMPLES_MAX];
    size_t count;
};

static const char *text_of(const struct yaml_node *mapping, const char *key) {
    const struct yaml_node *value = yaml_get(mapping, key);
    return value != NULL && value->kind == YAML_SCALAR ? value->text : "";
}

static size_t count_of(const struct yaml_node *mapping, const char *key) {
    const struct yaml_node *value = yaml_get(mapping, key);
    return value != NULL && value->kind == YAML_SEQUENCE ? value->count : 0;
}

static bool has_class(const struct samples *samples, const char *class_name) {
    for (size_t i = 0; i < samples->count; i++)
        if (strcmp(text_of(samples->items[i].finding, "class"), class_name) == 0) return true;
    return false;
}

/* The first finding of a record that shows something new, or NULL. */
static const struct yaml_node *choose_finding(const struct samples *samples, const struct yaml_node *record,
                                              bool is_unwrapped) {
    for (size_t i = 0; i < count_of(record, "findings"); i++) {
        const struct yaml_node *finding = yaml_get(record, "findings")->items[i];
        const bool is_wanted = !is_unwrapped || count_of(finding, "layers") > 0;
        if (is_wanted && !has_class(samples, text_of(finding, "class"))) return finding;
    }
    return NULL;
}

/* Takes samples from the records on until there are `enough`. A line of JSON is YAML too. */
static void take_samples(struct samples *samples, FILE *file, size_t enough, bool is_unwrapped) {
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    char *line = NULL;
    size_t capacity = 0;
    for (int i = 0; i < RECORDS_MAX && samples->count < enough; i++) {
        const ssize_t length = getline(&line, &capacity, file);
        if (length <= 0) break;
        struct yaml_node *record = yaml_parse("audit", line, (size_t)length, &diagnostics);
        const struct yaml_node *finding = record != NULL ? choose_finding(samples, record, is_unwrapped) : NULL;
        if (finding != NULL) {
            samples->items[samples->count++] = (struct sample){record, finding};
        } else {
            yaml_destroy(&record);
        }
    }
    free(line);
    diagnostics_reset(&diagnostics);
}

static const char *rule_name(const struct rule_set *rules, const char *id) {
    for (size_t i = 0; i < rules->rule_count; i++)
        if (strcmp(rules->rules[i].id, id) == 0) return rules->rules[i].name;
    return "";
}

static void print_sample(FILE *out, const struct sample *sample, const struct rule_set *rules) {
    const char *rule = text_of(sample->finding, "rule");
    const struct yaml_node *layers = yaml_get(sample->finding, "layers");
    fprintf(out, "  %-10s %s (%s)\n             at %s", text_of(sample->finding, "class"), rule_name(rules, rule), rule,
            text_of(sample->finding, "path"));
    for (size_t i = 0; i < count_of(sample->finding, "layers"); i++)
        fprintf(out, "%s%s", i == 0 ? ", inside " : " > ", layers->items[i]->text);
    fprintf(out, ", message %s\n", text_of(sample->record, "sequence"));
}

size_t audit_sample_print(FILE *out, const char *path, long offset, const struct rule_set *rules, size_t count) {
    struct samples samples = {0};
    if (count > SAMPLES_MAX) count = SAMPLES_MAX;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    if (fseek(file, offset, SEEK_SET) == 0) take_samples(&samples, file, 1, true);
    if (fseek(file, offset, SEEK_SET) == 0) take_samples(&samples, file, count, false);
    fclose(file);
    for (size_t i = 0; i < samples.count; i++) {
        print_sample(out, &samples.items[i], rules);
        yaml_destroy(&samples.items[i].record);
    }
    return samples.count;
}
