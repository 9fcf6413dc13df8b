"""Nothing that a withheld message says ever leaves the stage: unique words planted in all its parts appear nowhere."""

import base64
import json
import random
import string
import urllib.request
from urllib.parse import quote

import msgpack
import zmq

from stage_process import Case, free_port, main, wait_until


class Canary(Case):
    def word(self):
        word = "Q" + "".join(random.choices(string.ascii_letters, k=15)) + "z"
        self.words.append(word)
        return word

    def mail(self):
        return (f"From: {self.word()}@example.org\r\nTo: {self.word()}@example.com\r\nSubject: {self.word()}\r\n"
                f"Message-ID: <{self.word()}@example.org>\r\n\r\n{self.word()}\r\n")

    def personal_messages(self):
        yield [msgpack.packb({"note": self.mail()})]
        yield [msgpack.packb({self.word(): self.mail(), "user": {self.word(): self.word()}})]
        yield [msgpack.packb({self.mail(): 1})]
        yield [msgpack.packb({"raw": self.mail().encode()})]
        yield [msgpack.packb({"x": msgpack.ExtType(9, self.mail().encode())})]
        yield [json.dumps({"a": [self.word(), {"b": self.mail()}]}).encode()]
        yield [json.dumps({"a": base64.b64encode(self.mail().encode()).decode()}).encode()]
        yield [json.dumps({"a": quote(self.mail(), safe="")}).encode()]
        yield [json.dumps({"a": json.dumps({self.word(): base64.b64encode(self.mail().encode()).decode()})}).encode()]
        yield [self.mail().encode(), b"{}"]
        yield [self.word().encode(), json.dumps({"email": {"body": self.mail()}}).encode()]

    def unreadable_messages(self):
        yield [self.word().encode()]
        yield [json.dumps({self.word(): self.word()}).encode()[:-1]]
        yield [json.dumps({self.word(): self.word()}).encode() + b" " + self.word().encode()]
        yield [msgpack.packb({self.word(): self.mail()}) + self.word().encode()]
        yield [msgpack.packb({self.word(): self.mail()})[:-3]]
        yield [self.word().encode() * 200000]
        yield [self.word().encode()] * 70
        yield [b"[" * 100 + json.dumps(self.word()).encode()]

    def test_no_word_of_a_withheld_message_appears_anywhere(self):
        self.words = []
        random.seed()
        console = f"127.0.0.1:{free_port()}"
        config = self.config(console={"bind": console}, policy={"advertising": {"withhold": "all"}})
        del config["rules"]  # all packs
        config["outputs"] = [{"name": "only", "purpose": "advertising", "socket": "push", "bind": self.ipc("out")}]
        stage = self.start(config)
        producer, consumer = self.socket(zmq.PUSH, self.ipc("in")), self.socket(zmq.PULL, self.ipc("out"))
        messages = [*self.personal_messages(), *self.unreadable_messages()]
        for frames in messages:
            producer.send_multipart(frames)
        wait_until(lambda: len(self.audit()) == len(messages), what="the audit of every message")
        with urllib.request.urlopen(f"http://{console}/metrics", timeout=10) as page:
            metrics = page.read().decode()
        self.assertIn(f'cordon_withheld_total{{output="only",purpose="advertising"}} {len(messages)}', metrics)
        with urllib.request.urlopen(f"http://{console}/health", timeout=10) as page:
            self.assertEqual(page.read().strip(), b"ok")
        self.assert_nothing_comes(consumer)
        status, totals = stage.stop()
        self.assertEqual(status, 0)
        self.assertEqual(totals["only"]["withheld"], len(messages))
        self.assertGreaterEqual(totals["only"]["by_class"]["email"], 10)

        with open(self.path("audit.jsonl")) as file:
            kept = {"audit": file.read(), "metrics": metrics, "stdout": stage.output().decode(),
                    "stderr": stage.errors().decode()}
        for place, text in kept.items():
            for word in self.words:
                for shape in (word, base64.b64encode(word.encode()).decode()[:16], word.encode().hex()):
                    self.assertNotIn(shape.lower(), text.lower(), place)

    def test_the_inspecting_command_shows_no_word_either(self):
        self.words = []
        lines = [json.dumps({"note": self.mail(), self.word(): self.word()}), '{"' + self.word()]
        with open(self.path("messages.jsonl"), "w") as file:
            file.write("\n".join(lines))
        for arguments in ((), ("--json",)):
            done = self.run_cordon("inspect", *arguments, "messages.jsonl")
            self.assertEqual(done.returncode, 1)
            for word in self.words:
                self.assertNotIn(word.encode(), done.stdout + done.stderr)


if __name__ == "__main__":
    main()
