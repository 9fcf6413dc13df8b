#!/usr/bin/python3
"""The sample messages are what their generator writes, and enough of everything."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SAMPLES = pathlib.Path(os.environ.get("CORDON_SOURCE", pathlib.Path(__file__).parents[2])) / "samples"
CLASSES = {"email", "chat", "file", "personal", "identifier", "pseudonym", "credential"}
LAYERS = {"json", "msgpack", "base64", "percent"}


def read_lines(name):
    return (SAMPLES / name).read_text(encoding="utf-8").splitlines()


def kind_of(message):
    if "imp" in message:
        return "openrtb"
    return message.get("type", "pageview")


class TestSamples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = read_lines("messages.jsonl")
        cls.messages = [json.loads(line) for line in cls.lines]
        cls.expected = [json.loads(line) for line in read_lines("expected.jsonl")]
        cls.carriers = [expected for expected in cls.expected if expected["carries"]]

    def test_the_generator_writes_the_files_byte_for_byte(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-B", SAMPLES / "make_messages.py", folder], check=True)
            for name in "messages.jsonl", "expected.jsonl":
                written = (pathlib.Path(folder) / name).read_bytes()
                self.assertTrue(written == (SAMPLES / name).read_bytes(), f"{name} is not what make_messages.py writes")

    def test_every_line_is_one_compact_object(self):
        for number, (line, message) in enumerate(zip(self.lines, self.messages), 1):
            self.assertIsInstance(message, dict, number)
            self.assertEqual(line, json.dumps(message, ensure_ascii=False, separators=(",", ":")), number)

    def test_every_message_has_its_expectation(self):
        self.assertGreaterEqual(len(self.messages), 300)
        self.assertEqual([expected["n"] for expected in self.expected], list(range(1, len(self.messages) + 1)))
        kinds = [kind_of(message) for message in self.messages]
        self.assertEqual([expected["kind"] for expected in self.expected], kinds)
        for expected in self.expected:
            self.assertEqual(list(expected), ["n", "kind", "carries", "layers"])

    def test_there_are_clean_and_other_messages_of_every_kind(self):
        for kind in "openrtb", "track", "identify", "page", "pageview":
            carries = [expected["carries"] for expected in self.expected if expected["kind"] == kind]
            self.assertGreaterEqual(carries.count([]), 20, kind)
            self.assertGreaterEqual(len(carries) - carries.count([]), 4, kind)

    def test_three_in_four_are_clean(self):
        share = 1 - len(self.carriers) / len(self.expected)
        self.assertGreater(share, 0.7)
        self.assertLess(share, 0.8)

    def test_every_class_is_carried(self):
        carried = collections.Counter(name for expected in self.expected for name in expected["carries"])
        self.assertEqual(set(carried), CLASSES)
        for name, count in carried.items():
            self.assertGreaterEqual(count, 4, name)

    def test_many_contents_are_encoded_in_every_way(self):
        encoded = [expected["layers"] for expected in self.carriers if expected["layers"]]
        self.assertGreaterEqual(len(encoded), 25)
        self.assertEqual({layer for layers in encoded for layer in layers}, LAYERS)
        self.assertGreaterEqual(sum(len(layers) > 1 for layers in encoded), 10)

    def test_clean_messages_have_no_layers_to_find(self):
        for expected in self.expected:
            if not expected["carries"]:
                self.assertEqual(expected["layers"], [], expected["n"])

    def test_bid_requests_are_of_ordinary_size(self):
        sizes = [len(line.encode()) for line, message in zip(self.lines, self.messages) if "imp" in message]
        self.assertGreaterEqual(min(sizes), 280)
        self.assertLessEqual(max(sizes), 4096)

    def test_no_two_messages_are_the_same(self):
        self.assertEqual(len(set(self.lines)), len(self.lines))


if __name__ == "__main__":
    unittest.main()
