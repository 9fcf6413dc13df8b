#include "bench/measure.h"

#include <stdbool.h>
#include <stdlib.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A pass that counts what it is told to, from the second one on perhaps something else. */
struct worker {
    size_t count, later_count;
    size_t passes;
    size_t steps; /* of work */
    bool allocates;
};

static size_t work(void *self) {
    struct worker *own = self;
    for (volatile size_t i = 0; i < own->steps; i++) continue;
    if (own->allocates) {
        void *volatile memory = malloc(16);
        free(memory);
    }
    return own->passes++ == 0 ? own->count : own->later_count;
}

static struct entrant enter(const char *name, struct worker *worker) {
    return (struct entrant){.name = name, .counts = "things", .pass = work, .self = worker, .message_count = 1};
}

static void the_median_is_the_middle_one(void **state) {
    (void)state;
    double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2}, one[] = {7};
    assert_true(measure_median(odd, COUNT(odd)) == 3);
    assert_true(measure_median(even, COUNT(even)) == 2.5);
    assert_true(measure_median(one, COUNT(one)) == 7);
}

static void the_spread_is_the_middle_half(void **state) {
    (void)state;
    const double sorted[] = {10, 90, 100, 110, 900}, equal[] = {3, 3, 3};
    assert_true(measure_spread(sorted, COUNT(sorted)) == 20);
    assert_true(measure_spread(equal, COUNT(equal)) == 0);
}

static void twice_the_work_has_about_twice_the_ratio(void **state) {
    (void)state;
    struct worker workers[] = {{.steps = 20000}, {.steps = 40000}};
    const struct entrant entrants[] = {enter("one", &workers[0]), enter("two", &workers[1])};
    struct measurement results[COUNT(entrants)];
    char fault[MEASURE_FAULT_CHARS];
    assert_int_equal(measure(entrants, COUNT(entrants), 5, 5, results, fault), 0);
    assert_true(results[0].ratios[0] == 1 && results[1].ratios[1] == 1);
    assert_true(results[1].ratios[0] > 1.4 && results[1].ratios[0] < 2.8);
    assert_true(results[0].ratios[1] > 0.35 && results[0].ratios[1] < 0.72);
    assert_true(results[1].best_ns <= results[1].median_ns);
}

static void faults_are_told(void **state) {
    (void)state;
    static const struct {
        struct worker one, other;
        const char *fault; /* NULL: none */
    } cases[] = {
        {{.count = 3, .later_count = 3}, {.count = 3, .later_count = 3}, NULL},
        {{.count = 3, .later_count = 3}, {.count = 4, .later_count = 4}, "other: 4 things, but one: 3"},
        {{.count = 3, .later_count = 3}, {.count = 3, .later_count = 4}, "other: things differ between runs"},
        {{.count = PASS_FAILED}, {.count = 3}, "one: could not do its work"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct worker one = cases[i].one, other = cases[i].other;
        const struct entrant entrants[] = {enter("one", &one), enter("other", &other)};
        struct measurement results[COUNT(entrants)];
        char fault[MEASURE_FAULT_CHARS] = "";
        const int result = measure(entrants, COUNT(entrants), 1, 1, results, fault);
        assert_int_equal(result, cases[i].fault == NULL ? 0 : -1);
        assert_string_equal(fault, cases[i].fault == NULL ? "" : cases[i].fault);
    }
}

static void different_things_may_have_different_counts(void **state) {
    (void)state;
    struct worker one = {.count = 1, .later_count = 1}, other = {.count = 2, .later_count = 2};
    struct entrant entrants[] = {enter("one", &one), enter("other", &other)};
    struct measurement results[COUNT(entrants)];
    char fault[MEASURE_FAULT_CHARS];
    entrants[1].counts = "other things";
    assert_int_equal(measure(entrants, COUNT(entrants), 1, 1, results, fault), 0);
}

static void allocations_are_counted(void **state) {
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* they have a malloc() of their own */
#endif
    struct worker workers[] = {{.allocates = true}, {.allocates = false}};
    const struct entrant entrants[] = {enter("one", &workers[0]), enter("other", &workers[1])};
    struct measurement results[COUNT(entrants)];
    char fault[MEASURE_FAULT_CHARS];
    assert_int_equal(measure(entrants, COUNT(entrants), 1, 1, results, fault), 0);
    assert_true(results[0].allocations == 1);
    assert_true(results[1].allocations == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_is_the_middle_one),
        cmocka_unit_test(the_spread_is_the_middle_half),
        cmocka_unit_test(twice_the_work_has_about_twice_the_ratio),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(different_things_may_have_different_counts),
        cmocka_unit_test(allocations_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
