"""With `input.batch: records` each output gets the records that its purpose may see, and nothing else."""

import json
import random

import msgpack
import zmq

from stage_process import Case, main, wait_until

EMAIL, IDENTIFIER = "EMAILMARK", "IDMARK"
CANARY = "canary-in-a-value"


def array(records, form=0):
    """A msgpack array of packed records, with the smallest head or (1, 2) a longer one."""
    count = len(records)
    if form == 0 and count < 16:
        head = bytes([0x90 | count])
    elif form < 2:
        head = b"\xdc" + count.to_bytes(2, "big")
    else:
        head = b"\xdd" + count.to_bytes(4, "big")
    return head + b"".join(records)


class Records(Case):
    def start_with_consumers(self, workers=1, **changes):
        self.targeting = self.socket(zmq.PULL, self.ipc("targeting"), bind=True)
        self.insights = self.socket(zmq.PULL, self.ipc("insights"), bind=True)
        self.stage = self.start(self.config(
            input={"socket": "pull", "bind": self.ipc("in"), "batch": "records"}, workers=workers, **changes))
        self.producer = self.socket(zmq.PUSH, self.ipc("in"))

    def check(self, cases, **changes):
        """Each case: the frames that are sent, and those that must come for targeting and for insights, or None."""
        self.start_with_consumers(**changes)
        for frames, _, _ in cases:
            self.producer.send_multipart(frames)
        for consumer, place in ((self.targeting, 1), (self.insights, 2)):
            for case in cases:
                if case[place] is not None:
                    self.assertEqual(consumer.recv_multipart(), case[place])
            self.assert_nothing_comes(consumer)
        status, totals = self.stage.stop()
        self.assertEqual(status, 0)
        return totals

    def test_msgpack_lists_of_every_form(self):
        clean = [msgpack.packb(value) for value in (1, {"a": [[]]}, "x", b"\xc1", None, 1.5)]
        email, identifier = msgpack.packb({"t": EMAIL}), msgpack.packb([{"id": IDENTIFIER}])
        cases = []
        for form in range(3):
            whole = array(clean, form)
            cases.append(([whole], [whole], [whole]))
            mixed = array([clean[0], email, clean[1], identifier, clean[2]], form)
            cases.append(([mixed], [array(clean[:3])], [array([clean[0], clean[1], identifier, clean[2]])]))
            cases.append(([array([email], form)], None, None))
            cases.append(([array([identifier] * 20, form)], None, [array([identifier] * 20, form)]))
            cases.append(([array([email] + [identifier] * 20 + clean, form)], [array(clean)],
                          [array([identifier] * 20 + clean, 1)]))
            cases.append(([array([], form)],) * 3)
        totals = self.check(cases)
        self.assertEqual(totals["targeting"]["received"], 3 * (6 + 5 + 1 + 20 + 27 + 1))
        self.assertEqual(totals["targeting"]["passed"], 3 * (6 + 3 + 6 + 1))
        self.assertEqual(totals["insights"]["passed"], 3 * (6 + 4 + 20 + 26 + 1))
        self.assertEqual(totals["insights"]["by_class"]["email"], 3 * 3)

    def test_json_lists_keep_their_records_as_written(self):
        text = ' [ {"a" : "\\u00e9,]"} ,\n"EMAILMARK",\t["ü", 1.50] , {"b":"IDMARK"},{"a" : "\\u00e9,]"} ]\r\n'.encode()
        records = [b'{"a" : "\\u00e9,]"}', '["ü", 1.50]'.encode(), b'{"b":"IDMARK"}', b'{"a" : "\\u00e9,]"}']
        without = records[:2] + records[3:]
        clean = b" [1 , 2 ]\n"
        self.check([
            ([text], [b"[" + b",".join(without) + b"]"], [b"[" + b",".join(records) + b"]"]),
            ([clean], [clean], [clean]),
            ([b'["\\u0045MAILMARK"]'], None, None),
            ([b'[{"IDMARK":1}, 7 ]'], [b"[7]"], [b'[{"IDMARK":1}, 7 ]']),
        ])

    def test_frames_before_the_payload_stay_and_count_for_every_record(self):
        long_topic = b"a topic that is longer than what libzmq keeps inside"
        mixed = [b"t", b"", long_topic, msgpack.packb([1, EMAIL, 2])]
        cases = [
            (mixed, mixed[:3] + [msgpack.packb([1, 2])], mixed[:3] + [msgpack.packb([1, 2])]),
            ([EMAIL.encode(), msgpack.packb([1, 2])], None, None),
            ([IDENTIFIER.encode(), msgpack.packb([1, 2])], None, [IDENTIFIER.encode(), msgpack.packb([1, 2])]),
            ([IDENTIFIER.encode(), b"[1,\"EMAILMARK\"]"], None, [IDENTIFIER.encode(), b"[1]"]),
            ([EMAIL.encode(), b"[]"], None, None),
        ]
        totals = self.check(cases)
        self.assertEqual(totals["insights"]["by_class"]["email"], 1 + 2 + 1 + 1)

    def test_other_payloads_are_ordinary_messages(self):
        payloads = [msgpack.packb({"a": [1, 2]}), b'{"a": [1]}', b"7", b'"[1]"', msgpack.packb("x")]
        cases = [([payload],) * 3 for payload in payloads]
        cases.append(([msgpack.packb({"a": [1, IDENTIFIER]})], None, [msgpack.packb({"a": [1, IDENTIFIER]})]))
        totals = self.check(cases)
        self.assertEqual(totals["targeting"]["received"], 6)
        self.assertNotIn("record", self.audit()[0])

    def test_a_list_that_cannot_be_cut_is_withheld_whole_with_its_reason(self):
        cases = [
            (b'[{"a":1},{"a":', "malformed"),
            (b"[1,]", "malformed"),
            (b"\x93\x01\x02", "malformed"),
            (b"\x92\x01\xc1", "malformed"),
            (b"\x92\x01\xdd\xff\xff\xff\xff", "malformed"),
            (b"\x91\x01\xc0", "trailing-bytes"),
            (b"[1] [2]", "trailing-bytes"),
            (b"[" * 300 + b"]" * 300, "too-deep"),
            (array([b"\x01"] * 16385), "budget"),
            (array([b"\x01"] * 40000), "too-large"),
        ]
        totals = self.check([([payload], None, None) for payload, _ in cases], limits={"message_bytes": 32768})
        self.assertEqual(totals["targeting"]["received"], len(cases))
        lines = self.audit()
        self.assertEqual([(line["reason"], line["bytes"]) for line in lines],
                         [(reason, len(payload)) for payload, reason in cases])
        self.assertFalse(any("record" in line for line in lines))

    def test_a_record_beyond_its_own_limits_is_withheld_alone(self):
        deep = b"\x91" * 9 + b"\x01"
        cases = [
            ([array([b"\x01", deep, b"\x02"])],) + ([b"\x92\x01\x02"],) * 2,
            ([array([b"\x01", deep[1:]])],) * 3,
            ([array([b"\x01"] * 16384)],) * 3,
        ]
        totals = self.check(cases, limits={"depth": 8})
        self.assertEqual(totals["targeting"]["by_reason"]["too-deep"], 1)
        self.assertEqual([(line["sequence"], line["record"], line["bytes"], line["reason"]) for line in self.audit()],
                         [(1, 1, 10, "too-deep")])

    def test_the_audit_names_the_record_and_shows_no_content(self):
        values = [{"a": CANARY}, {"user": {CANARY: EMAIL}}, [CANARY, {"b": IDENTIFIER}], 1]
        self.check([([msgpack.packb(values)], [msgpack.packb([values[0], 1])], [msgpack.packb([values[0], values[2], 1])])])
        lines = self.audit()
        self.assertEqual([(line["sequence"], line["record"], line["outputs"], line["classes"]) for line in lines],
                         [(1, 1, ["targeting", "insights"], ["email"]), (1, 2, ["targeting"], ["identifier"])])
        self.assertEqual([line["bytes"] for line in lines], [len(msgpack.packb(value)) for value in values[1:3]])
        self.assertEqual([finding["path"] for line in lines for finding in line["findings"]], ["user.*", "[1].*"])
        with open(self.path("audit.jsonl")) as file:
            self.assertNotIn(CANARY, file.read())
        self.assertNotIn(CANARY.encode(), self.stage.output() + self.stage.errors())

    def check_random_lists(self, workers):
        choose = random.Random(7 + workers)
        values = [1, None, "text", {"a": [1, {"b": 2}]}, [[], [3]], {"t": EMAIL}, [IDENTIFIER], {IDENTIFIER: EMAIL}]
        expected = {"targeting": [], "insights": []}
        received = passed = 0
        self.start_with_consumers(workers=workers)
        for _ in range(2000):
            records = [choose.choice(values) for _ in range(choose.choice([1, 1, 2, 3, 5, 20]))]
            is_json = choose.random() < 0.5
            pack = (lambda value: json.dumps(value).encode()) if is_json else msgpack.packb
            join = (lambda parts: b"[" + b",".join(parts) + b"]") if is_json else array
            space = b" \n" if is_json else b""
            payload = b"[" + b", ".join(map(pack, records)) + b"]" + space if is_json else array(
                [pack(record) for record in records], choose.randrange(3))
            topic = [b"topic"] * choose.randrange(3)
            self.producer.send_multipart(topic + [payload])
            for name, marks in (("targeting", (EMAIL, IDENTIFIER)), ("insights", (EMAIL,))):
                kept = [pack(record) for record in records if not any(mark in json.dumps(record) for mark in marks)]
                if kept:
                    expected[name].append(topic + [payload if len(kept) == len(records) else join(kept)])
                passed += len(kept) if name == "insights" else 0
            received += len(records)
        for name, consumer in (("targeting", self.targeting), ("insights", self.insights)):
            for frames in expected[name]:
                self.assertEqual(consumer.recv_multipart(), frames)
            self.assert_nothing_comes(consumer)
        status, totals = self.stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual((totals["insights"]["received"], totals["insights"]["passed"]), (received, passed))
        self.assertEqual(len(self.audit()), totals["targeting"]["withheld"])

    def test_random_lists_with_one_worker(self):
        self.check_random_lists(1)

    def test_random_lists_with_three_workers(self):
        self.check_random_lists(3)

    def test_what_a_stop_could_not_deliver_is_told_in_records(self):
        config = self.config(input={"socket": "pull", "bind": self.ipc("in"), "batch": "records"}, drain_ms=300)
        config["outputs"][0] = {"name": "targeting", "purpose": "advertising", "socket": "push",
                                "bind": self.ipc("targeting")}
        self.insights = self.socket(zmq.PULL, self.ipc("insights"), bind=True)
        stage = self.start(config)
        self.socket(zmq.PUSH, self.ipc("in")).send(msgpack.packb([1, 2, EMAIL, 3]))
        wait_until(self.audit)  # written at the latest when the stage waits for an output
        status, totals = stage.stop()
        self.assertEqual(status, 3)
        self.assertIn(b"output 'targeting': 3 records were read and could not be delivered", stage.errors())
        self.assertEqual((totals["targeting"]["received"], totals["targeting"]["withheld"]), (1, 1))
        self.assertEqual((totals["insights"]["received"], totals["insights"]["passed"]), (4, 3))

    def test_check_says_that_records_are_judged(self):
        for batch, is_told in (("records", True), ("message", False)):
            config = self.config(input={"socket": "pull", "bind": self.ipc("in"), "batch": batch})
            with open(self.path("cordon.yaml"), "w") as file:
                json.dump(config, file)
            answer = self.run_cordon("run", "-c", self.path("cordon.yaml"), "--check")
            self.assertEqual(answer.returncode, 0)
            self.assertEqual(b"counted by its records" in answer.stdout, is_told)


if __name__ == "__main__":
    main()
