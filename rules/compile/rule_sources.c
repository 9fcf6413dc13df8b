#include "rules/compile/rule_sources.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rules/compile/rule_file.h"
#include "rules/compile/spelling.h"

#define PACK_PREFIX "pack:"

/* Names of well-known schemas, which say nothing about anybody: paths show them whatever rules are loaded. */
#define WORDS_SOURCE PACK_PREFIX "words"

enum { PACKS_MAX = 256 };

/* What makes a file the same by whatever name. */
struct file_identity {
    dev_t device;
    ino_t inode;
};

struct loader {
    struct rule_drafts *drafts;
    struct diagnostics *diagnostics;
    struct file_identity *loaded;
    size_t loaded_count;
    bool is_pack_loaded[PACKS_MAX];
};

static void report(struct loader *own, const char *source, const char *reason) {
    diagnostics_error(own->diagnostics, source, (struct place){0}, "%s", reason);
}

/* Notes a file as loaded; false when it was, or when memory ran out. Only regular files give the same text twice. */
static bool note_file(struct loader *own, const struct stat *status) {
    if (!S_ISREG(status->st_mode)) return true;
    for (size_t i = 0; i < own->loaded_count; i++)
        if (own->loaded[i].device == status->st_dev && own->loaded[i].inode == status->st_ino) return false;
    struct file_identity *loaded = realloc(own->loaded, (own->loaded_count + 1) * sizeof *loaded);
    if (loaded == NULL) {
        report(own, "", "out of memory while reading rules");
        return false;
    }
    own->loaded = loaded;
    own->loaded[own->loaded_count++] = (struct file_identity){status->st_dev, status->st_ino};
    return true;
}

static void load_file(struct loader *own, const char *file) {
    struct stat status;
    if (stat(file, &status) != 0)
        report(own, file, strerror(errno));
    else if (note_file(own, &status))
        rule_file_load(own->drafts, file, own->diagnostics);
}

static int is_rule_file(const struct dirent *entry) {
    const size_t length = strlen(entry->d_name), ending = strlen(".yaml");
    return entry->d_name[0] != '.' && length > ending && strcmp(entry->d_name + length - ending, ".yaml") == 0;
}

/* Unlike alphasort() the same in every locale. */
static int by_name(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

static void load_folder_entry(struct loader *own, const char *folder, const char *name) {
    const bool has_slash = folder[strlen(folder) - 1] == '/';
    char *file;
    if (asprintf(&file, "%s%s%s", folder, has_slash ? "" : "/", name) < 0) {
        report(own, "", "out of memory while reading rules");
        return;
    }
    load_file(own, file);
    free(file);
}

static void load_folder(struct loader *own, const char *folder) {
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_rule_file, by_name);
    if (count < 0) {
        report(own, folder, strerror(errno));
        return;
    }
    if (count == 0) report(own, folder, "no *.yaml in this folder");
    for (int i = 0; i < count; i++) {
        load_folder_entry(own, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void load_pack(struct loader *own, size_t position) {
    const struct pack *pack = pack_at(position);
    char *source;
    if (own->is_pack_loaded[position]) return;
    own->is_pack_loaded[position] = true;
    if (asprintf(&source, PACK_PREFIX "%s", pack->name) < 0) {
        report(own, "", "out of memory while reading rules");
        return;
    }
    rule_file_parse(own->drafts, source, pack->text, pack->length, own->diagnostics);
    free(source);
}

static void load_pack_named(struct loader *own, const char *source) {
    const char *const name = source + strlen(PACK_PREFIX);
    const char *names[PACKS_MAX];
    size_t count = 0;
    for (; count < pack_count(); count++) {
        names[count] = pack_at(count)->name;
        if (strcmp(names[count], name) != 0) continue;
        load_pack(own, count);
        return;
    }
    spelling_refuse(own->diagnostics, source, (struct place){0}, "pack", name, names, count);
}

static void load_source(struct loader *own, const char *source) {
    struct stat status;
    if (strncmp(source, PACK_PREFIX, strlen(PACK_PREFIX)) == 0)
        load_pack_named(own, source);
    else if (stat(source, &status) == 0 && S_ISDIR(status.st_mode))
        load_folder(own, source);
    else
        load_file(own, source);
}

/* By text, then in the order they were read in. */
static int by_id(const void *left, const void *right) {
    const struct rule_id *a = *(const struct rule_id *const *)left, *b = *(const struct rule_id *const *)right;
    const int order = strcmp(a->node->text, b->node->text);
    return order != 0 ? order : (a > b) - (a < b);
}

static void report_duplicate_ids(struct loader *own) {
    const struct rule_drafts *drafts = own->drafts;
    const struct rule_id **sorted = malloc((drafts->id_count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        report(own, "", "out of memory while reading rules");
        return;
    }
    for (size_t i = 0; i < drafts->id_count; i++) sorted[i] = &drafts->ids[i];
    qsort(sorted, drafts->id_count, sizeof *sorted, by_id);
    const struct rule_id *first = NULL;
    for (size_t i = 0; i < drafts->id_count; i++) {
        const struct rule_id *id = sorted[i];
        if (first == NULL || strcmp(first->node->text, id->node->text) != 0)
            first = id;
        else
            diagnostics_error(own->diagnostics, id->file, id->node->place, "id '%s' is used already, at %s:%u:%u",
                              id->node->text, first->file, first->node->place.line, first->node->place.column);
    }
    free(sorted);
}

void rule_sources_load(struct rule_drafts *drafts, const char *const *sources, size_t source_count,
                       struct diagnostics *diagnostics) {
    struct loader own = {.drafts = drafts, .diagnostics = diagnostics};
    assert(pack_count() <= PACKS_MAX);
    for (size_t i = 0; i < source_count; i++) load_source(&own, sources[i]);
    for (size_t position = 0; source_count == 0 && position < pack_count(); position++) load_pack(&own, position);
    load_source(&own, WORDS_SOURCE);
    report_duplicate_ids(&own);
    free(own.loaded);
}
