#include "bench/gathered.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/fields.h"

/* The fields of one message; false when it is unreadable. */
static bool gather(struct fields *fields, const struct workload *workload, size_t message,
                   const struct rule_set *rules) {
    const struct frame *frame = &workload->messages[message];
    struct decoder decoder;
    fields_clear(fields);
    decoder_init(&decoder, workload->format, frame->bytes, frame->length, LIMITS_DEFAULT.depth);
    return fields_gather(fields, &rules->words, &decoder, FIELD_NONE, LAYER_PLAIN) == REASON_NONE;
}

static size_t count_values(const struct fields *fields) {
    size_t count = 0;
    for (size_t i = 0; i < fields->count; i++)
        count += !field_is_container(&fields->items[i]) && fields->items[i].length > 0;
    return count;
}

static void append(struct gathered *own, size_t *used, const struct fields *fields) {
    uint8_t *text = own->bytes + *used;
    memcpy(text, fields->text, fields->text_length);
    *used += fields->text_length;
    own->texts[own->text_count++] = (struct frame){text, fields->text_length};
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (field_is_container(field) || field->length == 0) continue;
        own->values[own->value_count++] = (struct frame){text + field->text, field->length};
    }
}

/* Twice over the messages: to know how much there is, and to keep it. */
static int gather_all(struct gathered *own, struct fields *fields, const struct workload *workload,
                      const struct rule_set *rules) {
    size_t text_length = 0, value_count = 0, used = 0;
    for (size_t i = 0; i < workload->count; i++) {
        if (!gather(fields, workload, i, rules)) return -1;
        text_length += fields->text_length;
        value_count += count_values(fields);
    }
    own->bytes = malloc(text_length + 1);
    own->texts = calloc(workload->count + 1, sizeof *own->texts);
    own->values = calloc(value_count + 1, sizeof *own->values);
    if (own->bytes == NULL || own->texts == NULL || own->values == NULL) return -1;
    for (size_t i = 0; i < workload->count; i++) {
        gather(fields, workload, i, rules);
        append(own, &used, fields);
    }
    return 0;
}

int gathered_make(struct gathered *gathered, const struct workload *workload, const struct rule_set *rules) {
    struct fields fields;
    *gathered = (struct gathered){0};
    if (fields_init(&fields, &LIMITS_DEFAULT) != 0) return -1;
    const int result = gather_all(gathered, &fields, workload, rules);
    fields_reset(&fields);
    return result;
}

void gathered_reset(struct gathered *gathered) {
    free(gathered->bytes);
    free(gathered->texts);
    free(gathered->values);
    *gathered = (struct gathered){0};
}
