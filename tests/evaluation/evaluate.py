#!/usr/bin/python3
"""Runs labelled messages through a stage over real sockets and says what became of them.

    evaluate.py DATA_FOLDER [--cordon PROGRAM] [--only NAME] [--workers N] [--list]

Every *.jsonl file of the folder is sent twice, as msgpack and as JSON. A row's `payload` is sent as it is when it is an
object; a text stands as the value of an unexplained key; a file (base64) goes as binary data in msgpack and as
base64 text in JSON; raw msgpack and JSON inputs of the hostile files are sent untouched.

For each run it holds that received = passed + withheld, and that what came out is exactly what the audit did not
withhold, byte for byte and in order. It prints counts and row ids, never a content.
"""

import argparse
import base64
import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

import msgpack
import zmq

CONFIGURATION = """
name: evaluation
input: {{socket: pull, bind: "ipc://{folder}/in", format: {format}, high_water_mark: 10000}}
outputs:
  - {{name: targeting, purpose: advertising, socket: push, connect: "ipc://{folder}/out", high_water_mark: 10000}}
audit: {{file: {folder}/audit.jsonl}}
workers: {workers}
"""


class Run:
    """One stage, one producer, one consumer; what was passed and what the audit says."""

    def __init__(self, cordon, wire_format, messages, workers):
        self.folder = tempfile.TemporaryDirectory(prefix="cordon-evaluation-")
        self.received = []
        self.messages = messages
        context = zmq.Context()
        consumer = context.socket(zmq.PULL)
        consumer.setsockopt(zmq.RCVHWM, 10000)
        consumer.bind(f"ipc://{self.folder.name}/out")
        path = pathlib.Path(self.folder.name) / "cordon.yaml"
        path.write_text(CONFIGURATION.format(folder=self.folder.name, format=wire_format, workers=workers))
        self.stage = subprocess.Popen([cordon, "run", "-c", str(path), "--json"], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE)
        self.wait_until_ready()
        self.is_over = False
        reader = threading.Thread(target=self.receive, args=(consumer,))
        reader.start()
        producer = context.socket(zmq.PUSH)
        producer.setsockopt(zmq.SNDHWM, 10000)
        producer.setsockopt(zmq.LINGER, 60000)
        producer.connect(f"ipc://{self.folder.name}/in")
        for message in messages:
            producer.send(message)
        producer.close()
        self.wait_until_read(len(messages))
        self.peak_kib = self.status("VmHWM")
        self.stage.send_signal(signal.SIGTERM)
        output, errors = self.stage.communicate(timeout=60)
        self.is_over = True
        reader.join()
        context.destroy(linger=0)
        if self.stage.returncode != 0:
            raise SystemExit(f"the stage ended with {self.stage.returncode}: {errors.decode(errors='replace')[-2000:]}")
        self.totals = json.loads(output)
        with open(f"{self.folder.name}/audit.jsonl", encoding="utf-8") as file:
            self.audit = [json.loads(line) for line in file]
        self.folder.cleanup()

    def wait_until_ready(self):
        line = self.stage.stderr.readline()
        while line and not line.startswith(b"ready"):
            line = self.stage.stderr.readline()
        if not line:
            raise SystemExit(f"the stage did not start: {self.stage.communicate()[1].decode(errors='replace')}")
        threading.Thread(target=lambda: collections.deque(self.stage.stderr, maxlen=0), daemon=True).start()

    def status(self, key):
        for line in open(f"/proc/{self.stage.pid}/status", encoding="ascii"):
            if line.startswith(key + ":"):
                return int(line.split()[1])
        return 0

    def receive(self, consumer):
        while True:
            if consumer.poll(200):
                self.received.append(consumer.recv())
            elif self.is_over:
                return

    def wait_until_read(self, count):
        """The stage reads at its own pace; a stop drains what has arrived, so waiting for quiet is enough."""
        seen, quiet_since = -1, time.monotonic()
        while time.monotonic() - quiet_since < 1.0:
            now = len(self.received) + self.audited()
            if now >= count:
                return
            if now != seen:
                seen, quiet_since = now, time.monotonic()
            time.sleep(0.05)

    def audited(self):
        try:
            with open(f"{self.folder.name}/audit.jsonl", "rb") as file:
                return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        except FileNotFoundError:
            return 0

    def check(self):
        """The audit's sequence numbers say what was withheld: all the rest must have come out, untouched, in order."""
        withheld = {record["sequence"] for record in self.audit}
        expected = [message for n, message in enumerate(self.messages, 1) if n not in withheld]
        if expected != self.received:
            raise SystemExit(f"passed messages differ from those sent: {len(expected)} expected, "
                             f"{len(self.received)} received")
        if len(expected) + len(withheld) != len(self.messages):
            raise SystemExit("received is not passed + withheld")
        return withheld


def as_value(text):
    return {"event": "custom", "properties": {"value": text}}


def pack(payload):
    return msgpack.packb(payload, use_bin_type=True, unicode_errors="surrogatepass")


def dump(payload):
    return json.dumps(payload, separators=(",", ":")).encode()


def encode(file, row, wire_format):
    """The message for a row, or None when it does not exist in this format."""
    payload = row["payload"]
    if file in ("hostile_msgpack", "hostile_json_mail", "hostile_json_suite"):
        raw = base64.b64decode(payload)
        if file == "hostile_msgpack":
            return raw if wire_format == "msgpack" else None
        if row["kind"].startswith("json"):
            return raw if wire_format == "json" else None
        payload = as_value(raw if wire_format == "msgpack" else raw.decode("latin-1"))
    elif file == "file_blobs":
        payload = as_value(base64.b64decode(payload) if wire_format == "msgpack" else payload)
    elif isinstance(payload, str):
        payload = as_value(payload)
    return pack(payload) if wire_format == "msgpack" else dump(payload)


def load(folder):
    for path in sorted(folder.glob("*.jsonl")):
        with open(path, encoding="utf-8", newline="\n") as file:
            yield path.stem, [json.loads(line) for line in file]
    suite = folder / "hostile" / "jsontestsuite"
    if suite.is_dir():
        expectations = {"y_": "accept", "n_": "reject"}
        yield "hostile_json_suite", [
            {"id": path.name, "kind": "json_suite", "label": "hostile", "expect": expectations.get(path.name[:2], "no_crash"),
             "payload": base64.b64encode(path.read_bytes()).decode()} for path in sorted(suite.rglob("*.json"))]


def is_false_alarm(row, record):
    """A hash that may be matched to a person, on a row that is flagged to hold one, was found rightly."""
    is_flagged = "hashed_pii" in row.get("flags", [])
    return row["label"] == "clean" and not (is_flagged and set(record["classes"]) == {"pseudonym"})


def report(file, rows, run, wire_format, arguments):
    withheld = run.check()
    records = {record["sequence"]: record for record in run.audit}
    classes, reasons = collections.Counter(), collections.Counter()
    for record in run.audit:
        classes.update(record["classes"])
        if record["reason"]:
            reasons[record["reason"]] += 1
    count = len(rows)
    share = 100 * len(withheld) / count if count else 0
    print(f"| {file} | {wire_format} | {count} | {count - len(withheld)} | {len(withheld)} | {share:.2f} % | "
          + ", ".join(f"{name} {n}" for name, n in sorted(classes.items())) + " | "
          + ", ".join(f"{name} {n}" for name, n in sorted(reasons.items())) + f" | {run.peak_kib // 1024} MiB |", flush=True)
    clean = sum(row["label"] == "clean" for row in rows)
    if clean:
        alarms = sum(n in records and is_false_alarm(row, records[n]) for n, row in enumerate(rows, 1))
        print(f"    {file} {wire_format}: {alarms} false alarms on {clean} clean messages ({100 * alarms / clean:.2f} %)")
    wrong = []
    for n, row in enumerate(rows, 1):
        is_unread = n in records and records[n]["reason"] is not None
        if row.get("expect") == "reject" and not is_unread:
            wrong.append((row["id"], "had to be rejected"))
        if row.get("expect") == "accept" and is_unread:
            wrong.append((row["id"], f"is valid but was withheld as {records[n]['reason']}"))
        if arguments.list and n in records and is_false_alarm(row, records[n]):
            rules = sorted({finding["rule"] + " at " + finding["path"] for finding in records[n]["findings"]})
            print(f"    {row['id']}: {records[n]['reason'] or '; '.join(rules)}")
        if arguments.list and row["label"] != "clean" and row["label"] != "hostile" and n not in records:
            print(f"    {row['id']}: passed ({row['label']}, {row['kind']})")
    for row_id, what in wrong:
        print(f"    WRONG {row_id}: {what}")
    return wrong


def by_kind(file, rows, run, wire_format):
    """For files of several kinds: how much of each was withheld."""
    withheld = {record["sequence"] for record in run.audit}
    kinds = collections.defaultdict(lambda: [0, 0])
    for n, row in enumerate(rows, 1):
        kinds[row["kind"]][0] += 1
        kinds[row["kind"]][1] += n in withheld
    if len(kinds) > 1 and file in ("email_texts", "chat_texts", "identifier_vectors", "pii_labelled"):
        for kind, (count, found) in sorted(kinds.items()):
            print(f"    {file} {wire_format} {kind}: {found} of {count} withheld ({100 * found / count:.1f} %)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--cordon", default=os.environ.get("CORDON", "build/release/cordon"))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=1, help="verdicts, order and totals are the same for any number")
    parser.add_argument("--list", action="store_true", help="row ids of false alarms and of misses")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"skipped: there is no {arguments.data}")
        return 0
    print("| file | format | messages | passed | withheld | share | by class | by reason | peak memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    wrong = []
    for file, all_rows in load(arguments.data):
        if arguments.only not in file:
            continue
        for wire_format in ("msgpack", "json"):
            pairs = [(row, encode(file, row, wire_format)) for row in all_rows]
            pairs = [(row, message) for row, message in pairs if message is not None]
            if not pairs:
                continue
            rows = [row for row, _ in pairs]
            run = Run(arguments.cordon, wire_format, [message for _, message in pairs], arguments.workers)
            wrong += report(file, rows, run, wire_format, arguments)
            by_kind(file, rows, run, wire_format)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
