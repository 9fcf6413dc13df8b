#include "rules/compile/rule_image.h"

#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/compile/sieve_image.h"

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

int rule_images_make(const struct rule_set *rules, struct rule_image images[RULE_IMAGES]) {
    memset(images, 0, RULE_IMAGES * sizeof *images);
    for (size_t i = 0; i < SIEVE_GROUPS; i++) {
        const struct hs_database *const database = rules->databases[i];
        if (database != NULL && hs_serialize_database(database, &images[i].bytes, &images[i].length) != HS_SUCCESS)
            return -1;
    }
    images[IMAGE_OF_SIEVE].bytes = sieve_image_make(rules, &images[IMAGE_OF_SIEVE].length);
    return images[IMAGE_OF_SIEVE].bytes != NULL ? 0 : -1;
}

void rule_images_free(struct rule_image images[RULE_IMAGES]) {
    for (size_t i = 0; i < RULE_IMAGES; i++) free(images[i].bytes);
    memset(images, 0, RULE_IMAGES * sizeof *images);
}

static bool load_database(struct hs_database **database, const struct rule_image *image, const char *reference) {
    if (image->length == 0) return true;
    char *info = NULL;
    const bool is_good = hs_deserialize_database(image->bytes, image->length, database) == HS_SUCCESS &&
                         hs_database_info(*database, &info) == HS_SUCCESS && strcmp(info, reference) == 0;
    free(info);
    return is_good;
}

bool rule_images_load(struct rule_set *rules, const struct rule_image images[RULE_IMAGES]) {
    const struct rule_image *const sieve = &images[IMAGE_OF_SIEVE];
    char *const reference = describe_reference();
    bool is_good = reference != NULL && sieve_image_load(rules, sieve->bytes, sieve->length);
    for (size_t i = 0; i < SIEVE_GROUPS && is_good; i++)
        is_good = load_database(&rules->databases[i], &images[i], reference);
    for (size_t i = 0; i < SIEVE_GROUPS && !is_good; i++) {
        hs_free_database(rules->databases[i]);
        rules->databases[i] = NULL;
    }
    if (!is_good) sieve_reset(&rules->sieve);
    free(reference);
    return is_good;
}
