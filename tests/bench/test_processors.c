#include "bench/processors.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* The processors that a child of this process may use once it keeps to a half. */
static cpu_set_t keep_child(enum processor_half half) {
    int ready[2];
    cpu_set_t kept;
    assert_int_equal(pipe(ready), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        close(ready[1]);
        char byte;
        _exit(read(ready[0], &byte, 1) > 0); /* until it is told to end */
    }
    assert_true(pid > 0);
    close(ready[0]);
    assert_int_equal(processors_keep(pid, half), 0);
    assert_int_equal(sched_getaffinity(pid, sizeof kept, &kept), 0);
    close(ready[1]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return kept;
}

static void halves_share_no_processor_and_leave_none_out(void **state) {
    (void)state;
    cpu_set_t all, both, shared;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    if (CPU_COUNT(&all) < 2) skip();
    const cpu_set_t first = keep_child(PROCESSORS_FIRST_HALF), second = keep_child(PROCESSORS_SECOND_HALF);
    CPU_OR(&both, &first, &second);
    CPU_AND(&shared, &first, &second);
    assert_true(CPU_EQUAL(&both, &all));
    assert_int_equal(CPU_COUNT(&shared), 0);
    assert_true(CPU_COUNT(&first) >= 1 && CPU_COUNT(&second) >= 1);
}

static void a_process_that_is_not_there_cannot_be_kept(void **state) {
    (void)state;
    const pid_t pid = fork();
    if (pid == 0) _exit(0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(processors_keep(pid, PROCESSORS_FIRST_HALF), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_share_no_processor_and_leave_none_out),
        cmocka_unit_test(a_process_that_is_not_there_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
