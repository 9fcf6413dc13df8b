"""send, recv and demo, each against a client that shares no code with them."""

import json
import os
import signal
import subprocess
import time

import msgpack
import zmq

from stage_process import CORDON, Case, main, wait_until

LINES = ['{"id": "1", "w": [300, 1.5, null, true], "t": "\\u00e9"}', "  [1,-2]  ", "", '"text"', "18446744073709551615"]
VALUES = [json.loads(line) for line in LINES if line]


class Tools(Case):
    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return name

    def begin(self, *arguments, **options):
        process = subprocess.Popen([CORDON, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, **options)
        for stream in (process.stdout, process.stderr):
            self.addCleanup(stream.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end(self, process, status=0):
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, status, err)
        return out, err


class Send(Tools):
    def setUp(self):
        super().setUp()
        self.write("messages.jsonl", "\n".join(LINES) + "\n")

    def test_lines_arrive_as_they_stand_or_as_msgpack(self):
        consumer = self.socket(zmq.PULL, self.ipc("x"), bind=True)
        sender = self.begin("send", "--to", self.ipc("x"), "messages.jsonl")
        self.assertEqual([consumer.recv().decode() for _ in VALUES], [line.strip() for line in LINES if line])
        self.assertEqual(self.end(sender)[0], "4 messages sent\n")
        sender = self.begin("send", "--to", self.ipc("x"), "--as", "msgpack", "--repeat", "3", "messages.jsonl")
        self.assertEqual([msgpack.unpackb(consumer.recv()) for _ in VALUES * 3], VALUES * 3)
        self.assertEqual(self.end(sender)[0], "12 messages sent\n")

    def test_it_binds_and_reads_standard_input(self):
        endpoint = self.tcp()
        sender = self.begin("send", "--to", endpoint, "--bind", "-", stdin=subprocess.PIPE)
        sender.stdin.write("[1]\n[2]")
        sender.stdin.close()
        sender.stdin = None
        consumer = self.socket(zmq.PULL, endpoint)
        self.assertEqual([consumer.recv(), consumer.recv()], [b"[1]", b"[2]"])
        self.end(sender)

    def test_a_publisher_waits_for_a_subscriber(self):
        sender = self.begin("send", "--to", self.ipc("x"), "--bind", "--socket", "pub", "messages.jsonl")
        time.sleep(0.3)
        consumer = self.socket(zmq.SUB, self.ipc("x"))
        self.assertEqual([json.loads(consumer.recv()) for _ in VALUES], VALUES)
        self.end(sender)

    def test_a_rate_is_kept(self):
        consumer = self.socket(zmq.PULL, self.ipc("x"), bind=True)
        sender = self.begin("send", "--to", self.ipc("x"), "--rate", "200", "--repeat", "25", "messages.jsonl")
        consumer.recv()
        before = time.monotonic()
        for _ in range(99):
            consumer.recv()
        self.assertGreater(time.monotonic() - before, 0.4)
        self.end(sender)

    def test_a_bad_line_is_named_before_anything_is_sent(self):
        consumer = self.socket(zmq.PULL, self.ipc("x"), bind=True)
        self.write("bad.jsonl", '{}\n{"a": nul}\n[1\n')
        done = self.run_cordon("send", "--to", self.ipc("x"), "bad.jsonl")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.decode().splitlines(),
                         ["bad.jsonl:2:7: error: not a JSON value: malformed",
                          "bad.jsonl:3:3: error: not a JSON value: malformed"])
        self.assert_nothing_comes(consumer)

    def test_messages_that_nobody_took_are_told(self):
        for socket in ("push", "pub"):
            done = self.run_cordon("send", "--to", self.ipc("x"), "--socket", socket, "--linger", "0.3", "messages.jsonl")
            self.assertEqual(done.returncode, 3)
            self.assertIn(b"within 0.3 seconds", done.stderr)

    def test_a_receiver_that_is_behind_loses_nothing_when_the_sender_ends(self):
        for endpoint in (self.ipc("x"), self.tcp()):
            consumer = self.socket(zmq.PULL, endpoint, bind=True, rcvhwm=10)
            sender = self.begin("send", "--to", endpoint, "--repeat", "1000", "messages.jsonl")
            time.sleep(0.5)
            self.assertEqual([json.loads(consumer.recv()) for _ in range(4000)], VALUES * 1000)
            self.end(sender)

    def test_bad_usage_is_refused(self):
        for arguments in (["messages.jsonl"], ["--to", "udp://x", "messages.jsonl"], ["--to", self.ipc("x")],
                          ["--to", self.ipc("x"), "--rate", "0", "messages.jsonl"],
                          ["--to", self.ipc("x"), "--socket", "pull", "messages.jsonl"],
                          ["--to", self.ipc("x"), "--as", "xml", "messages.jsonl"],
                          ["--to", self.ipc("x"), "--fast", "messages.jsonl"], ["--to", self.ipc("x"), "nowhere.jsonl"]):
            done = self.run_cordon("send", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertTrue(done.stderr)


class Receive(Tools):
    def test_messages_are_printed_as_json_lines(self):
        producer = self.socket(zmq.PUSH, self.ipc("x"), bind=True)
        receiver = self.begin("recv", "--from", self.ipc("x"), "--count", "6")
        producer.send(msgpack.packb({"a": [1, 2.5, None, "\x1b\u00e9"], "b": b"\x00\x01", 7: msgpack.ExtType(5, b"x")}))
        producer.send(b'{"n": 1.50}')
        producer.send(b"\xc1")
        producer.send_multipart([b"topic", b"\xff", b"[1]"])
        producer.send(b"")
        producer.send(msgpack.packb({(): 1}))
        lines = self.end(receiver)[0].splitlines()
        self.assertEqual([json.loads(line) for line in lines],
                         [{"a": [1, 2.5, None, "\x1b\u00e9"], "b": {"$bin": "AAE="}, "7": {"$ext": [5, "eA=="]}},
                          {"n": 1.5}, {"$bin": "wQ=="}, {"$frames": ["topic", {"$bin": "/w=="}, [1]]}, {"$bin": ""},
                          {"$bin": "gZAB"}])
        self.assertNotIn("\x1b", "".join(lines))

    def test_a_bound_receiver_and_a_subscriber_receive(self):
        endpoint = self.tcp()
        receiver = self.begin("recv", "--from", endpoint, "--bind", "--count", "1")
        self.socket(zmq.PUSH, endpoint).send(b"[1]")
        self.assertEqual(self.end(receiver)[0], "[1]\n")
        publisher = self.socket(zmq.XPUB, self.ipc("x"), bind=True)
        receiver = self.begin("recv", "--from", self.ipc("x"), "--socket", "sub", "--count", "1")
        self.assertEqual(publisher.recv(), b"\x01")
        publisher.send(b"[2]")
        self.assertEqual(self.end(receiver)[0], "[2]\n")

    def test_the_timeout_ends_it(self):
        producer = self.socket(zmq.PUSH, self.ipc("x"), bind=True)
        receiver = self.begin("recv", "--from", self.ipc("x"), "--timeout", "1")
        producer.send(b"[1]")
        self.assertEqual(self.end(receiver)[0], "[1]\n")
        receiver = self.begin("recv", "--from", self.ipc("x"), "--timeout", "1", "--count", "2")
        producer.send(b"[1]")
        out, err = self.end(receiver, status=3)
        self.assertEqual(out, "[1]\n")
        self.assertIn("only 1 of 2 messages came", err)

    def test_an_interrupt_ends_it_when_what_had_arrived_is_printed(self):
        producer = self.socket(zmq.PUSH, self.ipc("x"), bind=True)
        receiver = self.begin("recv", "--from", self.ipc("x"))
        for number in range(5000):
            producer.send(b"[%d]" % number)
        receiver.send_signal(signal.SIGINT)
        self.assertEqual(self.end(receiver)[0].splitlines(), [f"[{number}]" for number in range(5000)])

    def test_an_interrupt_ends_it_though_messages_go_on(self):
        producer = self.socket(zmq.PUSH, self.ipc("x"), bind=True, sndtimeo=500)
        with open(os.devnull, "w") as nowhere:
            receiver = subprocess.Popen([CORDON, "recv", "--from", self.ipc("x")], stdout=nowhere)
        self.addCleanup(receiver.kill)
        for _ in range(5000):
            producer.send(b"[1]")
        receiver.send_signal(signal.SIGINT)
        with self.assertRaises(zmq.Again):
            while True:
                producer.send(b"[1]")
        self.assertEqual(receiver.wait(10), 0)

    def test_it_ends_when_nobody_reads_what_it_prints(self):
        producer = self.socket(zmq.PUSH, self.ipc("x"), bind=True, sndtimeo=500)
        receiver = self.begin("recv", "--from", self.ipc("x"))
        producer.send(b"[1]")
        self.assertEqual(receiver.stdout.readline(), "[1]\n")
        receiver.stdout.close()
        with self.assertRaises(zmq.Again):
            while True:
                producer.send(b"[1]")
        self.assertNotEqual(receiver.wait(10), 0)


class Pipeline(Tools):
    def test_send_run_and_recv_make_a_pipeline(self):
        self.write("messages.jsonl", '{"a":1}\n{"b":"EMAILMARK"}\n{"c":"IDMARK"}\n')
        consumers = [self.begin("recv", "--from", self.ipc(name), "--bind") for name in ("targeting", "insights")]
        stage = self.start(self.config())
        self.end(self.begin("send", "--to", self.ipc("in"), "--as", "msgpack", "--repeat", "1000", "messages.jsonl"))
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual((totals["targeting"]["passed"], totals["insights"]["passed"]), (1000, 2000))
        time.sleep(0.3)
        for consumer, lines in zip(consumers, (['{"a":1}'], ['{"a":1}', '{"c":"IDMARK"}'])):
            consumer.terminate()
            self.assertEqual(self.end(consumer)[0].splitlines(), lines * 1000)


    def test_progress_is_shown_on_a_terminal_only(self):
        with open(self.path("cordon.yaml"), "w") as file:
            json.dump(self.config(), file)
        terminal, inside = os.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen([CORDON, "run", "-c", "cordon.yaml"], cwd=self.folder, stdout=subprocess.DEVNULL,
                                   stderr=inside)
        os.close(inside)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        shown = b""
        while b"0 messages read; advertising: 0 passed, 0 withheld" not in shown:
            shown += os.read(terminal, 4096)
        process.terminate()
        self.assertEqual(process.wait(20), 0)


class Demo(Tools):
    MESSAGES = ['{"id":"1","site":{"page":"https://example.com/"}}',
                json.dumps({"note": "From: ann@example.org\nTo: bob@example.org\nSubject: lunch\n\nat one?"})]

    def demo(self, *arguments, repeat=1):
        self.write("messages.jsonl", "\n".join(self.MESSAGES * repeat))
        os.mkdir(self.path("tmp"))
        return self.begin("demo", "--messages", "messages.jsonl", *arguments,
                          env={**os.environ, "TMPDIR": self.path("tmp")})

    def children(self, process):
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            return file.read().split()

    def test_it_shows_the_main_job_and_cleans_up(self):
        out, _ = self.end(self.demo(repeat=2500))
        for part in ("5000 messages went through", "advertising", "analytics", "Withheld, for example:",
                     "(email.", "Consumer 'targeting' received 2500 of 2500 passed", "Consumer 'insights' received 2500 of 2500"):
            self.assertIn(part, out)
        self.assertRegex(out, r"(?m)^received +5000 +5000$")
        folder = os.path.join(self.path("tmp"), os.listdir(self.path("tmp"))[0])
        self.assertEqual(os.listdir(folder), ["audit.jsonl"])
        self.assertIn(os.path.join(folder, "audit.jsonl"), out)
        with open(os.path.join(folder, "audit.jsonl")) as file:
            self.assertEqual(len(file.readlines()), 2500)

    def test_the_audit_can_be_put_elsewhere(self):
        out, _ = self.end(self.demo("--audit", "mine.jsonl"))
        self.assertEqual(len(self.path_lines("mine.jsonl")), 1)
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def path_lines(self, name):
        with open(self.path(name)) as file:
            return file.readlines()

    def test_an_interrupt_leaves_nothing_behind(self):
        process = self.demo(repeat=200000)
        wait_until(lambda: len(self.children(process)) == 3 or process.poll() is not None)
        children = self.children(process)
        process.send_signal(signal.SIGINT)
        _, err = self.end(process, status=3)
        self.assertIn("interrupted", err)
        for child in children:
            self.assertFalse(os.path.exists(f"/proc/{child}"))
        left = [name for _, _, names in os.walk(self.path("tmp")) for name in names]
        self.assertIn(left, ([], ["audit.jsonl"]))

    def test_a_bad_messages_file_is_refused(self):
        self.write("bad.jsonl", "{}\n{")
        for name in ("bad.jsonl", "nowhere.jsonl"):
            done = self.run_cordon("demo", "--messages", name)
            self.assertEqual(done.returncode, 2)
            self.assertIn(name.encode(), done.stderr)


if __name__ == "__main__":
    main()
