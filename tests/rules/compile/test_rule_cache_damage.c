#include "rules/compile/rule_cache.h"

#include <signal.h>
#include <sodium.h>
#include <sys/resource.h>

#include "cached_rules.h"

/* Whatever is wrong with what was kept: the rules are compiled, and where that is possible kept again. */

enum { KIND_BYTES = 16, HEADER_BYTES = KIND_BYTES + RULE_CACHE_NAME_CHARS + 8 * RULE_IMAGES };
enum { DIGEST_BYTES = crypto_generichash_BYTES, OTHER_USER = 12345 };

/* A file as it was kept, to be damaged and put back. */
struct kept {
    unsigned char *bytes;
    size_t length;
};

static struct kept keep(struct cached *own) {
    struct kept kept;
    assert_loads(own, false, NULL);
    kept.bytes = read_whole(own->file, &kept.length);
    return kept;
}

/* Gives the file a digest that fits what it has become. */
static void seal(struct kept *kept) {
    const size_t length = kept->length - DIGEST_BYTES;
    crypto_generichash(kept->bytes + length, DIGEST_BYTES, kept->bytes, length, NULL, 0);
}

static void put_back(const struct cached *own, const struct kept *kept) {
    write_whole(own->file, kept->bytes, kept->length);
    assert_int_equal(chmod(own->file, 0600), 0);
}

/* What was put there is not taken, and made good again. */
static void assert_healed(struct cached *own, const char *warning) {
    assert_loads(own, false, warning);
    assert_loads(own, true, NULL);
}

static void test_every_byte_of_the_head_and_of_the_digest_counts(void **state) {
    struct cached *own = *state;
    struct kept kept = keep(own);
    for (size_t at = 0; at < kept.length; at++) {
        if (at == HEADER_BYTES + 8) at = kept.length - DIGEST_BYTES - 8;
        kept.bytes[at] ^= 0x10;
        put_back(own, &kept);
        assert_loads(own, false, "it is damaged; the rules were compiled anew");
        kept.bytes[at] ^= 0x10;
    }
    assert_loads(own, true, NULL);
    free(kept.bytes);
}

/* Damage that somebody took the trouble to hide from the digest. */
static void test_every_byte_of_the_head_counts_under_a_digest_that_fits(void **state) {
    struct cached *own = *state;
    struct kept kept = keep(own);
    for (size_t at = 0; at < HEADER_BYTES + 4; at++) {
        kept.bytes[at] ^= 0x80;
        seal(&kept);
        put_back(own, &kept);
        assert_loads(own, false, "it is damaged");
        kept.bytes[at] ^= 0x80;
    }
    assert_loads(own, true, NULL);
    free(kept.bytes);
}

static void test_a_file_of_any_other_length_is_not_taken(void **state) {
    struct cached *own = *state;
    struct kept kept = keep(own);
    const size_t whole = kept.length;
    const size_t lengths[] = {0,
                              1,
                              KIND_BYTES,
                              KIND_BYTES + 10,
                              HEADER_BYTES - 1,
                              HEADER_BYTES,
                              DIGEST_BYTES,
                              HEADER_BYTES + DIGEST_BYTES - 1,
                              HEADER_BYTES + DIGEST_BYTES,
                              HEADER_BYTES + DIGEST_BYTES + 1,
                              whole / 2,
                              whole - DIGEST_BYTES,
                              whole - 1};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        kept.length = lengths[i];
        put_back(own, &kept);
        assert_healed(own, lengths[i] == 0 ? "it is cut short" : "it is damaged");
        if (lengths[i] < DIGEST_BYTES + 1) continue;
        struct kept sealed = {malloc(kept.length), kept.length};
        assert_non_null(sealed.bytes);
        memcpy(sealed.bytes, kept.bytes, kept.length);
        seal(&sealed);
        put_back(own, &sealed);
        assert_healed(own, "it is damaged");
        free(sealed.bytes);
    }
    free(kept.bytes);
}

static void test_bytes_behind_the_end_are_not_taken(void **state) {
    struct cached *own = *state;
    struct kept kept = keep(own), longer = {malloc(kept.length + 1), kept.length + 1};
    assert_non_null(longer.bytes);
    memcpy(longer.bytes, kept.bytes, kept.length);
    longer.bytes[kept.length] = 0;
    put_back(own, &longer);
    assert_healed(own, "it is damaged");
    seal(&longer);
    put_back(own, &longer);
    assert_healed(own, "it is damaged");
    free(longer.bytes);
    free(kept.bytes);
}

/* Keeps other rules, puts their file under the name of these and returns it. */
static struct kept swap_files(struct cached *own) {
    char file[sizeof own->file];
    assert_loads(own, false, NULL);
    strcpy(file, own->file);
    write_rules(own, "rules:\n"
                     "- {id: a.one, name: n, class: chat, pattern: tea, examples: [tea], negative_examples: [x]}\n"
                     "- {id: b.two, name: n, class: chat, pattern: cake, examples: [cake], negative_examples: [x]}\n");
    struct rule_set *rules = load_cached(own);
    assert_non_null(rules);
    rule_set_destroy(&rules);
    assert_int_equal(rename(own->file, file), 0);
    strcpy(own->file, file);
    write_rules(own, cached_rules);
    struct kept kept;
    kept.bytes = read_whole(file, &kept.length);
    return kept;
}

static void test_a_file_of_other_rules_is_not_taken(void **state) {
    struct cached *own = *state;
    struct kept kept = swap_files(own);
    assert_healed(own, "it is damaged");
    free(kept.bytes);
}

/* The last line: even databases that everything else speaks for must make the examples hold. */
static void test_databases_that_fail_the_examples_are_not_taken(void **state) {
    struct cached *own = *state;
    struct kept kept = swap_files(own);
    memset(kept.bytes + KIND_BYTES, 0, RULE_CACHE_NAME_CHARS);
    strcpy((char *)kept.bytes + KIND_BYTES, strrchr(own->file, '/') + 1);
    seal(&kept);
    put_back(own, &kept);
    assert_healed(own, NULL);
    free(kept.bytes);
}

static void test_a_file_that_others_may_write_is_not_taken(void **state) {
    struct cached *own = *state;
    assert_loads(own, false, NULL);
    static const mode_t modes[] = {0620, 0602, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(own->file, modes[i]), 0);
        assert_healed(own, "it may be written by others than its owner; the rules were compiled anew");
    }
}

static void test_a_folder_that_others_may_write_is_left_alone(void **state) {
    struct cached *own = *state;
    static const mode_t modes[] = {0770, 0702, 01777};
    assert_loads(own, false, NULL);
    assert_int_equal(unlink(own->file), 0);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(own->folder, modes[i]), 0);
        assert_loads(own, false, "it may be written by others than its owner; no compiled rules are kept there");
        assert_int_equal(list_folder(own->folder, NULL), 0);
    }
}

static void test_what_belongs_to_another_user_is_not_taken(void **state) {
    struct cached *own = *state;
    if (geteuid() != 0) skip();
    assert_loads(own, false, NULL);
    assert_int_equal(chown(own->file, OTHER_USER, -1), 0);
    assert_healed(own, "it belongs to another user; the rules were compiled anew");
    assert_int_equal(chown(own->folder, OTHER_USER, -1), 0);
    assert_loads(own, false, "it belongs to another user; no compiled rules are kept there");
}

static void test_a_link_to_a_file_is_not_followed(void **state) {
    struct cached *own = *state;
    char other[256];
    assert_loads(own, false, NULL);
    snprintf(other, sizeof other, "%s-elsewhere", own->file);
    assert_int_equal(rename(own->file, other), 0);
    assert_int_equal(symlink(other, own->file), 0);
    assert_healed(own, "it is no plain file; the rules were compiled anew");
}

static void test_a_link_to_a_folder_is_not_followed(void **state) {
    struct cached *own = *state;
    char other[128];
    assert_loads(own, false, NULL);
    snprintf(other, sizeof other, "%s-elsewhere", own->folder);
    assert_int_equal(rename(own->folder, other), 0);
    assert_int_equal(symlink(other, own->folder), 0);
    assert_loads(own, false, "it is no folder; no compiled rules are kept there");
    assert_int_equal(unlink(own->folder), 0);
    assert_int_equal(rename(other, own->folder), 0);
}

/* Loads with right verdicts and two warnings: what was there, and that nothing could be kept in its place. */
static void assert_not_kept(struct cached *own, const char *first, const char *second) {
    struct rule_set *rules = load_cached(own);
    assert_right_verdicts(rules);
    assert_false(own->cache.is_hit);
    assert_int_equal(own->diagnostics.error_count, 0);
    assert_int_equal(own->diagnostics.count, 2);
    assert_non_null(strstr(own->diagnostics.items[0].text, first));
    assert_non_null(strstr(own->diagnostics.items[1].text, second));
    diagnostics_reset(&own->diagnostics);
    rule_set_destroy(&rules);
}

static void test_a_folder_in_place_of_the_file_stays(void **state) {
    struct cached *own = *state;
    assert_loads(own, false, NULL);
    assert_int_equal(unlink(own->file), 0);
    assert_int_equal(mkdir(own->file, 0700), 0);
    assert_not_kept(own, "it is no plain file", "cannot be kept there: Is a directory");
}

static void test_a_file_in_place_of_the_folder_stays(void **state) {
    struct cached *own = *state;
    assert_int_equal(rmdir(own->folder), 0);
    write_whole(own->folder, "text", 4);
    assert_loads(own, false, "it is no folder");
    assert_int_equal(unlink(own->folder), 0);
}

static void test_a_folder_that_cannot_be_made_is_a_warning(void **state) {
    struct cached *own = *state;
    const char *const sources[] = {own->rule_file};
    rule_cache_init(&own->cache, "/proc/none/here");
    diagnostics_init(&own->diagnostics);
    struct rule_set *rules = rule_set_load_cached(sources, 1, &own->cache, &own->diagnostics);
    assert_right_verdicts(rules);
    assert_int_equal(own->diagnostics.error_count, 0);
    assert_int_equal(own->diagnostics.count, 1);
    assert_string_equal(own->diagnostics.items[0].file, "/proc/none/here");
    diagnostics_reset(&own->diagnostics);
    rule_set_destroy(&rules);
}

/* Root may write everywhere and so becomes somebody else for this. */
static void test_a_folder_that_may_not_be_written_is_a_warning(void **state) {
    struct cached *own = *state;
    const uid_t user = geteuid();
    if (user == 0) assert_int_equal(chown(own->folder, OTHER_USER, -1), 0);
    assert_int_equal(chmod(own->folder, 0500), 0);
    if (user == 0) assert_int_equal(seteuid(OTHER_USER), 0);
    assert_loads(own, false, "cannot be kept there: Permission denied");
    if (user == 0) assert_int_equal(seteuid(user), 0);
    assert_int_equal(list_folder(own->folder, NULL), 0);
    assert_int_equal(chmod(own->folder, 0700), 0);
}

static void test_a_full_disk_is_a_warning_and_leaves_nothing_behind(void **state) {
    struct cached *own = *state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, before.rlim_max}), 0);
    struct rule_set *rules = load_cached(own);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_right_verdicts(rules);
    assert_int_equal(own->diagnostics.error_count, 0);
    assert_int_equal(own->diagnostics.count, 1);
    assert_non_null(strstr(own->diagnostics.items[0].text, "cannot be kept there: File too large"));
    diagnostics_reset(&own->diagnostics);
    rule_set_destroy(&rules);
    assert_int_equal(list_folder(own->folder, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CACHED_TEST(test_every_byte_of_the_head_and_of_the_digest_counts),
        CACHED_TEST(test_every_byte_of_the_head_counts_under_a_digest_that_fits),
        CACHED_TEST(test_a_file_of_any_other_length_is_not_taken),
        CACHED_TEST(test_bytes_behind_the_end_are_not_taken),
        CACHED_TEST(test_a_file_of_other_rules_is_not_taken),
        CACHED_TEST(test_databases_that_fail_the_examples_are_not_taken),
        CACHED_TEST(test_a_file_that_others_may_write_is_not_taken),
        CACHED_TEST(test_a_folder_that_others_may_write_is_left_alone),
        CACHED_TEST(test_what_belongs_to_another_user_is_not_taken),
        CACHED_TEST(test_a_link_to_a_file_is_not_followed),
        CACHED_TEST(test_a_link_to_a_folder_is_not_followed),
        CACHED_TEST(test_a_folder_in_place_of_the_file_stays),
        CACHED_TEST(test_a_file_in_place_of_the_folder_stays),
        CACHED_TEST(test_a_folder_that_cannot_be_made_is_a_warning),
        CACHED_TEST(test_a_folder_that_may_not_be_written_is_a_warning),
        CACHED_TEST(test_a_full_disk_is_a_warning_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
