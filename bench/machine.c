#include "bench/machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <msgpack.h>
#include <zmq.h>

#include "cli/cli.h"
#include "inspect/match.h"

enum { FACT_CHARS = 256 };

bool machine_build_is_measurable(void) {
#if defined(NDEBUG) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/* The processor's name as the kernel tells it, or an empty text. */
static void read_processor(char *out, size_t capacity) {
    char *line = NULL;
    size_t line_capacity = 0;
    out[0] = '\0';
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL) return;
    while (out[0] == '\0' && getline(&line, &line_capacity, file) > 0) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL)
            snprintf(out, capacity, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
    }
    free(line);
    fclose(file);
}

static void report_machine(struct report *report) {
    char processor[FACT_CHARS / 2], text[FACT_CHARS];
    struct utsname system;
    uname(&system);
    read_processor(processor, sizeof processor);
    snprintf(text, sizeof text, "%ld x %s, %.32s %.64s", sysconf(_SC_NPROCESSORS_ONLN), processor, system.sysname,
             system.release);
    report_fact(report, "machine", text);
}

static void report_date(struct report *report) {
    char text[FACT_CHARS];
    struct tm date;
    const time_t now = time(NULL);
    strftime(text, sizeof text, "%d %B %Y", gmtime_r(&now, &date));
    report_fact(report, "date", text);
}

void machine_report(struct report *report, const struct rule_set *rules) {
    char text[FACT_CHARS], platform[FACT_CHARS / 2];
    int major, minor, patch;
    report_date(report);
    snprintf(text, sizeof text, "cordon %s, compiler %s, %s", CORDON_VERSION, __VERSION__,
             machine_build_is_measurable() ? "optimised" : "NOT FIT FOR MEASURING");
    report_fact(report, "build", text);
    report_machine(report);
    zmq_version(&major, &minor, &patch);
    match_engine_platform(rules, platform, sizeof platform);
    snprintf(text, sizeof text, "Hyperscan %.32s (%s), libzmq %d.%d.%d, msgpack-c %s", match_engine_version(), platform,
             major, minor, patch, msgpack_version());
    report_fact(report, "libraries", text);
    snprintf(text, sizeof text, "%zu with %zu patterns, digest %s", rules->rule_count, rules->pattern_count,
             rules->digest);
    report_fact(report, "rules", text);
}
