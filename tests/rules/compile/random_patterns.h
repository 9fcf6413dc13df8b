#pragma once
/* Patterns at random: write_pattern() makes most of what PCRE2 knows, and much that it or we refuse. */

#include <string.h>

#include "filter/inspect/random_bytes.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ONE_OF(random, list) ((list)[random_below(random, COUNT(list))])

struct pattern_writer {
    struct random_source random;
    char text[256];
};

static inline void append(struct pattern_writer *writer, const char *part) {
    strncat(writer->text, part, sizeof writer->text - strlen(writer->text) - 1);
}

static inline void write_class(struct pattern_writer *writer) {
    static const char *const items[] = {
        "a",    "b",    "z",          "A",         "Z",         "-",          "-",        "a-z",         "A-Z",
        "0-9",  "^",    "[",          " ",         "\t",        "#",          "\\d",      "\\W",         "\\s",
        "\\h",  "\\V",  "\\b",        "\\]",       "\\-",       "\\x41",      "\\x{5a}",  "\\o{101}",    "\\101",
        "\\7",  "\\81", "\\n",        "\\ ",       "\\Q-\\E",   "\\Q]\\E",    "\\E",      "\\Q",         "[:alpha:]",
        "\xe9", "\xc9", "[:^lower:]", "[:upper:]", "[:punct:]", "[:^space:]", "a-\\x7a",  "\\x20-\\x7e", "+--",
        "\\cA", "[:",   "\\e",        "|",         ".",         "\\N",        "[:word:]", "[:cntrl:]",   "[:xdigit:]",
    };
    static const char *const starts[] = {"[", "[", "[^", "[]", "[^]", "[^^", "[-", "[ ", "[\\E", "[\\Q\\E^"};
    append(writer, ONE_OF(&writer->random, starts));
    for (size_t count = 1 + random_below(&writer->random, 4); count > 0; count--)
        append(writer, ONE_OF(&writer->random, items));
    append(writer, "]");
}

static inline void write_branch(struct pattern_writer *writer, int depth) {
    static const char *const atoms[] = {
        "a",    "b",     "A",       "Z",     "1",        "_",         " ",       "-",        "#",      "]",     "}",
        "{",    "{,2}",  "{1",      "{1,a}", "\\n",      "\\w",       "\\W",     "\\d",      "\\D",    "\\s",   "\\S",
        "\\h",  "\\H",   "\\v",     "\\V",   "\\N",      ".",         "\\x61",   "\\x{4a}",  "\\x",    "\\0",   "\\012",
        "\\11", "\\101", "\\o{61}", "\\cA",  "\\c ",     "\\ ",       "\\#",     "\\.",      "\\\\",   "\xe9",  "\xc9",
        "\x85", "\xa0",  "\n",      "\\e",   "\\Qa.\\E", "\\Q a#\\E", "\\Q(\\E", "\\E",      "\\Q\\E", "(?#a)", "#a\n",
        "(?i)", "(?-i)", "(?s)",    "(?x)",  "(?-x)",    "(?xx)",     "(?s-i)",  "(?ixx-s)", "(?x-i)", "(?)",   "\\\n",
        "^",    "$",     "\\b",     "\\B",   "\\1",      "\\g1",      "(?m)",    "\\z",      "\\K",    "\\x{}", "\\8",
    };
    static const char *const repeats[] = {"",    "",      "",       "",      "?",      "*",    "+",         "+?",  "*?",
                                          "{2}", "{1,3}", "{0,2}",  "{2,}?", "{0}",    " *",   "\\E+",      "++",  "**",
                                          "+ ?", "?+",    "(?#b)*", "{3,1}", "{1}{2}", "{1}+", "\\Q\\E{2}", "{ 2}"};
    static const char *const groups[] = {"(?:",   "(",      "(?i:", "(?s:", "(?x:", "(?xx-i:", "(?-i:", "(?<n>",
                                         "(?'n'", "(?P<m>", "(?>",  "(?=",  "(?!",  "(?|",     "( ?:"};
    for (size_t count = random_below(&writer->random, 5); count > 0; count--) {
        const size_t kind = random_below(&writer->random, 10);
        if (kind < 3 && depth < 3) {
            append(writer, ONE_OF(&writer->random, groups));
            for (write_branch(writer, depth + 1); random_below(&writer->random, 2) == 0;
                 write_branch(writer, depth + 1))
                append(writer, "|");
            append(writer, ")");
        } else if (kind < 6) {
            write_class(writer);
        } else {
            append(writer, ONE_OF(&writer->random, atoms));
        }
        append(writer, ONE_OF(&writer->random, repeats));
    }
}

/* Half of them follow a grammar; half are then changed by a byte or two. */
static inline void write_pattern(struct pattern_writer *writer) {
    static const char alphabet[] = "aA1 #^-[](){}?*+|\\.:,QExidb\n";
    static const char *const settings[] = {"", "", "(?i)", "(?x)", "(?xx)", "(?is)", "(?ix)"};
    writer->text[0] = '\0';
    append(writer, ONE_OF(&writer->random, settings));
    write_branch(writer, 0);
    size_t length = strlen(writer->text);
    if (length > sizeof writer->text - 8) return;
    for (size_t changes = random_below(&writer->random, 4); changes > 1; changes--)
        length = random_mutate(&writer->random, (uint8_t *)writer->text, length, alphabet, sizeof alphabet - 1);
    writer->text[length] = '\0';
}

/* Patterns such as rules have: words, edges, rare bytes and runs, with choices and repeats of them. */
static inline void write_usual_branch(struct pattern_writer *writer, int depth) {
    static const char *const atoms[] = {
        "a",
        "ab",
        "mail",
        "card ",
        "To",
        "x_1",
        "@",
        "[@#]",
        "\\s",
        "\\s*",
        "[ -]",
        "[ .-]?",
        ":",
        "-----",
        "<",
        "\\b",
        "\\b",
        "\\B",
        "^",
        "$",
        "(?:^|,)",
        "[0-9]",
        "\\d{3}",
        "[0-9]{8}",
        "\\d{11,}",
        "[A-Z]",
        "[A-Z2-7]",
        "[\\w-]",
        "[a-f0-9]",
        "\\w+",
        "[^@\\n]",
        ".",
        ".*",
        "\\W",
        "\\n",
        "\\r?\\n",
        "\xc3\xa9",
        "[\x80-\xff]",
        "_",
        "[0-9][0-9 -]{9}",
        "(?:ann|bo)b",
        "[Ss]ent",
        "(?i:From)",
        "[a-z]{0,2}",
        "%[0-9a-f]{2}",
        "[A-Za-z0-9+/]{16}",
    };
    static const char *const group_repeats[] = {"", "", "", "", "?", "*", "+", "{2}"};
    static const char *const repeats[] = {"", "", "", "", "", "?", "+", "*", "{2}", "{1,3}", "{9,}", "{0,2}", "{70}"};
    for (size_t count = 1 + random_below(&writer->random, 4); count > 0; count--) {
        if (random_below(&writer->random, 5) == 0 && depth < 3) {
            append(writer, "(?:");
            for (write_usual_branch(writer, depth + 1); random_below(&writer->random, 2) == 0;
                 write_usual_branch(writer, depth + 1))
                append(writer, "|");
            append(writer, ")");
            append(writer, ONE_OF(&writer->random, group_repeats));
        } else {
            const char *const atom = ONE_OF(&writer->random, atoms);
            append(writer, atom);
            if (strlen(atom) == 1 || atom[0] == '[') append(writer, ONE_OF(&writer->random, repeats));
        }
    }
}

static inline void write_usual_pattern(struct pattern_writer *writer) {
    static const char *const settings[] = {"", "", "", "(?i)", "(?m)", "(?im)"};
    writer->text[0] = '\0';
    append(writer, ONE_OF(&writer->random, settings));
    write_usual_branch(writer, 0);
}
