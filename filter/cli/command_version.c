#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include <zmq.h>

#include "cli/cli.h"
#include "inspect/match.h"
#include "record/json_writer.h"
#include "rules/compile/compile.h"

/* What there is to tell, by the names that --json gives it. */
struct versions {
    char platform[128];
    char libzmq[48];
    const struct rule_set *rules;
};

static struct versions find_versions(const struct rule_set *rules) {
    struct versions versions = {.rules = rules};
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    snprintf(versions.libzmq, sizeof versions.libzmq, "%d.%d.%d", major, minor, patch);
    match_engine_platform(rules, versions.platform, sizeof versions.platform);
    return versions;
}

static void print_json(const struct versions *versions) {
    struct json_writer json;
    json_writer_init_file(&json, stdout);
    json_writer_object(&json);
    json_writer_key(&json, "version");
    json_writer_text(&json, CORDON_VERSION);
    json_writer_key(&json, "hyperscan");
    json_writer_text(&json, match_engine_version());
    json_writer_key(&json, "platform");
    json_writer_text(&json, versions->platform);
    json_writer_key(&json, "libzmq");
    json_writer_text(&json, versions->libzmq);
    json_writer_key(&json, "rules");
    json_writer_natural(&json, versions->rules->rule_count);
    json_writer_key(&json, "classes");
    json_writer_natural(&json, versions->rules->class_count);
    json_writer_key(&json, "rules_digest");
    json_writer_text(&json, versions->rules->digest);
    json_writer_end(&json);
    json_writer_line(&json);
}

static void print_text(const struct versions *versions) {
    printf("cordon %s\nHyperscan %s (%s)\nlibzmq %s\npacks: %zu rules, %zu classes, digest %s\n", CORDON_VERSION,
           match_engine_version(), versions->platform, versions->libzmq, versions->rules->rule_count,
           versions->rules->class_count, versions->rules->digest);
}

int command_version(int argc, char **argv) {
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
    bool is_json = false;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option != 'j') return cli_option_error(argv, option);
        is_json = true;
    }
    if (optind < argc) return cli_usage_error(argv[0], "unexpected '%s'", argv[optind]);

    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct rule_drafts drafts;
    rule_drafts_init(&drafts);
    rule_sources_load(&drafts, NULL, 0, &diagnostics);
    struct rule_set *rules = diagnostics.error_count == 0 ? rule_set_compile(&drafts, &diagnostics) : NULL;
    if (rules) {
        const struct versions versions = find_versions(rules);
        (is_json ? print_json : print_text)(&versions);
    }
    cli_print_diagnostics(stderr, &diagnostics);
    const int status = rules ? CLI_DONE : CLI_BAD_INPUT;
    rule_set_destroy(&rules);
    rule_drafts_reset(&drafts);
    diagnostics_reset(&diagnostics);
    return status;
}
