#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""postroomctl watch, as a service runs it: watch.py POSTROOMCTL UNIT

It tests what falls due, ends cleanly when it is told to, in the middle of a test or not, is alone in
its environment, and outlives a keyring that is locked. Run it in tests/session/private-session with
an unlocked keyring, which it locks.
"""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [os.path.join(TESTS, "servers"), os.path.join(TESTS, "keyring")]

import artefacts  # noqa: E402
import commands  # noqa: E402
import ctl  # noqa: E402
import keyring_ctl  # noqa: E402
import tap  # noqa: E402
from mailserver import MailServer  # noqa: E402

N = 30
PASSWORD = "Wt5-watched-2907"


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


class Watch:
    """One that runs."""

    def __init__(self, run, *arguments):
        self.child = subprocess.Popen(
            [run.program, "watch", "--incoming", "--data-dir", run.data_dir] + list(arguments),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def is_running(self):
        return self.child.poll() is None

    def end(self, number=signal.SIGTERM):
        """(exit status, seconds, output)"""
        begin = time.monotonic()
        if number is not None:
            self.child.send_signal(number)
        try:
            out, err = self.child.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            err += "(killed)"
        return self.child.returncode, time.monotonic() - begin, out, err


class WatchSuite:
    def __init__(self, results, run, server):
        self.results, self.run, self.server = results, run, server

    def query(self, sql):
        connection = sqlite3.connect(commands.database(self.run), timeout=20)
        try:
            with connection:
                return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def make_due(self):
        """As if all had failed for a while."""
        self.query("UPDATE mailboxes SET incoming_status = 'not-run', incoming_enabled = 0,"
                   " incoming_retry = 1, incoming_retry_at = 1000, run_state = 'retry'")

    def count(self, condition):
        return self.query("SELECT count(*) FROM mailboxes WHERE " + condition)[0][0]

    def n_enabled(self):
        return self.count("incoming_enabled")

    def prepare(self, folder):
        path = os.path.join(folder, "watched.csv")
        with open(path, "w") as f:
            f.write("address,allow-credentials,password\n")
            f.writelines("u%d@example.org,yes,%s\n" % (i, PASSWORD) for i in range(N))
        self.run.canary.add(PASSWORD)
        for arguments in (["settings", "set", "allow-unencrypted=yes",
                           "allow-insecure-credentials=yes"],
                          ["profile", "add", "--name", "Local", "--incoming", "127.0.0.1",
                           "--outgoing", "127.0.0.1", "--incoming-port", self.server.port,
                           "--incoming-security", "none", "--default"],
                          ["mailbox", "import", path], ["mailbox", "approve", "--all"]):
            result = self.run.run(*arguments)
            self.results.equal(result.status, 0, " ".join(map(str, arguments[:2])), result)

    def check_due(self):
        """What is due is tested; what falls due meanwhile, too; SIGTERM ends it."""
        self.make_due()
        watch = Watch(self.run)
        self.results.ok(wait_for(lambda: self.n_enabled() == N), "what is due is tested")
        self.results.ok(watch.is_running(), "it goes on")
        self.make_due()
        self.results.ok(wait_for(lambda: self.n_enabled() == N, 90), "so is what falls due later")
        for number, name in ((signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "Ctrl+C")):
            status, seconds, out, err = watch.end(number)
            self.results.equal(status, 0, "%s ends it" % name, out, err)
            self.results.ok(seconds < 2, "at once", seconds)
            watch = Watch(self.run)
            self.results.ok(not wait_for(lambda: not watch.is_running(), 0.5), "it runs again")
        watch.end()

    def check_in_the_middle(self):
        """While tests run: they are cancelled, what they found out is stored, the rest stays due."""
        self.server.delay = 0.2
        self.make_due()
        watch = Watch(self.run, "--jobs", "3")
        self.results.ok(wait_for(lambda: self.n_enabled() >= 3), "some are tested")
        status, seconds, out, err = watch.end()
        self.results.ok(status == 0 and seconds < 3, "SIGTERM in the middle", status, seconds, err)
        done = self.n_enabled()
        self.results.ok(3 <= done < N, "the others are not", done)
        self.results.equal(self.count("incoming_retry_at <> 0"), N - done, "they stay due")
        self.results.equal(self.count("run_state IN ('queued', 'running')"), 0, "none runs")
        self.results.ok(len([line for line in out.split("\n") if "@example.org" in line]) >= done,
                        "all that was done was said", out)
        self.server.delay = 0

    def check_alone(self):
        watch = Watch(self.run)
        wait_for(lambda: self.n_enabled() == N)
        for arguments in ([], ["--json-lines"]):
            status, _, out, err = Watch(self.run, *arguments).end(None)
            self.results.ok(status == 3 and "already" in err and out == "",
                            "a second one is refused", status, err)
        self.results.ok(watch.is_running(), "the first one goes on")
        other = Watch(self.run.elsewhere("other"))
        self.results.ok(not wait_for(lambda: not other.is_running(), 1),
                        "another environment has its own")
        other.end()
        watch.child.kill()
        watch.child.wait(10)
        third = Watch(self.run)
        self.results.ok(not wait_for(lambda: not third.is_running(), 1),
                        "one that was killed is in nobody's way")
        self.results.equal(third.end()[0], 0, "and this one ends")

    def check_locked(self):
        """Nobody is there to open the keyring: the mailboxes wait, and so does it."""
        keyring_ctl.lock()
        self.make_due()
        watch = Watch(self.run)
        self.results.ok(not wait_for(lambda: not watch.is_running(), 4),
                        "it outlives a keyring that is locked")
        status, seconds, out, err = watch.end()
        self.results.ok(status == 0 and seconds < 3, "and ends when told to", status, seconds, err)
        self.results.equal(self.count("incoming_enabled"), 0, "nothing was tested without a password")
        self.results.ok(self.count("incoming_retry_at <> 0") > 0, "and it stays due", out, err)

    def check_unit(self, unit, folder):
        analyze = shutil.which("systemd-analyze")
        if analyze is None:
            self.results.note("systemd-analyze is not there: the unit is not looked at")
            return
        copy = os.path.join(folder, "postroom-watch.service")
        with open(unit) as source, open(copy, "w") as target:
            target.writelines("ExecStart=%s watch\n" % self.run.program
                              if line.startswith("ExecStart=") else line for line in source)
        found = subprocess.run([analyze, "--user", "verify", copy], capture_output=True, text=True,
                               timeout=30)
        self.results.ok(found.returncode == 0 and found.stdout + found.stderr == "",
                        "systemd accepts the unit", found)
        with open(copy, "a") as f:
            f.write("ExecStart=nothing\n")
        found = subprocess.run([analyze, "--user", "verify", copy], capture_output=True, text=True,
                               timeout=30)
        self.results.ok(found.returncode != 0 or found.stderr != "", "as it does not another")


def main():
    results = tap.Tap()
    server = MailServer()
    with artefacts.folder(prefix="postroom-watch-") as folder:
        run = ctl.Ctl(os.path.abspath(sys.argv[1]), os.path.join(folder, "data"), ctl.Canary())
        suite = WatchSuite(results, run, server)
        suite.check_unit(sys.argv[2], folder)
        suite.prepare(folder)
        suite.check_due()
        suite.check_in_the_middle()
        suite.check_alone()
        suite.check_locked()
    server.shutdown()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
