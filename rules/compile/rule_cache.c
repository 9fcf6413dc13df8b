#include "rules/compile/rule_cache.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/compile/build_id.h"
#include "rules/compile/private_folder.h"

/* What files that are ours to remove begin with, in whatever folder somebody names. */
#define PREFIX "cordon-rules-"

enum { DIGEST_BYTES = crypto_generichash_BYTES, FILE_BYTES_MAX = 1 << 28 };

/* How a file begins; the images follow, and a digest of all that. */
struct header {
    char kind[16];
    char name[RULE_CACHE_NAME_CHARS]; /* the file's own */
    uint64_t image_bytes[RULE_IMAGES];
};

static const char kind[16] = "cordon rules 1\n";

void rule_cache_init(struct rule_cache *cache, const char *folder) {
    size_t id_length;
    *cache = (struct rule_cache){0};
    if (folder != NULL && strlen(folder) < sizeof cache->folder && sodium_init() >= 0 && build_id(&id_length) != NULL &&
        engine_describe(cache->engine) == 0)
        strcpy(cache->folder, folder);
}

void rule_cache_path(const struct rule_cache *cache, char out[RULE_CACHE_PATH_CHARS]) {
    snprintf(out, RULE_CACHE_PATH_CHARS, "%s/%s", cache->folder, cache->name);
}

/* Every part goes in with its length before it, so that no two keys can look alike. */
static void add_bytes(crypto_generichash_state *state, const void *bytes, size_t length) {
    const uint64_t head = length;
    crypto_generichash_update(state, (const unsigned char *)&head, sizeof head);
    crypto_generichash_update(state, bytes, length);
}

static void add_text(crypto_generichash_state *state, const char *text) {
    add_bytes(state, text, strlen(text));
}

/* The rule set's digest leaves the order open in which files were read, and patterns are numbered in that order. */
static void set_name(struct rule_cache *cache, const struct rule_set *rules, const struct pattern_text *texts) {
    crypto_generichash_state state;
    unsigned char digest[DIGEST_BYTES];
    size_t id_length;
    const uint8_t *id = build_id(&id_length);
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    add_bytes(&state, kind, sizeof kind);
    add_bytes(&state, id, id_length);
    add_text(&state, cache->engine);
    add_text(&state, rules->digest);
    for (size_t i = 0; i < rules->pattern_count; i++) {
        add_text(&state, texts[i].rule_id);
        add_text(&state, texts[i].text);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    char *const end = stpcpy(cache->name, PREFIX);
    sodium_bin2hex(end, sizeof cache->name - strlen(PREFIX), digest, sizeof digest);
}

/* Finds the images in a file; false when it is not the file that was written under this name. */
static bool find_images(const struct rule_cache *cache, const uint8_t *bytes, size_t length,
                        struct rule_image images[RULE_IMAGES]) {
    struct header header;
    uint8_t digest[DIGEST_BYTES];
    if (length < sizeof header + sizeof digest) return false;
    length -= sizeof digest;
    crypto_generichash(digest, sizeof digest, bytes, length, NULL, 0);
    if (sodium_memcmp(digest, bytes + length, sizeof digest) != 0) return false;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.kind, kind, sizeof kind) != 0 || memcmp(header.name, cache->name, sizeof header.name) != 0)
        return false;
    size_t at = sizeof header;
    for (size_t i = 0; i < RULE_IMAGES; i++) {
        if (header.image_bytes[i] > length - at) return false;
        images[i] = (struct rule_image){(char *)bytes + at, (size_t)header.image_bytes[i]};
        at += images[i].length;
    }
    return at == length;
}

static bool load_file(struct rule_cache *cache, int folder, struct rule_set *rules, struct diagnostics *diagnostics) {
    const char *fault;
    struct rule_image images[RULE_IMAGES];
    uint8_t *const bytes = private_folder_read(folder, cache->name, FILE_BYTES_MAX, &cache->file_bytes, &fault);
    if (bytes != NULL) {
        cache->is_hit = find_images(cache, bytes, cache->file_bytes, images) && rule_images_load(rules, images);
        if (!cache->is_hit) fault = "is damaged";
    }
    if (fault != NULL) {
        char path[RULE_CACHE_PATH_CHARS];
        rule_cache_path(cache, path);
        diagnostics_warning(diagnostics, path, (struct place){0}, "it %s; the rules were compiled anew", fault);
    }
    if (cache->is_hit)
        private_folder_touch(folder, cache->name);
    else
        cache->file_bytes = 0;
    free(bytes);
    return cache->is_hit;
}

/* Says so once, and leaves the folder alone from then on. */
static void distrust_folder(struct rule_cache *cache, const char *fault, struct diagnostics *diagnostics) {
    diagnostics_warning(diagnostics, cache->folder, (struct place){0}, "it %s; no compiled rules are kept there",
                        fault);
    cache->folder[0] = '\0';
}

bool rule_cache_load(struct rule_cache *cache, struct rule_set *rules, const struct pattern_text *texts,
                     struct diagnostics *diagnostics) {
    const char *fault;
    cache->is_hit = false;
    cache->file_bytes = 0;
    cache->name[0] = '\0';
    if (cache->folder[0] == '\0' || rules->pattern_count == 0) return false;
    set_name(cache, rules, texts);
    const int folder = private_folder_open(cache->folder, &fault);
    if (folder < 0) {
        if (fault != NULL) distrust_folder(cache, fault, diagnostics);
        return false;
    }
    load_file(cache, folder, rules, diagnostics);
    close(folder);
    return cache->is_hit;
}

/* 0, or -1 with errno. */
static int store_file(struct rule_cache *cache, int folder, const struct rule_image images[RULE_IMAGES]) {
    struct header header = {0};
    uint8_t digest[DIGEST_BYTES];
    struct file_part parts[RULE_IMAGES + 2] = {{&header, sizeof header}};
    crypto_generichash_state state;
    memcpy(header.kind, kind, sizeof kind);
    memcpy(header.name, cache->name, sizeof header.name);
    for (size_t i = 0; i < RULE_IMAGES; i++) {
        header.image_bytes[i] = images[i].length;
        parts[i + 1] = (struct file_part){images[i].bytes, images[i].length};
    }
    parts[RULE_IMAGES + 1] = (struct file_part){digest, sizeof digest};
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t i = 0; i <= RULE_IMAGES; i++) crypto_generichash_update(&state, parts[i].bytes, parts[i].length);
    crypto_generichash_final(&state, digest, sizeof digest);
    if (private_folder_write(folder, cache->name, parts, RULE_IMAGES + 2) != 0) return -1;
    for (size_t i = 0; i < RULE_IMAGES + 2; i++) cache->file_bytes += parts[i].length;
    private_folder_trim(folder, PREFIX, RULE_CACHE_KEEP);
    return 0;
}

static void warn_of_store(struct diagnostics *diagnostics, const struct rule_cache *cache, const char *reason) {
    diagnostics_warning(diagnostics, cache->folder, (struct place){0}, "the compiled rules cannot be kept there: %s",
                        reason);
}

void rule_cache_store(struct rule_cache *cache, const struct rule_set *rules, struct diagnostics *diagnostics) {
    const char *fault;
    struct rule_image images[RULE_IMAGES];
    if (cache->folder[0] == '\0' || cache->name[0] == '\0') return;
    cache->file_bytes = 0;
    mkdir(cache->folder, 0700);
    const int folder = private_folder_open(cache->folder, &fault);
    if (folder < 0) {
        warn_of_store(diagnostics, cache, fault != NULL ? fault : "it is not there and cannot be made");
        return;
    }
    if (rule_images_make(rules, images) != 0)
        warn_of_store(diagnostics, cache, "out of memory");
    else if (store_file(cache, folder, images) != 0)
        warn_of_store(diagnostics, cache, strerror(errno));
    rule_images_free(images);
    close(folder);
}
