# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in with a ticket of a real Kerberos realm (rule A08), by `check` and by a profile with
Windows integrated authentication.

The library that asks for tickets runs inside postroomctl, so the whole of it is real: KDC, ticket,
GNU SASL, and Dovecot's GSSAPI behind POP3 and, by Postfix, behind SMTP.
"""
import os
import re
import signal
import socket
import subprocess
import time

from check_suite import CheckSuite, row
from session_suite import SessionSuite

USER = "user00001"
# As CHANNELS of check_suite, without what has no TLS. Kerberos goes by the name of the host. The
# numbers are the round trips of docs/performance.md, with STAT and UIDL for POP3.
CHANNELS = [
    ("pop3", "POP3S_PORT", "ssl", 5 + 4 + 2),
    ("pop3", "POP3_PORT", "starttls", 7 + 4 + 2),
    ("smtp", "SMTPS_PORT", "ssl", 5 + 4),
    ("smtp", "SUBMISSION_PORT", "starttls", 7 + 4),
]
# Kerberos counts in whole seconds.
SHORT_LIFE = 2


class KerberosSuite(CheckSuite):
    def __init__(self, tap, bed, ctl):
        super().__init__(tap, bed, ctl)
        self.folder = os.path.join(bed.dir, "kerberos")
        self.realm = "EXAMPLE.TEST"
        os.environ["KRB5_CONFIG"] = os.path.join(self.folder, "krb5.conf")

    def principal(self, name):
        return "%s@%s" % (name, self.realm)

    def take_ticket(self, name, *arguments):
        """From now on everybody here has that ticket; without a name: none."""
        cache = os.path.join(self.ctl.data_dir + ".tickets", name or "none")
        os.makedirs(os.path.dirname(cache), mode=0o700, exist_ok=True)
        os.environ["KRB5CCNAME"] = "FILE:" + cache
        if name:
            subprocess.run(["kinit", "-k", "-t", os.path.join(self.folder, "users.keytab"),
                            *arguments, self.principal(name)], check=True, timeout=20,
                           stdin=subprocess.DEVNULL)

    def check_by_ticket(self, one, user=None, host="localhost"):
        """Nothing is asked for and nothing is typed: there is no password."""
        port = getattr(self.bed, one.port) if isinstance(one.port, str) else one.port
        result = self.ctl.check(one.protocol, host, port, *one.arguments, ca=self.bed.ca,
                                user=user or self.principal(USER))
        return self.judge(one, result)

    def count_tries(self):
        return len(re.findall(r"method=GSSAPI|gssapi\(", self.bed.log()))

    # --- By `check` ---

    def check_logins(self):
        self.take_ticket(USER)
        for protocol, port, security, round_trips in CHANNELS:
            self.check_by_ticket(
                row("%s with a ticket, %s" % (protocol.upper(), security), protocol, port,
                    "--security %s --auth gssapi" % security, mechanism="GSSAPI",
                    round_trips=round_trips))

    def check_other_mailbox(self):
        """The ticket is one person's; the mailbox is another's."""
        self.take_ticket(USER)
        for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT")):
            self.check_by_ticket(
                row("%s: the mailbox of somebody else" % protocol.upper(), protocol, port,
                    "--auth gssapi", "authentication-rejected", "authenticate",
                    mechanism="GSSAPI", permanence="permanent"),
                user=self.principal("user00002"))

    def check_without_ticket(self):
        self.take_ticket(None)
        tries = self.count_tries()
        for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT")):
            report = self.check_by_ticket(
                row("%s without a ticket" % protocol.upper(), protocol, port,
                    "--auth gssapi --transcript", "credentials-missing", "authenticate",
                    permanence="permanent", server_reply=None))
            self.tap.ok("ticket" in report.get("detail", ""), "it says what is missing", report)
            said = [line["text"] for line in report.get("transcript", [])
                    if line["from"] == "client"]
            self.tap.ok(not any(text.startswith("AUTH") for text in said),
                        "AUTH was not said", said)
        self.tap.equal(self.count_tries(), tries, "the servers saw no log-in")

    def check_expired_ticket(self):
        self.take_ticket(USER, "-l", "%ds" % SHORT_LIFE)
        time.sleep(SHORT_LIFE + 1)
        self.check_by_ticket(row("a ticket that has expired", "pop3", "POP3S_PORT",
                                 "--auth gssapi", "credentials-missing", "authenticate",
                                 permanence="permanent"))

    def check_unknown_service(self):
        """The realm knows "localhost", and not the address."""
        self.take_ticket(USER)
        self.check_by_ticket(row("a host that the realm does not know", "pop3", "POP3S_PORT",
                                 "--auth gssapi", "mechanism-unavailable", "authenticate"),
                             host="127.0.0.1")

    def hang_realm(self):
        """A realm whose KDC takes every question and answers none. Returns the socket to close."""
        hole = socket.socket()
        hole.bind(("127.0.0.1", 0))
        hole.listen(8)
        with open(os.path.join(self.folder, "krb5.conf")) as f:
            text = f.read().replace(str(self.bed.KERBEROS_PORT), str(hole.getsockname()[1]))
        path = os.path.join(self.ctl.data_dir + ".tickets", "krb5.conf")
        with open(path, "w") as f:
            f.write(text)
        os.environ["KRB5_CONFIG"] = path
        return hole

    def check_silent_realm(self):
        """Kerberos cannot be interrupted, and yet nobody waits for it longer than allowed."""
        self.take_ticket(USER)
        known = os.environ["KRB5_CONFIG"]
        hole = self.hang_realm()
        begin = time.monotonic()
        self.check_by_ticket(row("a realm that does not answer", "pop3", "POP3S_PORT",
                                 "--auth gssapi --timeout 2", "authentication-temporary",
                                 "authenticate", permanence="transient"))
        self.tap.ok(time.monotonic() - begin < 5, "it ended in time")
        self.check_cancelled()
        hole.close()
        os.environ["KRB5_CONFIG"] = known

    def check_cancelled(self):
        arguments = [self.ctl.program, "check", "pop3", "localhost:%d" % self.bed.POP3S_PORT,
                     "--auth", "gssapi", "--username", self.principal(USER), "--ca-file",
                     self.bed.ca, "--json"]
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        time.sleep(1)
        begin = time.monotonic()
        child.send_signal(signal.SIGINT)
        try:
            out, _ = child.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
        self.tap.ok(time.monotonic() - begin < 1, "cancelled within a second", out)
        self.tap.ok(b'"cancelled"' in out, "and it says so", out)

    # --- By a profile ---

    def check_profile(self):
        """Windows integrated: the ticket of who runs Postroom sends for a mailbox."""
        bed, session = self.bed, SessionSuite(self.tap, self.bed, self.ctl)
        session.add_profile("Integrated", bed.POP3S_PORT, bed.SMTPS_PORT, "--default",
                            "--outgoing-authentication", "windows", "--no-same-settings",
                            host="localhost")
        address = session.add_mailbox(USER)
        self.take_ticket(USER)
        found = session.test("a mailbox of a profile with Windows integrated authentication",
                             address, "--outgoing", status=0, codes={(address, "outgoing"): "ok"})
        self.tap.equal([report["mechanism"] for report in found.values()], ["GSSAPI"],
                       "it was the ticket")
        session.statuses("it is enabled", address, outgoing_status="success",
                         outgoing_enabled=True)

    def run(self):
        self.check_logins()
        self.check_other_mailbox()
        self.check_without_ticket()
        self.check_expired_ticket()
        self.check_unknown_service()
        self.check_silent_realm()
        self.check_profile()
