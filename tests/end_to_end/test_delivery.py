"""What goes through, what does not, and that nothing is changed or uncounted."""

import json
import os

import msgpack
import zmq

from stage_process import Case, main

CLEAN = [
    msgpack.packb({"id": "1", "imp": [{"w": 300, "h": 250, "bidfloor": 1.25}], "n": None, "b": b"\x00\xff"}),
    msgpack.packb([]),
    msgpack.packb({1: {2: [True, -5, 2**64 - 1]}}),
    b"\xd9\x01a",  # not the shortest form of a text
    b'{"id": "2",  "site": {"page": "https://example.com/\\u00e9"}}',
    b' [1, 2.50, 1e3]\n',
    b'"text"',
    b"\x07",
]


class Delivery(Case):
    def start_with_consumers(self, **changes):
        self.targeting = self.socket(zmq.PULL, self.ipc("targeting"), bind=True)
        self.insights = self.socket(zmq.PULL, self.ipc("insights"), bind=True)
        self.stage = self.start(self.config(**changes))
        self.producer = self.socket(zmq.PUSH, self.ipc("in"))

    def stop(self, received, targeting_passed, insights_passed):
        """Every message is accounted for, and nothing more comes."""
        self.assert_nothing_comes(self.targeting)
        self.assert_nothing_comes(self.insights)
        status, totals = self.stage.stop()
        self.assertEqual(status, 0)
        for name, passed in (("targeting", targeting_passed), ("insights", insights_passed)):
            own = totals[name]
            self.assertEqual((own["received"], own["passed"], own["withheld"]), (received, passed, received - passed))
        return totals

    def test_clean_messages_arrive_byte_for_byte_and_in_order(self):
        self.start_with_consumers()
        messages = [CLEAN[i % len(CLEAN)] for i in range(2000)]
        for message in messages:
            self.producer.send(message)
        for consumer in (self.targeting, self.insights):
            self.assertEqual([consumer.recv() for _ in messages], messages)
        self.stop(2000, 2000, 2000)
        self.assertEqual(self.audit(), [])

    def test_messages_of_many_frames_arrive_in_the_same_frames(self):
        self.start_with_consumers()
        messages = [[b"topic", payload] for payload in CLEAN]
        messages.append([b"", b"", os.urandom(40) + b"\xc1" * 5000, CLEAN[0]])
        messages.append([b"x"] * 63 + [CLEAN[4]])
        for message in messages:
            self.producer.send_multipart(message)
        for consumer in (self.targeting, self.insights):
            self.assertEqual([consumer.recv_multipart() for _ in messages], messages)
        self.stop(len(messages), len(messages), len(messages))

    def test_each_output_gets_what_its_purpose_may_see(self):
        self.start_with_consumers()
        clean, email, identifier = {"a": "clean"}, {"q1": {"q2": "EMAILMARK"}}, {"c": "IDMARK"}
        for message in (clean, email, identifier, {"d": "IDMARK EMAILMARK"}, clean):
            self.producer.send(msgpack.packb(message))
        self.assertEqual([msgpack.unpackb(self.targeting.recv()) for _ in range(2)], [clean, clean])
        self.assertEqual([msgpack.unpackb(self.insights.recv()) for _ in range(3)], [clean, identifier, clean])
        totals = self.stop(5, 2, 3)
        self.assertEqual(totals["targeting"]["by_class"]["email"], 2)
        self.assertEqual(totals["targeting"]["by_class"]["identifier"], 2)
        self.assertEqual(totals["insights"]["by_class"]["email"], 2)
        self.assertEqual(totals["insights"]["by_class"]["identifier"], 0)

        records = self.audit()
        self.assertEqual([(r["sequence"], r["outputs"], r["classes"]) for r in records],
                         [(2, ["targeting", "insights"], ["email"]),
                          (3, ["targeting"], ["identifier"]),
                          (4, ["targeting", "insights"], ["email", "identifier"])])
        self.assertEqual(records[0]["findings"],
                         [{"rule": "email.mark", "class": "email", "path": "*.*", "layers": [], "length": 9}])

    def test_a_mark_is_found_wherever_it_stands(self):
        self.start_with_consumers()
        mark = "EMAILMARK"
        for message in ([msgpack.packb({"a": mark})], [msgpack.packb({mark: 1})], [msgpack.packb(mark.encode())],
                        [msgpack.packb(msgpack.ExtType(7, mark.encode()))], [msgpack.packb({"a": json.dumps({"b": mark})})],
                        [b'{"a": "\\u0045MAILMARK"}'], [mark.encode(), b"{}"], [b"a", b"x" + mark.encode() + b"x", b"{}"]):
            self.producer.send_multipart(message)
        totals = self.stop(8, 0, 0)
        self.assertEqual(totals["insights"]["by_class"]["email"], 8)

    def test_what_cannot_be_proven_clean_is_withheld_with_its_reason(self):
        self.start_with_consumers(limits={"message_bytes": 4096, "depth": 8})
        messages = [
            ([b"\xc1"], "malformed"),
            ([b""], "malformed"),
            ([b'{"a": '], "malformed"),
            ([b"\xdd\xff\xff\xff\xff"], "malformed"),
            ([CLEAN[0][:-1]], "malformed"),
            ([CLEAN[0] + b"\xc0"], "trailing-bytes"),
            ([b"{} {}"], "trailing-bytes"),
            ([b"\x91" * 9 + b"\xc0"], "too-deep"),
            ([b"[" * 9 + b"]" * 9], "too-deep"),
            ([msgpack.packb("x" * 5000)], "too-large"),
            ([b"x" * 4096, b"{}"], "too-large"),
            ([msgpack.packb("x" * 3000000)], "too-large"),
            ([b"x"] * 64 + [b"{}"], "too-large"),
            ([b"x"] * 500 + [b"{}"], "too-large"),
        ]
        for frames, _ in messages:
            self.producer.send_multipart(frames)
        self.producer.send(CLEAN[0])
        self.assertEqual(self.targeting.recv(), CLEAN[0])
        self.assertEqual(self.insights.recv(), CLEAN[0])
        totals = self.stop(15, 1, 1)
        self.assertEqual(totals["targeting"]["by_reason"]["malformed"], 5)
        self.assertEqual(totals["insights"]["by_reason"]["too-large"], 5)
        records = self.audit()
        self.assertEqual([r["reason"] for r in records], [reason for _, reason in messages])
        self.assertEqual([r["bytes"] for r in records], [sum(map(len, frames)) for frames, _ in messages])

    def test_a_frame_that_is_absurdly_large_cuts_its_sender_and_nobody_else(self):
        self.start_with_consumers(limits={"message_bytes": 4096})
        absurd = self.socket(zmq.PUSH, self.ipc("in"))
        absurd.send(b'"' + b"x" * (5 << 20) + b'"')
        for consumer in (self.targeting, self.insights):
            self.assert_nothing_comes(consumer)
        self.producer.send(CLEAN[0])
        self.assertEqual(self.targeting.recv(), CLEAN[0])
        self.assertEqual(self.insights.recv(), CLEAN[0])
        self.stop(1, 1, 1)

    def test_the_configured_format_is_the_only_one(self):
        self.start_with_consumers(input={"socket": "pull", "bind": self.ipc("in"), "format": "msgpack"})
        self.producer.send(b'{"a": 1}')
        self.producer.send(CLEAN[0])
        self.assertEqual(self.targeting.recv(), CLEAN[0])
        self.assertEqual(self.insights.recv(), CLEAN[0])
        totals = self.stop(2, 1, 1)
        self.assertEqual(totals["targeting"]["by_reason"]["trailing-bytes"], 1)

    def test_a_purpose_without_policy_sees_only_what_is_clean_of_every_class(self):
        self.start_with_consumers(policy={"advertising": {"withhold": ["email"]}})
        self.producer.send(msgpack.packb("IDMARK"))
        self.assertEqual(msgpack.unpackb(self.targeting.recv()), "IDMARK")
        self.stop(1, 1, 0)


class Sockets(Case):
    """Every way of being reached carries messages."""

    def check(self, source, target):
        config = self.config(input=source, outputs=[{"name": "only", "purpose": "advertising", **target}])
        in_kind = zmq.PUSH if source["socket"] == "pull" else zmq.XPUB
        out_kind = zmq.PULL if target["socket"] == "push" else zmq.SUB
        into = self.socket(in_kind, source.get("bind") or source["connect"], bind="connect" in source)
        out = self.socket(out_kind, target.get("bind") or target["connect"], bind="connect" in target)
        stage = self.start(config)
        if in_kind == zmq.XPUB:
            self.assertEqual(into.recv(), b"\x01")
        messages = [msgpack.packb({"n": i}) for i in range(500)]
        for message in messages:
            into.send(message)
        into.send(b'["EMAILMARK"]')
        self.assertEqual([out.recv() for _ in messages], messages)
        self.assert_nothing_comes(out)
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual((totals["only"]["passed"], totals["only"]["withheld"]), (500, 1))

    def test_tcp_bound_to_tcp_bound(self):
        self.check({"socket": "pull", "bind": self.tcp()}, {"socket": "push", "bind": self.tcp()})

    def test_tcp_connected_to_tcp_connected(self):
        self.check({"socket": "pull", "connect": self.tcp()}, {"socket": "push", "connect": self.tcp()})

    def test_ipc_connected_to_ipc_bound(self):
        self.check({"socket": "pull", "connect": self.ipc("a")}, {"socket": "push", "bind": self.ipc("b")})

    def test_sub_connected_to_pub_bound(self):
        self.check({"socket": "sub", "connect": self.tcp()}, {"socket": "pub", "bind": self.tcp()})

    def test_sub_bound_to_pub_connected(self):
        self.check({"socket": "sub", "bind": self.ipc("a")}, {"socket": "pub", "connect": self.ipc("b")})

    def test_every_address_of_the_machine(self):
        port = self.tcp().rsplit(":", 1)[1]
        target = self.ipc("b")
        stage = self.start(self.config(input={"socket": "pull", "bind": f"tcp://*:{port}"},
                                       outputs=[{"name": "only", "purpose": "advertising", "socket": "push", "bind": target}]))
        into, out = self.socket(zmq.PUSH, f"tcp://127.0.0.1:{port}"), self.socket(zmq.PULL, target)
        into.send(b"{}")
        self.assertEqual(out.recv(), b"{}")
        self.assertEqual(stage.stop()[0], 0)

    def test_several_producers_and_endpoints(self):
        endpoints = [self.ipc("a"), self.tcp()]
        out = self.socket(zmq.PULL, self.ipc("out"), bind=True)
        stage = self.start(self.config(input={"socket": "pull", "bind": endpoints},
                                       outputs=[{"name": "only", "purpose": "advertising", "socket": "push",
                                                 "connect": self.ipc("out")}]))
        producers = [self.socket(zmq.PUSH, endpoint) for endpoint in endpoints * 2]
        for i in range(100):
            for number, producer in enumerate(producers):
                producer.send(msgpack.packb([number, i]))
        received = [msgpack.unpackb(out.recv()) for _ in range(400)]
        for number in range(4):
            self.assertEqual([i for n, i in received if n == number], list(range(100)))
        self.assertEqual(stage.stop()[1]["only"]["passed"], 400)


if __name__ == "__main__":
    main()
