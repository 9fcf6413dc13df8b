#!/usr/bin/python3
"""cordon-bench as its users meet it: what it prints and when it refuses. No figure is judged here."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BENCH = os.environ.get("CORDON_BENCH", "build/release/cordon-bench")

RULES = """
rules:
  - {id: email.header, name: n, class: email, pattern: '(?m)^(?:From|To|Date|Subject): \\S', min_count: 2,
     examples: ["From: a\\nTo: b"], negative_examples: [y]}
  - {id: email.key, name: n, class: email, fields: ['**.letter'], examples: [{letter: x}], negative_examples: [y]}
"""
QUICK = ["--runs", "2", "--run-ms", "1", "--messages", "50", "--any-build"]


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="cordon-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.rules = os.path.join(folder.name, "rules.yaml")
        with open(self.rules, "w") as file:
            file.write(RULES)

    def run_bench(self, *arguments, status=0):
        answer = subprocess.run([BENCH, *arguments], capture_output=True, text=True, timeout=300)
        self.assertEqual(answer.returncode, status, answer.stderr)
        return answer

    def is_fit_for_measuring(self):
        return "NOT FIT FOR MEASURING" not in self.run_bench("inspect", "-r", self.rules, *QUICK).stdout

    def rows(self, *arguments, has_workload=True):
        output = self.run_bench(*QUICK, *arguments, "-r", self.rules, "--json").stdout
        lines = [json.loads(line) for line in output.splitlines()]
        facts = {line["fact"] for line in lines if "fact" in line}
        self.assertEqual(facts, {"date", "build", "machine", "libraries", "rules"} | ({"workload"} if has_workload else set()))
        return {line["subject"]: line for line in lines if "subject" in line}

    def test_contestants_find_what_was_planted(self):
        rows = self.rows("inspect", "--personal", "100")
        self.assertEqual(rows["inspect"]["counted"], 50)
        self.assertEqual(rows["Hyperscan once per message"]["counted"], rows["PCRE2-JIT loop"]["counted"])
        self.assertEqual(rows["PCRE2-JIT loop"]["counted"], 50)
        self.assertEqual(rows["msgpack-c object tree"]["ratio"], 1)
        self.assertEqual(rows["inspect"]["allocations"], 0)
        self.assertEqual(self.rows("inspect")["inspect"]["counted"], 0)

    def test_shares_of_personal_messages_are_withheld(self):
        rows = self.rows("inspect", "--messages", "500")
        counts = [rows[f"inspect, {share} personal"]["counted"] for share in ("none", "1 %", "10 %")]
        self.assertEqual(counts[0], 0)
        self.assertTrue(0 < counts[1] < 25 < counts[2] < 100, counts)

    def test_json_has_contestants_too(self):
        self.assertEqual(self.rows("inspect", "--as", "json", "--personal", "100")["inspect"]["counted"], 50)

    def test_a_file_is_judged_alike_in_both_formats(self):
        data = os.path.join(self.folder, "data.jsonl")
        with open(data, "w") as file:
            for number in range(20):
                note = "From: a\nTo: b" if number % 4 == 0 else "harvest begins"
                file.write(json.dumps({"id": number, "payload": {"note": note, "ratio": 0.5, "list": [None, True]}}) + "\n")
        rows = self.rows("inspect", "--data", data)
        self.assertEqual(rows["inspect, msgpack"]["counted"], 5)
        self.assertEqual(rows["inspect, JSON"]["counted"], 5)
        self.assertEqual(self.rows("inspect", "--data", data, "--as", "json")["inspect"]["counted"], 5)

    def test_a_stage_is_measured_beside_a_proxy_over_tcp_and_ipc(self):
        rows = self.rows("stage", "--personal", "50")
        self.assertEqual(set(rows), {f"{side} over {transport}" for side in ("zmq_proxy", "stage")
                                     for transport in ("tcp", "ipc", "tcp, apart")})
        for row in rows.values():
            self.assertGreater(row["messages_per_s"], 0)
            self.assertGreater(row["cpu_ns"], 0)

    def test_workers_are_measured_and_modelled(self):
        rows = self.rows("workers", "--personal", "50")
        for where in ("in process", "over tcp"):
            for workers in ("1 worker", "2 workers", "4 workers"):
                self.assertGreater(rows[f"{workers} {where}"]["messages_per_s"], 0)
                self.assertGreater(rows[f"{workers} {where}"]["stage_ns"], 0)
            speedups = [rows[f"model of {workers} workers {where}"]["amdahl_speedup"] for workers in (8, 16, 32, 64)]
            self.assertEqual(speedups, sorted(speedups))
        for workers in ("1 worker", "2 workers", "4 workers"):
            self.assertEqual(rows[f"{workers} in process"]["allocations"], 0)

    def test_latency_quantiles_grow(self):
        for row in self.rows("latency", "--rate", "2000").values():
            quantiles = [row[f"{name}_us"] for name in ("p50", "p90", "p99", "p99.9", "p99.99", "max")]
            self.assertEqual(quantiles, sorted(quantiles))
            self.assertGreater(quantiles[0], 0)

    def test_starts_from_the_cache_stand_beside_compiling(self):
        rows = self.rows("startup", has_workload=False)
        for rules in ("the rules, proven", "100 generated rules", "1000 generated rules"):
            self.assertEqual(rows[rules]["ratio"], 1)
            self.assertGreater(rows[rules]["median_ms"], 0)
            self.assertGreater(rows[f"{rules}, from the cache"]["ratio"], 0)
        self.assertEqual(len(rows), 6)

    def write_pages(self):
        """A tree with the pages that goals fills in, written by hand around their sections."""
        os.mkdir(os.path.join(self.folder, "docs"))
        for page, sections in (("README.md", ["cost"]), ("docs/benchmarks.md", ["goals", "steps", "contestants"])):
            with open(os.path.join(self.folder, page), "w") as file:
                file.write("".join(f"by hand\n<!-- begin {name} -->\nold\n<!-- end {name} -->\n" for name in sections))

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def test_goals_are_measured_judged_and_written(self):
        if shutil.which("gnuplot") is None:
            self.skipTest("gnuplot is not installed")
        if not self.is_fit_for_measuring():
            self.skipTest("takes minutes in this build")
        self.write_pages()
        rows = self.rows("goals", "--rate", "2000", "--write", self.folder)
        goals = {name: row for name, row in rows.items() if row["scenario"] == "goals"}
        self.assertGreaterEqual(len(goals), 12)
        for row in goals.values():
            self.assertIn(row["judgement"], ("aim reached", "must reached", "missed", "not measured"))
        self.assertEqual(goals["allocations in inspect"]["judgement"], "aim reached")
        self.assertGreater(goals["resident memory"]["measured"], 5)
        page, chart = self.read("docs/benchmarks.md"), self.read("docs/benchmarks.svg")
        for text in (page, self.read("README.md")):
            self.assertIn("by hand\n", text)
            self.assertNotIn("old", text)
        self.assertEqual(len(re.findall(r"^\|.*\| (?:aim reached|must reached|missed|not measured) \|$", page, re.M)),
                         len(goals))
        for name in goals:
            self.assertIn(name, chart)

    def test_pages_without_sections_are_refused(self):
        self.run_bench("goals", "-r", self.rules, "--rate", "2000", "--write", "/nowhere", *QUICK, status=3)

    def test_charts_are_drawn(self):
        if shutil.which("gnuplot") is None:
            self.skipTest("gnuplot is not installed")
        self.rows("inspect", "--plot", self.folder)
        for name in ("inspect.svg", "inspect-unique.svg"):
            with open(os.path.join(self.folder, name)) as file:
                chart = file.read()
            self.assertIn("</svg>", chart)
            self.assertIn("PCRE2-JIT loop", chart)
        self.run_bench("inspect", "-r", self.rules, "--plot", "/nowhere", *QUICK, status=3)

    def test_a_table_for_people(self):
        output = self.run_bench("inspect", "-r", self.rules, *QUICK).stdout
        self.assertIn("digest", output)
        self.assertRegex(output, r"(?m)^inspect +median_ns +best_ns")
        self.assertRegex(output, r"(?m)^msgpack-c object tree +[0-9]")

    def test_bad_usage_is_refused(self):
        for arguments in ([], ["nothing"], ["inspect", "--runs", "0"], ["inspect", "--as", "xml"],
                          ["inspect", "stage"], ["inspect", "--none"]):
            with self.subTest(arguments=arguments):
                self.assertIn("usage:", self.run_bench(*arguments, status=2).stderr)

    def test_rules_and_data_that_cannot_be_read_are_refused(self):
        self.run_bench("inspect", "-r", "/nowhere.yaml", *QUICK, status=2)
        self.run_bench("inspect", "-r", self.rules, "--data", "/nowhere.jsonl", *QUICK, status=3)

    def test_a_build_that_is_not_fit_for_measuring_refuses(self):
        if self.is_fit_for_measuring():
            self.skipTest("this build is fit for measuring")
        refusal = self.run_bench("inspect", "-r", self.rules, status=2)
        self.assertIn("refuses a debug build", refusal.stderr)
        self.assertEqual(refusal.stdout, "")


if __name__ == "__main__":
    unittest.main()
