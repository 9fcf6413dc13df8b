#include "bench/goals_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/goals.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static char folder[] = "/tmp/cordon-goals-XXXXXX";
static char docs[64], page[80], readme[80];

static void write_file(const char *name, const char *text) {
    FILE *out = fopen(name, "we");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(docs, sizeof docs, "%s/docs", folder);
    snprintf(page, sizeof page, "%s/benchmarks.md", docs);
    snprintf(readme, sizeof readme, "%s/README.md", folder);
    return mkdir(docs, 0700);
}

static int remove_folder(void **state) {
    (void)state;
    unlink(page);
    unlink(readme);
    rmdir(docs);
    return rmdir(folder);
}

static void write_pages(void) {
    write_file(page, "<!-- begin goals -->\n<!-- end goals -->\n<!-- begin steps -->\n<!-- end steps -->\n"
                     "<!-- begin contestants -->\n<!-- end contestants -->\n");
    write_file(readme, "<!-- begin cost -->\n<!-- end cost -->\n");
}

static void assert_says(const char *name, const char *expected) {
    char *text = NULL;
    size_t capacity = 0;
    FILE *in = fopen(name, "re");
    assert_non_null(in);
    assert_true(getdelim(&text, &capacity, '\0', in) > 0);
    fclose(in);
    if (strstr(text, expected) == NULL) fail_msg("no \"%s\" in\n%s", expected, text);
    free(text);
}

static void pages_tell_goals_with_what_they_were_made_from(void **state) {
    (void)state;
    static struct ledger ledger;
    const struct figure proxy[] = {{"cpu_ns", 2000}}, stage[] = {{"cpu_ns", 1234567}, {"cpu_ratio", 1.4}};
    const struct figure walk[] = {{"median_ns", 500}}, whole[] = {{"median_ns", 9000}}, all[] = {{"median_ns", 2000}};
    char fault[PAGE_FAULT_CHARS];
    ledger_add_fact(&ledger, "rules", "3 rules, digest 0123");
    ledger_add_row(&ledger, "stage", "zmq_proxy over tcp", proxy, COUNT(proxy));
    ledger_add_row(&ledger, "stage", "stage over tcp", stage, COUNT(stage));
    ledger_add_row(&ledger, "inspect", "decode walk", walk, COUNT(walk));
    ledger_add_row(&ledger, "inspect", "inspect, the long way", whole, COUNT(whole));
    ledger_add_row(&ledger, "inspect", "inspect", all, COUNT(all));
    write_pages();
    assert_int_equal(goals_page_check(folder, fault), 0);
    assert_int_equal(goals_page_write(&ledger, folder, fault), 0);
    assert_says(page, "| 1.5 x | 1.25 x | 1.4 x (1,234,567 against 2,000 ns) | must reached |\n");
    assert_says(page, "| at least 0.8 x | 0.95 x |  | not measured |\n");
    assert_says(page, "| rules | 3 rules, digest 0123 |\n");
    assert_says(page, "| decoding | 500 | 25 % |");
    assert_says(page, "| routes, memo, sieve, what is encoded, suspects | 1,500 | 75 % |");
    assert_says(page, "The long way takes 9,000 ns");
    assert_says(readme, "takes 2 µs to inspect");
}

static void a_page_that_lacks_a_section_is_told_before_anything_is_measured(void **state) {
    (void)state;
    char fault[PAGE_FAULT_CHARS];
    write_pages();
    write_file(readme, "by hand\n");
    assert_int_equal(goals_page_check(folder, fault), -1);
    assert_non_null(strstr(fault, "README.md: no section between its two markers"));
    unlink(page);
    assert_int_equal(goals_page_check(folder, fault), -1);
    assert_non_null(strstr(fault, "benchmarks.md: No such file"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_tell_goals_with_what_they_were_made_from),
        cmocka_unit_test(a_page_that_lacks_a_section_is_told_before_anything_is_measured),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
