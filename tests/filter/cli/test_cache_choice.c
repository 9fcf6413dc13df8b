#include "cli/cache_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char home[] = "/tmp/test_cache_choice.XXXXXX";
static char cache_home[64], own_folder[80], other_folder[80];

static int make_home(void **state) {
    (void)state;
    strcpy(strrchr(home, '.'), ".XXXXXX");
    assert_non_null(mkdtemp(home));
    snprintf(cache_home, sizeof cache_home, "%s/.cache", home);
    snprintf(own_folder, sizeof own_folder, "%s/cordon", cache_home);
    snprintf(other_folder, sizeof other_folder, "%s/cordon", home);
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    return 0;
}

static int remove_home(void **state) {
    (void)state;
    rmdir(own_folder);
    rmdir(other_folder);
    rmdir(cache_home);
    rmdir(home);
    return 0;
}

static void assert_folder(const struct cache_choice choice, const char *expected) {
    static struct rule_cache cache;
    cache_choice_open(&choice, &cache);
    assert_string_equal(cache.folder, expected);
}

static void assert_private(const char *folder) {
    struct stat state;
    assert_int_equal(stat(folder, &state), 0);
    assert_int_equal(state.st_mode, S_IFDIR | 0700);
}

static void test_a_folder_that_is_named_is_taken_as_it_is(void **state) {
    (void)state;
    assert_folder(cache_choice_of("some/folder"), "some/folder");
    assert_folder(cache_choice_of("none"), "");
    assert_int_not_equal(access(cache_home, F_OK), 0);
}

static void test_the_default_is_made_for_the_user_alone(void **state) {
    (void)state;
    const mode_t before = umask(0);
    assert_folder((struct cache_choice){0}, own_folder);
    umask(before);
    assert_private(cache_home);
    assert_private(own_folder);
    assert_folder((struct cache_choice){0}, own_folder);
}

static void test_the_user_may_have_another_place_for_caches(void **state) {
    (void)state;
    setenv("XDG_CACHE_HOME", home, 1);
    assert_folder((struct cache_choice){0}, other_folder);
    assert_private(other_folder);
    static const char *const ignored[] = {"", "relative/path"};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        setenv("XDG_CACHE_HOME", ignored[i], 1);
        assert_folder((struct cache_choice){0}, own_folder);
    }
}

static void test_nothing_is_kept_where_there_is_no_home(void **state) {
    (void)state;
    static const char *const homes[] = {"", "relative", "/proc/none", "/dev/null"};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        setenv("HOME", homes[i], 1);
        assert_folder((struct cache_choice){0}, "");
    }
    unsetenv("HOME");
    assert_folder((struct cache_choice){0}, "");
    char *const endless = malloc(2 * PATH_MAX);
    assert_non_null(endless);
    memset(endless, '/', 2 * PATH_MAX);
    endless[2 * PATH_MAX - 1] = '\0';
    setenv("HOME", endless, 1);
    assert_folder((struct cache_choice){0}, "");
    assert_folder(cache_choice_of(endless), "");
    free(endless);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_home, remove_home)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_folder_that_is_named_is_taken_as_it_is),
        TEST(test_the_default_is_made_for_the_user_alone),
        TEST(test_the_user_may_have_another_place_for_caches),
        TEST(test_nothing_is_kept_where_there_is_no_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
