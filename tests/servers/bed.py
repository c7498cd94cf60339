# SPDX-License-Identifier: GPL-3.0-or-later
"""A test bed of its own for a test: tests/testbed on a free block of ports."""
import os
import shlex
import shutil
import subprocess
import tempfile
import time

import tap

TESTBED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "testbed")


def skip_without_needs(parts):
    """Skip the test, or let it fail where nothing may be skipped.

    The OpenID provider on Node.js is no package of a distribution, but must be fetched: where it is
    asked for by name, it may be missing.
    """
    optional = (os.environ.get("POSTROOM_OIDC") == "node"
                and missing([part for part in parts if part != "oidc"]) == "")
    reason = missing(parts)
    if reason != "":
        tap.skip_all("needs " + reason, optional)


def missing(parts):
    done = subprocess.run([os.path.join(TESTBED, "needs"), ",".join(parts)],
                          capture_output=True, text=True, timeout=30)
    return (done.stdout + done.stderr).strip().replace("\n", " ") if done.returncode != 0 else ""


def has_hung_up(report):
    """The server accepted the log-in, and closed the connection instead of opening the mailbox."""
    steps = {step["id"]: step["status"] for step in report["steps"]}
    return (report["protocol"] == "pop3" and report["code"] == "connection-lost"
            and report["failed_step"] == "mailbox" and steps.get("authenticate") == "success")


def ask_until_answered(ask, tries=8):
    """The result of ask(), for a mailbox that Dovecot cannot open.

    Dovecot 2.3 answers that with "-ERR [SYS/TEMP]" from one process, through another which speaks
    TLS.  When the next command comes between the end of the one and the other's turn, the other
    cannot pass it on, closes the connection and throws the answer away: 5 of 150 times on a busy
    machine, not once in 60 on an idle one.  Only that is asked again.
    """
    for _ in range(tries):
        result = ask()
        reports = result.json()
        if not any(map(has_hung_up, reports if isinstance(reports, list) else [reports])):
            break
    return result


class Bed:
    """A running bed: its settings as attributes, its accounts, its maildirs."""

    def __init__(self, parts):
        # Where root calls, the servers are those of another account, who must be able to enter.
        parent = "/tmp" if os.geteuid() == 0 else None
        self.dir = tempfile.mkdtemp(prefix="postroom-bed.", dir=parent)
        up = [os.path.join(TESTBED, "up"), self.dir, "--base", "auto", "--for", str(os.getpid()),
              "--only", ",".join(parts)]
        done = subprocess.run(up, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=90)
        if done.returncode != 0:
            shown = done.stderr
            self.down()
            raise RuntimeError("the test bed does not start:\n" + shown)
        with open(os.path.join(self.dir, "testbed.env")) as f:
            for line in f:
                key, _, value = line.strip().partition("=")
                value = " ".join(shlex.split(value))
                setattr(self, key, int(value) if value.isdigit() else value)
        with open(os.path.join(self.dir, "users.tsv")) as f:
            self.passwords = dict(line.rstrip("\n").split("\t") for line in f)
        self.ca = os.path.join(self.dir, "tls/ca.pem")

    def down(self):
        """End the servers; the folder goes, too, unless POSTROOM_TEST_KEEP is set."""
        keep = "POSTROOM_TEST_KEEP" in os.environ
        subprocess.run([os.path.join(TESTBED, "down"), self.dir] + ([] if keep else ["--purge"]),
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60, check=False)
        if not keep:
            shutil.rmtree(self.dir, ignore_errors=True)

    def address(self, name):
        return "%s@%s" % (name, self.DOMAIN)

    def password(self, name):
        return self.passwords[self.address(name)]

    def messages(self, name):
        """All messages of a maildir, as bytes, by file name."""
        found = {}
        for folder in "new", "cur":
            path = os.path.join(self.dir, "mail", name, "Maildir", folder)
            for entry in os.listdir(path):
                with open(os.path.join(path, entry), "rb") as f:
                    found[entry.partition(":")[0]] = f.read()
        return found

    def flags(self, name):
        """The flags of all messages of a maildir, such as "S" for one that was read."""
        found = {}
        for folder in "new", "cur":
            for entry in os.listdir(os.path.join(self.dir, "mail", name, "Maildir", folder)):
                plain, _, flags = entry.partition(":2,")
                found[plain] = flags
        return found

    def wait_for_message(self, name, known, seconds=10):
        """The messages that were not in `known`, as soon as there is one."""
        deadline = time.monotonic() + seconds
        while True:
            new = [text for entry, text in self.messages(name).items() if entry not in known]
            if new or time.monotonic() > deadline:
                return new
            time.sleep(0.05)

    def log(self):
        """All that the servers wrote into their logs."""
        text = ""
        folder = os.path.join(self.dir, "log")
        for entry in sorted(os.listdir(folder)):
            with open(os.path.join(folder, entry), errors="replace") as f:
                text += f.read()
        return text
