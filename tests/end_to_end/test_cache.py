"""Compiled rules that are kept from one start to the next, as commands and configurations meet them."""

import json
import os
import subprocess

import zmq

from stage_process import CORDON, Case, main

TAKEN, KEPT, NONE = "compiled rules taken from {}", "compiled rules kept in {}", "compiled rules are not kept"


class Cache(Case):
    def check(self, config, **environment):
        """What `run --check` says of the cache."""
        self.write_config(config)
        done = self.run_cordon("run", "-c", "cordon.yaml", "--check", env={**os.environ, **environment})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return next(line.split(maxsplit=1)[1] for line in done.stdout.decode().splitlines()
                    if line.startswith("cache "))

    def write_config(self, config):
        with open(self.path("cordon.yaml"), "w") as file:
            json.dump(config, file)

    def kept(self, folder):
        return sorted(os.listdir(self.path(folder)))

    def test_a_configured_folder_serves_every_start(self):
        config = self.config(cache={"folder": "kept"})
        self.assertEqual(self.check(config), KEPT.format("kept"))
        self.assertEqual(self.check(config), TAKEN.format("kept"))
        self.assertEqual(len(self.kept("kept")), 1)
        self.assertEqual(os.stat(self.path("kept")).st_mode & 0o777, 0o700)

    def test_a_stage_from_the_cache_decides_as_one_without(self):
        self.check(self.config(cache={"folder": "kept"}))
        for cache in ({"folder": "kept"}, False):
            with self.subTest(cache=cache):
                targeting = self.socket(zmq.PULL, self.ipc("targeting"), bind=True)
                insights = self.socket(zmq.PULL, self.ipc("insights"), bind=True)
                stage = self.start(self.config(cache=cache))
                producer = self.socket(zmq.PUSH, self.ipc("in"))
                for text in ("EMAILMARK", "IDMARK", "nothing"):
                    producer.send(b'{"note":"%s"}' % text.encode())
                self.assertEqual(targeting.recv(), b'{"note":"nothing"}')
                self.assertEqual([insights.recv() for _ in range(2)], [b'{"note":"IDMARK"}', b'{"note":"nothing"}'])
                self.assertEqual(stage.stop()[0], 0)
                self.assertNotIn(b"warning", stage.errors())
                for own in (targeting, insights, producer):
                    own.close(linger=0)

    def test_the_default_is_the_users_own_folder(self):
        environments = [({"HOME": self.folder}, ".cache/cordon"),
                        ({"HOME": "/nowhere", "XDG_CACHE_HOME": self.folder}, "cordon")]
        for environment, folder in environments:
            with self.subTest(folder=folder):
                self.assertEqual(self.check(self.config(), **environment), KEPT.format(self.path(folder)))
                self.assertEqual(self.check(self.config(), **environment), TAKEN.format(self.path(folder)))

    def test_nothing_is_kept_without_a_home_or_when_switched_off(self):
        self.assertEqual(self.check(self.config()), NONE)
        self.assertEqual(self.check(self.config(cache=False), HOME=self.folder), NONE)
        self.assertFalse(os.path.exists(self.path(".cache")))

    def test_a_folder_that_others_may_write_is_told_and_not_used(self):
        os.mkdir(self.path("kept"))
        os.chmod(self.path("kept"), 0o777)
        self.write_config(self.config(cache={"folder": "kept"}))
        done = self.run_cordon("run", "-c", "cordon.yaml", "--check")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, b"kept: warning: it may be written by others than its owner; "
                                      b"no compiled rules are kept there\n")
        self.assertEqual(self.kept("kept"), [])

    def test_another_build_of_the_program_keeps_its_own(self):
        with open(CORDON, "rb") as file:
            program = bytearray(file.read())
        note = program.index(bytes([4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0]) + b"GNU\0")
        program[note + 16] ^= 1
        with open(self.path("other"), "wb") as file:
            file.write(program)
        os.chmod(self.path("other"), 0o700)
        for number, name in enumerate((CORDON, self.path("other"), CORDON, self.path("other"))):
            done = subprocess.run([name, "rules", "compile", "--json", "--cache", "kept", "marks.yaml"],
                                  cwd=self.folder, capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertEqual(json.loads(done.stdout)["is_new"], number < 2)
        self.assertEqual(len(self.kept("kept")), 2)

    def test_inspect_takes_the_option_before_the_configuration(self):
        with open(self.path("messages.jsonl"), "w") as file:
            file.write('{"note":"EMAILMARK"}\n')
        self.write_config(self.config(cache={"folder": "configured"}))
        outputs = set()
        for options in (["--cache", "kept"], ["--cache", "kept"], ["--cache", "none"]):
            done = self.run_cordon("inspect", "-c", "cordon.yaml", "--json", *options, "messages.jsonl")
            self.assertEqual((done.returncode, done.stderr), (1, b""))
            outputs.add(done.stdout)
        self.assertEqual(len(outputs), 1)
        self.assertEqual(len(self.kept("kept")), 1)
        self.assertFalse(os.path.exists(self.path("configured")))
        self.run_cordon("inspect", "-c", "cordon.yaml", "messages.jsonl")
        self.assertEqual(self.kept("configured"), self.kept("kept"))

    def test_demo_keeps_where_it_was_told_though_it_works_elsewhere(self):
        with open(self.path("messages.jsonl"), "w") as file:
            file.write('{"note":"nothing"}\n')
        for _ in range(2):
            done = self.run_cordon("demo", "--messages", "messages.jsonl", "--cache", "kept",
                                   env={**os.environ, "TMPDIR": self.folder})
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(self.kept("kept")), 1)


if __name__ == "__main__":
    main()
