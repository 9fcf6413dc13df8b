#!/usr/bin/python3
"""What README and docs show works as it stands there."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("CORDON_SOURCE", pathlib.Path(__file__).parent.parent))
CORDON = os.environ.get("CORDON", str(ROOT / "build/release/cordon"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page, language, beginning):
    """The fenced blocks of a page in that language that begin so."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)
    return [block for block in found if block.startswith(beginning)]


class Docs(unittest.TestCase):
    def run_cordon(self, name, text, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, name)
            path.write_text(text)
            return subprocess.run([CORDON, *arguments, str(path)], capture_output=True, text=True, cwd=folder, timeout=60)

    def test_the_first_rule_is_sound(self):
        rules = blocks("docs/rules.md", "yaml", "pack: ")
        self.assertEqual(len(rules), 1)
        answer = self.run_cordon("shop.yaml", rules[0], "rules", "check")
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))
        self.assertTrue(answer.stdout.startswith("OK: 1 rule"), answer.stdout)

    def test_the_configuration_in_the_readme_is_sound(self):
        configurations = blocks("README.md", "yaml", "# cordon.yaml")
        self.assertEqual(len(configurations), 1)
        answer = self.run_cordon("cordon.yaml", configurations[0], "run", "--check", "-c")
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))

    def test_every_validator_is_described(self):
        table = (ROOT / "filter/inspect/validator.c").read_text()
        known = re.findall(r'^    \{"([a-z0-9-]+)",', table, re.MULTILINE)
        text = (ROOT / "docs/rules.md").read_text()
        section = re.search(r"^## Validators\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
        described = re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE)
        self.assertGreaterEqual(len(known), 12)
        self.assertEqual(described, known)

    def test_every_command_is_in_the_readme_or_operating_page(self):
        answer = subprocess.run([CORDON, "help"], capture_output=True, text=True, timeout=60)
        commands = re.findall(r"^  ([a-z]+) {2,}\S", answer.stdout, re.MULTILINE)
        self.assertIn("run", commands)
        text = "".join(page.read_text() for page in PAGES)
        self.assertEqual([name for name in commands if f"cordon {name}" not in text], [])

    def test_every_link_leads_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                with self.subTest(page=page.name, target=target):
                    self.assertTrue((page.parent / target).exists())


if __name__ == "__main__":
    unittest.main()
