#include "cli/totals.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "inspect/reason.h"

_Static_assert((int)REASON_COUNT <= (int)COUNTERS_REASONS_MAX, "every reason has its counter");
_Static_assert((int)RULE_CLASS_MAX <= (int)COUNTERS_CLASSES_MAX, "every class has its counter");

enum { LABEL_CHARS = 20, COLUMN_CHARS_MIN = 10 };

struct column {
    const char *name, *purpose;
    const struct output_counters *counters;
    int width;
};

struct table {
    FILE *out;
    struct column columns[STAGE_OUTPUTS_MAX];
    size_t column_count;
};

static void set_columns(struct table *table, const struct counters *counters, const struct stage_config *stage) {
    for (size_t i = 0; i < stage->output_count; i++) {
        const struct output_config *output = &stage->outputs[i];
        size_t width = COLUMN_CHARS_MIN;
        if (strlen(output->name) > width) width = strlen(output->name);
        if (strlen(output->purpose) > width) width = strlen(output->purpose);
        table->columns[i] = (struct column){output->name, output->purpose, &counters->outputs[i], (int)width + 2};
    }
    table->column_count = stage->output_count;
}

static bool are_named_by_purpose(const struct table *table) {
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, table->columns[i].purpose) != 0) return false;
    return true;
}

static void print_head(const struct table *table) {
    if (!are_named_by_purpose(table)) {
        fprintf(table->out, "%-*s", LABEL_CHARS, "output");
        for (size_t i = 0; i < table->column_count; i++)
            fprintf(table->out, "%*s", table->columns[i].width, table->columns[i].name);
        putc('\n', table->out);
    }
    fprintf(table->out, "%-*s", LABEL_CHARS, "purpose");
    for (size_t i = 0; i < table->column_count; i++)
        fprintf(table->out, "%*s", table->columns[i].width, table->columns[i].purpose);
    putc('\n', table->out);
}

/* The counter that lies `offset` bytes into each output's counters. */
static uint64_t read_counter(const struct column *column, size_t offset) {
    const char *const base = (const char *)column->counters;
    return counter_read((const counter *)(const void *)(base + offset));
}

static void print_row(const struct table *table, const char *indent, const char *label, size_t offset) {
    fprintf(table->out, "%s%-*s", indent, LABEL_CHARS - (int)strlen(indent), label);
    for (size_t i = 0; i < table->column_count; i++)
        fprintf(table->out, "%*" PRIu64, table->columns[i].width, read_counter(&table->columns[i], offset));
    putc('\n', table->out);
}

static void print_row_unless_zero(const struct table *table, const char *label, size_t offset) {
    for (size_t i = 0; i < table->column_count; i++)
        if (read_counter(&table->columns[i], offset) > 0) {
            print_row(table, "  ", label, offset);
            return;
        }
}

static size_t class_offset(size_t position) {
    return offsetof(struct output_counters, withheld_by_class) + position * sizeof(counter);
}

static size_t reason_offset(size_t reason) {
    return offsetof(struct output_counters, withheld_by_reason) + reason * sizeof(counter);
}

void totals_print(FILE *out, const struct counters *counters, const struct stage_config *stage,
                  const struct rule_set *rules) {
    struct table table = {.out = out};
    set_columns(&table, counters, stage);
    print_head(&table);
    print_row(&table, "", "received", offsetof(struct output_counters, received));
    print_row(&table, "", "passed", offsetof(struct output_counters, passed));
    print_row(&table, "", "withheld", offsetof(struct output_counters, withheld));
    for (size_t i = 0; i < rules->class_count; i++)
        print_row_unless_zero(&table, rules->class_names[i], class_offset(i));
    for (size_t i = REASON_NONE + 1; i < REASON_COUNT; i++)
        print_row_unless_zero(&table, reason_name((enum reason)i), reason_offset(i));
}

static void write_count(struct json_writer *json, const char *key, const counter *count) {
    json_writer_key(json, key);
    json_writer_natural(json, counter_read(count));
}

static void write_output(struct json_writer *json, const struct output_config *output,
                         const struct output_counters *counters, const struct rule_set *rules) {
    json_writer_object(json);
    json_writer_key(json, "output");
    json_writer_text(json, output->name);
    json_writer_key(json, "purpose");
    json_writer_text(json, output->purpose);
    write_count(json, "received", &counters->received);
    write_count(json, "passed", &counters->passed);
    write_count(json, "withheld", &counters->withheld);
    json_writer_key(json, "by_class");
    json_writer_object(json);
    for (size_t i = 0; i < rules->class_count; i++)
        write_count(json, rules->class_names[i], &counters->withheld_by_class[i]);
    json_writer_end(json);
    json_writer_key(json, "by_reason");
    json_writer_object(json);
    for (size_t i = REASON_NONE + 1; i < REASON_COUNT; i++)
        write_count(json, reason_name((enum reason)i), &counters->withheld_by_reason[i]);
    json_writer_end(json);
    json_writer_end(json);
}

void totals_write(struct json_writer *json, const struct counters *counters, const struct stage_config *stage,
                  const struct rule_set *rules) {
    json_writer_object(json);
    json_writer_key(json, "outputs");
    json_writer_array(json);
    for (size_t i = 0; i < stage->output_count; i++)
        write_output(json, &stage->outputs[i], &counters->outputs[i], rules);
    json_writer_end(json);
    json_writer_end(json);
}
