#pragma once
/*
 * A folder in which only root and the effective user can have put anything, and its files, read and written whole.
 * Nothing in it is followed, waited for or believed that somebody else could have made: what is opened is looked at
 * through its descriptor, so that nobody can exchange it in between.
 *
 * A `fault` says in words why something cannot be used, to stand behind its name; NULL when it is merely not there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A descriptor for the calls below, to be closed by the caller; -1 when there is no such folder or it has a fault. */
int private_folder_open(const char *path, const char **fault);

/* The bytes of a file, to be freed; NULL when there is none, it has a fault, is empty or has more than `max_bytes`. */
uint8_t *private_folder_read(int folder, const char *name, size_t max_bytes, size_t *length, const char **fault);

struct file_part {
    const void *bytes;
    size_t length;
};

/* Makes or replaces a file, mode 0600. Readers see the old one or the new one, whole, whatever ends the process or the
   machine. 0, or -1 with errno; then all is as it was. Writers may be many: the last one wins. */
int private_folder_write(int folder, const char *name, const struct file_part *parts, size_t part_count);

/* Marks a file as just used, which the next call goes by. Fails without a word. */
void private_folder_touch(int folder, const char *name);

/* Removes the files whose names begin so but for the `keep` that were used last, and with them what writers that were
   killed left behind. Fails without a word. */
void private_folder_trim(int folder, const char *prefix, size_t keep);
