#include "cli/cost_sample.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message_file.h"
#include "rules/compile/example.h"

/* Bid requests and an event without anything personal, as JSON. An odd number of them, so that none is lost where
   every second message is kept. */
static const char *const clean_messages[] = {
    "{\"id\":\"bid-a\",\"imp\":[{\"id\":\"1\",\"banner\":{\"w\":320,\"h\":50,\"pos\":1},\"tagid\":\"top-banner\","
    "\"bidfloor\":0.35,\"bidfloorcur\":\"USD\",\"secure\":1}],\"site\":{\"name\":\"Harvest News\",\"domain\":"
    "\"news.example\",\"cat\":[\"IAB12\",\"IAB1-5\"],\"page\":\"https://news.example/world/harvest-begins\",\"ref\":"
    "\"https://search.example/?q=harvest\",\"publisher\":{\"name\":\"Example Press\"}},\"device\":{\"ua\":"
    "\"Mozilla/5.0 (Linux; Android 13; Tablet One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 "
    "Safari/537.36\",\"language\":\"en\",\"devicetype\":5,\"os\":\"Android\",\"osv\":\"13\",\"w\":800,\"h\":1280,"
    "\"geo\":{\"country\":\"USA\",\"region\":\"CA\",\"type\":2}},\"at\":2,\"tmax\":120,\"cur\":[\"USD\"],\"bcat\":"
    "[\"IAB24\",\"IAB25\",\"IAB26\"]}",
    "{\"id\":\"bid-b\",\"imp\":[{\"id\":\"1\",\"video\":{\"mimes\":[\"video/mp4\",\"video/webm\"],\"minduration\":5,"
    "\"maxduration\":30,\"protocols\":[2,3,5,6],\"w\":1280,\"h\":720,\"linearity\":1},\"bidfloor\":4.2,\"bidfloorcur\":"
    "\"EUR\"}],\"app\":{\"name\":\"Blocks and Bricks\",\"bundle\":\"example.games.blocks\",\"storeurl\":"
    "\"https://apps.example/games/blocks\",\"cat\":[\"IAB9-30\"],\"ver\":\"4.11.2\",\"publisher\":{\"name\":"
    "\"Example Games\"}},\"device\":{\"ua\":\"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148\",\"language\":\"de\",\"make\":\"Acme\",\"model\":"
    "\"Phone Nine\",\"os\":\"iOS\",\"osv\":\"17.1\",\"connectiontype\":2,\"geo\":{\"country\":\"DEU\"}},\"at\":1,"
    "\"tmax\":250,\"cur\":[\"EUR\"],\"source\":{\"fd\":1,\"ext\":{\"schain\":{\"ver\":\"1.0\",\"complete\":1,\"nodes\":"
    "[{\"asi\":\"exchange-a.example\",\"sid\":\"curator\",\"hp\":1}]}}}}",
    "{\"id\":\"bid-c\",\"imp\":[{\"id\":\"1\",\"native\":{\"ver\":\"1.2\",\"request\":\"{\\\"assets\\\":[{\\\"id\\\":1,"
    "\\\"required\\\":1,\\\"title\\\":{\\\"len\\\":90}},{\\\"id\\\":2,\\\"img\\\":{\\\"type\\\":3,\\\"w\\\":300}}]}\"},"
    "\"tagid\":\"in-article\",\"bidfloor\":0.8}],\"site\":{\"name\":\"Soups\",\"domain\":\"cooking.example\",\"page\":"
    "\"https://cooking.example/soups/leek-and-potato?from=autumn%20menu\",\"keywords\":\"soup,leek,autumn,family\"},"
    "\"device\":{\"ua\":\"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/119.0 Safari/537.36\",\"language\":\"fr\",\"os\":\"Windows\",\"osv\":\"10\",\"geo\":{\"country\":\"FRA\"}},"
    "\"user\":{\"data\":[{\"name\":\"data-d\",\"segment\":[{\"name\":\"garden tools\",\"value\":\"12\"},{\"name\":"
    "\"city breaks\",\"value\":\"7\"}]}]},\"at\":1,\"cur\":[\"EUR\"]}",
    "{\"id\":\"bid-d\",\"imp\":[{\"id\":\"1\",\"banner\":{\"format\":[{\"w\":300,\"h\":250},{\"w\":336,\"h\":280}],"
    "\"battr\":[1,3,5],\"pos\":3},\"tagid\":\"side-rail\",\"bidfloor\":1.57,\"secure\":1,\"pmp\":{\"private_auction\":"
    "0,"
    "\"deals\":[{\"id\":\"autumn-deal\",\"bidfloor\":6.125,\"at\":1}]}}],\"site\":{\"name\":\"Gardens\",\"domain\":"
    "\"gardens.example\",\"page\":\"https://gardens.example/beds/raised\",\"content\":{\"title\":\"Ten beds for small "
    "gardens\",\"language\":\"en\",\"len\":340},\"publisher\":{\"name\":\"Example Gardens\",\"domain\":"
    "\"gardens.example\"}},\"device\":{\"ua\":\"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 "
    "Firefox/121.0\","
    "\"language\":\"en\",\"os\":\"Linux\",\"js\":1,\"w\":1920,\"h\":1080,\"geo\":{\"country\":\"GBR\",\"type\":2}},"
    "\"regs\":{\"coppa\":0,\"gdpr\":1},\"at\":1,\"tmax\":150,\"cur\":[\"GBP\"],\"wseat\":[\"buyer-one\"],\"badv\":"
    "[\"casino.example\",\"loans.example\"]}",
    "{\"event\":\"impression\",\"campaign\":\"autumn-shoes\",\"creative\":\"shoes-300x250\",\"placement\":\"side-"
    "rail\","
    "\"price\":1.25,\"currency\":\"GBP\",\"viewable\":true,\"seconds\":14,\"url\":\"https://sports.example/league/"
    "table\","
    "\"labels\":[\"running shoes\",\"winter sports\"],\"experiment\":{\"name\":\"layout\",\"variant\":\"b\"}}",
};

static bool is_readable(const struct sample_message *message) {
    const struct limits limits = LIMITS_DEFAULT;
    struct decoder decoder;
    struct token token;
    if (message->length > limits.message_bytes) return false;
    decoder_init(&decoder, message->format, message->bytes, message->length, limits.depth);
    while (decoder_next(&decoder, &token)) {
    }
    return decoder.error == REASON_NONE;
}

/* Keeps every second one of those that are kept. */
static void thin_out(struct cost_sample *sample) {
    size_t kept = 0;
    sample->bytes = 0;
    for (size_t i = 0; i < sample->count; i++) {
        struct sample_message *const message = &sample->messages[i];
        if (i % 2 == 1) {
            free(message->bytes);
            continue;
        }
        sample->bytes += message->length;
        sample->messages[kept++] = *message;
    }
    sample->count = kept;
    sample->stride *= 2;
}

/* Takes over the bytes, which are malloc'ed. */
static void add(struct cost_sample *sample, const struct sample_message *message) {
    if (sample->stride == 0) sample->stride = 1;
    const bool is_good = is_readable(message);
    const bool is_wanted = is_good && sample->offered_count % sample->stride == 0;
    sample->unreadable_count += !is_good;
    sample->offered_count += is_good;
    if (!is_wanted) {
        free(message->bytes);
        return;
    }
    sample->messages[sample->count++] = *message;
    sample->bytes += message->length;
    while (sample->count == COST_SAMPLE_MESSAGES || (sample->bytes > COST_SAMPLE_BYTES && sample->count > 1))
        thin_out(sample);
}

static int add_copy(struct cost_sample *sample, const void *bytes, size_t length, enum format format) {
    const struct sample_message message = {.bytes = malloc(length + 1), .length = length, .format = format};
    if (message.bytes == NULL) return -1;
    memcpy(message.bytes, bytes, length);
    add(sample, &message);
    return 0;
}

int cost_sample_read(struct cost_sample *sample, const char *path) {
    const struct limits limits = LIMITS_DEFAULT;
    struct message_file *file = message_file_open(path, FRAMING_AUTO, &limits);
    if (file == NULL) return -1;
    struct file_message message;
    int result;
    while ((result = message_file_next(file, &message)) == 1) {
        if (message.reason != REASON_NONE)
            sample->unreadable_count++;
        else if (add_copy(sample, message.bytes, message.length, message.format) != 0)
            result = -1;
        if (result < 0) break;
    }
    const int reason = errno;
    message_file_close(&file);
    errno = reason;
    return result < 0 ? -1 : 0;
}

int cost_sample_make(struct cost_sample *sample, const struct rule_drafts *drafts) {
    const size_t clean_count = sizeof clean_messages / sizeof *clean_messages;
    size_t example_count = 0;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct node_list *const examples = &drafts->items[i].negative_examples;
        for (size_t k = 0; k < examples->count; k++, example_count++) {
            struct sample_message message = {.format = FORMAT_MSGPACK};
            message.bytes = example_pack(examples->items[k], &message.length);
            if (message.bytes == NULL) return -1;
            add(sample, &message);
        }
    }
    for (size_t i = 0; i < example_count || i < clean_count; i++) {
        const char *const clean = clean_messages[i % clean_count];
        if (add_copy(sample, clean, strlen(clean), FORMAT_JSON) != 0) return -1;
    }
    return 0;
}

void cost_sample_reset(struct cost_sample *sample) {
    for (size_t i = 0; i < sample->count; i++) free(sample->messages[i].bytes);
    *sample = (struct cost_sample){0};
}
