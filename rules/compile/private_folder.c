#include "rules/compile/private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Behind the name of the file that they become, until they are whole. */
#define UNFINISHED ".unfinished-"

static const char *find_fault(const struct stat *state) {
    if (state->st_uid != 0 && state->st_uid != geteuid()) return "belongs to another user";
    if (state->st_mode & (S_IWGRP | S_IWOTH)) return "may be written by others than its owner";
    return NULL;
}

/* What stands in for a reason when opening failed. */
static const char *open_fault(int reason, const char *other_kind) {
    if (reason == ENOENT) return NULL;
    return reason == ELOOP || reason == ENOTDIR || reason == ENXIO ? other_kind : "cannot be opened";
}

int private_folder_open(const char *path, const char **fault) {
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat state;
    if (folder < 0) {
        *fault = open_fault(errno, "is no folder");
        return -1;
    }
    *fault = fstat(folder, &state) == 0 ? find_fault(&state) : "cannot be opened";
    if (*fault == NULL) return folder;
    close(folder);
    return -1;
}

static const char *find_file_fault(int file, size_t max_bytes, struct stat *state) {
    if (fstat(file, state) != 0) return "cannot be opened";
    if (!S_ISREG(state->st_mode)) return "is no plain file";
    if (state->st_size > (off_t)max_bytes) return "is too large";
    return find_fault(state);
}

/* Reads up to `length` bytes; how many there were. */
static size_t read_bytes(int file, uint8_t *bytes, size_t length) {
    size_t count = 0;
    while (count < length) {
        const ssize_t result = read(file, bytes + count, length - count);
        if (result < 0 && errno == EINTR) continue;
        if (result <= 0) break;
        count += (size_t)result;
    }
    return count;
}

static uint8_t *read_file(int file, size_t max_bytes, size_t *length, const char **fault) {
    struct stat state;
    *fault = find_file_fault(file, max_bytes, &state);
    if (*fault != NULL) return NULL;
    const size_t expected = (size_t)state.st_size;
    uint8_t *bytes = malloc(expected + 1);
    *length = bytes != NULL ? read_bytes(file, bytes, expected) : 0;
    if (bytes != NULL && *length == expected && expected > 0) return bytes;
    *fault = bytes == NULL ? "is too large for the memory there is" : "is cut short";
    free(bytes);
    return NULL;
}

uint8_t *private_folder_read(int folder, const char *name, size_t max_bytes, size_t *length, const char **fault) {
    const int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        *fault = open_fault(errno, "is no plain file");
        return NULL;
    }
    uint8_t *bytes = read_file(file, max_bytes, length, fault);
    close(file);
    return bytes;
}

static int write_bytes(int file, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    while (length > 0) {
        const ssize_t result = write(file, at, length);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0) return -1;
        at += result;
        length -= (size_t)result;
    }
    return 0;
}

static int write_parts(int file, const struct file_part *parts, size_t part_count) {
    for (size_t i = 0; i < part_count; i++)
        if (write_bytes(file, parts[i].bytes, parts[i].length) != 0) return -1;
    return fsync(file);
}

static int write_file(int folder, const char *name, const struct file_part *parts, size_t part_count) {
    const int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    const int result = write_parts(file, parts, part_count), reason = errno;
    if (close(file) != 0 && result == 0) return -1;
    errno = reason;
    return result;
}

int private_folder_write(int folder, const char *name, const struct file_part *parts, size_t part_count) {
    uint64_t chance;
    char unfinished[NAME_MAX + 1];
    if (getrandom(&chance, sizeof chance, 0) != sizeof chance) return -1;
    snprintf(unfinished, sizeof unfinished, "%s" UNFINISHED "%016llx", name, (unsigned long long)chance);
    if (write_file(folder, unfinished, parts, part_count) == 0 && renameat(folder, unfinished, folder, name) == 0) {
        fsync(folder); /* else it may be gone after a crash, and is no half file either way */
        return 0;
    }
    const int reason = errno;
    unlinkat(folder, unfinished, 0);
    errno = reason;
    return -1;
}

void private_folder_touch(int folder, const char *name) {
    utimensat(folder, name, NULL, AT_SYMLINK_NOFOLLOW);
}

struct used_file {
    struct timespec time;
    char name[NAME_MAX + 1];
};

static int by_last_use(const void *left, const void *right) {
    const struct used_file *a = left, *b = right;
    if (a->time.tv_sec != b->time.tv_sec) return a->time.tv_sec > b->time.tv_sec ? -1 : 1;
    return (a->time.tv_nsec < b->time.tv_nsec) - (a->time.tv_nsec > b->time.tv_nsec);
}

/* The files whose names begin so, to be freed. */
static struct used_file *list_files(DIR *listing, const char *prefix, size_t *count) {
    struct used_file *files = NULL;
    size_t capacity = 0;
    *count = 0;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        struct stat state;
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 ||
            fstatat(dirfd(listing), entry->d_name, &state, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(state.st_mode))
            continue;
        if (*count == capacity) {
            capacity = capacity > 0 ? 2 * capacity : 32;
            struct used_file *more = realloc(files, capacity * sizeof *files);
            if (more == NULL) break;
            files = more;
        }
        files[*count].time = state.st_mtim;
        strcpy(files[(*count)++].name, entry->d_name);
    }
    return files;
}

void private_folder_trim(int folder, const char *prefix, size_t keep) {
    const int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = own >= 0 ? fdopendir(own) : NULL;
    if (listing == NULL) {
        if (own >= 0) close(own);
        return;
    }
    size_t count;
    struct used_file *files = list_files(listing, prefix, &count);
    if (count > keep) qsort(files, count, sizeof *files, by_last_use);
    for (size_t i = keep; i < count; i++) unlinkat(folder, files[i].name, 0);
    free(files);
    closedir(listing);
}
