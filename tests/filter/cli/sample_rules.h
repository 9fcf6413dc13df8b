#pragma once
/* A small rule file, and messages that it speaks of. */

static const char sample_rules[] = "pack: sample\n"
                                   "rules:\n"
                                   "  - id: email.headers\n"
                                   "    name: E-mail headers\n"
                                   "    class: email\n"
                                   "    pattern: '(?im)^(from|to|subject):[ \\t]\\S'\n"
                                   "    min_count: 2\n"
                                   "    examples:\n"
                                   "      - {note: \"From: ann@example.org\\nSubject: lunch\"}\n"
                                   "    negative_examples:\n"
                                   "      - {note: \"From: A to B\"}\n"
                                   "  - id: identifier.id-field\n"
                                   "    name: Field named as an id\n"
                                   "    class: identifier\n"
                                   "    description: Ids of people.\n"
                                   "    fields: ['user.id']\n"
                                   "    examples:\n"
                                   "      - {user: {id: \"x\"}}\n"
                                   "    negative_examples:\n"
                                   "      - {imp: {id: \"x\"}}\n";

#define CLEAN_MESSAGE "{\"imp\":1}"
#define EMAIL_MESSAGE "{\"user\":{\"Secret\":\"From: ann@example.org\\nSubject: lunch\"}}"
#define IDENTIFIER_MESSAGE "{\"user\":{\"id\":\"4711\"}}"
