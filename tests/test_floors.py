#!/usr/bin/python3
"""Holds the floors of docs/architecture.md: who may include whom, and the one place where each library is known."""

import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ.get("CORDON_SOURCE", pathlib.Path(__file__).parent.parent))

# Each floor and the floors whose headers it may include.
FLOORS = {
    "filter/inspect": {"inspect"},
    "filter/record": {"record"},
    "rules/compile": {"rules/compile", "inspect"},
    "filter/stage": {"stage", "inspect", "record"},
    "filter/console": {"console", "record"},
    "filter/cli": {"cli", "stage", "console", "rules/compile", "inspect", "record"},
    "filter": {"cli"},  # main.c
    "bench": {"bench", "cli", "stage", "rules/compile", "inspect", "record"},
}

# The files and folders that may include a library's headers. What matches no row is C or POSIX and open to all.
LIBRARIES = [
    (r"zmq(_.*)?\.h", {"filter/stage/zmq.c", "filter/stage/socket.c", "filter/stage/outgoing.h",
                       "filter/cli/command_send.c", "filter/cli/command_recv.c", "filter/cli/command_version.c",
                       "bench/flow.c", "bench/machine.c", "bench/middle.c"}),
    (r"hs/hs_runtime\.h", {"filter/inspect/match.c", "rules/compile/pattern.c", "rules/compile/rule_image.c"}),
    (r"hs/hs_compile\.h", {"rules/compile/pattern.c", "rules/compile/rule_image.c"}),
    (r"(hs/)?hs.*\.h", {"bench/contestant_hyperscan.c"}),
    (r"pcre2.*\.h", {"filter/inspect/confirm.c", "rules/compile/pattern.c", "bench/contestant_pcre2.c"}),
    (r"yaml\.h", {"rules/compile/yaml.c"}),
    (r"msgpack(/.*)?\.h", {"rules/compile/example.c", "filter/cli", "bench/contestant_msgpack_c.c",
                                "bench/machine.c"}),
    (r"microhttpd\.h", {"filter/console"}),
    (r"sodium(/.*)?\.h", {"rules/compile/digest.c", "rules/compile/rule_cache.c"}),
    (r"re2(/.*)?\.h", {"bench/re2_set.cc"}),
    (r"valgrind(/.*)?\.h", {"bench/instructions.c"}),
]

# Only the command line prints or ends the process; the benchmark's own, and the processes that it forks.
SPEAKERS = {"filter/cli", "filter/main.c", "bench/main.c", "bench/flow.c", "bench/middle.c"}
SPEECH = re.compile(r"\b(?:v?d?printf|puts|putchar|perror|psignal|exit|_exit|_Exit|quick_exit|abort)\s*\("
                    r"|\b(?:stdout|stderr)\b")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def folder_of(path):
    return path.rpartition("/")[0]


def is_among(path, places):
    return path in places or folder_of(path) in places


def blank(match):
    """Comments become nothing and texts become empty, with the line feeds in them kept."""
    text = match.group()
    return text[0] * 2 if text[0] in "\"'" else "\n" * text.count("\n") or " "


def include_fault(path, is_quoted, header, headers):
    if not is_quoted:
        places = next((places for pattern, places in LIBRARIES if re.fullmatch(pattern, header)), None)
        return "is a library of other files" if places is not None and not is_among(path, places) else None
    if header not in headers:
        return "names no header of filter/ or of the tree"
    if folder_of(header) not in FLOORS[folder_of(path)]:
        return "is not below this floor"
    return None


def find_faults(tree):
    """What is wrong with a tree, a dict of path and text: a list of "path:line: fault"."""
    headers = {path.removeprefix("filter/") for path in tree if path.endswith(".h")}
    faults = []
    for path, text in sorted(tree.items()):
        if folder_of(path) not in FLOORS:
            faults.append(f"{path}:1: stands on no known floor")
            continue

        def report(at, fault):
            faults.append(f"{path}:{text.count(chr(10), 0, at) + 1}: {fault}")

        for match in INCLUDE.finditer(text):
            fault = include_fault(path, match[1] == '"', match[2], headers)
            if fault:
                report(match.start(2), f"{match[2]} {fault}")
        if not is_among(path, SPEAKERS):
            code = COMMENT_OR_TEXT.sub(blank, text)
            for match in SPEECH.finditer(code):
                faults.append(f"{path}:{code.count(chr(10), 0, match.start()) + 1}: {match[0].rstrip('( ')} "
                              "prints or ends the process")
    return faults


def read_tree():
    return {str(path.relative_to(ROOT)): path.read_text()
            for folder in ("filter", "rules", "bench") for path in (ROOT / folder).rglob("*")
            if path.suffix in (".c", ".h", ".cc")}


class Floors(unittest.TestCase):
    def test_the_tree_keeps_to_its_floors(self):
        tree = read_tree()
        self.assertGreater(len(tree), 50)
        for floor in FLOORS:
            self.assertTrue(any(folder_of(path) == floor for path in tree), f"{floor} is empty")
        self.assertEqual(find_faults(tree), [])

    def test_every_place_of_a_library_exists_and_uses_it(self):
        tree = read_tree()
        for pattern, places in LIBRARIES:
            for place in places:
                files = [text for path, text in tree.items() if is_among(path, {place})]
                is_used = any(re.fullmatch(pattern, match[2]) for text in files for match in INCLUDE.finditer(text))
                self.assertTrue(is_used, f"{place} has no use for {pattern}")


class Checker(unittest.TestCase):
    """The checker itself: each of these small trees has one fault, on its second line."""

    HEADERS = {path: "#pragma once\n" for path in (
        "filter/inspect/fields.h", "filter/record/audit.h", "rules/compile/yaml.h", "filter/stage/stage.h",
        "filter/console/console.h", "filter/cli/cli.h", "bench/bench.h")}

    def assert_fault(self, path, line, fault):
        self.assertEqual(find_faults({**self.HEADERS, path: f"/* A\t*/\n{line}\n"}), [f"{path}:2: {fault}"])

    def assert_good(self, path, text):
        self.assertEqual(find_faults({**self.HEADERS, path: text}), [])

    def test_includes_upwards_are_faults(self):
        for path, header in (
                ("filter/inspect/a.c", "record/audit.h"), ("filter/inspect/a.c", "rules/compile/yaml.h"),
                ("filter/inspect/a.h", "stage/stage.h"), ("filter/record/a.c", "inspect/fields.h"),
                ("rules/compile/a.c", "record/audit.h"), ("rules/compile/a.c", "cli/cli.h"),
                ("filter/stage/a.c", "rules/compile/yaml.h"), ("filter/stage/a.c", "console/console.h"),
                ("filter/cli/a.c", "bench/bench.h"), ("filter/console/a.c", "stage/stage.h"), ("filter/console/a.c", "inspect/fields.h"),
                ("filter/main.c", "inspect/fields.h")):
            with self.subTest(path=path, header=header):
                self.assert_fault(path, f'#include "{header}"', f"{header} is not below this floor")

    def test_includes_downwards_are_good(self):
        for path, header in (
                ("filter/cli/a.c", "stage/stage.h"), ("filter/cli/a.c", "rules/compile/yaml.h"),
                ("filter/stage/a.c", "inspect/fields.h"), ("filter/console/a.c", "record/audit.h"),
                ("rules/compile/a.c", "inspect/fields.h"), ("filter/main.c", "cli/cli.h"),
                ("bench/a.c", "cli/cli.h"), ("bench/a.c", "stage/stage.h"), ("bench/a.cc", "bench/bench.h")):
            with self.subTest(path=path, header=header):
                self.assert_good(path, f'#include <string.h>\n#  include "{header}"\n')

    def test_unknown_headers_are_faults(self):
        for header in ("fields.h", "../inspect/fields.h", "filter/inspect/fields.h", "inspect/none.h"):
            with self.subTest(header=header):
                self.assert_fault("filter/cli/a.c", f'#include "{header}"',
                                  f"{header} names no header of filter/ or of the tree")

    def test_libraries_beyond_their_place_are_faults(self):
        for path, header in (
                ("filter/stage/stage.c", "zmq.h"), ("filter/cli/command_run.c", "zmq.h"),
                ("filter/inspect/confirm.c", "hs/hs_runtime.h"), ("filter/inspect/match.c", "hs/hs_compile.h"),
                ("filter/inspect/match.c", "hs/hs.h"), ("rules/compile/pattern.c", "hs.h"),
                ("filter/inspect/match.c", "pcre2.h"), ("filter/cli/config_file.c", "yaml.h"),
                ("filter/inspect/msgpack.c", "msgpack.h"), ("filter/stage/stage.c", "msgpack/sbuffer.h"),
                ("bench/duel.c", "zmq.h"), ("bench/contestant_re2.c", "re2/re2.h"),
                ("bench/contestant_walk.c", "msgpack.h"), ("filter/inspect/match.c", "valgrind/callgrind.h"),
                ("filter/stage/stage.c", "microhttpd.h"), ("filter/record/audit.c", "sodium.h")):
            with self.subTest(path=path, header=header):
                self.assert_fault(path, f"#include <{header}>", f"{header} is a library of other files")

    def test_libraries_in_their_place_are_good(self):
        self.assert_good("filter/stage/zmq.c", "#include <zmq.h>\n")
        self.assert_good("filter/cli/convert.c", "#include <msgpack.h>\n")

    def test_printing_and_ending_below_the_command_line_are_faults(self):
        for call, name in (("printf(\"a\");", "printf"), ("x = 1; exit(1);", "exit"), ("puts (text);", "puts"),
                           ("fprintf(stdout, \"a\");", "stdout"), ("fputs(text, stderr);", "stderr"),
                           ("abort();", "abort"), ("perror(NULL);", "perror")):
            with self.subTest(call=call):
                self.assert_fault("filter/stage/a.c", call, f"{name} prints or ends the process")
        self.assert_good("filter/cli/a.c", "printf(\"a\");\nexit(1);\n")
        self.assert_good("filter/main.c", "puts(\"a\");\n")

    def test_words_in_comments_and_texts_and_other_functions_are_good(self):
        self.assert_good("filter/record/a.c", "/* printf( and\n exit( */\nchar *a = \"\\\"puts(\"; // abort()\n"
                                              "snprintf(a, 1, \"b\");\nvsnprintf(a, 1, b, c);\non_exit_of(a);\n")

    def test_files_on_no_floor_are_faults(self):
        self.assertEqual(find_faults({"filter/util/a.c": ""}), ["filter/util/a.c:1: stands on no known floor"])


if __name__ == "__main__":
    unittest.main()
