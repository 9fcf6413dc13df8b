"""Starting, refusing to start, and ending: what was read is delivered or told."""

import json
import os
import re
import signal
import threading
import time

import zmq

from stage_process import Case, Stage, main, wait_until


class Stop(Case):
    def one_output(self, **changes):
        outputs = [{"name": "only", "purpose": "advertising", "socket": "push", "connect": self.ipc("out")}]
        return self.config(outputs=outputs, **changes)

    def test_a_stop_delivers_all_that_was_sent(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                consumer = self.socket(zmq.PULL, self.ipc("out"), bind=True)
                stage = self.start(self.one_output())
                producer = self.socket(zmq.PUSH, self.ipc("in"))
                for i in range(5000):
                    producer.send(b"[%d]" % i)
                stage.process.send_signal(number)
                self.assertEqual([consumer.recv() for _ in range(5000)], [b"[%d]" % i for i in range(5000)])
                self.assertEqual(stage.process.wait(20), 0)
                only = json.loads(stage.output())["outputs"][0]
                self.assertEqual((only["received"], only["passed"], only["withheld"]), (5000, 5000, 0))
                consumer.close()

    def test_what_an_absent_consumer_did_not_take_is_told(self):
        stage = self.start(self.one_output(drain_ms=300))
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        for i in range(3000):
            producer.send(b"[%d]" % i)
        time.sleep(0.5)
        status, totals = stage.stop()
        self.assertEqual(status, 3)
        told = stage.errors().decode()
        undelivered = int(re.search(r"output 'only': (\d+) messages were read and could not be delivered", told)[1])
        self.assertEqual(totals["only"]["passed"], 1000)  # its queue
        self.assertIn(undelivered, range(1000, 2001))  # the rest is the producer's still
        self.assertIn("output 'only': messages under way to its consumer are lost", told)

    def test_a_stop_that_comes_while_an_output_takes_nothing_ends(self):
        config = self.config(drain_ms=300)
        config["outputs"][1] = {"name": "insights", "purpose": "analytics", "socket": "push", "bind": self.ipc("insights")}
        for workers in (1, 2):
            with self.subTest(workers=workers):
                stage = self.start({**config, "workers": workers, "audit": {"file": self.path(f"audit-{workers}")}})
                self.socket(zmq.PUSH, self.ipc("in")).send(b'["IDMARK"]')
                wait_until(lambda: os.path.getsize(self.path(f"audit-{workers}")) > 0)  # it waits for insights now
                self.assertEqual(stage.stop(20)[0], 3)
                self.assertIn(b"output 'insights': 1 messages were read and could not be delivered", stage.errors())

    @staticmethod
    def receive_all(consumer):
        count = 0
        while consumer.poll(200):
            try:
                while consumer.recv(zmq.DONTWAIT):
                    count += 1
            except zmq.Again:
                pass
        return count

    def test_a_stop_ends_though_producers_go_on(self):
        consumer = self.socket(zmq.PULL, self.ipc("out"), bind=True)
        stage = self.start(self.one_output(drain_ms=1500))
        producer = self.socket(zmq.PUSH, self.ipc("in"), sndtimeo=100)
        is_over = threading.Event()

        def produce():
            while not is_over.is_set():
                try:
                    producer.send(b"[1]")
                except zmq.Again:
                    pass

        received = 0
        thread = threading.Thread(target=produce)
        thread.start()
        try:
            before = time.monotonic()
            stage.process.send_signal(signal.SIGTERM)
            while stage.process.poll() is None:
                received += self.receive_all(consumer)
                self.assertLess(time.monotonic(), before + 20)
        finally:
            is_over.set()
            thread.join()
        received += self.receive_all(consumer)
        self.assertEqual(stage.process.returncode, 0)
        self.assertEqual(json.loads(stage.output())["outputs"][0]["passed"], received)

    def test_the_totals_for_people_state_the_sum(self):
        consumer = self.socket(zmq.PULL, self.ipc("out"), bind=True)
        stage = self.start(self.one_output(), arguments=())
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        for message in (b"{}", b'["EMAILMARK"]', b"{}", b'{"a"'):
            producer.send(message)
        for _ in range(2):
            consumer.recv()
        stage.process.terminate()
        self.assertEqual(stage.process.wait(20), 0)
        text = stage.output().decode()
        self.assertIn("only: 4 received = 2 passed + 2 withheld", text)
        self.assertRegex(text, r"(?m)^ +email +1$")
        self.assertRegex(text, r"(?m)^ +malformed +1$")


class Refusal(Case):
    def refuse(self, config, status, *texts):
        stage = Stage(self.folder, config)
        self.addCleanup(stage.kill)
        self.assertEqual(stage.process.wait(60), status)
        told = stage.errors().decode()
        for text in texts:
            self.assertIn(text, told)
        self.assertNotIn("ready:", told)
        self.assertEqual(stage.output(), b"")
        return told

    def assert_nothing_was_opened(self):
        self.assertFalse(os.path.exists(self.path("in")))
        self.assertFalse(os.path.exists(self.path("audit.jsonl")))

    def test_a_faulty_configuration_opens_nothing(self):
        self.refuse(self.config(formt="auto", workers=0), 2, "cordon.yaml:1:", "error:", "'formt'", "a whole number from 1 to 64")
        self.assert_nothing_was_opened()

    def test_faulty_rules_open_nothing(self):
        with open(self.path("marks.yaml"), "a") as file:
            file.write("  - {id: x.bad, name: Bad, class: email, pattern: '(', examples: [a], negative_examples: [b]}\n")
        self.refuse(self.config(), 2, "marks.yaml:8:", "error:")
        self.assert_nothing_was_opened()

    def test_rules_that_fail_their_examples_open_nothing(self):
        with open(self.path("marks.yaml"), "a") as file:
            file.write("  - {id: x.y, name: Bad, class: email, pattern: ABC, examples: [abd], negative_examples: [b]}\n")
        self.refuse(self.config(), 2, "marks.yaml:8:", "x.y")
        self.assert_nothing_was_opened()

    def test_an_unknown_class_in_the_policy_opens_nothing(self):
        self.refuse(self.config(policy={"advertising": {"withhold": ["emial"]}}), 2, "emial")
        self.assert_nothing_was_opened()

    def test_an_address_in_use_is_named(self):
        endpoint = self.tcp()
        self.socket(zmq.PULL, endpoint, bind=True)
        told = self.refuse(self.config(input={"socket": "pull", "bind": endpoint}), 3)
        self.assertEqual(told, f"cordon: input: {endpoint}: Address already in use\n")

    def test_an_audit_that_cannot_be_opened_is_named(self):
        path = self.path("no-such-folder/audit.jsonl")
        self.refuse(self.config(audit={"file": path}), 3, path, "No such file or directory")

    def test_a_console_address_in_use_ends_the_start(self):
        endpoint = self.tcp()
        self.socket(zmq.PULL, endpoint, bind=True)
        self.refuse(self.config(console={"bind": endpoint[len("tcp://"):]}), 3, "console", "Address already in use")

    def test_no_configuration_is_bad_usage(self):
        done = self.run_cordon("run")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"-c FILE", done.stderr)

    def test_a_configuration_that_is_not_there_is_named(self):
        done = self.run_cordon("run", "-c", "nowhere.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"nowhere.yaml", done.stderr)

    def test_check_says_what_would_be_done_and_opens_nothing(self):
        with open(self.path("cordon.yaml"), "w") as file:
            json.dump(self.config(console={"bind": "127.0.0.1:9464"}, workers=7), file)
        done = self.run_cordon("run", "-c", "cordon.yaml", "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = done.stdout.decode()
        for part in ("cordon.yaml", f"pull, bound to {self.ipc('in')}", "targeting: push", "for analytics, withholds email",
                     "2 in 7 classes", self.path("audit.jsonl"), "127.0.0.1:9464", "1048576", "workers   7\n"):
            self.assertIn(part, text)
        self.assertRegex(text, r"digest [0-9a-f]{64}")
        self.assert_nothing_was_opened()


class Disk(Case):
    @staticmethod
    def count_lines(path):
        with open(path, "rb") as file:
            return file.read().count(b"\n")

    def test_a_full_disk_pushes_back_and_loses_no_record(self):
        """The audit's folder is a file system of its own that is full; needs the right to mount."""
        full = self.path("full")
        os.mkdir(full)
        if os.system(f"mount -t tmpfs -o size=64k tmpfs {full} 2>/dev/null") != 0:
            self.skipTest("no file system can be mounted here")
        self.addCleanup(os.system, f"umount -l {full}")
        with open(os.path.join(full, "ballast"), "wb") as file:
            file.write(b"x" * 60000)
        stage = self.start(self.config(audit={"file": os.path.join(full, "audit.jsonl")}))
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        sent = 0
        while producer.poll(500, zmq.POLLOUT):
            producer.send(b'["EMAILMARK"]' + b" " * 2000)
            sent += 1
            self.assertLess(sent, 100000)
        os.truncate(os.path.join(full, "ballast"), 0)
        os.system(f"mount -o remount,size=64m {full}")
        wait_until(lambda: self.count_lines(os.path.join(full, "audit.jsonl")) == sent)
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual(totals["targeting"]["withheld"], sent)


if __name__ == "__main__":
    main()
