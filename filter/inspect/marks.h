#pragma once
/*
 * Marks: a buffer for the texts of one message, in which every byte is looked up once, many at a time, and marked with
 * the classes that it belongs to: one bit for each class. Who looks at a text then reads its marks, of up to
 * MARKS_WINDOW bytes at a glance, wherever it begins.
 *
 * Texts are written behind each other, the payload first, then what is decoded from it. With AVX2, where the processor
 * has it, 32 bytes are looked up at a time, 16 without (see byte_class.h).
 *
 * Owned by one lane; marks_init() allocates everything.
 */

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inspect/byte_class.h"

enum mark {
    MARK_WORD,    /* letters, digits, _ */
    MARK_JOINT,   /* what base64 has in its alphabets beside letters and digits: + / - _ */
    MARK_NOTABLE, /* the rules' choice, as are those of runs */
    MARK_RUN,
    MARK_KINDS
};

enum {
    MARKS_WINDOW = 56, /* marks that are read at a time */
    MARKS_BEHIND = 64, /* bytes behind any text that may be read, too */
    MARKS_ALIGNMENT = 32
};

/* The classes, const while texts are marked by them. */
struct mark_classes {
    struct byte_class low[MARK_KINDS];
    struct byte_class high_notable; /* of the bytes from 0x80 on, see byte_class.h */
    bool has_high_notable;
};

struct marks {
    const struct mark_classes *classes;
    uint8_t *bytes;
    uint8_t *bits[MARK_KINDS]; /* the first byte's lowest */
    size_t used, capacity;     /* bytes */
    void (*look_up)(struct marks *marks, size_t from, size_t length);
};

/* The classes of words and joints; the others are empty. */
void mark_classes_init(struct mark_classes *classes);

/* Room for texts of `capacity` bytes in all, each one rounded up to MARKS_ALIGNMENT. 0, or -1 when memory could not be
   had; marks_reset() either way. */
int marks_init(struct marks *marks, const struct mark_classes *classes, size_t capacity);
void marks_reset(struct marks *marks);

/* Forgets all texts. */
static inline void marks_clear(struct marks *marks) {
    marks->used = 0;
}

/* Where a text of up to `length` bytes can be written, behind all that is kept. NULL when there is no room. */
static inline uint8_t *marks_room(struct marks *marks, size_t length) {
    return marks->capacity - marks->used >= length ? marks->bytes + marks->used : NULL;
}

/* Marks the first `length` bytes of the room. */
static inline void marks_look_up(struct marks *marks, size_t length) {
    marks->look_up(marks, marks->used, length);
}

/* Keeps them: the room begins behind them. */
static inline void marks_keep(struct marks *marks, size_t length) {
    marks->used += (length + MARKS_ALIGNMENT - 1) & ~(size_t)(MARKS_ALIGNMENT - 1);
}

/* Copies, marks and keeps a text. NULL when there is no room. */
const uint8_t *marks_take(struct marks *marks, const uint8_t *text, size_t length);

/* A mask of the first `count` bytes of a window, see mask.h. */
static inline uint64_t marks_first(size_t count) {
    return count < MARKS_WINDOW ? (UINT64_C(1) << count) - 1 : (UINT64_C(1) << MARKS_WINDOW) - 1;
}

/* The marks of the bytes from there on, the first one lowest. What is behind the window, or behind the text, may be
   anything. */
static inline uint64_t marks_window(const struct marks *marks, enum mark kind, const uint8_t *at) {
    const size_t position = (size_t)(at - marks->bytes);
    uint64_t bits;
    memcpy(&bits, marks->bits[kind] + position / 8, sizeof bits);
    return le64toh(bits) >> position % 8;
}

/* The functions that look up, so that each one can be tested: the one that works everywhere is the last one. */
struct marks_method {
    const char *name;
    bool (*is_supported)(void);
    void (*look_up)(struct marks *marks, size_t from, size_t length);
};
extern const struct marks_method marks_methods[];
extern const size_t marks_method_count;
