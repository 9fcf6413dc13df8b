#pragma once
/* A few rules in a file, and a folder to keep them compiled in. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect/inspect.h"
#include "rules/compile/compile.h"
#include "test.h"

static const char cached_rules[] =
    "rules:\n"
    "- {id: a.one, name: n, class: chat, pattern: lunch, examples: [a lunch], negative_examples: [tea]}\n"
    "- {id: b.two, name: n, class: email, pattern: 'd[ie]nner', examples: [a dinner], negative_examples: [tea]}\n";

struct cached {
    char folder[64];
    char rule_file[80];
    char file[192]; /* that the rules were kept in by the last load */
    struct rule_cache cache;
    struct diagnostics diagnostics; /* of the last load */
};

static inline void write_whole(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* The bytes of a file, to be freed. */
static inline unsigned char *read_whole(const char *path, size_t *length) {
    struct stat state;
    assert_int_equal(stat(path, &state), 0);
    *length = (size_t)state.st_size;
    unsigned char *bytes = malloc(*length + 1);
    FILE *file = fopen(path, "rb");
    assert_non_null(bytes);
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

static inline void write_rules(const struct cached *own, const char *text) {
    write_whole(own->rule_file, text, strlen(text));
    assert_int_equal(chmod(own->rule_file, 0644), 0);
}

static int make_cached(void **state) {
    struct cached *own = calloc(1, sizeof *own);
    assert_non_null(own);
    strcpy(own->folder, "/tmp/test_rule_cache.XXXXXX");
    assert_non_null(mkdtemp(own->folder));
    snprintf(own->rule_file, sizeof own->rule_file, "%s.yaml", own->folder);
    write_rules(own, cached_rules);
    *state = own;
    return 0;
}

static inline size_t list_folder(const char *path, void (*each)(const char *path, const char *name)) {
    size_t count = 0;
    DIR *listing = opendir(path);
    for (const struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (each != NULL) each(path, entry->d_name);
        count++;
    }
    if (listing != NULL) closedir(listing);
    return count;
}

static inline void remove_entry(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (unlink(path) != 0) rmdir(path);
}

static int remove_cached(void **state) {
    struct cached *own = *state;
    list_folder(own->folder, remove_entry);
    rmdir(own->folder);
    unlink(own->rule_file);
    free(own);
    return 0;
}

/* Loads the rules as a new process would. */
static inline struct rule_set *load_cached(struct cached *own) {
    const char *const sources[] = {own->rule_file};
    rule_cache_init(&own->cache, own->folder);
    diagnostics_init(&own->diagnostics);
    struct rule_set *rules = rule_set_load_cached(sources, 1, &own->cache, &own->diagnostics);
    snprintf(own->file, sizeof own->file, "%s/%s", own->folder, own->cache.name);
    return rules;
}

static inline uint64_t classes_of(const struct rule_set *rules, const char *text) {
    const struct limits limits = LIMITS_DEFAULT;
    struct inspector *inspector = inspector_create(rules, &limits);
    struct inspection inspection;
    const struct frame frame = {(const uint8_t *)text, strlen(text)};
    assert_non_null(inspector);
    assert_int_equal(inspect(inspector, &frame, 1, FORMAT_JSON, &inspection), REASON_NONE);
    inspector_destroy(&inspector);
    return inspection.classes;
}

static inline void assert_right_verdicts(const struct rule_set *rules) {
    assert_non_null(rules);
    assert_int_equal(classes_of(rules, "{\"a\":\"lunch\"}"), rule_set_class(rules, "chat"));
    assert_int_equal(classes_of(rules, "{\"a\":\"dinner\"}"), rule_set_class(rules, "email"));
    assert_int_equal(classes_of(rules, "{\"a\":\"tea\"}"), 0);
}

/* Loads, with right verdicts; were the databases those of the cache? `warning` is part of the only diagnostic, NULL
   when there is none. */
static inline void assert_loads(struct cached *own, bool is_hit, const char *warning) {
    struct rule_set *rules = load_cached(own);
    assert_right_verdicts(rules);
    assert_int_equal(own->cache.is_hit, is_hit);
    if (own->diagnostics.count > 0) {
        if (warning == NULL || strstr(own->diagnostics.items[0].text, warning) == NULL)
            fail_msg("unexpected: %s", own->diagnostics.items[0].text);
        assert_int_equal(own->diagnostics.items[0].severity, SEVERITY_WARNING);
    }
    assert_int_equal(own->diagnostics.count, warning != NULL);
    diagnostics_reset(&own->diagnostics);
    rule_set_destroy(&rules);
}

#define CACHED_TEST(test) cmocka_unit_test_setup_teardown(test, make_cached, remove_cached)
