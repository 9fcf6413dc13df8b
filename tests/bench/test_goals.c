#include "bench/goals.h"

#include <math.h>
#include <string.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct goal less = {.must = 2, .aim = 1}, more = {.must = 0.8, .aim = 1.6, .is_at_least = true},
                         none = {.must = 0, .aim = 0};

static void a_goal_is_judged_by_what_it_must_reach_and_aims_at(void **state) {
    (void)state;
    static const struct {
        const struct goal *goal;
        double measured;
        enum judgement expected;
    } cases[] = {
        {&less, 1, GOAL_AIM_REACHED},         {&less, 1.1, GOAL_MUST_REACHED},
        {&less, 2, GOAL_MUST_REACHED},        {&less, 2.1, GOAL_MISSED},
        {&more, 1.6, GOAL_AIM_REACHED},       {&more, 1.5, GOAL_MUST_REACHED},
        {&more, 0.8, GOAL_MUST_REACHED},      {&more, 0.7, GOAL_MISSED},
        {&none, 0, GOAL_AIM_REACHED},         {&none, 0.001, GOAL_MISSED},
        {&less, NAN, GOAL_NOT_MEASURED},      {&more, NAN, GOAL_NOT_MEASURED},
        {&less, INFINITY, GOAL_NOT_MEASURED},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(goal_judge(cases[i].goal, cases[i].measured), cases[i].expected);
}

static void a_distance_of_one_is_just_reached_and_less_is_better(void **state) {
    (void)state;
    assert_true(goal_distance(&less, 2) == 1 && goal_distance(&less, 1) == 0.5 && goal_distance(&less, 8) == 4);
    assert_true(goal_distance(&more, 0.8) == 1 && goal_distance(&more, 1.6) == 0.5 && goal_distance(&more, 0.2) == 4);
    assert_true(isnan(goal_distance(&none, 0)) && isnan(goal_distance(&less, NAN)));
}

static void what_is_measured_comes_from_the_row_of_that_goal(void **state) {
    (void)state;
    static struct ledger ledger;
    const struct figure figures[] = {{"other", 1}, {goals[0].figure, 7}};
    assert_true(isnan(goal_measured(&goals[0], &ledger)));
    ledger_add_row(&ledger, goals[0].scenario, "another subject", figures, COUNT(figures));
    assert_true(isnan(goal_measured(&goals[0], &ledger)));
    ledger_add_row(&ledger, goals[0].scenario, goals[0].subject, figures, COUNT(figures));
    assert_true(goal_measured(&goals[0], &ledger) == 7);
}

static void every_aim_is_at_least_as_good_as_what_must_be_reached(void **state) {
    (void)state;
    assert_true(goal_count >= 12);
    for (size_t i = 0; i < goal_count; i++) {
        assert_int_equal(goal_judge(&goals[i], goals[i].aim), GOAL_AIM_REACHED);
        assert_int_not_equal(goal_judge(&goals[i], goals[i].must), GOAL_MISSED);
        for (size_t j = 0; j < i; j++) assert_string_not_equal(goals[i].name, goals[j].name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_goal_is_judged_by_what_it_must_reach_and_aims_at),
        cmocka_unit_test(a_distance_of_one_is_just_reached_and_less_is_better),
        cmocka_unit_test(what_is_measured_comes_from_the_row_of_that_goal),
        cmocka_unit_test(every_aim_is_at_least_as_good_as_what_must_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
