"""The program under test as its users meet it: a process, sockets, an exit status.

The client side is pyzmq and Python's msgpack, which share no code with the program but libzmq.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import zmq

CORDON = os.environ.get("CORDON", "build/release/cordon")

# Quick to compile, and independent of what the packs find: EMAILMARK is e-mail, IDMARK an identifier.
MARK_RULES = """
pack: marks
rules:
  - {id: email.mark, name: A mark, class: email, pattern: EMAILMARK,
     examples: [EMAILMARK], negative_examples: [none]}
  - {id: identifier.mark, name: Another mark, class: identifier, pattern: IDMARK,
     examples: [IDMARK], negative_examples: [none]}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, timeout=20.0, what="the expected"):
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {timeout} s")
        time.sleep(0.01)


class Case(unittest.TestCase):
    """A test with a folder, sockets and stages of its own, all gone afterwards."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cordon-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, linger=0)
        with open(self.path("marks.yaml"), "w") as file:
            file.write(MARK_RULES)

    def path(self, name):
        return os.path.join(self.folder, name)

    def ipc(self, name):
        return "ipc://" + self.path(name)

    def tcp(self):
        return f"tcp://127.0.0.1:{free_port()}"

    def config(self, **changes):
        """PULL in; PUSH to `targeting`, which may see nothing, and `insights`, which may see identifiers."""
        config = {
            "name": "test",
            "input": {"socket": "pull", "bind": self.ipc("in")},
            "outputs": [
                {"name": "targeting", "purpose": "advertising", "socket": "push", "connect": self.ipc("targeting")},
                {"name": "insights", "purpose": "analytics", "socket": "push", "connect": self.ipc("insights")},
            ],
            "policy": {"advertising": {"withhold": "all"}, "analytics": {"withhold": ["email"]}},
            "rules": [self.path("marks.yaml")],
            "audit": {"file": self.path("audit.jsonl")},
        }
        config.update(changes)
        return config

    def socket(self, kind, endpoint, bind=False, **options):
        own = self.context.socket(kind)
        self.addCleanup(own.close, linger=0)
        own.rcvtimeo = own.sndtimeo = 20000
        for name, value in options.items():
            setattr(own, name, value)
        if kind == zmq.SUB:
            own.subscribe(b"")
        (own.bind if bind else own.connect)(endpoint)
        return own

    def start(self, config, **options):
        stage = Stage(self.folder, config, **options)
        self.addCleanup(stage.kill)
        stage.wait_until_ready()
        return stage

    def run_cordon(self, *arguments, timeout=60, **options):
        return subprocess.run([CORDON, *arguments], capture_output=True, timeout=timeout, cwd=self.folder, **options)

    def audit(self):
        with open(self.path("audit.jsonl")) as file:
            return [json.loads(line) for line in file]

    def assert_nothing_comes(self, own, timeout_ms=200):
        self.assertEqual(own.poll(timeout_ms), 0)


class Stage:
    """`cordon run` on a configuration."""

    def __init__(self, folder, config, arguments=("--json",)):
        self.config_path = os.path.join(folder, "cordon.yaml")
        with open(self.config_path, "w") as file:
            json.dump(config, file)  # YAML too
        self.output_path = os.path.join(folder, "stage.out")
        self.error_path = os.path.join(folder, "stage.err")
        with open(self.output_path, "wb") as out, open(self.error_path, "wb") as err:
            self.process = subprocess.Popen(
                [CORDON, "run", "-c", self.config_path, *arguments], stdout=out, stderr=err, cwd=folder)

    def output(self):
        with open(self.output_path, "rb") as file:
            return file.read()

    def errors(self):
        with open(self.error_path, "rb") as file:
            return file.read()

    def wait_until_ready(self):
        wait_until(lambda: b"ready:" in self.errors() or self.process.poll() is not None, 60, "ready:")
        if self.process.poll() is not None:
            raise AssertionError(f"the stage ended with {self.process.returncode}: {self.errors().decode()}")

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def stop(self, timeout=60):
        """Ends it in good order. Returns exit status and totals by output."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout)
        totals = {output["output"]: output for output in json.loads(self.output())["outputs"]}
        for name, own in totals.items():
            if own["received"] != own["passed"] + own["withheld"]:
                raise AssertionError(f"the totals of {name} do not add up: {own}")
        return status, totals

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def main():
    unittest.main(verbosity=2)
