#include "cli/cache_choice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct cache_choice cache_choice_of(const char *argument) {
    if (strcmp(argument, "none") == 0) return (struct cache_choice){.is_off = true};
    return (struct cache_choice){.folder = argument};
}

/* Makes a folder where none is; false when that is not possible. */
static bool make_folder(const char *path) {
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* The user's own folder, made as the XDG Base Directory Specification says; false when there is none. */
static bool find_own_folder(char *out, size_t capacity) {
    const char *const cache = getenv("XDG_CACHE_HOME"), *const home = getenv("HOME");
    const bool has_cache = cache != NULL && cache[0] == '/'; /* others are to be ignored */
    if (!has_cache && (home == NULL || home[0] != '/')) return false;
    const int length = snprintf(out, capacity, "%s%s", has_cache ? cache : home, has_cache ? "" : "/.cache");
    if (length < 0 || (size_t)length + sizeof "/cordon" > capacity || !make_folder(out)) return false;
    strcat(out, "/cordon");
    return make_folder(out);
}

void cache_choice_open(const struct cache_choice *choice, struct rule_cache *cache) {
    char own[PATH_MAX];
    const char *folder = choice->folder;
    if (folder == NULL && !choice->is_off && find_own_folder(own, sizeof own)) folder = own;
    rule_cache_init(cache, folder);
}
