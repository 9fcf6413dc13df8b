#include <jansson.h>

#include "run_cli.h"
#include "sample_rules.h"

static struct run run;
static char rules[] = "/tmp/test_command_inspect.XXXXXX";

static int make_rules(void **state) {
    (void)state;
    make_file(rules, sample_rules, strlen(sample_rules));
    return 0;
}

static int remove_rules(void **state) {
    (void)state;
    return unlink(rules);
}

static void test_json_is_one_object_per_message_in_order(void **state) {
    (void)state;
    RUN_WITH(&run, CLEAN_MESSAGE "\n\n" EMAIL_MESSAGE "\r\n" IDENTIFIER_MESSAGE "\n{\"imp\":\n[] 1", "inspect",
             "--json", "-r", rules, "-");
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_string_equal(
        run.out,
        "{\"n\":1,\"bytes\":9,\"verdicts\":{\"advertising\":\"pass\",\"analytics\":\"pass\"},\"classes\":[],"
        "\"reason\":null,\"findings\":[]}\n"
        "{\"n\":2,\"bytes\":59,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"withhold\"},"
        "\"classes\":[\"email\"],\"reason\":null,\"findings\":[{\"rule\":\"email.headers\",\"class\":\"email\","
        "\"path\":\"user.*\",\"layers\":[],\"length\":36}]}\n"
        "{\"n\":3,\"bytes\":22,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"pass\"},"
        "\"classes\":[\"identifier\"],\"reason\":null,\"findings\":[{\"rule\":\"identifier.id-field\","
        "\"class\":\"identifier\",\"path\":\"user.id\",\"layers\":[],\"length\":4}]}\n"
        "{\"n\":4,\"bytes\":7,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"withhold\"},\"classes\":[],"
        "\"reason\":\"malformed\",\"findings\":[]}\n"
        "{\"n\":5,\"bytes\":4,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"withhold\"},\"classes\":[],"
        "\"reason\":\"trailing-bytes\",\"findings\":[]}\n");
}

static void test_the_status_tells_whether_something_was_withheld(void **state) {
    (void)state;
    static const struct {
        const char *input;
        int status;
    } cases[] = {
        {"", CLI_DONE},
        {CLEAN_MESSAGE "\n" CLEAN_MESSAGE "\n", CLI_DONE},
        {CLEAN_MESSAGE "\n" EMAIL_MESSAGE "\n" CLEAN_MESSAGE "\n", CLI_WITHHELD},
        {IDENTIFIER_MESSAGE, CLI_WITHHELD}, /* for one purpose out of two */
        {"{", CLI_WITHHELD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RUN_WITH(&run, cases[i].input, "inspect", "-r", rules);
        assert_int_equal(run.status, cases[i].status);
        RUN_WITH(&run, cases[i].input, "inspect", "--json", "-r", rules);
        assert_int_equal(run.status, cases[i].status);
    }
}

static void test_people_get_a_line_per_withheld_message_and_the_totals(void **state) {
    (void)state;
    RUN_WITH(&run, CLEAN_MESSAGE "\n" EMAIL_MESSAGE "\n" IDENTIFIER_MESSAGE "\nx\n", "inspect", "-r", rules);
    assert_string_equal(run.out, "2: withheld from advertising, analytics: email (email.headers at user.*)\n"
                                 "3: withheld from advertising: identifier (identifier.id-field at user.id)\n"
                                 "4: withheld from advertising, analytics: malformed\n"
                                 "\n"
                                 "purpose               advertising   analytics\n"
                                 "received                        4           4\n"
                                 "passed                          1           2\n"
                                 "withheld                        3           2\n"
                                 "  email                         1           1\n"
                                 "  identifier                    1           0\n"
                                 "  malformed                     1           1\n");
}

static void test_only_a_few_findings_are_shown_to_people(void **state) {
    (void)state;
    RUN_WITH(&run, "{\"user\":[{\"id\":1},{\"id\":2},{\"id\":3},{\"id\":4},{\"id\":5}]}", "inspect", "-r", rules);
    assert_holds(run.out, "(identifier.id-field at user[0].id; identifier.id-field at user[1].id; "
                          "identifier.id-field at user[2].id; 2 more)\n");
}

static void test_layers_are_named(void **state) {
    (void)state;
    static const char input[] = "{\"x\":\"RnJvbTogYW5uQGV4YW1wbGUub3JnClN1YmplY3Q6IGx1bmNoCg==\"}";
    RUN_WITH(&run, input, "inspect", "-r", rules);
    assert_holds(run.out, "email (email.headers at * in base64)\n");
    RUN_WITH(&run, input, "inspect", "--json", "-r", rules);
    assert_holds(run.out, "\"layers\":[\"base64\"],");
}

static void test_messages_are_numbered_on_over_several_files(void **state) {
    (void)state;
    char first[] = "/tmp/test_command_inspect.XXXXXX", second[] = "/tmp/test_command_inspect.XXXXXX";
    make_file(first, "\x80\x81\xa3imp\x01", 7);
    make_file(second, EMAIL_MESSAGE "\n", strlen(EMAIL_MESSAGE) + 1);
    RUN_WITH(&run, CLEAN_MESSAGE, "inspect", "--json", "-r", rules, first, "-", second);
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_begins(run.out, "{\"n\":1,\"bytes\":1,");
    assert_holds(run.out, "\n{\"n\":2,\"bytes\":6,");
    assert_holds(run.out, "\n{\"n\":3,\"bytes\":9,");
    assert_holds(run.out, "\n{\"n\":4,\"bytes\":59,");
    unlink(first);
    unlink(second);
}

static void test_a_stream_that_cannot_be_cut_ends_with_one_malformed_message(void **state) {
    (void)state;
    static const char input[] = "\x81\xa3imp\x01\xc1\x80\x80";
    run_cli(&run, input, sizeof input - 1, (const char *const[]){"inspect", "--json", "-r", rules, NULL});
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_begins(run.out, "{\"n\":1,\"bytes\":6,");
    assert_holds(run.out, "\n{\"n\":2,\"bytes\":3,");
    assert_holds(run.out, "\"reason\":\"malformed\"");
    assert_null(strstr(run.out, "\"n\":3"));
}

static void test_framing_and_format_can_be_forced(void **state) {
    (void)state;
    RUN_WITH(&run, CLEAN_MESSAGE "\n" CLEAN_MESSAGE "\n", "inspect", "--json", "--framing", "message", "-r", rules);
    assert_begins(run.out, "{\"n\":1,\"bytes\":20,");
    assert_holds(run.out, "\"reason\":\"trailing-bytes\"");
    RUN_WITH(&run, CLEAN_MESSAGE "\n", "inspect", "--json", "--format", "msgpack", "-r", rules);
    assert_holds(run.out, "\"reason\":\"trailing-bytes\"");
    RUN_WITH(&run, "{\n", "inspect", "--json", "--format", "msgpack", "-r", rules); /* a small integer */
    assert_holds(run.out, "\"reason\":null");
}

static void test_with_batch_records_every_record_has_a_verdict(void **state) {
    (void)state;
    RUN_WITH(&run, "[" CLEAN_MESSAGE ", " EMAIL_MESSAGE "," IDENTIFIER_MESSAGE "]\n" CLEAN_MESSAGE "\n[]\n[1,\n[7]",
             "inspect", "--json", "--batch", "records", "-r", rules);
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_string_equal(
        run.out,
        "{\"n\":1,\"record\":0,\"bytes\":9,\"verdicts\":{\"advertising\":\"pass\",\"analytics\":\"pass\"},\"classes\":["
        "],"
        "\"reason\":null,\"findings\":[]}\n"
        "{\"n\":1,\"record\":1,\"bytes\":59,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"withhold\"},"
        "\"classes\":[\"email\"],\"reason\":null,\"findings\":[{\"rule\":\"email.headers\",\"class\":\"email\","
        "\"path\":\"user.*\",\"layers\":[],\"length\":36}]}\n"
        "{\"n\":1,\"record\":2,\"bytes\":22,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"pass\"},"
        "\"classes\":[\"identifier\"],\"reason\":null,\"findings\":[{\"rule\":\"identifier.id-field\","
        "\"class\":\"identifier\",\"path\":\"user.id\",\"layers\":[],\"length\":4}]}\n"
        "{\"n\":2,\"bytes\":9,\"verdicts\":{\"advertising\":\"pass\",\"analytics\":\"pass\"},\"classes\":[],"
        "\"reason\":null,\"findings\":[]}\n"
        "{\"n\":3,\"bytes\":2,\"verdicts\":{\"advertising\":\"pass\",\"analytics\":\"pass\"},\"classes\":[],"
        "\"reason\":null,\"findings\":[]}\n"
        "{\"n\":4,\"bytes\":3,\"verdicts\":{\"advertising\":\"withhold\",\"analytics\":\"withhold\"},\"classes\":[],"
        "\"reason\":\"malformed\",\"findings\":[]}\n"
        "{\"n\":5,\"record\":0,\"bytes\":1,\"verdicts\":{\"advertising\":\"pass\",\"analytics\":\"pass\"},\"classes\":["
        "],"
        "\"reason\":null,\"findings\":[]}\n");
}

static void test_with_batch_records_people_get_a_line_per_withheld_record(void **state) {
    (void)state;
    RUN_WITH(&run, "[" CLEAN_MESSAGE "," EMAIL_MESSAGE "]\n[1\n", "inspect", "--batch", "records", "-r", rules);
    assert_string_equal(run.out, "1, record 1: withheld from advertising, analytics: email (email.headers at user.*)\n"
                                 "2: withheld from advertising, analytics: malformed\n"
                                 "\n"
                                 "purpose               advertising   analytics\n"
                                 "received                        3           3\n"
                                 "passed                          1           1\n"
                                 "withheld                        2           2\n"
                                 "  email                         1           1\n"
                                 "  malformed                     1           1\n");
}

static void test_a_list_is_one_message_unless_records_are_asked_for(void **state) {
    (void)state;
    static const char *const last_arguments[] = {NULL, "message"};
    for (size_t i = 0; i < 2; i++) {
        RUN_WITH(&run, "[" CLEAN_MESSAGE "," EMAIL_MESSAGE "]", "inspect", "--json", "-r", rules,
                 last_arguments[i] ? "--batch" : NULL, last_arguments[i]);
        assert_begins(run.out, "{\"n\":1,\"bytes\":71,\"verdicts\":{\"advertising\":\"withhold\"");
        assert_null(strstr(run.out, "record"));
    }
    RUN(&run, "inspect", "--batch", "lists");
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_holds(run.err, "the batch is message or records");
}

static void test_a_line_beyond_the_limit_is_a_too_large_message(void **state) {
    (void)state;
    const size_t length = (1 << 20) + 100;
    char *input = malloc(length + 1);
    memset(input, ' ', length);
    memcpy(input, "{}", 2);
    input[length] = '\0';
    memcpy(input + length - 3, "\n[]", 3);
    RUN_WITH(&run, input, "inspect", "--json", "-r", rules);
    free(input);
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_begins(run.out, "{\"n\":1,\"bytes\":1048673,");
    assert_holds(run.out, "\"reason\":\"too-large\",\"findings\":[]}\n{\"n\":2,\"bytes\":2,");
}

/* Runs with a configuration of two outputs with one purpose and one with another. */
static void run_with_config(const char *more, const char *input) {
    char config[] = "/tmp/test_command_inspect.XXXXXX", text[1024];
    const int length = snprintf(text, sizeof text,
                                "input: {socket: pull, bind: ipc://in}\n"
                                "outputs:\n"
                                "  - {name: a, purpose: billing, socket: push, connect: ipc://a}\n"
                                "  - {name: b, purpose: billing, socket: push, connect: ipc://b}\n"
                                "  - {name: c, purpose: repair, socket: push, connect: ipc://c}\n"
                                "rules: ['%s']\n%s",
                                rules, more);
    make_file(config, text, (size_t)length);
    RUN_WITH(&run, input, "inspect", "--json", "-c", config);
    unlink(config);
}

static void test_a_configuration_gives_policy_and_limits(void **state) {
    (void)state;
    run_with_config("policy: {repair: {withhold: [email]}}\nlimits: {depth: 2}\n", IDENTIFIER_MESSAGE "\n[[[1]]]");
    assert_int_equal(run.status, CLI_WITHHELD);
    assert_begins(run.out, "{\"n\":1,\"bytes\":22,\"verdicts\":{\"billing\":\"withhold\",\"repair\":\"pass\"},");
    assert_holds(run.out, "\"reason\":\"too-deep\"");
}

static void test_a_configuration_may_ask_for_records(void **state) {
    (void)state;
    char config[] = "/tmp/test_command_inspect.XXXXXX", text[1024];
    const int length = snprintf(text, sizeof text,
                                "input: {socket: pull, bind: ipc://in, batch: records}\n"
                                "outputs: [{name: a, purpose: billing, socket: push, connect: ipc://a}]\n"
                                "rules: ['%s']\n",
                                rules);
    make_file(config, text, (size_t)length);
    RUN_WITH(&run, "[1," EMAIL_MESSAGE "]", "inspect", "--json", "-c", config);
    assert_begins(run.out, "{\"n\":1,\"record\":0,\"bytes\":1,\"verdicts\":{\"billing\":\"pass\"}");
    assert_holds(run.out, "\n{\"n\":1,\"record\":1,\"bytes\":59,\"verdicts\":{\"billing\":\"withhold\"}");
    RUN_WITH(&run, "[1," EMAIL_MESSAGE "]", "inspect", "--json", "--batch", "message", "-c", config);
    assert_begins(run.out, "{\"n\":1,\"bytes\":63,");
    unlink(config);
}

static void test_a_faulty_configuration_is_refused(void **state) {
    (void)state;
    run_with_config("policy: {repair: {withhold: [pictures]}}\n", CLEAN_MESSAGE);
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.out, "");
    assert_holds(run.err, ":7:30: error: unknown class 'pictures'");
}

static void test_what_cannot_be_read_is_told(void **state) {
    (void)state;
    RUN(&run, "inspect", "-r", rules, "/nonexistent");
    assert_int_equal(run.status, CLI_BAD_INPUT);
    assert_string_equal(run.err, "cordon: /nonexistent: No such file or directory\n");
    RUN(&run, "inspect", "-r", rules, "/tmp");
    assert_int_equal(run.status, CLI_FAILED);
    assert_string_equal(run.err, "cordon: /tmp: Is a directory\n");
    RUN(&run, "inspect", "-r", "/nonexistent");
    assert_int_equal(run.status, CLI_BAD_INPUT);
}

static void test_no_content_shows_up_anywhere(void **state) {
    (void)state;
    static const char input[] =
        "{\"Canary1\":\"From: Canary2@example.org\\nSubject: Canary3\",\"user\":{\"id\":\"Canary4\"}}\n"
        "{\"Canary5\":\"Canary6\n"
        "{\"user\":{\"Canary7\":{\"id\":\"Canary8\"}}}\n";
    RUN_WITH(&run, input, "inspect", "-r", rules);
    assert_null(strstr(run.out, "Canary"));
    assert_null(strstr(run.err, "Canary"));
    RUN_WITH(&run, input, "inspect", "--json", "-r", rules);
    assert_null(strstr(run.out, "Canary"));
    assert_null(strstr(run.err, "Canary"));
    assert_holds(run.out, "\"n\":3");
}

static void test_every_line_of_json_is_json(void **state) {
    (void)state;
    RUN_WITH(&run, CLEAN_MESSAGE "\n" EMAIL_MESSAGE "\n\"\xff\"\n", "inspect", "--json", "-r", rules);
    size_t line_count = 0;
    for (char *line = strtok(run.out, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, NULL);
        assert_true(json_is_object(object));
        json_decref(object);
        line_count++;
    }
    assert_int_equal(line_count, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_is_one_object_per_message_in_order),
        cmocka_unit_test(test_the_status_tells_whether_something_was_withheld),
        cmocka_unit_test(test_people_get_a_line_per_withheld_message_and_the_totals),
        cmocka_unit_test(test_only_a_few_findings_are_shown_to_people),
        cmocka_unit_test(test_layers_are_named),
        cmocka_unit_test(test_messages_are_numbered_on_over_several_files),
        cmocka_unit_test(test_a_stream_that_cannot_be_cut_ends_with_one_malformed_message),
        cmocka_unit_test(test_framing_and_format_can_be_forced),
        cmocka_unit_test(test_with_batch_records_every_record_has_a_verdict),
        cmocka_unit_test(test_with_batch_records_people_get_a_line_per_withheld_record),
        cmocka_unit_test(test_a_list_is_one_message_unless_records_are_asked_for),
        cmocka_unit_test(test_a_line_beyond_the_limit_is_a_too_large_message),
        cmocka_unit_test(test_a_configuration_gives_policy_and_limits),
        cmocka_unit_test(test_a_configuration_may_ask_for_records),
        cmocka_unit_test(test_a_faulty_configuration_is_refused),
        cmocka_unit_test(test_what_cannot_be_read_is_told),
        cmocka_unit_test(test_no_content_shows_up_anywhere),
        cmocka_unit_test(test_every_line_of_json_is_json),
    };
    return cmocka_run_group_tests(tests, make_rules, remove_rules);
}
