#include "bench/traffic.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A text drawn from a few, the first ones most often. */
struct pool {
    const char *const *texts;
    size_t count;
};
#define POOL(array) ((struct pool){array, COUNT(array)})

static const char *const agents[] = {
    "Mozilla/5.0 (Linux; Android 13; Tablet One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (Linux; Android 12; Phone Nine) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/118.0 Safari/537.36",
};
static const char *const domains[] = {"news.example",   "weather.example", "games.example",   "cooking.example",
                                      "sports.example", "travel.example",  "gardens.example", "cinema.example"};
static const char *const pages[] = {
    "https://news.example/world/harvest-begins",         "https://weather.example/coast/weekend",
    "https://games.example/play/blocks?level=easy",      "https://cooking.example/soups/leek-and-potato",
    "https://sports.example/league/table?season=autumn", "https://travel.example/islands/north"};
static const char *const categories[] = {"IAB1",  "IAB1-5",  "IAB12",  "IAB17-44",
                                         "IAB19", "IAB20-3", "IAB8-9", "IAB9-30"};
static const char *const makers[] = {"Generic", "Acme", "Northwind", "Contoso"};
static const char *const models[] = {"One", "Nine", "Plus", "Mini", "Tablet One"};
static const char *const systems[] = {"android", "ios", "windows", "macos", "linux"};
static const char *const versions[] = {"13", "12", "17.1", "10", "14"};
static const char *const languages[] = {"en", "de", "fr", "es", "pl"};
static const char *const countries[] = {"USA", "DEU", "FRA", "ESP", "POL", "GBR"};
static const char *const regions[] = {"CA", "BY", "IDF", "MD", "MZ"};
static const char *const networks[] = {"wlan one", "mobile two", "fibre three"};
static const char *const currencies[] = {"USD", "EUR", "GBP"};
static const char *const tags[] = {"top-banner", "side-rail", "footer", "in-article", "splash"};
static const char *const partners[] = {"exchange-a", "exchange-b", "curator-c", "data-d"};
static const char *const interests[] = {"garden tools", "family cars", "city breaks", "running shoes",
                                        "home cinema",  "pet food",    "board games", "winter sports"};
static const char *const blocked[] = {"IAB24", "IAB25", "IAB26", "IAB7-39", "IAB23"};

static const char *const personal_texts[] = {
    "From: Ann Example <ann@example.org>\nTo: ben@example.org\nSubject: the garden\n\nShall we plant beans?",
    "Subject: lunch tomorrow\nFrom: ben@example.org\n\nI will be ten minutes late, please order for me.",
    "To: carla@example.net\nDate: Mon, 4 Mar 2024 09:12:00 +0100\nSubject: Re: keys\n\nThey are under the flower pot.",
};

/* Letters only, so that what makes a text unique looks like no number. */
static void write_serial(uint64_t serial, char out[6]) {
    for (size_t i = 0; i < 6; i++, serial /= 26) out[i] = (char)('a' + serial % 26);
}

static void write_text(struct traffic *own, struct json_writer *json, const char *text) {
    char unique[256];
    size_t length = strlen(text);
    if (own->is_unique && length + 6 < sizeof unique) {
        /* Long texts keep their length: a word of theirs becomes the serial number. */
        const size_t at = length > 24 ? length - 6 : length;
        memcpy(unique, text, at);
        write_serial(own->serial++, unique + at);
        json_writer_bytes(json, unique, at + 6);
    } else {
        json_writer_bytes(json, text, length);
    }
}

static void put_text(struct traffic *own, struct json_writer *json, const char *key, const char *text) {
    json_writer_key(json, key);
    write_text(own, json, text);
}

static void put_from(struct traffic *own, struct json_writer *json, const char *key, struct pool pool) {
    put_text(own, json, key, pool.texts[random_popular(&own->random, pool.count)]);
}

static void put_list(struct traffic *own, struct json_writer *json, const char *key, struct pool pool, size_t count) {
    json_writer_key(json, key);
    json_writer_array(json);
    for (size_t i = 0; i < count; i++) write_text(own, json, pool.texts[random_popular(&own->random, pool.count)]);
    json_writer_end(json);
}

static void put_number(struct json_writer *json, const char *key, uint64_t value) {
    json_writer_key(json, key);
    json_writer_natural(json, value);
}

/* Ids are new in every message: UUIDs for what happens once, short numbers for what is listed somewhere. */
static void put_uuid(struct traffic *own, struct json_writer *json, const char *key) {
    const uint64_t high = random_next(&own->random), low = random_next(&own->random);
    char id[40];
    snprintf(id, sizeof id, "%08" PRIx32 "-%04x-4%03x-a%03x-%012" PRIx64, (uint32_t)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff), (unsigned)(low >> 52), low & 0xffffffffffff);
    json_writer_key(json, key);
    json_writer_text(json, id);
}

static void put_id(struct traffic *own, struct json_writer *json, const char *key) {
    char id[24];
    snprintf(id, sizeof id, "%06" PRIu64, random_next(&own->random) % 1000000);
    put_text(own, json, key, id);
}

/* Digits of base64 as URLs have them, as many as are asked for. */
static void write_token(struct traffic *own, char *out, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < length; i++) out[i] = digits[random_below(&own->random, 64)];
}

/* What a user agreed to: a long run of base64, as the consent frameworks have it. */
static void put_consent(struct traffic *own, struct json_writer *json) {
    char consent[160] = "CP";
    write_token(own, consent + 2, sizeof consent - 2);
    json_writer_key(json, "consent");
    json_writer_bytes(json, consent, sizeof consent);
}

/* Where something was seen: an address with a query that is new each time, up to some 150 characters. */
static void put_address(struct traffic *own, struct json_writer *json, const char *key) {
    char address[160], token[64];
    const size_t length = 16 + random_below(&own->random, sizeof token - 16);
    write_token(own, token, length);
    const int written =
        snprintf(address, sizeof address, "%s#utm_campaign=%s&pos=%zu&click=%.*s",
                 pages[random_popular(&own->random, COUNT(pages))], tags[random_popular(&own->random, COUNT(tags))],
                 random_below(&own->random, 40), (int)length, token);
    json_writer_key(json, key);
    json_writer_bytes(json, address, (size_t)written);
}

static void put_decimal(struct traffic *own, struct json_writer *json, const char *key, size_t bound) {
    char literal[32];
    const int length = snprintf(literal, sizeof literal, "%zu.%zu", random_below(&own->random, bound),
                                1 + random_below(&own->random, 9));
    json_writer_key(json, key);
    json_writer_literal(json, literal, (size_t)length);
}

static void open_object(struct json_writer *json, const char *key) {
    json_writer_key(json, key);
    json_writer_object(json);
}

static void write_impression(struct traffic *own, struct json_writer *json, size_t number) {
    json_writer_object(json);
    char id[24];
    json_writer_key(json, "id");
    json_writer_bytes(json, id, (size_t)snprintf(id, sizeof id, "%zu", number));
    open_object(json, "banner");
    put_number(json, "w", random_below(&own->random, 2) == 0 ? 300 : 728);
    put_number(json, "h", random_below(&own->random, 2) == 0 ? 250 : 90);
    put_number(json, "pos", random_below(&own->random, 4));
    put_number(json, "topframe", 1);
    json_writer_end(json);
    put_from(own, json, "tagid", POOL(tags));
    put_decimal(own, json, "bidfloor", 4);
    put_from(own, json, "bidfloorcur", POOL(currencies));
    put_number(json, "secure", 1);
    put_number(json, "instl", 0);
    json_writer_end(json);
}

static void write_site(struct traffic *own, struct json_writer *json) {
    open_object(json, "site");
    put_id(own, json, "id");
    put_from(own, json, "domain", POOL(domains));
    put_list(own, json, "cat", POOL(categories), 3);
    put_from(own, json, "page", POOL(pages));
    put_from(own, json, "ref", POOL(pages));
    put_number(json, "privacypolicy", 1);
    put_number(json, "mobile", 1);
    open_object(json, "publisher");
    put_id(own, json, "id");
    put_from(own, json, "domain", POOL(domains));
    put_list(own, json, "cat", POOL(categories), 2);
    json_writer_end(json);
    json_writer_end(json);
}

static void write_app(struct traffic *own, struct json_writer *json) {
    open_object(json, "app");
    put_id(own, json, "id");
    put_from(own, json, "domain", POOL(domains));
    put_number(json, "paid", 0);
    json_writer_end(json);
}

static void write_device(struct traffic *own, struct json_writer *json) {
    open_object(json, "device");
    put_from(own, json, "ua", POOL(agents));
    put_from(own, json, "make", POOL(makers));
    put_from(own, json, "model", POOL(models));
    put_from(own, json, "os", POOL(systems));
    put_from(own, json, "osv", POOL(versions));
    put_from(own, json, "language", POOL(languages));
    put_from(own, json, "carrier", POOL(networks));
    put_number(json, "w", 1080);
    put_number(json, "h", 2400);
    put_number(json, "ppi", 420);
    put_number(json, "js", 1);
    put_number(json, "dnt", 0);
    put_number(json, "lmt", 1);
    put_number(json, "devicetype", 4);
    put_number(json, "connectiontype", 2 + random_below(&own->random, 4));
    open_object(json, "geo");
    put_from(own, json, "country", POOL(countries));
    put_from(own, json, "region", POOL(regions));
    put_number(json, "type", 2);
    put_number(json, "utcoffset", 60 * random_below(&own->random, 12));
    json_writer_end(json);
    json_writer_end(json);
}

static void write_segment(struct traffic *own, struct json_writer *json) {
    json_writer_object(json);
    put_id(own, json, "id");
    put_from(own, json, "name", POOL(interests));
    put_number(json, "value", random_below(&own->random, 100));
    json_writer_end(json);
}

/* Where a partner's segments come from. */
static void write_origin(struct traffic *own, struct json_writer *json) {
    char batch[30];
    write_token(own, batch, sizeof batch);
    open_object(json, "ext");
    put_from(own, json, "source", POOL(domains));
    json_writer_key(json, "batch");
    json_writer_bytes(json, batch, sizeof batch);
    put_number(json, "segtax", 4);
    put_address(own, json, "seen");
    json_writer_end(json);
}

/* Segments of interest, until the request is as long as it shall be. */
static void write_user(struct traffic *own, struct json_writer *json, size_t end, bool is_personal) {
    open_object(json, "user");
    if (json->length + 500 < end) put_consent(own, json);
    if (is_personal) put_text(own, json, "note", personal_texts[random_below(&own->random, COUNT(personal_texts))]);
    json_writer_key(json, "data");
    json_writer_array(json);
    while (json->length + 260 < end && !json->has_failed) {
        json_writer_object(json);
        put_from(own, json, "name", POOL(partners));
        json_writer_key(json, "segment");
        json_writer_array(json);
        for (size_t i = 0; i < 6 && json->length + 180 < end; i++) write_segment(own, json);
        json_writer_end(json);
        if (json->length + 400 < end) write_origin(own, json);
        json_writer_end(json);
    }
    json_writer_end(json);
    json_writer_end(json);
}

void traffic_write(struct traffic *traffic, struct json_writer *json, size_t bytes, bool is_personal) {
    const size_t end = json->length + bytes;
    json_writer_object(json);
    put_uuid(traffic, json, "id");
    json_writer_key(json, "imp");
    json_writer_array(json);
    for (size_t i = 0; i <= bytes / 4096 && i < 4; i++) write_impression(traffic, json, i + 1);
    json_writer_end(json);
    if (bytes >= 700) write_device(traffic, json);
    if (bytes >= 1000) {
        write_site(traffic, json);
    } else {
        write_app(traffic, json);
    }
    if (bytes >= 500 || is_personal) write_user(traffic, json, end, is_personal);
    put_list(traffic, json, "cur", POOL(currencies), 1);
    put_number(json, "at", 2);
    put_number(json, "tmax", 120);
    if (bytes >= 500) put_list(traffic, json, "bcat", POOL(blocked), 4);
    json_writer_end(json);
}
