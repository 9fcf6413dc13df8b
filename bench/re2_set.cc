#include "bench/re2_set.h"

#include <cstdint>
#include <cstring>
#include <re2/re2.h>
#include <re2/set.h>
#include <string>
#include <vector>

struct re2_set {
    re2_set(const re2::RE2::Options &options) : set(options, re2::RE2::UNANCHORED) {}
    re2::RE2::Set set;
    std::vector<int> matches;
};

/* RE2 knows no free spacing, (?x): takes the space and the comments of such a pattern out. */
static std::string without_free_spacing(const char *pattern) {
    std::string text = pattern;
    const size_t flags_end = text.find(')');
    if (text.compare(0, 2, "(?") != 0 || flags_end == std::string::npos) return text;
    const size_t flag = text.find('x');
    if (flag > flags_end || text.substr(2, flags_end - 2).find_first_not_of("imsx") != std::string::npos) return text;
    std::string packed = text.substr(0, flag) + text.substr(flag + 1, flags_end - flag);
    bool is_in_class = false;
    for (size_t i = flags_end + 1; i < text.size(); i++) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            packed += text[i++];
        } else if (!is_in_class && std::strchr(" \t\r\n", text[i]) != nullptr) {
            continue;
        } else if (!is_in_class && text[i] == '#') {
            while (i + 1 < text.size() && text[i + 1] != '\n') i++;
            continue;
        } else if (text[i] == '[') {
            is_in_class = true;
        } else if (text[i] == ']') {
            is_in_class = false;
        }
        packed += text[i];
    }
    return packed;
}

struct re2_set *re2_set_create(const char *const *patterns, size_t count, size_t *taken_count) {
    re2::RE2::Options options(re2::RE2::Latin1);
    options.set_log_errors(false);
    options.set_max_mem(INT64_C(256) << 20);
    auto *own = new struct re2_set(options);
    *taken_count = 0;
    for (size_t i = 0; i < count; i++)
        *taken_count += own->set.Add("(?m)" + without_free_spacing(patterns[i]), nullptr) >= 0;
    if (*taken_count > 0 && own->set.Compile()) return own;
    delete own;
    return nullptr;
}

void re2_set_destroy(struct re2_set *set) {
    delete set;
}

size_t re2_set_match(struct re2_set *set, const void *text, size_t length) {
    re2::RE2::Set::ErrorInfo error;
    set->matches.clear();
    set->set.Match(re2::StringPiece(static_cast<const char *>(text), length), &set->matches, &error);
    return error.kind == re2::RE2::Set::kNoError ? set->matches.size() : SIZE_MAX;
}
