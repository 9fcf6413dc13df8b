"""What hostile messages and careless surroundings do to a stage: nothing that is not told, nothing that takes long."""

import json
import os
import subprocess
import time

import msgpack
import zmq

from stage_process import CORDON, Case, free_port, main, wait_until


class Hostile(Case):
    def inspect(self, payload, *arguments):
        path = self.path("message")
        with open(path, "wb") as file:
            file.write(payload)
        return self.run_cordon("inspect", "--json", "--framing", "message", *arguments, path)

    def test_no_value_makes_matching_take_long(self):
        for text in ("a" * 900_000 + "@a.q1", "a <" + "a" * 900_000 + "@a.a>", "eyJAAAAAAAA-" * 75_000 + ".AA.AA",
                     "4 " * 450_000, "+1" * 450_000):
            with self.subTest(text=text[:12]):
                started = time.monotonic()
                answer = self.inspect(msgpack.packb({"x": text}))
                self.assertIn(answer.returncode, (0, 1), answer.stderr)
                self.assertLess(time.monotonic() - started, 20)

    def test_an_address_in_use_is_told_before_anything_is_read(self):
        port = free_port()
        taken = self.socket(zmq.PULL, f"tcp://127.0.0.1:{port}", bind=True)
        producer = self.socket(zmq.PUSH, self.ipc("in"), bind=True)
        answer = self.run_cordon("run", "-c", self.write_config(
            input={"socket": "pull", "connect": self.ipc("in")}, console={"bind": f"127.0.0.1:{port}"}))
        self.assertEqual(answer.returncode, 3)
        self.assertIn(b"console: 127.0.0.1:%d" % port, answer.stderr)
        self.assertNotIn(b"lost", answer.stderr)
        self.assertFalse(taken.poll(0))
        self.assertFalse(producer.poll(0, zmq.POLLOUT), "a stage connected to the producer")

    def test_a_second_stage_does_not_take_an_ipc_path_away(self):
        self.start(self.config())
        answer = self.run_cordon("run", "-c", self.path("cordon.yaml"))
        self.assertEqual(answer.returncode, 3)
        self.assertIn(b"input: " + self.ipc("in").encode() + b": Address already in use", answer.stderr)

    def test_an_audit_that_cannot_be_written_is_told_and_nothing_passes_meanwhile(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        stage = self.start(self.config(audit={"file": "/dev/full"}))
        consumer = self.socket(zmq.PULL, self.ipc("targeting"), bind=True)
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        producer.send(b'{"x":"EMAILMARK"}')
        wait_until(lambda: b"audit: /dev/full: cannot be written" in stage.errors())
        producer.send(b"{}")
        self.assert_nothing_comes(consumer, 500)
        stage.kill()

    def test_a_closed_stderr_does_not_end_up_in_the_audit(self):
        stage = subprocess.Popen(["sh", "-c", 'exec "$0" run -c "$1" 2>&-', CORDON, self.write_config()],
                                 cwd=self.folder, stdout=subprocess.DEVNULL)
        self.addCleanup(stage.wait)
        self.addCleanup(stage.kill)
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        producer.send(b'{"x":"EMAILMARK"}')
        wait_until(lambda: os.path.exists(self.path("audit.jsonl")) and self.audit(), 30, "an audit line")
        self.assertEqual([record["classes"] for record in self.audit()], [["email"]])

    def write_config(self, **changes):
        path = self.path("cordon.yaml")
        with open(path, "w") as file:
            json.dump(self.config(**changes), file)
        return path


if __name__ == "__main__":
    main()
