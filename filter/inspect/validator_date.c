#include "inspect/validator_checks.h"

enum { GREGORIAN_YEAR_FIRST = 1583, YEAR_LAST = 9999 };

bool date_exists(uint32_t year, uint32_t month, uint32_t day) {
    static const uint8_t days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || year < GREGORIAN_YEAR_FIRST || year > YEAR_LAST) return false;
    const bool is_leap_year = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= days[month] + (month == 2 && is_leap_year ? 1u : 0u);
}

/* Three numbers with the same separator between them, as they are written. */
struct written_date {
    uint32_t numbers[3];
    size_t widths[3]; /* digits */
    uint8_t separator;
    size_t length; /* bytes */
};

static bool read_date(struct written_date *date, const uint8_t *text, size_t length) {
    *date = (struct written_date){0};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        if (i == 1 && at < length) date->separator = text[at];
        if (i > 0 && (at == length || text[at++] != date->separator)) return false;
        size_t width = 0;
        while (width < 5 && at + width < length && is_digit(text[at + width])) width++;
        if (width == 0 || width == 5) return false;
        date->numbers[i] = digits_value(text + at, width);
        date->widths[i] = width;
        at += width;
    }
    date->length = at;
    return date->separator == '-' || date->separator == '.' || date->separator == '/';
}

/* Year first, or last with day and month before it; only a date with full stops is sure to begin with the day. */
static bool is_date(const struct written_date *date) {
    const uint32_t *const numbers = date->numbers;
    const size_t *const widths = date->widths;
    if (widths[1] > 2) return false;
    if (widths[0] == 4) return widths[2] <= 2 && date_exists(numbers[0], numbers[1], numbers[2]);
    if (widths[0] > 2 || (widths[2] != 2 && widths[2] != 4)) return false;
    const uint32_t year = widths[2] == 2 ? 2000 + numbers[2] : numbers[2];
    return date_exists(year, numbers[1], numbers[0]) ||
           (date->separator != '.' && date_exists(year, numbers[0], numbers[1]));
}

size_t check_date(const uint8_t *text, size_t length, size_t from, size_t to) {
    struct written_date date;
    if (!edge_starts_number(text, from, to) || !read_date(&date, text + from, length - from) || !is_date(&date))
        return 0;
    const size_t end = from + date.length;
    const bool goes_on = length - end >= 2 && text[end] == date.separator && is_digit(text[end + 1]);
    const bool began_before = from >= 2 && text[from - 1] == date.separator && is_digit(text[from - 2]);
    return !goes_on && !began_before && edge_ends_number(text, length, from, end) ? date.length : 0;
}
