#include "inspect/confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gathered.h"
#include "rule_text.h"

struct set_up {
    struct rule_set *rules;
    struct match *match;
    struct confirm *confirm;
    struct fields fields;
    char found[1024]; /* "rule=text" of each finding, in order */
};

static void note(void *context, uint32_t rule, uint32_t field) {
    struct set_up *own = context;
    const size_t length = strlen(own->found);
    snprintf(own->found + length, sizeof own->found - length, "%s%s=%.*s", length > 0 ? "|" : "",
             own->rules->rules[rule].id, (int)own->fields.items[field].length,
             (const char *)fields_text(&own->fields, field));
}

static void begin(struct set_up *own, const char *rules) {
    const struct limits limits = {.message_bytes = 1 << 20, .depth = 64};
    *own = (struct set_up){.rules = rules_of(rules)};
    own->match = match_create(own->rules);
    own->confirm = confirm_create();
    assert_true(own->match != NULL && own->confirm != NULL);
    assert_int_equal(fields_init(&own->fields, &limits), 0);
}

static void end(struct set_up *own) {
    match_destroy(&own->match);
    confirm_destroy(&own->confirm);
    confirm_destroy(&own->confirm);
    rule_set_destroy(&own->rules);
    fields_reset(&own->fields);
}

/* Scans and confirms what was gathered. */
static enum reason confirm_all(struct set_up *own) {
    size_t count;
    own->found[0] = '\0';
    confirm_begin(own->confirm);
    assert_int_equal(match_scan(own->match, own->rules, &own->fields, 0), REASON_NONE);
    const struct candidate *candidates = match_candidates(own->match, &count);
    const enum reason reason = confirm_candidates(own->confirm, own->rules, &own->fields, candidates, count, note, own);
    if (reason != REASON_NONE) return reason;
    return confirm_places(own->confirm, own->rules, &own->fields, 0, (uint32_t)own->fields.count, note, own);
}

struct finding_case {
    const char *json, *found;
};

/* What the rules find in each of these messages. */
static void assert_found(const char *rules, const struct finding_case *cases, size_t count) {
    struct set_up own;
    begin(&own, rules);
    for (size_t i = 0; i < count; i++) {
        fields_clear(&own.fields);
        gather_json(&own.fields, &own.rules->words, cases[i].json);
        assert_int_equal(confirm_all(&own), REASON_NONE);
        if (strcmp(own.found, cases[i].found) != 0)
            fail_msg("%s: found %s, not %s", cases[i].json, own.found, cases[i].found);
    }
    end(&own);
}

#define ASSERT_FOUND(rules, cases) assert_found(rules, cases, sizeof(cases) / sizeof *(cases))

static void test_a_candidate_is_decided_within_its_value(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"a lunch\"]", "a.word=a lunch"},
        {"[\"from\",\"to\"]", ""},
        {"[\"from, to\"]", "a.pair=from, to"},
        {"[\"one\",\"two\"]", ""},
        {"[\"one\\ntwo\"]", "a.lines=one\ntwo"},
        {"[\"x\",\"whole\",\"y\"]", "a.whole=whole"},
        {"[\"whole \"]", ""},
        {"[\"a\\nwhole\\nb\"]", ""},
        {"[\"a\\nline\\nb\"]", "a.line=a\nline\nb"},
        {"[\"last\",\"\"]", "a.last=last"},
        {"[\"last\\n\"]", "a.last=last\n"},
        {"[\"last\\nb\"]", ""},
    };
    ASSERT_FOUND(RULES(RULE("a.word", "chat", "pattern: lunch") RULE("a.pair", "chat", "pattern: '(?s)from.*to'") RULE(
                     "a.lines", "chat", "pattern: 'one\\stwo'") RULE("a.whole", "chat", "pattern: '^whole$'")
                           RULE("a.line", "chat", "pattern: '(?m)^line$'") RULE("a.last", "chat", "pattern: 'last$'")),
                 cases);
}

static void test_min_count_counts_the_matches_of_one_value(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"to: a\"]", ""},
        {"[\"to: a\\ncc: b\"]", "a.headers=to: a\ncc: b"},
        {"[\"to: a\",\"cc: b\"]", ""},
        {"[\"to: a\",\"to: b to: c\",\"cc: d\"]", "a.headers=to: b to: c"},
        {"[\"x1 \",\"x1 x2\",\"x1 x2 x3\"]", "a.three=x1 x2 x3"},
    };
    ASSERT_FOUND(RULES(RULE("a.headers", "chat", "pattern: '(?:to|cc): [a-z]', min_count: 2")
                           RULE("a.three", "chat", "pattern: 'x[0-9]', min_count: 3")),
                 cases);
}

static void test_min_count_counts_over_all_patterns_of_a_rule(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"to: a\"]", ""},
        {"[\"to: a cc: b\"]", "a.headers=to: a cc: b"},
        {"[\"cc: b to: a\"]", "a.headers=cc: b to: a"},
        {"[\"cc: a cc: b\"]", "a.headers=cc: a cc: b"},
        {"[\"re: a\"]", ""},
    };
    struct set_up own;
    begin(&own, RULES(RULE("a.headers", "chat", "patterns: ['to: [a-z]', 'cc: [a-z]', 're: [a-z]'], min_count: 2")));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fields_clear(&own.fields);
        gather_json(&own.fields, &own.rules->words, cases[i].json);
        assert_int_equal(confirm_all(&own), REASON_NONE);
        /* one finding per candidate: a value with two patterns in it is named twice */
        assert_int_equal(strncmp(own.found, cases[i].found, strlen(cases[i].found)), 0);
        assert_int_equal(own.found[0] == '\0', cases[i].found[0] == '\0');
    }
    end(&own);
}

/* What a validator refuses must not hide what begins inside it. */
static void test_a_refused_match_hides_nothing_inside_it(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"4111111111111111\"]", "a.card=4111111111111111"},
        {"[\"4111111111111112\"]", ""},
        {"[\"4111111111111112 4111111111111111\"]", "a.card=4111111111111112 4111111111111111"},
        {"[\"12 4111 1111 1111 1111\"]", "a.card=12 4111 1111 1111 1111"},
        {"[\"1 2 3 4 5 6 7 4111 1111 1111 1111 8 9\"]", "a.card=1 2 3 4 5 6 7 4111 1111 1111 1111 8 9"},
        {"[4111111111111111]", "a.card=4111111111111111"},
        {"[-4111111111111111]", "a.card=-4111111111111111"},
        {"[4.111111111111111e15]", "a.card=4111111111111111"},
        {"{\"4111111111111111\":0}", "a.card=4111111111111111"},
    };
    ASSERT_FOUND(RULES(RULE("a.card", "identifier", "pattern: '[0-9](?:[ -]?[0-9]){12,18}', validator: card-number")),
                 cases);
}

static void test_refused_matches_do_not_count(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"4111111111111111 and 4111111111111112\"]", ""},
        {"[\"4111111111111111 and 5555555555554444\"]", "a.cards=4111111111111111 and 5555555555554444"},
        {"[\"4111111111111111, 4000000000000000, 5555555555554444\"]",
         "a.cards=4111111111111111, 4000000000000000, 5555555555554444"},
    };
    ASSERT_FOUND(RULES(RULE("a.cards", "identifier", "pattern: '[0-9]{13,19}', validator: card-number, min_count: 2")),
                 cases);
}

static void test_allowed_texts_are_let_through(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"mail info@shop.example\"]", ""},
        {"[\"mail Info@shop.example\"]", "a.mail=mail Info@shop.example"},
        {"[\"mail xinfo@shop.example\"]", "a.mail=mail xinfo@shop.example"},
        {"[\"noreply@a.example\"]", ""},
        {"[\"noreply-7@b.example\"]", ""},
        {"[\"a.noreply@b.example\"]", "a.mail=a.noreply@b.example"},
        {"[\"ann@test.invalid\"]", ""},
        {"[\"ann@invalid.test\"]", "a.mail=ann@invalid.test"},
        {"[\"no.reply@shop.example\"]", "a.mail=no.reply@shop.example"},
        {"[\"noreply.eu.west@shop.example\"]", ""}, /* nor is what begins inside it found */
        {"[\"info@shop.example, ann@c.example\"]", "a.mail=info@shop.example, ann@c.example"},
        {"[\"info@shop.example noreply@x.example bob@y.invalid\"]", ""},
    };
    ASSERT_FOUND(RULES(RULE("a.mail", "identifier",
                            "pattern: '\\b[A-Za-z0-9.-]+@[a-z.]+\\b', allow: ["
                            "{exact: info@shop.example, reason: shop}, {prefix: noreply, reason: robots},"
                            "{suffix: '.invalid', reason: tests}]")),
                 cases);
}

static void test_an_allowed_field_is_compared_whole(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"{\"body\":\"n/a\"}", ""},
        {"{\"body\":\"n/a.\"}", "a.body=n/a."},
        {"{\"body\":\"auto: gone\"}", ""},
        {"{\"body\":\"see auto: gone\"}", "a.body=see auto: gone"},
    };
    ASSERT_FOUND(RULES(RULE("a.body", "email",
                            "fields: [body], allow: [{exact: n/a, reason: r}, {prefix: 'auto:', reason: r}]")),
                 cases);
}

static void test_paths_include_and_exclude_places(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"{\"user\":{\"note\":\"lunch\"}}", "a.include=lunch"},
        {"{\"user\":{\"note\":[\"x\",\"lunch\"]}}", "a.include=lunch"},
        {"{\"user\":{\"note\":{\"deep\":\"lunch\"}}}", ""},
        {"{\"note\":\"lunch\"}", ""},
        {"{\"user\":{\"lunch\":1}}", ""},
        {"{\"a\":\"dinner\",\"title\":\"dinner\",\"imp\":[{\"title\":\"dinner\"}]}", "a.exclude=dinner"},
        {"{\"dinner\":1}", "a.exclude=dinner"},
        {"{\"a\":\"tea\",\"page\":{\"tea\":\"tea\"},\"ad\":{\"title\":\"tea\",\"x\":\"tea\"}}", "a.both=tea"},
    };
    ASSERT_FOUND(RULES(RULE("a.include", "chat", "pattern: lunch, paths: {include: [user.note]}")
                           RULE("a.exclude", "chat", "pattern: dinner, paths: {exclude: ['**.title', 'imp[0]']}") RULE(
                               "a.both", "chat", "pattern: tea, paths: {include: ['ad.*'], exclude: ['**.title']}")),
                 cases);
}

static void test_fields_are_found_at_their_places_whatever_they_say(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"{\"mail\":{\"body\":\"hi\"}}", "a.body=hi"},
        {"{\"x\":[{\"E-Mail\":{\"Body\":\"hi\"}}]}", "a.body=hi"},
        {"{\"mail\":{\"body\":\"\"}}", ""},
        {"{\"mail\":{\"body\":\" \\t\"}}", ""},
        {"{\"mail\":{\"body\":null}}", ""},
        {"{\"mail\":{\"body\":7}}", "a.body=7"},
        {"{\"mail\":{\"body\":1.5}}", "a.body=1.5"},
        {"{\"mail\":{\"body\":true}}", ""},
        {"{\"mail\":{\"body\":[\"a\",[\"b\"]]}}", "a.body=a|a.body=b"},
        {"{\"mail\":{\"body\":{\"text\":\"hi\"}}}", "a.under="},
        {"{\"body\":\"hi\"}", ""},
        {"{\"mail\":{\"flag\":true,\"kept\":[],\"x\":{}}}", "a.flag=|a.kept=|a.under="},
        {"{\"photos\":[\"p\",\"q\",\"r\"]}", "a.second=q"},
        {"{\"who\":{\"ann\":1,\"bob\":2}}", "a.names=ann|a.names=bob"},
    };
    ASSERT_FOUND(RULES(RULE("a.body", "email", "fields: ['**.{mail,email}.body']")
                           RULE("a.flag", "email", "fields: [mail.flag], types: [bool]")
                               RULE("a.kept", "email", "fields: [mail.kept], types: [array]")
                                   RULE("a.under", "email", "fields: ['mail.*'], types: [map]")
                                       RULE("a.second", "file", "fields: ['photos[1]']")
                                           RULE("a.names", "personal", "fields: ['who.*'], types: [key]")),
                 cases);
}

static void test_a_field_that_needs_a_validator_must_be_valid(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"{\"pan\":\"4111 1111 1111 1111\"}", "a.pan=4111 1111 1111 1111"},
        {"{\"pan\":4111111111111111}", "a.pan=4111111111111111"},
        {"{\"pan\":\"4111 1111 1111 1112\"}", ""},
        {"{\"pan\":\"none\"}", ""},
        {"{\"pan\":true,\"x\":[]}", ""},
    };
    ASSERT_FOUND(RULES(RULE("a.pan", "identifier", "fields: [pan], types: [str, int, bool, array], validator: luhn")),
                 cases);
}

/* What stands around the group is context, and no part of what is judged. */
static void test_a_validator_judges_the_first_group_of_a_pattern(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"[\"card 4111111111111111.\"]", "a.card=card 4111111111111111."},
        {"[\"card 4111111111111112.\"]", ""},
        {"[\"4111111111111111.\"]", ""},
        {"[\"card 4111111111111112. card 4111111111111111.\"]", "a.card=card 4111111111111112. card 4111111111111111."},
        {"[\"card 5555555555554444.\"]", ""},
        {"[\"7 4111111111111111\"]", "a.either=7 4111111111111111"},
        {"[\"4111111111111111 7\"]", "a.either=4111111111111111 7"},
    };
    ASSERT_FOUND(RULES(RULE("a.card", "identifier",
                            "pattern: 'card ([0-9]{16})(\\.)', validator: luhn,"
                            "allow: [{exact: '5555555555554444', reason: r}]")
                           RULE("a.either", "identifier", "pattern: '7 ([0-9]{16})|[0-9]{16} (?:7)', validator: luhn")),
                 cases);
}

static void test_several_globs_of_a_rule_each_name_places(void **state) {
    (void)state;
    static const struct finding_case cases[] = {
        {"{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":{\"e\":\"4\"}}", "a.some=1|a.some=3|a.some=4"},
    };
    ASSERT_FOUND(RULES(RULE("a.some", "chat", "fields: [a, '{c,x}', 'd.*']")), cases);
}

static double seconds_since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* What the rule says of one text that is `unit` over and over, with `last` behind it. */
static enum reason confirm_repeated(const char *rules, const char *unit, size_t count, const char *last,
                                    double *seconds) {
    struct set_up own;
    struct timespec start;
    begin(&own, rules);
    const size_t unit_length = strlen(unit), length = unit_length * count + strlen(last);
    char *text = malloc(length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) memcpy(text + i * unit_length, unit, unit_length);
    strcpy(text + unit_length * count, last);
    add_text(&own.fields, text, length);
    clock_gettime(CLOCK_MONOTONIC, &start);
    const enum reason reason = confirm_all(&own);
    *seconds = seconds_since(&start);
    free(text);
    end(&own);
    return reason;
}

static void test_catastrophic_backtracking_is_a_budget_and_soon_over(void **state) {
    (void)state;
    static const struct {
        const char *rules, *unit;
        size_t count;
        const char *last;
    } cases[] = {
        {RULES(RULE("a.a", "chat", "pattern: '(?:a|aa)+b|c'")), "a", 60, "c"},
        {RULES(RULE("a.a", "chat", "pattern: '(?:a+)+b|c'")), "a", 60, "c"},
        {RULES(RULE("a.a", "chat", "pattern: '(?:[a-z]+ ?)+;|!'")), "word", 40, "!"},
        {RULES(RULE("a.a", "chat", "pattern: '(?s)x.*x.*x.*x.*y|z'")), "x", 2000, "z"},
        /* little at any one place, but at very many */
        {RULES(RULE("a.a", "chat", "pattern: '(?:a|aa)+b|c'")), "aaaaaaaaaaaaaaaaaaaaaaa.", 20000, "c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seconds;
        assert_int_equal(confirm_repeated(cases[i].rules, cases[i].unit, cases[i].count, cases[i].last, &seconds),
                         REASON_BUDGET);
        assert_true(seconds < 2);
    }
}

static void test_a_match_that_needs_too_much_stack_is_a_budget(void **state) {
    (void)state;
    double seconds;
    assert_int_equal(confirm_repeated(RULES(RULE("a.a", "chat", "pattern: '(?:(a)(b|c)(d?)(x?)(y?)(z?))*e|f'")), "ab",
                                      2000, "f", &seconds),
                     REASON_BUDGET);
}

static void test_refused_matches_are_bounded_per_message(void **state) {
    (void)state;
    static const char rules[] = RULES(RULE("a.x", "chat", "pattern: x, validator: luhn"));
    double seconds;
    assert_int_equal(confirm_repeated(rules, "x", CONFIRM_STEPS_MAX - 1, "", &seconds), REASON_NONE);
    assert_int_equal(confirm_repeated(rules, "x", CONFIRM_STEPS_MAX, "", &seconds), REASON_BUDGET);
}

static void test_places_are_bounded_per_message(void **state) {
    (void)state;
    struct set_up own;
    begin(&own, RULES(RULE("a.any", "chat", "fields: ['**.x.*', 'y.*', 'z.*', '[9].*']")));
    const size_t count = CONFIRM_STEPS_MAX / 4;
    char *json = malloc(2 * count + 2);
    assert_non_null(json);
    for (size_t i = 0; i < count; i++) memcpy(json + 2 * i, i == 0 ? "[1" : ",1", 2);
    strcpy(json + 2 * count, "]");
    gather_json(&own.fields, &own.rules->words, json);
    assert_int_equal(confirm_all(&own), REASON_NONE);
    json[2 * count] = ',';
    fields_clear(&own.fields);
    memcpy(json + 2 * count - 1, "00]", 3);
    free(json);
    char *longer = malloc(2 * count + 4);
    assert_non_null(longer);
    for (size_t i = 0; i <= count; i++) memcpy(longer + 2 * i, i == 0 ? "[1" : ",1", 2);
    strcpy(longer + 2 * count + 2, "]");
    gather_json(&own.fields, &own.rules->words, longer);
    assert_int_equal(confirm_all(&own), REASON_BUDGET);
    free(longer);
    end(&own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_candidate_is_decided_within_its_value),
        cmocka_unit_test(test_min_count_counts_the_matches_of_one_value),
        cmocka_unit_test(test_min_count_counts_over_all_patterns_of_a_rule),
        cmocka_unit_test(test_a_refused_match_hides_nothing_inside_it),
        cmocka_unit_test(test_refused_matches_do_not_count),
        cmocka_unit_test(test_allowed_texts_are_let_through),
        cmocka_unit_test(test_an_allowed_field_is_compared_whole),
        cmocka_unit_test(test_paths_include_and_exclude_places),
        cmocka_unit_test(test_fields_are_found_at_their_places_whatever_they_say),
        cmocka_unit_test(test_a_field_that_needs_a_validator_must_be_valid),
        cmocka_unit_test(test_a_validator_judges_the_first_group_of_a_pattern),
        cmocka_unit_test(test_several_globs_of_a_rule_each_name_places),
        cmocka_unit_test(test_catastrophic_backtracking_is_a_budget_and_soon_over),
        cmocka_unit_test(test_a_match_that_needs_too_much_stack_is_a_budget),
        cmocka_unit_test(test_refused_matches_are_bounded_per_message),
        cmocka_unit_test(test_places_are_bounded_per_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
