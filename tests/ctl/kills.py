#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""postroomctl is killed at random points of its commands and jobs:
kills.py POSTROOMCTL LIST-SECRETS NUMBER

After each: the database opens and is whole, the command took place or did not, no mailbox is in
the middle of a test, and database and keyring say the same. Run it in tests/session/private-session.
"""
import os
import random
import signal
import subprocess
import sys
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TESTS, "servers"))

import sqlite3  # noqa: E402

import artefacts  # noqa: E402
import commands  # noqa: E402
import ctl  # noqa: E402
import tap  # noqa: E402
from mailserver import MailServer  # noqa: E402

N = 800           # mailboxes of a command
N_PASSWORDS = 400
N_JOB = 60        # mailboxes of a job
PASSWORD = "Kd4-killed-%d-7731"


class Kills:
    def __init__(self, results, run, list_secrets, folder):
        self.results, self.run, self.list_secrets = results, run, list_secrets
        self.folder = folder
        self.random = random.Random(int(os.environ.get("POSTROOM_TEST_SEED", "0"))
                                    or time.time_ns() % 1000000)
        self.durations = {}
        self.n_killed = self.n_survived = 0
        self.outcomes = {}
        self.faults = []

    # --- One kill ---

    def start(self, arguments):
        return subprocess.Popen([self.run.program] + arguments + ["--data-dir", self.run.data_dir],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def measure(self, name, arguments):
        """How long it takes when nobody kills it; at its fastest."""
        begin = time.monotonic()
        status = self.start(arguments).wait(60)
        spent = time.monotonic() - begin
        self.durations[name] = min(spent, self.durations.get(name, spent))
        self.results.equal(status, 0, "%s, not killed" % name)

    def kill(self, name, arguments):
        """Somewhere in it; or after its end, if it is faster than usual."""
        child = self.start(arguments)
        moment = self.random.uniform(0, self.durations[name])
        begin = time.monotonic()
        try:
            child.wait(moment)
            # So it is known how long it takes now.
            self.durations[name] = min(self.durations[name], time.monotonic() - begin)
            self.n_survived += 1
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait(10)
            self.n_killed += 1
            # A computer that has more to do than when it was measured: later moments come, too.
            self.durations[name] *= 1.05
        return "%s, killed after %.0f ms" % (name, moment * 1000)

    def until_killed(self, n):
        """Numbers, until that many more were killed; bounded."""
        end = self.n_killed + n
        for i in range(2 * n):
            if self.n_killed >= end:
                return
            yield i

    # --- What is to be found afterwards ---

    def query(self, sql):
        connection = sqlite3.connect("file:%s?mode=ro" % commands.database(self.run), uri=True,
                                     timeout=20)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def secrets(self):
        """The ids of the mailboxes whose passwords are in the keyring."""
        listed = subprocess.run([self.list_secrets], check=True, timeout=20, capture_output=True,
                                text=True).stdout.split("\n")
        return sorted(int(line.split("\t")[1]) for line in listed
                      if line.startswith("mailbox-password\t"))

    def check(self, what, whole):
        """@whole: SQL that says which state it is in, as one of the accepted words."""
        result = self.run.run("settings", "show")
        if result.status != 0:
            self.faults.append("%s: %s" % (what, result))
            return None
        state = self.query(whole)[0][0]
        checks = (
            (self.query("SELECT integrity_check FROM pragma_integrity_check"), [("ok",)]),
            (self.query("SELECT count(*) FROM mailboxes WHERE run_state <> 'idle'"), [(0,)]),
            (self.query("SELECT count(*) FROM mailboxes AS m LEFT JOIN reports AS r"
                        " ON r.mailbox_id = m.id AND r.direction = 'incoming'"
                        " WHERE m.incoming_status <> 'not-run' AND (r.finished_at IS NOT"
                        " m.tested_at OR json_extract(r.json, '$.status') IS NOT"
                        " m.incoming_status OR NOT m.incoming_enabled)"),
             [(0,)]),
            (self.query("SELECT count(*) FROM unsettled"), [(0,)]),
            (self.secrets(), [row[0] for row in self.query(
                "SELECT id FROM mailboxes WHERE password_set ORDER BY id")]),
        )
        for got, expected in checks:
            if got != expected:
                self.faults.append("%s: found %.200r, expected %.200r" % (what, got, expected))
        if state is None:
            self.faults.append("%s: half done" % what)
        self.outcomes.setdefault(what.split(",")[0], set()).add(state)
        return state

    # --- Commands and jobs ---

    def prepare(self, port):
        path = os.path.join(self.folder, "kills.csv")
        with open(path, "w") as f:
            f.write("address,owner,allow-credentials,password\n")
            f.writelines("u%d@example.org,start,yes,%s\n"
                         % (i, PASSWORD % i if i < N_PASSWORDS else "") for i in range(N))
        for i in range(N_PASSWORDS):
            self.run.canary.add(PASSWORD % i)
        for arguments in (["settings", "set", "allow-unencrypted=yes",
                           "allow-insecure-credentials=yes"],
                          ["profile", "add", "--name", "Local", "--incoming", "127.0.0.1",
                           "--outgoing", "127.0.0.1", "--incoming-port", str(port),
                           "--incoming-security", "none", "--default"]):
            result = self.run.run(*arguments)
            self.results.equal(result.status, 0, " ".join(arguments[:2]), result)
        self.csv = path

    def bulk(self, n):
        """Import and removal, by turns, with passwords."""
        whole = ("SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN count(*) = %d"
                 " AND sum(password_set) = %d THEN 'all' END FROM mailboxes" % (N, N_PASSWORDS))
        self.measure("import", ["mailbox", "import", self.csv])
        self.measure("remove", ["mailbox", "remove", "--all"])
        state = "none"
        enough = self.n_killed + n
        for _ in self.until_killed(3 * n):  # more where one of the outcomes was not seen yet
            if self.n_killed >= enough and all(self.outcomes.get(name) == {"none", "all"}
                                               for name in ("import", "remove")):
                break
            if state == "none":
                what = self.kill("import", ["mailbox", "import", self.csv])
            else:
                what = self.kill("remove", ["mailbox", "remove", "--all"])
            state = self.check(what, whole)

    def changes(self, n):
        if self.query("SELECT count(*) FROM mailboxes")[0][0] == 0:
            self.measure("import", ["mailbox", "import", self.csv])
        self.measure("approve", ["mailbox", "approve", "--all"])
        for i in self.until_killed(n):
            owner = "owner%d" % i
            command, done = self.random.choice((
                (["edit", "--owner", owner, "--kind", "queue"], "owner = '%s'" % owner),
                (["approve"], "approval = 'approved'"), (["reject"], "approval = 'rejected'"),
                (["deactivate"], "NOT active"), (["activate"], "active"),
                (["apply-defaults"], "act = 'none'")))
            what = self.kill("approve", ["mailbox"] + command + ["--all"])
            self.check(what.replace("approve", command[0], 1),
                       "SELECT CASE sum(%s) WHEN 0 THEN 'none' WHEN %d THEN 'all' END"
                       " FROM mailboxes WHERE (SELECT count(DISTINCT version || owner || approval"
                       " || active || kind) = 1 FROM mailboxes)" % (done, N))

    def jobs(self, n):
        """Test & Enable of some of them, each killed in the middle."""
        self.run.run("mailbox", "activate", "--all")
        self.run.run("mailbox", "approve", "--all")
        addresses = ["u%d@example.org" % i for i in range(N_JOB)]
        job = ["mailbox", "test", "--incoming", "--jobs", "8"] + addresses
        self.measure("job", job)
        for i in self.until_killed(n):
            if i % 10 == 0:
                self.run.run("mailbox", "edit", "--all", "--kind", ["user", "queue"][i // 10 % 2])
            self.check(self.kill("job", job), "SELECT 'some'")
        self.results.equal(self.start(job).wait(60), 0, "and a job after all that")
        self.results.equal(self.query("SELECT count(*) FROM mailboxes WHERE incoming_enabled"),
                           [(N_JOB,)], "enables all")


def main():
    results = tap.Tap()
    n = int(sys.argv[3])
    server = MailServer(0.002)
    with artefacts.folder(prefix="postroom-kills-") as folder:
        run = ctl.Ctl(sys.argv[1], os.path.join(folder, "data"), ctl.Canary())
        kills = Kills(results, run, sys.argv[2], folder)
        kills.prepare(server.port)
        begin = time.monotonic()
        kills.bulk(n * 4 // 10)
        kills.changes(n * 2 // 10)
        kills.jobs(n - n * 4 // 10 - n * 2 // 10)
        results.ok(not kills.faults, "whole after each of %d points" % n, *kills.faults[:20])
        results.ok(kills.n_killed >= n, "so many were killed before their end",
                   "killed %d, through before %d" % (kills.n_killed, kills.n_survived))
        for name in "import", "remove":
            results.equal(kills.outcomes.get(name), {"none", "all"}, "%s: both ways" % name)
        results.note("%d killed, %d through before, in %.0f s; durations %s"
                     % (kills.n_killed, kills.n_survived, time.monotonic() - begin,
                        {name: "%.0f ms" % (d * 1000) for name, d in kills.durations.items()}))
        run.canary.look_in_folder(os.path.join(folder, "data"))
        results.equal(run.canary.found, [], "no password in what is left behind")
    server.shutdown()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
