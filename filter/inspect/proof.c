#include "inspect/proof.h"

#include <stdlib.h>
#include <string.h>

#include "inspect/confirm.h"
#include "inspect/encoded.h"
#include "inspect/fields.h"
#include "inspect/proof_step.h"
#include "inspect/utf8.h"

enum { DECODED_PER_BYTE = 6 /* of text that an encoded value can have, see fields_init() */ };

/* 10 to that power, at most 10^19. */
static uint64_t power_of_ten(size_t exponent) {
    uint64_t power = 1;
    for (size_t i = 0; i < exponent && i < 19; i++) power *= 10;
    return power;
}

/* Numbers below these bounds are too short, written as text, for any pattern. */
static void set_number_bounds(struct proof *own) {
    enum { SIGN = 1, DECIMALS = 7 };
    const size_t digits = own->rules->sieve.digits_length_min, number = own->rules->sieve.number_length_min;
    own->natural_min = digits > 1 ? power_of_ten(digits - 1) : 0; /* 0 has a digit, too */
    own->integer_min = number > SIGN ? power_of_ten(number - SIGN - 1) : 0;
    own->real_min = number > SIGN + DECIMALS + 1 ? (double)power_of_ten(number - SIGN - DECIMALS - 1) - 1 : 0;
}

struct proof *proof_create(const struct rule_set *rules, const struct limits *limits, struct match *match) {
    struct proof *own = calloc(1, sizeof *own);
    if (own == NULL) return NULL;
    own->rules = rules;
    own->limits = *limits;
    own->match = match;
    set_number_bounds(own);
    own->routes = routes_create(rules);
    own->memo = memo_create();
    own->suspect_capacity = 2 * limits->message_bytes + limits->unwrap_bytes;
    const bool is_marked = marks_init(&own->marks, &rules->sieve.classes, own->suspect_capacity) == 0;
    bool is_complete = own->routes != NULL && own->memo != NULL && is_marked && short_memo_init(&own->short_memo) == 0;
    for (size_t group = 0; group < SIEVE_GROUPS; group++) {
        own->suspects[group] = malloc(own->suspect_capacity);
        is_complete = is_complete && own->suspects[group] != NULL;
    }
    if (!is_complete) proof_destroy(&own);
    return own;
}

void proof_destroy(struct proof **proof) {
    if (*proof == NULL) return;
    routes_destroy(&(*proof)->routes);
    memo_destroy(&(*proof)->memo);
    marks_reset(&(*proof)->marks);
    for (size_t group = 0; group < SIEVE_GROUPS; group++) free((*proof)->suspects[group]);
    free(*proof);
    *proof = NULL;
}

void proof_forgo_memos(struct proof *proof) {
    proof->has_no_memos = true;
}

/* Keeps a text for the groups that must scan it. */
static bool suspect(struct proof *own, unsigned groups, const uint8_t *bytes, size_t length) {
    for (; groups != 0; groups &= groups - 1) {
        const unsigned group = (unsigned)__builtin_ctz(groups);
        if (own->suspect_capacity - own->suspect_bytes[group] <= length) return false;
        memcpy(own->suspects[group] + own->suspect_bytes[group], bytes, length);
        own->suspect_bytes[group] += length;
        own->suspects[group][own->suspect_bytes[group]++] = '\n';
    }
    return true;
}

/* Does no validator take a value for what a field rule looks for where it stands? */
static bool is_acquitted(const struct proof *own, const struct route *route, enum field_type type, const uint8_t *text,
                         size_t length) {
    if ((route->judged & FIELD_BIT(type)) == 0) return true;
    for (size_t i = 0; i < route->judge_count; i++) {
        const struct rule *const rule = &own->rules->rules[route->judges[i]];
        if ((rule->types & FIELD_BIT(type)) != 0 && confirm_may_hold(rule, text, length)) return false;
    }
    return true;
}

/* The group of patterns that looks at a value for where it stands. */
static unsigned scoped_group(const struct proof *own, const struct route *route, enum field_type type, size_t length) {
    const bool is_scoped = (route->scoped & FIELD_BIT(type)) != 0 && length >= own->rules->sieve.scoped_length_min;
    return is_scoped ? SIEVE_BIT(SIEVE_SCOPED) : 0;
}

/* May that much more be unwrapped from a value below `layers` layers? */
static bool spend(struct proof *own, size_t layers, size_t bytes) {
    own->decoded_bytes += bytes;
    return layers < own->limits.unwrap_depth && own->decoded_bytes <= own->limits.unwrap_bytes;
}

/* May the long way take down that many fields more? */
static bool make_fields(struct proof *own, size_t count) {
    own->field_count += count;
    return own->field_count <= fields_capacity(&own->limits);
}

/* What decoded bytes belong to. */
struct decoding {
    struct proof *own;
    const struct proof_text *text;
};

static uint8_t *make_room(void *context, size_t capacity) {
    const struct decoding *const decoding = context;
    return marks_room(&decoding->own->marks, capacity);
}

static enum reason take_decoded(void *context, size_t length, enum field_type type, enum layer layer) {
    (void)layer;
    const struct decoding *const decoding = context;
    struct proof *const own = decoding->own;
    const struct proof_text text = {
        .bytes = marks_room(&own->marks, length),
        .length = length,
        .route = decoding->text->route,
        .type = type,
        .layers = decoding->text->layers + 1,
    };
    marks_look_up(&own->marks, length);
    marks_keep(&own->marks, length);
    own->steps += text.route->value_steps;
    return make_fields(own, 1) && spend(own, decoding->text->layers, length) && proof_take_text(own, &text)
               ? REASON_NONE
               : REASON_BUDGET;
}

/* Is the text no value of that format, beyond doubt? */
static bool is_no_value(const struct proof *own, const struct proof_text *text, enum format format) {
    struct decoder decoder;
    struct token token;
    decoder_init(&decoder, format, text->bytes, text->length, own->limits.depth);
    while (decoder_next(&decoder, &token)) {
    }
    return decoder.error == REASON_MALFORMED || decoder.error == REASON_TRAILING_BYTES;
}

static bool walk(struct proof *own, const struct proof_text *text, enum format format) {
    return (format == FORMAT_JSON ? proof_walk_json : proof_walk_msgpack)(own, text);
}

/* A text that may be a whole value by itself. `*is_value` when it is one, and shown to be clean. */
static bool take_value(struct proof *own, const struct proof_text *text, enum format format, bool *is_value) {
    struct proof_text value = *text;
    value.layers++;
    if (!make_fields(own, text->length)) return false; /* a byte each; those of no value were taken down, too */
    *is_value = text->layers < own->limits.unwrap_depth && walk(own, &value, format);
    if (*is_value) return spend(own, text->layers, DECODED_PER_BYTE * text->length);
    return is_no_value(own, text, format);
}

static bool may_be_json(const uint8_t *text, size_t length) {
    if (text[0] > ' ' && text[0] != '{' && text[0] != '[' && text[0] != '"') return false;
    size_t at = 0;
    while (at < length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    return length - at >= 2 && (text[at] == '{' || text[at] == '[' || text[at] == '"');
}

static bool may_be_msgpack(uint8_t head, size_t length) {
    return length >= 2 && ((head >= 0x80 && head < 0xa0) || (head >= 0xdc && head <= 0xdf));
}

/* Where reading ends, at the latest. */
static const uint8_t *readable_end(const struct proof *own) {
    return own->marks.bytes + own->marks.capacity + MARKS_BEHIND;
}

/* Could there be something in the runs of base64 that were seen in a text? */
static bool may_hold_base64(const struct proof *own, const struct proof_text *text) {
    if (text->length > MARKS_WINDOW) return true;
    const uint64_t joints = marks_window(&own->marks, MARK_JOINT, text->bytes) & marks_first(text->length);
    const uint64_t words = marks_window(&own->marks, MARK_WORD, text->bytes) & marks_first(text->length);
    return encoded_base64_may_hold(text->bytes, words | joints, words & ~joints, readable_end(own));
}

static bool take_encoded(struct proof *own, const struct proof_text *text, unsigned sight) {
    struct decoding decoding = {own, text};
    const struct encoded_sink sink = {&decoding, make_room, take_decoded};
    if ((sight & SIEVE_SEES_PERCENT) != 0 && encoded_percent(text->bytes, text->length, &sink) != REASON_NONE)
        return false;
    return (sight & SIEVE_SEES_BASE64) == 0 ||
           encoded_base64(text->bytes, text->length, readable_end(own), &own->marks, &sink) == REASON_NONE;
}

/* Notes a text in which nothing is and nothing matches. */
static void keep(struct proof *own, const struct proof_pending *text) {
    if (own->has_no_memos) return;
    if (text->length > SHORT_MEMO_TEXT_MAX) {
        memo_note(own->memo, text->hash, text->text, text->length);
    } else {
        const struct short_text key = short_memo_text(text->text, text->length);
        short_memo_note(&own->short_memo, &key);
    }
}

/* What is left to be known of a text that was looked at. */
enum outcome {
    OUTCOME_ENDS,    /* the proof */
    OUTCOME_CLEAN,   /* nothing, wherever the text stands */
    OUTCOME_SUSPECT, /* what patterns say that are asked wherever it stands, and nothing else */
    OUTCOME_OTHER    /* what it holds, or what the place asks for */
};

/* Looks at a text more closely, after the sieve, and at what is encoded in it. */
static enum outcome look_at_text(struct proof *own, const struct proof_text *text, unsigned sight) {
    if ((sight & SIEVE_SEES_BASE64) != 0 && !may_hold_base64(own, text)) sight &= ~(unsigned)SIEVE_SEES_BASE64;
    const size_t used_before = own->marks.used;
    const unsigned scoped = scoped_group(own, text->route, text->type, text->length);
    const unsigned groups = (sight & SIEVE_ALL) | scoped;
    if (groups != 0 && !suspect(own, groups, text->bytes, text->length)) return OUTCOME_ENDS;
    bool is_value = false;
    const bool is_json = may_be_json(text->bytes, text->length);
    if (is_json && !take_value(own, text, FORMAT_JSON, &is_value)) return OUTCOME_ENDS;
    if (is_value) return OUTCOME_OTHER; /* its parts are all that it holds */
    const bool is_msgpack = may_be_msgpack(text->bytes[0], text->length);
    if (is_msgpack && !take_value(own, text, FORMAT_MSGPACK, &is_value)) return OUTCOME_ENDS;
    if ((sight & SIEVE_SEES_ENCODED) != 0 && !take_encoded(own, text, sight)) return OUTCOME_ENDS;
    if (scoped != 0 || is_json || is_msgpack || own->marks.used != used_before) return OUTCOME_OTHER;
    return groups == 0 ? OUTCOME_CLEAN : OUTCOME_SUSPECT;
}

static unsigned sight_of(const struct proof *own, const struct proof_text *text) {
    return sieve_look(&own->rules->sieve, &own->marks, text->bytes, text->length);
}

/* Does a text begin as most do, and no JSON, msgpack or line that patterns ask for? */
static inline bool begins_with_letter(const struct proof *own, const uint8_t *text) {
    return (marks_window(&own->marks, MARK_WORD, text) & 1) != 0;
}

/* Remembers a text that need not be looked at again, at once or when the patterns that it is left to find nothing. */
static void remember(struct proof *own, const struct proof_text *text, uint64_t hash, enum outcome outcome) {
    const struct proof_pending pending = {hash, text->bytes, text->length};
    if (outcome == OUTCOME_CLEAN) {
        keep(own, &pending);
    } else if (outcome == OUTCOME_SUSPECT && own->pending_count < PROOF_PENDING_MAX) {
        own->pending[own->pending_count++] = pending;
    }
}

/* A text of a length that the memo keeps. */
static bool take_known(struct proof *own, const struct proof_text *text) {
    const uint64_t hash = memo_hash(own->memo, text->bytes, text->length);
    if (memo_has(own->memo, hash, text->bytes, text->length)) return true;
    const enum outcome outcome = look_at_text(own, text, sight_of(own, text));
    remember(own, text, hash, outcome);
    return outcome != OUTCOME_ENDS;
}

/* The same for a short one, which nearly always is clean at first sight when it is not known. */
static bool take_short(struct proof *own, const struct proof_text *text) {
    const struct short_text key = short_memo_text(text->bytes, text->length);
    if (short_memo_has(&own->short_memo, &key)) return true;
    const unsigned sight = sight_of(own, text);
    const bool is_clean = sight == 0 && begins_with_letter(own, text->bytes);
    const enum outcome outcome = is_clean ? OUTCOME_CLEAN : look_at_text(own, text, sight);
    remember(own, text, 0, outcome);
    return outcome != OUTCOME_ENDS;
}

/* May a validator take a text for what a field rule looks for, or must patterns see it, for where it stands? */
static bool is_placed(const struct proof *own, const struct proof_text *text, bool *is_accused) {
    if (!proof_is_marked(text->route, text->type)) return false;
    *is_accused = !is_acquitted(own, text->route, text->type, text->bytes, text->length);
    return *is_accused || (text->route->scoped & FIELD_BIT(text->type)) != 0;
}

/* A text that is long, unknown, or stands where that matters. */
__attribute__((noinline)) static bool take_unknown(struct proof *own, const struct proof_text *text) {
    bool is_accused = false;
    if (proof_is_ruled(text->route, text->type)) return false;
    if (text->length == 0) return true;
    if (is_placed(own, text, &is_accused))
        return !is_accused && look_at_text(own, text, sight_of(own, text)) != OUTCOME_ENDS;
    if (text->length <= SHORT_MEMO_TEXT_MAX) return take_short(own, text);
    if (text->length <= MEMO_TEXT_MAX) return take_known(own, text);
    return look_at_text(own, text, sight_of(own, text)) != OUTCOME_ENDS;
}

/* Most texts are short, known, and stand where it does not matter: what they need is all that is done here. */
bool proof_take_text(struct proof *own, const struct proof_text *text) {
    if (!proof_is_attended(text->route, text->type) && text->length <= SHORT_MEMO_TEXT_MAX) {
        if (text->length == 0) return true;
        const struct short_text key = short_memo_text(text->bytes, text->length);
        if (short_memo_has(&own->short_memo, &key)) return true;
    }
    return take_unknown(own, text);
}

bool proof_take_number(struct proof *own, const uint8_t *digits, size_t length, struct route *route,
                       enum field_type type) {
    const unsigned groups = (sieve_look(&own->rules->sieve, &own->marks, digits, length) & SIEVE_ALL) |
                            scoped_group(own, route, type, length);
    if (!is_acquitted(own, route, type, digits, length)) return false;
    return groups == 0 || suspect(own, groups, digits, length);
}

/* Does a key stand in JSON as it is? The one that is remembered there is found unread. */
static bool is_plain_in_json(const uint8_t *key, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (key[i] < ' ' || key[i] == '"' || key[i] == '\\') return false;
    return utf8_is_text(key, length);
}

/* Is a key such that it need not be looked at again? */
static bool is_key_clean(struct proof *own, const uint8_t *key, size_t length) {
    if (!is_plain_in_json(key, length)) return false;
    struct route nowhere = {0};
    const struct proof_text text = {key, length, &nowhere, FIELD_KEY, own->limits.unwrap_depth};
    const unsigned sight = sieve_look(&own->rules->sieve, &own->marks, key, length);
    for (unsigned groups = sight & SIEVE_ALL; groups != 0; groups &= groups - 1)
        if (!match_finds_nothing(own->match, own->rules, (enum sieve_group)__builtin_ctz(groups), key, length))
            return false;
    const size_t before = own->marks.used;
    if (may_be_json(key, length) || may_be_msgpack(key[0], length)) return false;
    return (sight & SIEVE_SEES_ENCODED) == 0 || (take_encoded(own, &text, sight) && own->marks.used == before);
}

struct route *proof_take_key(struct proof *own, struct route *container, const uint8_t *key, size_t length,
                             size_t layers) {
    struct route *route = routes_find(own->routes, container, key, length);
    if (route != NULL) return route;
    const uint16_t word = words_find(&own->rules->words, key, length);
    route = routes_of_word(own->routes, container, word);
    if (route == NULL) return NULL;
    const bool is_marked = proof_is_ruled(route, FIELD_KEY) || proof_is_marked(route, FIELD_KEY);
    if (word != WORD_UNKNOWN && !is_marked && length <= ROUTE_KEY_MAX && is_key_clean(own, key, length))
        return routes_remember(own->routes, container, key, length, word);
    const struct proof_text text = {key, length, route, FIELD_KEY, layers};
    return proof_take_text(own, &text) ? route : NULL;
}

static bool take_frame(struct proof *own, const struct frame *frame, struct route *root) {
    if (frame->length == 0) return true;
    own->steps += root->value_steps;
    const struct proof_text text = {
        .bytes = marks_take(&own->marks, frame->bytes, frame->length),
        .length = frame->length,
        .route = root,
        .type = utf8_is_text(frame->bytes, frame->length) ? FIELD_STR : FIELD_BIN,
    };
    return text.bytes != NULL && proof_take_text(own, &text);
}

static bool take_payload(struct proof *own, const struct frame *frame, enum format format, struct route *root) {
    if (frame->length == 0) return false;
    if (format == FORMAT_AUTO) format = decoder_detect(frame->bytes, frame->length);
    const struct proof_text payload = {
        .bytes = marks_take(&own->marks, frame->bytes, frame->length),
        .length = frame->length,
        .route = root,
    };
    return payload.bytes != NULL && walk(own, &payload, format);
}

/* No pattern matches in what is pending. */
static void keep_pending(struct proof *own) {
    for (size_t i = 0; i < own->pending_count; i++) keep(own, &own->pending[i]);
}

/* The patterns have the last word on what the sieve did not clear. */
static bool scan_suspects(struct proof *own) {
    for (unsigned group = 0; group < SIEVE_GROUPS; group++)
        if (own->suspect_bytes[group] > 0 && !match_finds_nothing(own->match, own->rules, (enum sieve_group)group,
                                                                  own->suspects[group], own->suspect_bytes[group]))
            return false;
    return true;
}

bool proof_holds(struct proof *proof, const struct frame *frames, size_t frame_count, enum format format) {
    struct route *const root = routes_begin(proof->routes);
    proof->decoded_bytes = proof->steps = 0;
    proof->pending_count = 0;
    marks_clear(&proof->marks);
    proof->field_count = frame_count + frames[frame_count - 1].length;
    memset(proof->suspect_bytes, 0, sizeof proof->suspect_bytes);
    bool is_holding = take_payload(proof, &frames[frame_count - 1], format, root);
    for (size_t i = 0; i + 1 < frame_count && is_holding; i++) is_holding = take_frame(proof, &frames[i], root);
    if (!is_holding || proof->steps > CONFIRM_STEPS_MAX || !scan_suspects(proof)) return false;
    keep_pending(proof);
    return true;
}
