#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fuzz.h"

/* Runs a fuzz target over every file of a folder: the corpus as an ordinary test, with no fuzzer at hand. */

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool replay(const char *path) {
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        if (file != NULL) fclose(file);
        return false;
    }
    const size_t size = (size_t)status.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    const bool is_read = data != NULL && fread(data, 1, size, file) == size;
    fclose(file);
    fprintf(stderr, "%s\n", path);
    if (is_read) LLVMFuzzerTestOneInput(data, size);
    free(data);
    return is_read;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    struct dirent **entries;
    const int count = scandir(argv[1], &entries, is_visible, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no files to replay\n", argv[1]);
        return 1;
    }
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        is_good = replay(path) && is_good;
        free(entries[i]);
    }
    free(entries);
    return is_good ? 0 : 1;
}
