# SPDX-License-Identifier: GPL-3.0-or-later
"""`postroomctl check` against real servers: one row, one diagnosis."""
import collections
import copy
import socket

import report_schema
from bed import ask_until_answered

GOOD_USER = "user00001"
WRONG_PASSWORD = "Xk4-not-the-password-9157"

# What is expected of one `check`.
#   port       name of a setting of the test bed, or a number
#   arguments  further ones of the command line
#   code       of the report; "ok": it is a success
#   step       where it failed
#   facts      keys of the report with the values that they must have
Row = collections.namedtuple("Row", "name protocol port arguments code step facts")


def row(name, protocol, port, arguments="", code="ok", step=None, **facts):
    return Row(name, protocol, port, arguments.split(), code, step, facts)


# --- Certificates -----------------------------------------------------------------------------

BAD_CERTIFICATES = [
    ("EXPIRED", "certificate-expired"),
    ("WRONGHOST", "certificate-wrong-host"),
    ("SELFSIGNED", "certificate-self-signed"),
    ("UNKNOWNCA", "certificate-untrusted"),
    ("NOCHAIN", "certificate-incomplete-chain"),
]
CERTIFICATES = [
    row("%s with a certificate that is %s" % (service, code.partition("-")[2]), protocol,
        "%s_%s_PORT" % (service, kind), "--security ssl --transcript", code, "certificate",
        permanence="permanent", scope="profile", problems=[code], mechanism=None)
    for kind, code in BAD_CERTIFICATES
    for service, protocol in (("POP3S", "pop3"), ("SMTPS", "smtp"))
]

# --- Ports and encryption ---------------------------------------------------------------------

PORTS = [
    row("POP3S", "pop3", "POP3S_PORT", "--security ssl", tls_version="TLS 1.3", problems=[]),
    row("SMTPS", "smtp", "SMTPS_PORT", "--security ssl", tls_version="TLS 1.3", problems=[]),
    row("POP3 with STLS", "pop3", "POP3_PORT", "--security starttls", tls_version="TLS 1.3"),
    row("POP3 that demands STLS", "pop3", "POP3_STRICT_PORT", "--security starttls",
        tls_version="TLS 1.3"),
    row("submission with STARTTLS", "smtp", "SUBMISSION_PORT", "--security starttls",
        tls_version="TLS 1.3"),
    row("TLS 1.3 as the least", "pop3", "POP3S_PORT", "--min-tls 1.3", tls_version="TLS 1.3"),
    row("POP3 in clear, allowed", "pop3", "POP3_PORT", "--security none --allow-unencrypted",
        tls_version=None, certificate=None),
    row("submission in clear, allowed", "smtp", "SUBMISSION_CLEAR_PORT",
        "--security none --allow-unencrypted", tls_version=None, certificate=None),
    row("POP3 in clear where the server demands TLS", "pop3", "POP3_STRICT_PORT",
        "--security none --allow-unencrypted", "mechanism-unavailable", "authenticate"),
    row("submission in clear where the server demands TLS", "smtp", "SUBMISSION_PORT",
        "--security none --allow-unencrypted", "mechanism-unavailable", "authenticate"),
    row("SSL/TLS on the port of STLS", "pop3", "POP3_PORT", "--security ssl", "plain-expected",
        "tls", suggested_security="starttls", permanence="permanent"),
    row("SSL/TLS on the port of STARTTLS", "smtp", "SUBMISSION_PORT", "--security ssl",
        "plain-expected", "tls", suggested_security="starttls", permanence="permanent"),
    row("STLS on the port of POP3S", "pop3", "POP3S_PORT", "--security starttls", "tls-expected",
        "greeting", suggested_security="ssl", permanence="permanent"),
    row("STARTTLS on the port of SMTPS", "smtp", "SMTPS_PORT", "--security starttls",
        "tls-expected", "greeting", suggested_security="ssl", permanence="permanent"),
    row("POP3 on the port of SMTPS", "pop3", "SMTPS_PORT", "--security ssl", "wrong-protocol",
        "greeting", found_protocol="SMTP", suggested_port=995, suggested_security="ssl"),
    row("SMTP on the port of POP3S", "smtp", "POP3S_PORT", "--security ssl", "wrong-protocol",
        "greeting", found_protocol="POP3", suggested_port=465, suggested_security="ssl"),
]

# --- Mechanisms -------------------------------------------------------------------------------
# A new mechanism is a line here: its name in --auth, its name in the report, where there is such a
# thing.
MECHANISMS = [
    ("user", "USER/PASS", "pop3"),
    ("apop", "APOP", "pop3"),
    ("plain", "PLAIN", "pop3 smtp"),
    ("login", "LOGIN", "pop3 smtp"),
    ("cram-md5", "CRAM-MD5", "pop3 smtp"),
    ("digest-md5", "DIGEST-MD5", "pop3 smtp"),
    ("scram-sha-1", "SCRAM-SHA-1", "pop3 smtp"),
    ("scram-sha-256", "SCRAM-SHA-256", "pop3 smtp"),
    ("auto", "SCRAM-SHA-256", "pop3 smtp"),
]
# Which kinds of port each is tried on.
CHANNELS = [
    ("pop3", "POP3S_PORT", "--security ssl"),
    ("pop3", "POP3_STRICT_PORT", "--security starttls"),
    ("pop3", "POP3_PORT", "--security none --allow-unencrypted"),
    ("smtp", "SMTPS_PORT", "--security ssl"),
    ("smtp", "SUBMISSION_PORT", "--security starttls"),
    ("smtp", "SUBMISSION_CLEAR_PORT", "--security none --allow-unencrypted"),
]
LOGINS = [
    row("%s with %s on %s" % (protocol.upper(), name, port), protocol, port,
        "%s --auth %s" % (arguments, option), mechanism=name)
    for option, name, protocols in MECHANISMS
    for protocol, port, arguments in CHANNELS
    if protocol in protocols.split()
]
REFUSED_LOGINS = [
    row("%s with %s and a wrong password" % (protocol.upper(), name), protocol, port,
        "--security ssl --auth %s" % option, "authentication-rejected", "authenticate",
        mechanism=name, permanence="permanent", scope="mailbox")
    for option, name, protocols in MECHANISMS
    for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT"))
    if protocol in protocols.split()
]

# --- Accounts ---------------------------------------------------------------------------------

AWKWARD = ["space", "utf8", "quote", "long"]
AWKWARD_MECHANISMS = [
    (protocol, port, [option for option, _, protocols in MECHANISMS
                      if protocol in protocols.split() and option != "auto"])
    for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT"))
]
ACCOUNTS = [
    (user, row("%s: %s@ with %s" % (protocol.upper(), user, option), protocol, port,
               "--auth %s" % option))
    for user in AWKWARD
    for protocol, port, options in AWKWARD_MECHANISMS
    for option in options
] + [
    ("suspended", row("POP3: an account that is suspended", "pop3", "POP3S_PORT", "",
                      "account-locked", "authenticate", permanence="permanent", scope="mailbox",
                      server_reply="-ERR [AUTH] Account_is_suspended")),
    ("broken", row("POP3: a mailbox that cannot be opened", "pop3", "POP3S_PORT", "",
                   "mailbox-unavailable", "mailbox", permanence="transient", scope="mailbox")),
    ("nobody-at-all", row("POP3: an account that there is not", "pop3", "POP3S_PORT", "",
                          "authentication-rejected", "authenticate", permanence="permanent")),
    ("nobody-at-all", row("SMTP: an account that there is not", "smtp", "SMTPS_PORT", "",
                          "authentication-rejected", "authenticate", permanence="permanent")),
]


class Trap:
    """A port of ours that counts who connects."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(8)
        self.socket.settimeout(0.3)
        self.port = self.socket.getsockname()[1]

    def count(self):
        n = 0
        while True:
            try:
                connection, _ = self.socket.accept()
            except socket.timeout:
                return n
            connection.close()
            n += 1

    def close(self):
        self.socket.close()


class CheckSuite:
    def __init__(self, tap, bed, ctl):
        self.tap, self.bed, self.ctl = tap, bed, ctl

    def check(self, row, user=GOOD_USER, password=None):
        """Runs one row. Returns the report, once it is known to be one."""
        port = getattr(self.bed, row.port) if isinstance(row.port, str) else row.port
        host = self.bed.POP3_STRICT_HOST if row.port == "POP3_STRICT_PORT" else "127.0.0.1"
        if password is None:
            password = self.bed.passwords.get(self.bed.address(user), WRONG_PASSWORD)

        def ask():
            return self.ctl.check(row.protocol, host, port, *row.arguments, ca=self.bed.ca,
                                  user=self.bed.address(user), password=password)

        return self.judge(row, ask_until_answered(ask) if user == "broken" else ask())

    def judge(self, row, result):
        try:
            report = result.json()
        except ValueError as err:
            self.tap.ok(False, row.name, "no JSON: %s" % err, result)
            return {}
        wrong = report_schema.validate(report, "--transcript" in row.arguments)
        if report.get("code") != row.code or report.get("failed_step") != row.step:
            wrong.append("expected %s at %s, got %s at %s" % (
                row.code, row.step, report.get("code"), report.get("failed_step")))
        if result.status != (0 if row.code == "ok" else 1):
            wrong.append("exit status %d" % result.status)
        certificate = report.get("certificate") or {}
        for key, expected in row.facts.items():
            got = certificate.get(key) if key == "problems" else report.get(key)
            if got != expected:
                wrong.append("%s is %r, not %r" % (key, got, expected))
        self.tap.ok(not wrong, row.name, "\n".join(wrong), result)
        return report

    # --- What is more than a row ---

    def check_refused_without_a_packet(self):
        """The policy is asked before the network is."""
        trap = Trap()
        for protocol in "pop3", "smtp":
            report = self.check(row("%s in clear is refused" % protocol.upper(), protocol,
                                    trap.port, "--security none", "policy-encryption", "precheck",
                                    permanence="permanent", scope="profile", round_trips=0,
                                    server_reply=None))
            ran = [step["id"] for step in report.get("steps", [])
                   if step.get("status") != "skipped"]
            self.tap.equal(ran, ["precheck"], "%s: nothing but the precheck was done" % protocol)
        self.tap.equal(trap.count(), 0, "nobody connected")
        # The trap itself works.
        self.check(row("the same with --allow-unencrypted", "pop3", trap.port,
                       "--security none --allow-unencrypted --timeout 1", "response-timeout",
                       "greeting", permanence="transient"))
        self.tap.ok(trap.count() >= 1, "somebody connected")
        trap.close()

    def check_no_credential_without_certificate(self):
        """After a bad certificate the server saw a handshake, and no log-in."""
        tries = self.bed.log().count("method=")
        for one in CERTIFICATES:
            report = self.check(one)
            said = [line for line in report.get("transcript", []) if line.get("from") == "client"]
            self.tap.equal(said, [], "%s: nothing was said" % one.name)
        self.tap.equal(self.bed.log().count("method="), tries, "the server saw no log-in")
        self.check(row("a log-in", "pop3", "POP3S_PORT"))
        self.tap.equal(self.bed.log().count("method="), tries + 1, "one that it would have seen")

    def check_unknown_name(self):
        result = self.ctl.check("pop3", "no-such-host.invalid", 995, user="somebody",
                                password=WRONG_PASSWORD)
        self.judge(row("a name that there is not", "pop3", 995, "", "dns-not-found", "resolve",
                       permanence="permanent", scope="profile"), result)

    def check_localhost(self):
        """A name with two addresses, of which one does not answer: it does not matter."""
        families = {info[0] for info in socket.getaddrinfo("localhost", self.bed.POP3S_PORT,
                                                           type=socket.SOCK_STREAM)}
        result = self.ctl.check("pop3", "localhost", self.bed.POP3S_PORT, ca=self.bed.ca,
                                user=self.bed.address(GOOD_USER),
                                password=self.bed.password(GOOD_USER))
        report = self.judge(row("localhost", "pop3", "POP3S_PORT", host="localhost"), result)
        tried = {one["address"]: one["status"] for one in report.get("addresses", [])}
        self.tap.equal(tried.get("127.0.0.1"), "success", "the address that answers", tried)
        if len(families) == 2:
            self.tap.ok(tried.get("::1", "failure") != "success", "not the other one", tried)

    def check_closed_port(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # taken, but nobody listens
            self.check(row("a port that nobody listens on", "pop3", closed.getsockname()[1], "",
                           "connection-refused", "connect", permanence="transient",
                           scope="profile", suggested_port=995))

    def check_message(self):
        """--send really sends; --no-send really does not."""
        address = self.bed.address("user00002")
        for port, security in (("SMTPS_PORT", "ssl"), ("SUBMISSION_PORT", "starttls")):
            known = self.bed.messages("user00002")
            self.check(row("--no-send on %s" % port, "smtp", port,
                           "--security %s --no-send --address %s" % (security, address)),
                       user="user00002")
            self.tap.equal(self.bed.wait_for_message("user00002", known, 0.5), [],
                           "no message came")
            self.check(row("--send on %s" % port, "smtp", port,
                           "--security %s --send --address %s" % (security, address)),
                       user="user00002")
            new = self.bed.wait_for_message("user00002", known)
            self.tap.equal(len(new), 1, "one message came")
            self.tap.ok(all(b"Your mailbox is now connected to Postroom" in text for text in new),
                        "it is ours", *new)

    def check_recipient(self):
        """What Postfix says of addresses that are none of its."""
        for address, code in (("nobody-at-all@example.test", "recipient-rejected"),
                              ("somebody@elsewhere.example", "relay-denied")):
            self.check(row("the recipient %s" % address, "smtp", "SMTPS_PORT",
                           "--no-send --address %s" % address, code, "submit",
                           permanence="permanent", scope="mailbox"))

    def check_transcript(self):
        """With --transcript there are the lines, without the secrets."""
        for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT")):
            for mechanism in "plain", "login":
                report = self.check(row("%s %s with --transcript" % (protocol.upper(), mechanism),
                                        protocol, port, "--transcript --auth %s" % mechanism))
                said = [line["text"] for line in report.get("transcript", [])
                        if line["from"] == "client"]
                self.tap.ok("QUIT" in said and any("[hidden]" in text for text in said),
                            "it shows what was said, but the secret", said)

    def check_usage(self):
        """Exit status 2, with the option and what is accepted."""
        for arguments, words in ((["imap", "127.0.0.1"], "pop3, smtp"),
                                 (["pop3", "http://127.0.0.1/"], "HOST"),
                                 (["pop3", "127.0.0.1:70000"], "65535"),
                                 (["pop3", "127.0.0.1", "--auth", "md5"], "scram-sha-256"),
                                 (["pop3", "127.0.0.1", "--min-tls", "1.0"], "1.2"),
                                 (["pop3", "127.0.0.1", "--ca-file", "/dev/null"], "--ca-file"),
                                 (["pop3", "127.0.0.1", "--username", "a\nb"], "--username"),
                                 (["smtp", "127.0.0.1", "--send"], "--address"),
                                 (["pop3"], "HOST")):
            result = self.ctl.run("check", *arguments)
            self.tap.ok(result.status == 2 and words in result.err and result.out == "",
                        "check %s is refused" % " ".join(arguments), result)

    def check_the_check(self):
        """What validates the reports objects to whatever is missing or of another kind."""
        report = self.check(row("a report", "pop3", "POP3S_PORT", "--transcript"))
        for schema, path in ((report_schema.REPORT, []),
                             (report_schema.CERTIFICATE, ["certificate"]),
                             (report_schema.STEP_RUN, ["steps", 0]),
                             (report_schema.LINE, ["transcript", 0])):
            missed = []
            for key in schema:
                for change in "remove", "retype":
                    changed = copy.deepcopy(report)
                    place = changed
                    for one in path:
                        place = place[one]
                    if change == "remove":
                        del place[key]
                    else:
                        place[key] = {"no": "such kind"}
                    if not report_schema.validate(changed, transcript=True):
                        missed.append("%s %s" % (change, key))
            self.tap.equal(missed, [], "the validation of %s misses nothing" % (path or "a report"))

    def run(self):
        self.check_the_check()
        self.check_no_credential_without_certificate()
        for one in PORTS:
            self.check(one)
        for one in LOGINS:
            self.check(one)
        for one in REFUSED_LOGINS:
            self.check(one, password=WRONG_PASSWORD)
        for user, one in ACCOUNTS:
            self.check(one, user=user)
        self.check_refused_without_a_packet()
        self.check_unknown_name()
        self.check_localhost()
        self.check_closed_port()
        self.check_message()
        self.check_recipient()
        self.check_transcript()
        self.check_usage()
