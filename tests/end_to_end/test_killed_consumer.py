"""What a consumer that is killed takes along: nothing that it had not been sent, and no more than the bound."""

import signal
import subprocess
import sys
import threading
import time

import zmq

from stage_process import Case, main, wait_until

MESSAGES = 200_000
PADDING = b" " * 600
HIGH_WATER_MARK = 1000

# Writes the number of each message that it has read, so that the reader knows what a killed one had.
CONSUMER = """
import sys, zmq
own = zmq.Context().socket(zmq.PULL)
own.rcvhwm = int(sys.argv[2])
own.bind(sys.argv[1])
while True:
    message = own.recv()
    sys.stdout.write(message[1 : message.index(b"]")].decode() + "\\n")
    sys.stdout.flush()
"""


def socket_buffer_bytes():
    """The most that the kernel keeps for one connection: one side's unsent and the other's unread bytes."""
    total = 0
    for name in ("tcp_wmem", "tcp_rmem"):
        with open(f"/proc/sys/net/ipv4/{name}") as file:
            total += int(file.read().split()[2])
    return total


class Consumer:
    """A process that reads, and the numbers that it has read."""

    def __init__(self, endpoint):
        self.numbers = []
        self.process = subprocess.Popen([sys.executable, "-c", CONSUMER, endpoint, str(HIGH_WATER_MARK)],
                                        stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                self.numbers.append(int(line))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()


class KilledConsumer(Case):
    def setUp(self):
        super().setUp()
        self.endpoint = self.tcp()
        self.stage = self.start(self.config(outputs=[
            {"name": "only", "purpose": "advertising", "socket": "push", "connect": self.endpoint,
             "high_water_mark": HIGH_WATER_MARK}]))
        self.producer = self.socket(zmq.PUSH, self.ipc("in"), sndtimeo=60000)

    def consume(self):
        consumer = Consumer(self.endpoint)
        self.addCleanup(consumer.kill)
        return consumer

    def send(self, first, end):
        for number in range(first, end):
            self.producer.send(b"[%d]" % number + PADDING)

    def start_sending(self, first, end):
        thread = threading.Thread(target=self.send, args=(first, end), daemon=True)
        thread.start()
        return thread

    def test_one_that_had_read_everything_loses_nothing_though_it_is_gone_for_ten_seconds(self):
        resident_before = self.stage.resident_kib()
        first = self.consume()
        self.send(0, 1000)
        wait_until(lambda: len(first.numbers) == 1000)
        first.kill()
        time.sleep(0.5)
        thread = self.start_sending(1000, MESSAGES)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            self.assertLess(self.stage.resident_kib() - resident_before, 64 * 1024)
            time.sleep(0.2)
        second = self.consume()
        wait_until(lambda: len(second.numbers) == MESSAGES - 1000, 60, "the rest")
        thread.join(10)
        self.assertEqual(first.numbers + second.numbers, list(range(MESSAGES)))
        status, totals = self.stage.stop()
        self.assertEqual((status, totals["only"]["passed"]), (0, MESSAGES))

    def test_one_that_is_killed_while_messages_flow_loses_no_more_than_was_on_its_way(self):
        first = self.consume()
        thread = self.start_sending(0, MESSAGES)
        wait_until(lambda: len(first.numbers) > 20000, 60, "20,000 messages")
        first.kill()
        time.sleep(2)
        second = self.consume()
        wait_until(lambda: second.numbers and second.numbers[-1] == MESSAGES - 1, 60, "the last message")
        thread.join(10)
        lost = MESSAGES - len(first.numbers) - len(second.numbers)
        bound = 2 * HIGH_WATER_MARK + socket_buffer_bytes() // len(PADDING)
        print(f"killed after {len(first.numbers)} messages: {lost} lost, at most {bound} could be")
        self.assertLessEqual(lost, bound)
        numbers = first.numbers + second.numbers
        self.assertEqual(numbers, sorted(set(numbers)), "a message came twice or out of order")
        self.assertEqual(self.stage.stop()[1]["only"]["passed"], MESSAGES)


if __name__ == "__main__":
    main()
