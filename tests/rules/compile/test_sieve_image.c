#include "rules/compile/sieve_image.h"

#include <stdlib.h>
#include <string.h>

#include "rule_text.h"

static const char rules_text[] = RULES(RULE("a.word", "chat", "pattern: '\\blunchtime\\b'") RULE(
    "a.run", "chat", "pattern: '[0-9]{9}'") RULE("a.long", "chat", "pattern: '[A-F]{40}[0-9]{4}'"));

/* Loads what was made of the rules after `damage` has had its way with the sieve in it. */
static bool loads(void (*damage)(struct sieve *sieve)) {
    struct rule_set *rules = rules_of(rules_text);
    size_t length;
    char *bytes = sieve_image_make(rules, &length);
    struct sieve sieve;
    assert_non_null(bytes);
    memcpy(&sieve, bytes, sizeof sieve);
    assert_int_equal(sieve.short_run_count, 1);
    assert_int_equal(sieve.run_count, 2);
    if (damage != NULL) damage(&sieve);
    memcpy(bytes, &sieve, sizeof sieve);
    sieve_reset(&rules->sieve);
    const bool is_loaded = sieve_image_load(rules, bytes, length);
    free(bytes);
    rule_set_destroy(&rules);
    return is_loaded;
}

static void make_too_many_runs(struct sieve *sieve) {
    sieve->run_count = SIEVE_RUNS_MAX + 1;
}

static void make_more_short_runs_than_runs(struct sieve *sieve) {
    sieve->short_run_count = sieve->run_count + 1;
}

static void make_a_shift_too_far(struct sieve *sieve) {
    sieve->run_shifts[0] = 64;
}

static void make_a_run_of_nothing(struct sieve *sieve) {
    sieve->runs[0].length = 0;
}

static void make_a_run_too_long(struct sieve *sieve) {
    sieve->runs[1].length = SIEVE_RUN_LENGTH_MAX + 1;
}

static void make_slots_no_power_of_two(struct sieve *sieve) {
    sieve->head_slots--;
}

static void make_too_many_words(struct sieve *sieve) {
    sieve->word_count = SIZE_MAX;
}

static void test_what_was_made_is_loaded(void **state) {
    (void)state;
    assert_true(loads(NULL));
}

static void test_numbers_that_no_sieve_has_are_refused(void **state) {
    (void)state;
    static void (*const damages[])(struct sieve * sieve) = {
        make_too_many_runs,  make_more_short_runs_than_runs, make_a_shift_too_far, make_a_run_of_nothing,
        make_a_run_too_long, make_slots_no_power_of_two,     make_too_many_words,
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++)
        if (loads(damages[i])) fail_msg("damage %zu is not seen", i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_made_is_loaded),
        cmocka_unit_test(test_numbers_that_no_sieve_has_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
