#pragma once
/*
 * A page that is written by hand except for its sections between two marker lines, which a program writes:
 *
 *     <!-- begin NAME -->
 *     <!-- end NAME -->
 */

#include <stddef.h>

enum { PAGE_FAULT_CHARS = 256 };

/* Has the file this section? 0, or -1 and `fault` says why not. */
int page_check_section(const char *file, const char *name, char fault[PAGE_FAULT_CHARS]);

/* Puts the text between the markers, in place of what stood there; the rest of the file stays as it is, and a reader
   sees the old file or the new one. 0, or -1 and `fault` says why: then the file is the old one. */
int page_replace_section(const char *file, const char *name, const char *text, char fault[PAGE_FAULT_CHARS]);
