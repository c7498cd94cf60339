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
CLIENT = "postroom.apps.googleusercontent.com"
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
        """What is in the keyring: the ids of the mailboxes whose passwords are, and what is of
        profiles."""
        listed = subprocess.run([self.list_secrets], check=True, timeout=20, capture_output=True,
                                text=True).stdout.splitlines()
        items = [line.split("\t") for line in listed]
        return (sorted(int(item[1]) for item in items if item[0] == "mailbox-password"),
                sorted((item[0], int(item[1]), item[2]) for item in items
                       if item[0] != "mailbox-password"))

    def secrets_of_profiles(self):
        """What the database says that they have."""
        rows = self.query("SELECT id, incoming_password_set, outgoing_password_set,"
                          " oauth_secret_set FROM profiles")
        return sorted([("profile-password", row[0], "incoming") for row in rows if row[1]]
                      + [("profile-password", row[0], "outgoing") for row in rows if row[2]]
                      + [("oauth-client", row[0], "") for row in rows if row[3]])

    def check(self, what, whole):
        """@whole: SQL that says which state it is in, as one of the accepted words."""
        result = self.run.run("settings", "show")
        if result.status != 0:
            self.faults.append("%s: %s" % (what, result))
            return None
        state = self.query(whole)[0][0]
        of_mailboxes, of_profiles = self.secrets()
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
            (self.query("SELECT count(*) FROM unsettled_profiles"), [(0,)]),
            (of_mailboxes, [row[0] for row in self.query(
                "SELECT id FROM mailboxes WHERE password_set ORDER BY id")]),
            (of_profiles, self.secrets_of_profiles()),
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

    def profiles(self, n):
        """Profiles that come and go, with their secrets."""
        path = os.path.join(self.folder, "secret")
        with open(path, "w") as f:
            f.write(PASSWORD % N)
        self.run.canary.add(PASSWORD % N)
        add = ["profile", "add", "--name", "Killed", "--incoming", "127.0.0.1", "--outgoing",
               "127.0.0.1", "--no-same-settings", "--incoming-authentication", "profile",
               "--outgoing-authentication", "profile", "--incoming-username", "all",
               "--outgoing-username", "all", "--oauth-provider", "google"]
        commands_ = {
            "set-password": (["--password-file", path], "incoming_password_set"),
            "set-password --outgoing": (["--password-file", path], "outgoing_password_set"),
            "set-oauth-client": (["--client-id", CLIENT, "--client-secret-file", path],
                                 "oauth_secret_set"),
        }
        there = "SELECT CASE count(*) WHEN 0 THEN 'none' WHEN 1 THEN 'all' END FROM profiles" \
                " WHERE name = 'Killed'"

        def call(name, more=()):
            return ["profile"] + name.split(" ") + ["Killed"] + list(more)
        self.measure("profile add", add)
        for name, (more, _) in commands_.items():
            self.measure("profile " + name, call(name, more))
        self.measure("profile remove", call("remove"))
        enough = self.n_killed + n
        for _ in self.until_killed(6 * n):  # more where one of the outcomes was not seen yet
            if self.n_killed >= enough and self.outcomes.get("profile remove") == {"none", "all"}:
                break
            if self.query(there) == [("none",)]:
                self.check(self.kill("profile add", add), there)
                continue
            name = self.random.choice(sorted(commands_) + ["remove", "remove"])
            if self.n_killed >= enough:
                name = "remove"
            if name == "remove":
                self.check(self.kill("profile remove", call("remove")), there)
                continue
            more, flag = commands_[name]
            self.check(self.kill("profile " + name, call(name, more)),
                       "SELECT iif(%s, 'all', 'none') FROM profiles WHERE name = 'Killed'" % flag)
        os.unlink(path)  # ours; nothing else in the folder may hold it

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
        kills.profiles(n * 2 // 10)
        results.ok(not kills.faults, "whole after each of %d points" % (n + n * 2 // 10),
                   *kills.faults[:20])
        results.ok(kills.n_killed >= n + n * 2 // 10, "so many were killed before their end",
                   "killed %d, through before %d" % (kills.n_killed, kills.n_survived))
        for name in "import", "remove", "profile remove":
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
