"""A consumer that is absent or stopped for ten seconds loses nothing, and the stage's memory stays small."""

import signal
import subprocess
import sys
import threading
import time

import zmq

from stage_process import Case, main, wait_until

MESSAGES = 200_000
PADDING = b" " * 600

# Receives until all have come, in order; its last line says how far it got.
CONSUMER = """
import sys, zmq
own = zmq.Context().socket(zmq.PULL)
own.bind(sys.argv[1])
for expected in range(int(sys.argv[2])):
    message = own.recv()
    if message[: message.index(b"]") + 1] != b"[%d]" % expected:
        sys.exit("message %d was lost" % expected)
    if expected == 1000:
        print("under way", flush=True)
print("all", flush=True)
"""


class BackPressure(Case):
    def test_an_absent_and_then_stopped_consumer_loses_nothing(self):
        outputs = [{"name": "only", "purpose": "advertising", "socket": "push", "connect": self.ipc("out")}]
        stage = self.start(self.config(outputs=outputs))
        resident_before = stage.resident_kib()
        sent = [0]

        def produce():
            own = self.context.socket(zmq.PUSH)
            own.connect(self.ipc("in"))
            for number in range(MESSAGES):
                own.send(b"[%d]" % number + PADDING)
                sent[0] = number + 1
            own.close(linger=30000)

        thread = threading.Thread(target=produce, daemon=True)
        thread.start()
        self.watch(stage, resident_before, 10)
        self.assertLess(sent[0], MESSAGES, "the producer was not pushed back")

        consumer = subprocess.Popen([sys.executable, "-c", CONSUMER, self.ipc("out"), str(MESSAGES)],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(consumer.stdout.close)
        self.addCleanup(consumer.wait)
        self.addCleanup(consumer.kill)
        self.assertEqual(consumer.stdout.readline(), "under way\n")
        consumer.send_signal(signal.SIGSTOP)
        self.watch(stage, resident_before, 12)
        self.assertLess(sent[0], MESSAGES, "the producer was not pushed back")
        consumer.send_signal(signal.SIGCONT)

        self.assertEqual(consumer.stdout.readline(), "all\n")
        self.assertEqual(consumer.wait(10), 0)
        thread.join(10)
        self.assertEqual(sent[0], MESSAGES)
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual((totals["only"]["received"], totals["only"]["passed"]), (MESSAGES, MESSAGES))

    def watch(self, stage, resident_before, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertLess(stage.resident_kib() - resident_before, 64 * 1024)
            time.sleep(0.2)

    def test_one_blocked_output_holds_back_the_other(self):
        outputs = [{"name": name, "purpose": "advertising", "socket": "push", "bind": self.ipc(name)} for name in "ab"]
        stage = self.start(self.config(outputs=outputs))
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        first = self.socket(zmq.PULL, self.ipc("a"))
        for number in range(100):
            producer.send(b"[%d]" % number)
        self.assertEqual(first.recv(), b"[0]")
        self.assert_nothing_comes(first)
        second = self.socket(zmq.PULL, self.ipc("b"))
        self.assertEqual([second.recv() for _ in range(100)], [b"[%d]" % number for number in range(100)])
        self.assertEqual([first.recv() for _ in range(99)], [b"[%d]" % number for number in range(1, 100)])
        self.assertEqual(stage.stop()[0], 0)

    def test_a_pub_output_waits_for_its_first_subscriber_and_for_a_slow_one(self):
        outputs = [{"name": "only", "purpose": "advertising", "socket": "pub", "bind": self.ipc("out"),
                    "high_water_mark": 10}]
        stage = self.start(self.config(outputs=outputs))
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        payload = b" " * 20000
        for number in range(100):
            producer.send(b"[%d]" % number + payload)
        time.sleep(0.3)
        subscriber = self.socket(zmq.SUB, self.ipc("out"), rcvhwm=10)
        self.assertTrue(subscriber.recv().startswith(b"[0]"))
        threading.Thread(target=lambda: [producer.send(b"[%d]" % number + payload) for number in range(100, 3000)],
                         daemon=True).start()
        time.sleep(1)
        for number in range(1, 3000):
            self.assertTrue(subscriber.recv().startswith(b"[%d]" % number))
        self.assertEqual(stage.stop()[0], 0)


if __name__ == "__main__":
    main()
