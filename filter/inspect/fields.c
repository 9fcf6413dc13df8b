#include "inspect/fields.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/number.h"

static const char *const layer_names[LAYER_COUNT] = {
    [LAYER_PLAIN] = "plain",     [LAYER_DECIMAL] = "decimal", [LAYER_JSON] = "json",
    [LAYER_MSGPACK] = "msgpack", [LAYER_BASE64] = "base64",   [LAYER_PERCENT] = "percent",
};

/* A token's type as the type of a field; keys apart. */
static const uint8_t field_types[] = {
    [TOKEN_NULL] = FIELD_NULL,   [TOKEN_BOOL] = FIELD_BOOL,   [TOKEN_INT] = FIELD_INT,
    [TOKEN_FLOAT] = FIELD_FLOAT, [TOKEN_STR] = FIELD_STR,     [TOKEN_BIN] = FIELD_BIN,
    [TOKEN_EXT] = FIELD_EXT,     [TOKEN_ARRAY] = FIELD_ARRAY, [TOKEN_MAP] = FIELD_MAP,
};

/* Where the next field of an open container stands. */
struct open_container {
    uint32_t field;
    uint32_t key;  /* of a map: the key read last; of an array: the next position */
    uint16_t word; /* of a map: the key's; of an array: its own */
    bool is_map;
};

struct gathering {
    struct fields *fields;
    const struct words *words;
    uint32_t parent;
    enum layer layer;
    uint8_t layer_depth;
    size_t open_count;
    struct open_container open[LIMIT_DEPTH_MAX];
};

const char *layer_name(enum layer layer) {
    return layer_names[layer];
}

size_t fields_capacity(const struct limits *limits) {
    return limits->message_bytes + 65536;
}

int fields_init(struct fields *fields, const struct limits *limits) {
    /* One byte of msgpack can become four of text ("127" and its line feed), five of a float up to 27. */
    const size_t text_capacity = 6 * limits->message_bytes + limits->unwrap_bytes + 4096;
    const size_t capacity = fields_capacity(limits);
    *fields = (struct fields){.capacity = capacity, .text_capacity = text_capacity};
    if (text_capacity > UINT32_MAX || capacity > UINT32_MAX) return -1;
    fields->items = malloc(capacity * sizeof *fields->items);
    fields->text = malloc(text_capacity);
    if (fields->items != NULL && fields->text != NULL) return 0;
    fields_reset(fields);
    return -1;
}

void fields_reset(struct fields *fields) {
    free(fields->items);
    free(fields->text);
    *fields = (struct fields){0};
}

void fields_clear(struct fields *fields) {
    fields->count = 0;
    fields->text_length = 0;
}

/* Room for one more field with that much text, its line feed included. */
static bool has_room(const struct fields *fields, size_t length) {
    return fields->count < fields->capacity && fields->text_capacity - fields->text_length > length;
}

/* Appends a field whose text was written to the end of the buffer. An empty text takes no place there. */
static struct field *append_field(struct fields *fields, enum field_type type, size_t length) {
    struct field *field = &fields->items[fields->count++];
    field->text = (uint32_t)fields->text_length;
    field->length = (uint32_t)length;
    field->type = (uint8_t)type;
    if (length > 0) {
        fields->text_length += length;
        fields->text[fields->text_length++] = '\n';
    }
    return field;
}

/* Writes a token's text to the end of the buffer, which has room; returns its length. */
static size_t write_text(struct fields *fields, const struct token *token) {
    uint8_t *out = fields->text + fields->text_length;
    switch (token->type) {
    case TOKEN_STR:
        if (token->has_escapes) return decoder_unescape(token, out);
        break;
    case TOKEN_INT:
        if (token->is_negative) return number_write_integer(token->integer, out);
        return number_write_natural(token->natural, out);
    case TOKEN_FLOAT:
        if (token->bytes == NULL) return number_write_real(token->real, out);
        break;
    default:
        break;
    }
    if (token->length > 0) memcpy(out, token->bytes, token->length);
    return token->length;
}

static void place_field(struct gathering *own, struct field *field, const struct token *token) {
    const uint32_t index = (uint32_t)(own->fields->count - 1);
    field->depth = own->layer_depth;
    if (own->open_count == 0) {
        field->parent = own->parent;
        field->layer = (uint8_t)own->layer;
        field->key = FIELD_NONE;
        field->word = own->parent == FIELD_NONE ? WORD_UNKNOWN : own->fields->items[own->parent].word;
        return;
    }
    struct open_container *open = &own->open[own->open_count - 1];
    if (token->is_key) {
        const bool is_name = token->type == TOKEN_STR || token->type == TOKEN_BIN;
        open->word = is_name ? words_find(own->words, own->fields->text + field->text, field->length) : WORD_UNKNOWN;
        open->key = index;
    }
    field->parent = open->field;
    field->layer = LAYER_PLAIN;
    field->key = open->key;
    field->word = open->word;
    if (!open->is_map) open->key++;
}

/* The number written last, once more in plain digits. */
static enum reason append_decimal(struct gathering *own) {
    struct fields *fields = own->fields;
    const uint32_t literal = (uint32_t)(fields->count - 1);
    if (!has_room(fields, NUMBER_CHARS)) return REASON_BUDGET;
    /* The literal ends with its line feed, where strtod() stops. */
    const double value = strtod((const char *)fields_text(fields, literal), NULL);
    const size_t length = number_write_real(value, fields->text + fields->text_length);
    struct field *field = append_field(fields, FIELD_FLOAT, length);
    field->parent = literal;
    field->layer = LAYER_DECIMAL;
    field->key = FIELD_NONE;
    field->word = fields->items[literal].word;
    field->depth = fields->items[literal].depth;
    return REASON_NONE;
}

/* Is it a literal of JSON such as 4.1e3 or 41.0, whose plain digits look different? */
static bool has_plain_digits(const struct token *token) {
    if (token->type != TOKEN_FLOAT || token->bytes == NULL) return false;
    if (memchr(token->bytes, 'e', token->length) || memchr(token->bytes, 'E', token->length)) return true;
    return token->bytes[token->length - 1] == '0' && memchr(token->bytes, '.', token->length);
}

static enum reason append_token(struct gathering *own, const struct token *token) {
    struct fields *fields = own->fields;
    if (!has_room(fields, token->length + NUMBER_CHARS)) return REASON_BUDGET;
    const bool is_container = token->type == TOKEN_ARRAY || token->type == TOKEN_MAP;
    const bool is_key = token->is_key && !is_container;
    const size_t length = is_container ? 0 : write_text(fields, token);
    struct field *field = append_field(fields, is_key ? FIELD_KEY : field_types[token->type], length);
    place_field(own, field, token);
    if (is_container) {
        own->open[own->open_count++] = (struct open_container){
            .field = (uint32_t)(fields->count - 1),
            .key = token->type == TOKEN_MAP ? FIELD_NONE : 0,
            .word = field->word,
            .is_map = token->type == TOKEN_MAP,
        };
    }
    return has_plain_digits(token) ? append_decimal(own) : REASON_NONE;
}

enum reason fields_gather(struct fields *fields, const struct words *words, struct decoder *decoder, uint32_t parent,
                          enum layer layer) {
    const size_t count_before = fields->count, text_before = fields->text_length;
    struct gathering own;
    own.fields = fields;
    own.words = words;
    own.parent = parent;
    own.layer = layer;
    own.layer_depth = parent == FIELD_NONE ? 0 : (uint8_t)(fields->items[parent].depth + 1);
    own.open_count = 0;
    enum reason reason = REASON_NONE;
    struct token token;
    while (reason == REASON_NONE && decoder_next(decoder, &token)) {
        if (token.type == TOKEN_END)
            own.open_count--;
        else
            reason = append_token(&own, &token);
    }
    if (reason == REASON_NONE) reason = decoder->error;
    if (reason != REASON_NONE) {
        fields->count = count_before;
        fields->text_length = text_before;
    }
    return reason;
}

uint8_t *fields_begin_text(struct fields *fields, size_t capacity) {
    return has_room(fields, capacity) ? fields->text + fields->text_length : NULL;
}

void fields_end_text(struct fields *fields, size_t length, enum field_type type, uint32_t parent, enum layer layer) {
    struct field *field = append_field(fields, type, length);
    field->parent = parent;
    field->layer = (uint8_t)layer;
    field->key = FIELD_NONE;
    field->word = parent == FIELD_NONE ? WORD_UNKNOWN : fields->items[parent].word;
    field->depth = parent == FIELD_NONE ? 0 : (uint8_t)(fields->items[parent].depth + 1);
}
