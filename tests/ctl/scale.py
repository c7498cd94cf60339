#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job with many mailboxes: scale.py POSTROOMCTL NUMBER SANITIZER

As many conversations at a time as are allowed, one for each mailbox; nobody waits for somebody
else's many; few open files are no failure; and the job takes no memory for mailboxes but for their
rows, nor for results that cannot be stored as fast as they come. Run it in
tests/session/private-session.
"""
import json
import os
import resource
import sqlite3
import sys
import threading
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TESTS, "servers"))

import artefacts  # noqa: E402
import commands  # noqa: E402
import ctl  # noqa: E402
import memory  # noqa: E402
import tap  # noqa: E402
from mailserver import Conversation, MailServer  # noqa: E402

GLOBAL = 24
MORE_KIB = 2    # of memory for each mailbox more: its row, its place in the queue, its secret
UNSAVED = 1200  # results that may wait for the disk: in memory, being written, and under way
LOCKED_S = 6    # at most; the program waits for longer
PASSWORD = "Sc1-scale-8846"


class Counter:
    """What all servers together see."""

    def __init__(self):
        self.lock = threading.Lock()
        self.now, self.most, self.done = {}, {}, {}
        self.done_when_ended = {}

    def begin(self, name):
        with self.lock:
            self.now[name] = self.now.get(name, 0) + 1
            for key, number in ((name, self.now[name]), ("all", sum(self.now.values()))):
                self.most[key] = max(self.most.get(key, 0), number)

    def end(self, name):
        with self.lock:
            self.now[name] -= 1
            self.done[name] = self.done.get(name, 0) + 1
            # What the others had come to when this one had its latest.
            self.done_when_ended[name] = dict(self.done)


class Counted(Conversation):
    def begin(self):
        self.server.counter.begin(self.server.name)

    def end(self):
        self.server.counter.end(self.server.name)


class CountedServer(MailServer):
    def __init__(self, name, counter):
        self.name, self.counter = name, counter
        super().__init__(handler=Counted)


def run_job(run, *arguments, files=None):
    """(exit status, most memory in KiB, output, complaints); with so many open files."""
    def limit():
        if files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    command = [run.program, "mailbox", "test", "--incoming", "--data-dir", run.data_dir]
    return memory.run(command + list(arguments), 280, preexec_fn=limit)


class Locker(threading.Thread):
    """Nobody else can write into the database, from when the first were tested until nothing goes
    on; but not for long."""

    def __init__(self, run, counter):
        super().__init__()
        self.path, self.counter = commands.database(run), counter
        self.done = 0

    def count(self):
        with self.counter.lock:
            return sum(self.counter.done.values())

    def run(self):
        while self.count() < 2 * GLOBAL:
            time.sleep(0.01)
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        before, end, last, since = self.count(), time.monotonic() + LOCKED_S, 0, 0
        while time.monotonic() < end and (self.count() != last or time.monotonic() < since + 1):
            if self.count() != last:
                last, since = self.count(), time.monotonic()
            time.sleep(0.02)
        self.done = self.count() - before
        connection.execute("ROLLBACK")
        connection.close()


def prepare(results, run, servers, numbers, folder):
    path = os.path.join(folder, "scale.csv")
    with open(path, "w") as f:
        f.write("address,profile,allow-credentials,password\n")
        for name, number in numbers.items():
            f.writelines("%s%d@example.org,%s,yes,%s\n" % (name, i, name, PASSWORD)
                         for i in range(number))
    run.canary.add(PASSWORD)
    steps = [["settings", "set", "allow-unencrypted=yes", "allow-insecure-credentials=yes",
              "approved-users-only=no"]]
    for name, server in servers.items():
        steps.append(["profile", "add", "--name", name, "--incoming", "127.0.0.1", "--outgoing",
                      "127.0.0.1", "--incoming-port", server.port, "--incoming-security", "none"])
    steps.append(["mailbox", "import", path])
    for arguments in steps:
        result = run.run(*arguments, timeout=120)
        results.equal(result.status, 0, " ".join(map(str, arguments[:3])), result)


def main():
    results = tap.Tap()
    n, is_sanitized = int(sys.argv[2]), sys.argv[3] != "none"
    numbers = {"many": n - n // 20, "few": n // 20}
    counter = Counter()
    servers = {name: CountedServer(name, counter) for name in numbers}
    with artefacts.folder(prefix="postroom-scale-") as folder:
        run = ctl.Ctl(os.path.abspath(sys.argv[1]), os.path.join(folder, "data"), ctl.Canary())
        prepare(results, run, servers, numbers, folder)
        few = ["few%d@example.org" % i for i in range(numbers["few"])]
        _, little, _, _ = run_job(run, "--jobs", str(GLOBAL), *few)
        status, listed, out, err = run_job(run, "--jobs", str(GLOBAL), "--json", *few)
        results.equal(status, 0, "%d reports as an array" % len(few), err)
        results.equal(len(json.loads(out)), len(few), "with all of them")
        # A file is written when all is over.
        _, kept, _, _ = run_job(run, "--jobs", str(GLOBAL), "--json", "--output",
                                os.path.join(folder, "kept.json"), *few)
        results.ok(is_sanitized or listed - little < (kept - little) / 2,
                   "none is kept until the end", little, listed, kept)
        counter.done.clear()
        locker = Locker(run, counter)
        locker.start()
        status, much, out, err = run_job(run, "--all", "--jobs", str(GLOBAL))
        locker.join()
        results.equal(status, 0, "%d mailboxes in one job" % n, out[-300:], err)
        results.ok("%d succeeded" % n in out, "each of them is tested", out[-300:])
        results.equal(commands.state(run, "sum(incoming_enabled)"), [(n,)], "and enabled")
        results.ok(locker.done <= UNSAVED, "nothing is tested that cannot be stored soon",
                   "%d tests while nobody could write" % locker.done)
        results.equal(counter.done, numbers, "one conversation each")
        results.ok(GLOBAL // 2 < counter.most["all"] <= GLOBAL, "as many at a time as allowed",
                   counter.most)
        others = counter.done_when_ended["few"].get("many", 0)
        results.ok(others < numbers["many"] // 2,
                   "few mailboxes do not wait for many", "%d of the many were done" % others)
        more = (much - little) / (n - len(few))
        results.ok(is_sanitized or more < MORE_KIB,
                   "memory grows with the rows, no more", little, much)
        # Few files: all of them are tested all the same.
        status, _, out, err = run_job(run, "--jobs", "1000", *few, files=96)
        results.ok(status == 0 and "%d succeeded" % len(few) in out, "with 96 open files",
                   out[-300:], err)
        results.note("%d KiB for %d reports as an array, %d in a file, %d without"
                     % (listed, len(few), kept, little))
        results.note("at most %r at a time; when the few were done, %d of the many were; %d KiB"
                     " with %d mailboxes, %d with %d: %.1f each; %d while nobody could write"
                     % (counter.most, others, little, len(few), much, n, more, locker.done))
    for server in servers.values():
        server.shutdown()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
