#include "cli/audit_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define FINDING(rule, class, path, layers)                                                                             \
    "{\"rule\":\"" rule "\",\"class\":\"" class "\",\"path\":\"" path "\",\"layers\":[" layers "],\"length\":9}"
#define RECORD(sequence, findings) "{\"sequence\":" sequence ",\"reason\":null,\"findings\":[" findings "]}\n"

static char ids[][8] = {"email.a", "chat.b"}, names[][8] = {"Rule A", "Rule B"};
static struct rule rules[] = {{.id = ids[0], .name = names[0]}, {.id = ids[1], .name = names[1]}};
static const struct rule_set rule_set = {.rules = rules, .rule_count = 2};

static size_t print(const char *audit, long offset, size_t count, char *out, size_t capacity) {
    char path[] = "/tmp/test-audit-sample-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, audit, strlen(audit)), strlen(audit));
    close(fd);
    FILE *stream = fmemopen(out, capacity, "w");
    const size_t printed = audit_sample_print(stream, path, offset, &rule_set, count);
    fclose(stream);
    unlink(path);
    return printed;
}

static const char audit[] = RECORD("1", FINDING("email.a", "email", "user.note", "")) RECORD("2", "")
    RECORD("3", FINDING("email.a", "email", "*", ""))
        RECORD("4", FINDING("email.a", "email", "x", "") "," FINDING("chat.b", "chat", "log", "\"base64\",\"json\""));

static void findings_of_different_classes_are_shown_the_unwrapped_one_first(void **state) {
    (void)state;
    char text[2048] = "";
    assert_int_equal(print(audit, 0, 3, text, sizeof text), 2);
    assert_string_equal(text, "  chat       Rule B (chat.b)\n             at log, inside base64 > json, message 4\n"
                              "  email      Rule A (email.a)\n             at user.note, message 1\n");
}

static void no_more_than_asked_for_are_shown(void **state) {
    (void)state;
    char text[2048] = "";
    assert_int_equal(print(audit, 0, 1, text, sizeof text), 1);
    assert_non_null(strstr(text, "chat.b"));
    assert_null(strstr(text, "email.a"));
}

static void records_before_the_offset_are_left_out(void **state) {
    (void)state;
    char text[2048] = "";
    const char *third = strstr(audit, "{\"sequence\":3");
    assert_int_equal(print(audit, third - audit, 3, text, sizeof text), 2);
    assert_non_null(strstr(text, "at *, message 3"));
}

static void an_audit_without_findings_shows_nothing(void **state) {
    (void)state;
    char text[64] = "";
    assert_int_equal(print("", 0, 3, text, sizeof text), 0);
    assert_int_equal(print("no record\n{\n", 0, 3, text, sizeof text), 0);
    assert_int_equal(audit_sample_print(stderr, "/nowhere", 0, &rule_set, 3), 0);
    assert_string_equal(text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_asked_for_are_shown),
        cmocka_unit_test(records_before_the_offset_are_left_out),
        cmocka_unit_test(an_audit_without_findings_shows_nothing),
        cmocka_unit_test(findings_of_different_classes_are_shown_the_unwrapped_one_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
