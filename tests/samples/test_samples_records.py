#!/usr/bin/python3
"""A record of a batch has the verdict that it has as a message of its own: all samples, in both formats."""

import json
import os
import pathlib
import subprocess
import unittest

import msgpack

CORDON = os.environ["CORDON"]
SAMPLES = pathlib.Path(os.environ["CORDON_SOURCE"]) / "samples"


def inspect(payload, *options):
    """The verdicts on a file of that content."""
    run = subprocess.run([CORDON, "inspect", "--json", *options, "-"], input=payload, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, timeout=120)
    assert run.returncode == 1, f"cordon inspect ended with {run.returncode}: {run.stderr.decode()}"
    return [json.loads(line) for line in run.stdout.splitlines()]


class TestSamplesRecords(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.lines = (SAMPLES / "messages.jsonl").read_bytes().splitlines()
        cls.values = [msgpack.packb(json.loads(line)) for line in cls.lines]

    def assert_same(self, alone, batch):
        self.assertEqual(len(alone), 400)
        for position, (message, record) in enumerate(zip(alone, batch, strict=True)):
            self.assertEqual((message.pop("n"), record.pop("n"), record.pop("record")), (position + 1, 1, position))
            self.assertEqual(message, record, f"sample {position + 1}")
        verdicts = {verdict["verdicts"]["advertising"] for verdict in batch}
        self.assertEqual(verdicts, {"pass", "withhold"})

    def test_json(self):
        batch = b" [\n" + b" ,\t".join(self.lines) + b"] "
        self.assert_same(inspect(b"\n".join(self.lines)), inspect(batch, "--framing", "message", "--batch", "records"))

    def test_msgpack(self):
        for head in (b"\xdc\x01\x90", b"\xdd\x00\x00\x01\x90"):
            batch = head + b"".join(self.values)
            self.assert_same(inspect(b"".join(self.values)), inspect(batch, "--batch", "records"))


if __name__ == "__main__":
    unittest.main()
