#include "bench/page.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(char *fault, const char *file, const char *reason) {
    snprintf(fault, PAGE_FAULT_CHARS, "%s: %s", file, reason);
    return -1;
}

/* The whole file, NUL-terminated, to be freed; NULL with errno set. */
static char *read_whole(const char *file) {
    char *text = NULL;
    size_t capacity = 0;
    FILE *in = fopen(file, "re");
    if (in == NULL) return NULL;
    if (getdelim(&text, &capacity, '\0', in) < 0) {
        free(text);
        text = NULL;
        errno = ENODATA;
    }
    fclose(in);
    return text;
}

/* Where the one line that this marker is begins; NULL when there is none, or more than one. */
static char *find_marker(char *text, const char *kind, const char *name) {
    char marker[80];
    snprintf(marker, sizeof marker, "<!-- %s %s -->\n", kind, name);
    char *found = strstr(text, marker);
    const char *again = found != NULL ? strstr(found + 1, marker) : NULL;
    return again == NULL && (found == text || (found != NULL && found[-1] == '\n')) ? found : NULL;
}

static int write_whole(const char *file, const char *head, size_t head_length, const char *text, const char *tail) {
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof draft, "%s.new", file) >= (int)sizeof draft) return -1;
    FILE *out = fopen(draft, "we");
    if (out == NULL) return -1;
    fwrite(head, 1, head_length, out);
    fputs(text, out);
    fputs(tail, out);
    const int is_bad = ferror(out);
    if (fclose(out) == 0 && !is_bad && rename(draft, file) == 0) return 0;
    unlink(draft);
    return -1;
}

/* The file's text, to be freed, and where the section begins and ends in it; NULL and a fault where it has none. */
static char *read_section(const char *file, const char *name, char **begin, char **end, char *fault) {
    char *page = read_whole(file);
    if (page == NULL) {
        fail(fault, file, strerror(errno));
        return NULL;
    }
    char *const marker = find_marker(page, "begin", name);
    *end = find_marker(page, "end", name);
    if (marker != NULL && *end != NULL && marker < *end) {
        *begin = strchr(marker, '\n') + 1;
        return page;
    }
    fail(fault, file, "no section between its two markers");
    free(page);
    return NULL;
}

int page_check_section(const char *file, const char *name, char fault[PAGE_FAULT_CHARS]) {
    char *begin, *end, *page = read_section(file, name, &begin, &end, fault);
    free(page);
    return page != NULL ? 0 : -1;
}

int page_replace_section(const char *file, const char *name, const char *text, char fault[PAGE_FAULT_CHARS]) {
    char *begin, *end, *page = read_section(file, name, &begin, &end, fault);
    if (page == NULL) return -1;
    const int result = write_whole(file, page, (size_t)(begin - page), text, end);
    if (result != 0) fail(fault, file, strerror(errno));
    free(page);
    return result;
}
