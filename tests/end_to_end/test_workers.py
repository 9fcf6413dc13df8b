#!/usr/bin/python3
"""Several workers behave as one does: the tests of delivery and stopping with two, and the samples with any number."""

import os

import zmq

import test_delivery
import test_stop
from stage_process import CORDON, Case, main

SOURCE = os.environ.get("CORDON_SOURCE", os.path.join(os.path.dirname(CORDON), "../.."))


class InTwoLanes:
    """Before a Case: its stages have two workers."""

    def config(self, **changes):
        return super().config(**{"workers": 2, **changes})


class Delivery(InTwoLanes, test_delivery.Delivery):
    pass


class Sockets(InTwoLanes, test_delivery.Sockets):
    pass


class Stop(InTwoLanes, test_stop.Stop):
    pass


class Disk(InTwoLanes, test_stop.Disk):
    pass


class Workers(Case):
    def run_samples(self, workers):
        """What both consumers receive, the totals, and the audit without its times."""
        with open(os.path.join(SOURCE, "samples/messages.jsonl"), "rb") as file:
            messages = file.read().splitlines()
        if os.path.exists(self.path("audit.jsonl")):
            os.remove(self.path("audit.jsonl"))
        consumers = [self.socket(zmq.PULL, self.ipc(name), bind=True) for name in ("targeting", "insights")]
        config = self.config(workers=workers)
        del config["rules"]  # all packs
        config["policy"]["analytics"]["withhold"] = ["email", "chat", "file", "personal", "credential"]
        stage = self.start(config)
        producer = self.socket(zmq.PUSH, self.ipc("in"))
        for message in messages:
            producer.send(message)
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual(totals["targeting"]["received"], len(messages))
        received = [[consumer.recv() for _ in range(totals[name]["passed"])]
                    for name, consumer in zip(("targeting", "insights"), consumers)]
        for consumer in consumers:
            self.assert_nothing_comes(consumer, 50)
            consumer.close()
        return received, totals, [{**record, "time": None} for record in self.audit()]

    def test_samples_are_delivered_recorded_and_counted_the_same(self):
        expected = self.run_samples(1)
        self.assertGreater(len(expected[2]), 0)
        for workers in (2, 5, 64):
            with self.subTest(workers=workers):
                self.assertEqual(self.run_samples(workers), expected)

    def test_a_stage_that_waits_takes_no_processor_time(self):
        consumers = [self.socket(zmq.PULL, self.ipc(name), bind=True) for name in ("targeting", "insights")]
        stage = self.start(self.config(workers=4))
        names = self.thread_names(stage.process.pid)
        self.assertEqual((names.count("stage"), names.count("lane")), (1, 4))
        self.socket(zmq.PUSH, self.ipc("in")).send(b"[1]")
        self.assertEqual([consumer.recv() for consumer in consumers], [b"[1]", b"[1]"])
        before = self.processor_ticks(stage.process.pid)
        self.assert_nothing_comes(consumers[0], 1000)
        self.assertLess(self.processor_ticks(stage.process.pid) - before, os.sysconf("SC_CLK_TCK") / 20)
        self.assertEqual(stage.stop()[0], 0)

    @staticmethod
    def thread_names(pid):
        names = []
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                names.append(file.read().strip())
        return names

    @staticmethod
    def processor_ticks(pid):
        with open(f"/proc/{pid}/stat") as file:
            return sum(map(int, file.read().rpartition(")")[2].split()[11:13]))


if __name__ == "__main__":
    main()
