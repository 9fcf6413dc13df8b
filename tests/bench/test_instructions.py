#!/usr/bin/python3
"""Guards what inspect() costs, in instructions: counted under callgrind, they do not depend on what else the machine does.

Bounds are loose on purpose. They are there to notice a loop that runs twice or a fast path that is no longer taken, not to
judge a change of some percent; that is what cordon-bench is for.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BENCH = os.environ.get("CORDON_BENCH", "build/release/cordon-bench")
MESSAGES = 400

# Of each: what is counted, what it is compared with, and the ratio of instructions per message as it was measured with
# gcc 12.2 and Hyperscan 5.4.0, which valgrind shows a processor with AVX2.
MEASURED = [
    ("inspect, repeating texts", "msgpack-c, repeating texts", 2.38),
    ("inspect, unique texts", "msgpack-c, unique texts", 4.06),
    ("inspect, JSON", "inspect, repeating texts", 1.47),
    ("inspect, 1000 rules", "inspect, 100 rules", 1.05),
]
# Half as much again: compilers, libraries and packs may move a ratio by a fifth, and one step of inspect() done twice
# moves it by more.
TOLERANCE = 1.5
# A change that brings a ratio below that share of what stands above has to write it down there: else the guard sleeps.
SLEEPING = 0.4


def count_instructions():
    """Instructions of each section, by its name; None where this program cannot count them."""
    with tempfile.TemporaryDirectory(prefix="cordon-test-") as folder:
        answer = subprocess.run(
            ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/out", BENCH,
             "instructions", "--messages", str(MESSAGES)], capture_output=True, text=True, timeout=500)
        if "built where valgrind is installed" in answer.stderr:
            return None
        if answer.returncode != 0:
            raise AssertionError(answer.stderr)
        dumps = [path.read_text() for path in pathlib.Path(folder).glob("out.*")]
    sections = [re.search(r"^desc: Trigger: Client Request: (.*)\n(?:.*\n)*?summary: (\d+)$", dump, re.M) for dump in dumps]
    return {section[1]: int(section[2]) for section in sections if section}


class Instructions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("valgrind") is None:
            raise unittest.SkipTest("valgrind is not installed")
        refusal = subprocess.run([BENCH, "instructions"], capture_output=True, text=True, timeout=60).stderr
        if "refuses a debug build" in refusal:
            raise unittest.SkipTest("this build is not fit for measuring")
        cls.counts = count_instructions()
        if cls.counts is None:
            raise unittest.SkipTest("this program was built where valgrind is not installed")

    def test_no_ratio_has_grown(self):
        for subject, base, measured in MEASURED:
            with self.subTest(subject=subject, base=base):
                ratio = self.counts[subject] / self.counts[base]
                print(f"{subject} against {base}: {ratio:.3g}, measured {measured}")
                self.assertLess(ratio, measured * TOLERANCE)
                self.assertGreater(ratio, measured * SLEEPING, "far less than before: put this ratio into MEASURED")

    def test_every_section_did_some_work(self):
        for name, count in self.counts.items():
            with self.subTest(name=name):
                self.assertGreater(count, MESSAGES // 2 * 1000)


if __name__ == "__main__":
    unittest.main()
