#!/usr/bin/python3
"""Habits that hold everywhere: contracts in headers, nothing left to do, packs that parse, one formatting."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(os.environ.get("CORDON_SOURCE", pathlib.Path(__file__).parent.parent))
# Not as an alternative in a pattern: iCalendar has tasks of that name.
LEFT_TO_DO = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b(?!\|)")
NOT_OURS = {".git", "build", "corpus", "__pycache__"}


def read_folders(*folders, suffixes):
    return {str(path.relative_to(ROOT)): path.read_text()
            for folder in folders for path in sorted((ROOT / folder).rglob("*")) if path.suffix in suffixes}


def read_texts():
    """Every text file of the tree that people wrote."""
    texts = {}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(names):
            path = pathlib.Path(folder, name)
            try:
                texts[str(path.relative_to(ROOT))] = path.read_text()
            except (UnicodeDecodeError, OSError):
                continue
    return texts


def find_things_left_to_do(texts):
    return [f"{path}:{number}" for path, text in texts.items()
            for number, line in enumerate(text.splitlines(), 1) if LEFT_TO_DO.search(line)]


def has_contract(header):
    """A header begins with what it is for."""
    return re.match(r"#pragma once\n/\*\s*\n?[ *]*\S[^*]{10}", header) is not None


def find_missing_contracts(tree):
    """Every header has a contract, and every source begins with the header of its floor that it keeps."""
    faults = [f"{path}: no contract" for path, text in tree.items() if path.endswith(".h") and not has_contract(text)]
    for path, text in tree.items():
        if not path.endswith(".c"):
            continue
        own = path.removeprefix("filter/").removesuffix(".c") + ".h"
        first = re.search(r'^#include "([^"]+)"', text, re.MULTILINE)
        own_exists = path.removesuffix(".c") + ".h" in tree
        if first is None:
            faults.append(f"{path}: keeps no contract")
        elif own_exists and first[1] != own:
            faults.append(f"{path}: {own} does not come first")
        elif not own_exists and path != "filter/main.c" and first[1].rpartition("/")[0] != own.rpartition("/")[0]:
            faults.append(f"{path}: begins with a header of another floor")
    return faults


class Habits(unittest.TestCase):
    def test_every_pack_parses(self):
        packs = sorted((ROOT / "rules/packs").glob("*.yaml"))
        self.assertGreaterEqual(len(packs), 7)
        for pack in packs:
            with self.subTest(pack=pack.name):
                document = yaml.load(pack.read_text(), Loader=yaml.BaseLoader)
                self.assertEqual(document.get("pack", pack.stem), pack.stem)
                self.assertTrue(document.get("rules") or document.get("words"))

    def test_nothing_is_left_to_do(self):
        texts = read_texts()
        self.assertIn("CMakeLists.txt", texts)
        self.assertEqual(find_things_left_to_do(texts), [])

    def test_every_module_has_its_contract(self):
        tree = read_folders("filter", "rules", "bench", suffixes={".c", ".h"})
        self.assertGreater(len(tree), 50)
        self.assertEqual(find_missing_contracts(tree), [])

    def test_formatting_is_clean(self):
        if shutil.which("clang-format") is None:
            self.skipTest("clang-format is not installed")
        files = [ROOT / path for path in read_folders("filter", "rules", "bench", "tests", suffixes={".c", ".cc", ".h"})]
        answer = subprocess.run(["clang-format", "--dry-run", *files], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True, check=True)
        unclean = {line.split(":")[0] for line in answer.stderr.splitlines() if ": warning:" in line}
        self.assertEqual(sorted(str(pathlib.Path(path).relative_to(ROOT)) for path in unclean), [])


class Checker(unittest.TestCase):
    def test_things_left_to_do_are_found(self):
        texts = {"a.c": "int a;\n/* TO" "DO: b */\n", "b.md": "FIX" "ME\n", "c.c": "todo_list();\n",
                 "d.yaml": "pattern: 'V(?:EVENT|TO" "DO|ALARM)'\n"}
        self.assertEqual(find_things_left_to_do(texts), ["a.c:2", "b.md:1"])

    def test_headers_without_a_contract_are_found(self):
        for text in ("#include <a.h>\n", "#pragma once\n\nint a;\n", "#pragma once\n/* */\n", "/* What it is for. */\n"):
            with self.subTest(text=text):
                self.assertEqual(find_missing_contracts({"filter/inspect/a.h": text}), ["filter/inspect/a.h: no contract"])

    def test_sources_without_a_contract_are_found(self):
        good = "#pragma once\n/* What this one is for. */\n"
        tree = {
            "filter/inspect/a.h": good,
            "filter/inspect/a.c": '#include <stdio.h>\n\n#include "inspect/b.h"\n',
            "filter/inspect/b.h": good,
            "filter/inspect/b.c": '#include "inspect/b.h"\n#include "inspect/a.h"\n',
            "filter/inspect/c.c": "int c;\n",
            "filter/inspect/d.c": '#include "inspect/b.h"\n',
            "filter/stage/e.c": '#include "inspect/b.h"\n',
        }
        self.assertEqual(find_missing_contracts(tree), [
            "filter/inspect/a.c: inspect/a.h does not come first",
            "filter/inspect/c.c: keeps no contract",
            "filter/stage/e.c: begins with a header of another floor",
        ])


if __name__ == "__main__":
    unittest.main()
