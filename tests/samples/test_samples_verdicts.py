#!/usr/bin/python3
"""The program finds in the sample messages what they carry, and nothing in the others."""

import json
import os
import pathlib
import subprocess
import unittest

CORDON = os.environ["CORDON"]
SAMPLES = pathlib.Path(os.environ["CORDON_SOURCE"]) / "samples"


def explain(expected, verdict):
    findings = [f"{finding['rule']} at {finding['path']} in {finding['layers']}" for finding in verdict["findings"]]
    return (f"{expected['n']}, {expected['kind']}, carries {expected['carries']} in {expected['layers']}: "
            f"{verdict['verdicts']}, {verdict['reason']}, {findings}")


class TestSamplesVerdicts(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        run = subprocess.run([CORDON, "inspect", "--json", SAMPLES / "messages.jsonl"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, timeout=120)
        assert run.returncode == 1, f"cordon inspect ended with {run.returncode}: {run.stderr}"
        verdicts = [json.loads(line) for line in run.stdout.splitlines()]
        with open(SAMPLES / "expected.jsonl", encoding="utf-8") as file:
            expected = [json.loads(line) for line in file]
        assert [verdict["n"] for verdict in verdicts] == [message["n"] for message in expected]
        cls.clean = [pair for pair in zip(expected, verdicts) if not pair[0]["carries"]]
        cls.carriers = [pair for pair in zip(expected, verdicts) if pair[0]["carries"]]

    def assert_all(self, pairs, is_right):
        wrong = [explain(expected, verdict) for expected, verdict in pairs if not is_right(expected, verdict)]
        self.assertGreater(len(pairs), 0)
        self.assertEqual(wrong, [])

    def test_every_message_is_decided_by_what_it_holds(self):
        self.assert_all(self.clean + self.carriers, lambda _, verdict: verdict["reason"] is None)

    def test_every_clean_message_passes_for_both_purposes(self):
        passed = {"advertising": "pass", "analytics": "pass"}
        self.assert_all(self.clean, lambda _, verdict: verdict["verdicts"] == passed and verdict["findings"] == [])

    def test_every_other_message_is_withheld_from_advertising(self):
        self.assert_all(self.carriers, lambda _, verdict: verdict["verdicts"]["advertising"] == "withhold")

    def test_every_class_that_is_carried_is_found(self):
        self.assert_all(self.carriers, lambda expected, verdict: set(expected["carries"]) <= set(verdict["classes"]))

    def test_analytics_sees_what_carries_only_identifiers_or_pseudonyms(self):
        def is_as_the_policy_says(_, verdict):
            may_pass = set(verdict["classes"]) <= {"identifier", "pseudonym"}
            return verdict["verdicts"]["analytics"] == ("pass" if may_pass else "withhold")

        self.assert_all(self.carriers, is_as_the_policy_says)
        self.assertEqual({verdict["verdicts"]["analytics"] for _, verdict in self.carriers}, {"pass", "withhold"})

    def test_findings_show_the_layers_around_them(self):
        def are_shown(expected, verdict):
            return expected["layers"] in [finding["layers"] for finding in verdict["findings"]
                                          if finding["class"] in expected["carries"]]

        self.assert_all([pair for pair in self.carriers if pair[0]["layers"]], are_shown)

    def test_the_sample_configuration_is_accepted(self):
        run = subprocess.run([CORDON, "run", "-c", SAMPLES / "cordon.yaml", "--check"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    unittest.main()
