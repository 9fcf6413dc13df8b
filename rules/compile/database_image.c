#include "rules/compile/database_image.h"

#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a rule set keeps its databases. */
static const size_t places[DATABASE_COUNT] = {offsetof(struct rule_set, database)};

static struct hs_database **database_at(const struct rule_set *rules, size_t position) {
    return (struct hs_database **)((char *)rules + places[position]);
}

/* What the engine says of a database that it compiles here and now, from malloc(); NULL when it cannot. */
static char *describe_reference(void) {
    hs_database_t *reference = NULL;
    hs_compile_error_t *error = NULL;
    char *info = NULL;
    if (hs_compile("a", 0, HS_MODE_BLOCK, NULL, &reference, &error) == HS_SUCCESS) hs_database_info(reference, &info);
    hs_free_compile_error(error);
    hs_free_database(reference);
    return info;
}

int engine_describe(char out[ENGINE_CHARS]) {
    hs_platform_info_t platform;
    char *info = describe_reference();
    const bool is_known = info != NULL && hs_populate_platform(&platform) == HS_SUCCESS;
    if (is_known)
        snprintf(out, ENGINE_CHARS, "%s, %s, tuned for %u with %llx", hs_version(), info, platform.tune,
                 platform.cpu_features);
    free(info);
    return is_known ? 0 : -1;
}

int database_images_make(const struct rule_set *rules, struct database_image images[DATABASE_COUNT]) {
    memset(images, 0, DATABASE_COUNT * sizeof *images);
    for (size_t i = 0; i < DATABASE_COUNT; i++) {
        const struct hs_database *const database = *database_at(rules, i);
        if (database != NULL && hs_serialize_database(database, &images[i].bytes, &images[i].length) != HS_SUCCESS)
            return -1;
    }
    return 0;
}

void database_images_free(struct database_image images[DATABASE_COUNT]) {
    for (size_t i = 0; i < DATABASE_COUNT; i++) free(images[i].bytes);
    memset(images, 0, DATABASE_COUNT * sizeof *images);
}

static bool load_database(struct hs_database **database, const struct database_image *image, const char *reference) {
    if (image->length == 0) return true;
    char *info = NULL;
    const bool is_good = hs_deserialize_database(image->bytes, image->length, database) == HS_SUCCESS &&
                         hs_database_info(*database, &info) == HS_SUCCESS && strcmp(info, reference) == 0;
    free(info);
    return is_good;
}

bool database_images_load(struct rule_set *rules, const struct database_image images[DATABASE_COUNT]) {
    char *const reference = describe_reference();
    bool is_good = reference != NULL;
    for (size_t i = 0; i < DATABASE_COUNT && is_good; i++)
        is_good = load_database(database_at(rules, i), &images[i], reference);
    for (size_t i = 0; i < DATABASE_COUNT && !is_good; i++) {
        hs_free_database(*database_at(rules, i));
        *database_at(rules, i) = NULL;
    }
    free(reference);
    return is_good;
}
