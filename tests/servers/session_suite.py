# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, as an administrator does it: profile, mailboxes, Test & Enable, alerts."""
import email
import email.policy
import os
import sqlite3
import time

import report_schema
from bed import ask_until_answered
from check_suite import Trap
from ctl import forms, parse_json

WRONG_PASSWORD = "Vq8-not-the-password-6042"
SUBJECT = "Your mailbox is now connected to Postroom"


class SessionSuite:
    def __init__(self, tap, bed, ctl):
        self.tap, self.bed, self.ctl = tap, bed, ctl

    # --- Small steps ---

    def run_ok(self, *arguments, **options):
        result = self.ctl.run(*arguments, **options)
        self.tap.ok(result.status == 0, "postroomctl " + " ".join(map(str, arguments[:2])), result)
        return result

    def add_profile(self, name, incoming, outgoing, *arguments, host="127.0.0.1"):
        self.run_ok("profile", "add", "--type", "pop3-smtp", "--name", name, "--incoming", host,
                    "--outgoing", host, "--incoming-port", incoming, "--outgoing-port", outgoing,
                    "--ca-file", self.bed.ca, *arguments)

    def add_mailbox(self, name, *arguments, password=None):
        address = self.bed.address(name)
        self.run_ok("mailbox", "add", address, "--allow-credentials", *arguments)
        self.run_ok("mailbox", "set-password", address,
                    password=password or self.bed.passwords[address])
        self.run_ok("mailbox", "approve", address)
        return address

    def show(self, address):
        return self.ctl.run("mailbox", "show", address, "--json").json()

    def alerts(self, *arguments):
        return self.ctl.run("alert", "list", "--json", *arguments).json()

    def statuses(self, name, address, **expected):
        """The mailbox has these values."""
        mailbox = self.show(address)
        self.tap.equal({key: mailbox.get(key) for key in expected}, expected, name)
        return mailbox

    def test(self, name, *arguments, status, codes):
        """Test & Enable, as JSON. `codes`: (address, direction) → code, of all that is tested."""
        return self.judge(name, self.ctl.run("mailbox", "test", "--json", *arguments), status,
                          codes)

    def judge(self, name, result, status, codes):
        try:
            reports = result.json()
        except ValueError as err:
            self.tap.ok(False, name, "no JSON: %s" % err, result)
            return {}
        wrong = []
        for report in reports:
            wrong += report_schema.validate(report)
            if report["environment"] is None or report["profile"] is None:
                wrong.append("no environment or profile")
        found = {(report["mailbox"], report["direction"]): report for report in reports}
        got = {key: report["code"] for key, report in found.items()}
        if got != codes or len(found) != len(reports):
            wrong.append("got %r, expected %r" % (got, codes))
        if result.status != status:
            wrong.append("exit status %d, expected %d" % (result.status, status))
        self.tap.ok(not wrong, name, "\n".join(wrong), result)
        return found

    def both(self, address, code):
        return {(address, "incoming"): code, (address, "outgoing"): code}

    def has_alert(self, name, severity, code, address=None, *arguments):
        """There is exactly one open alert of that kind (about that mailbox)."""
        found = [alert for alert in self.alerts("--severity", severity, *arguments)
                 if alert["code"] == code and address in (None, alert.get("mailbox_address"))]
        self.tap.ok(len(found) >= 1, name, self.alerts())
        return found

    def hold_database(self):
        """A reader, so that the write-ahead log stays to be looked through."""
        for path, _, files in os.walk(self.ctl.data_dir):
            for name in files:
                if name.endswith(".db"):
                    reader = sqlite3.connect(os.path.join(path, name), isolation_level=None)
                    reader.execute("BEGIN")
                    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    return reader
        raise RuntimeError("no database in " + self.ctl.data_dir)

    # --- The session ---

    def check_main_job(self):
        bed = self.bed
        address = bed.address("user00001")
        self.add_profile("Example mail", bed.POP3S_PORT, bed.SMTPS_PORT, "--default")
        self.reader = self.hold_database()
        self.run_ok("mailbox", "add", address, "--owner", "Support", "--allow-credentials")
        new = self.statuses("a new mailbox", address, owner="Support", approval="pending",
                            password_set=False, incoming_status="not-run", incoming_enabled=False,
                            outgoing_status="not-run", outgoing_enabled=False)
        self.tap.equal(new["profile_name"], "Example mail", "it has the default profile")
        self.run_ok("mailbox", "set-password", address, password=bed.password("user00001"))
        self.test("not before the address is approved", "--all", status=1,
                  codes=self.both(address, "address-not-approved"))
        self.run_ok("mailbox", "apply-defaults", "--all")
        self.run_ok("mailbox", "approve", "--all")
        self.statuses("approved", address, approval="approved", password_set=True)
        known = bed.messages("user00001")
        result = self.run_ok("mailbox", "test", "--all")
        self.tap.ok("2 succeeded, 0 failed" in result.out, "it says so", result)
        mailbox = self.statuses("tested and enabled", address, incoming_status="success",
                                outgoing_status="success", incoming_enabled=True,
                                outgoing_enabled=True, incoming_code="", outgoing_code="",
                                run_state="idle", incoming_retry=0)
        self.tap.ok(report_schema.is_time(mailbox["tested_at"]), "with the time of the test")
        self.check_message(address, known)
        self.has_alert("an information alert for the owner", "information", "ok", address,
                       "--owner", "Support")
        self.tap.equal(self.alerts("--severity", "error"), [], "and no error any more")
        result = self.run_ok("alert", "list")
        self.tap.ok("information" in result.out, "alert list shows it", result)

    def check_message(self, address, known):
        """A real message, and just one, is in the maildir."""
        new = self.bed.wait_for_message("user00001", known)
        if not self.tap.equal(len(new), 1, "one message came"):
            return
        message = email.message_from_bytes(new[0], policy=email.policy.default)
        self.tap.equal(message["Subject"], SUBJECT, "its subject")
        for header in "From", "To":
            self.tap.equal([one.addr_spec for one in message[header].addresses], [address],
                           "its %s" % header)
        sent = message["Date"].datetime.timestamp()
        self.tap.ok(abs(sent - time.time()) < 120, "its date", message["Date"])
        self.tap.ok(message["Message-ID"], "it has an id")
        self.tap.ok("Postroom" in message.get_content(), "it says who sent it",
                    message.get_content())

    def check_choices(self):
        """What of a mailbox is tested, and how it is printed."""
        address = self.bed.address("user00001")
        known = self.bed.messages("user00001")
        self.test("--incoming", address, "--incoming", status=0,
                  codes={(address, "incoming"): "ok"})
        self.test("--no-send", address, "--outgoing", "--no-send", status=0,
                  codes={(address, "outgoing"): "ok"})
        self.tap.equal(self.bed.wait_for_message("user00001", known, 0.5), [], "no message came")
        result = self.ctl.run("mailbox", "test", "--json-lines", "--transcript", address)
        lines = result.out.splitlines()
        wrong = []
        for line in lines:
            wrong += report_schema.validate(parse_json(line), transcript=True)
        self.tap.ok(len(lines) == 2 and result.status == 0 and not wrong, "--json-lines",
                    "\n".join(wrong), result)

    # --- What fails, and how it is mended ---

    def check_wrong_password(self):
        address = self.bed.address("user00001")
        self.run_ok("mailbox", "set-password", address, password=WRONG_PASSWORD)
        refused = self.bed.log().count("Password mismatch")
        reports = self.test("a wrong password", address, status=1,
                            codes=self.both(address, "authentication-rejected"))
        for report in reports.values():
            self.tap.ok(report["permanence"] == "permanent" and report["scope"] == "mailbox"
                        and report["server_reply"], "refused for good", report)
        tries = self.bed.log().count("Password mismatch") - refused
        self.tap.ok(tries <= 2, "tried once for each server, lest the account be locked",
                    "%d log-ins" % tries)
        self.statuses("disabled at once", address, incoming_status="failure",
                      outgoing_status="failure", incoming_enabled=False, outgoing_enabled=False,
                      incoming_code="authentication-rejected", run_state="idle",
                      outgoing_code="authentication-rejected", incoming_retry=0)
        self.has_alert("an error alert", "error", "authentication-rejected", address)
        self.run_ok("mailbox", "set-password", address, password=self.bed.password("user00001"))
        self.test("mended", address, status=0, codes=self.both(address, "ok"))
        self.statuses("enabled again", address, incoming_status="success",
                      outgoing_status="success", incoming_enabled=True, outgoing_enabled=True)
        self.tap.equal(self.alerts("--severity", "error", "--mailbox", address), [],
                       "the error alert is closed")
        self.has_alert("and is kept in the history", "error", "authentication-rejected", address,
                       "--history")

    def check_profile_failures(self):
        """The server's name, port and certificate: one profile for each."""
        bed = self.bed
        rows = [
            ("Expired", (bed.POP3S_EXPIRED_PORT, bed.SMTPS_EXPIRED_PORT), "127.0.0.1",
             "certificate-expired", "permanent"),
            ("Swapped ports", (bed.SMTPS_PORT, bed.POP3S_PORT), "127.0.0.1", "wrong-protocol",
             "permanent"),
            ("Unknown name", (995, 465), "no-such-host.invalid", "dns-not-found", "permanent"),
            ("Closed ports", (bed.BASE + 1, bed.BASE + 2), "127.0.0.1", "connection-refused",
             "transient"),
        ]
        for i, (name, ports, host, code, permanence) in enumerate(rows):
            self.add_profile(name, *ports, host=host)
            address = self.add_mailbox("user%05d" % (i + 2), "--profile", name)
            reports = self.test(name, "--profile", name, status=1,
                                codes=self.both(address, code))
            for report in reports.values():
                self.tap.ok(report["permanence"] == permanence and report["scope"] == "profile"
                            and report["remedy"], "%s: %s, with a remedy" % (name, permanence),
                            report)
            self.statuses("%s: not enabled" % name, address, incoming_status="failure",
                          outgoing_status="failure", incoming_enabled=False,
                          outgoing_enabled=False, incoming_code=code, outgoing_code=code,
                          incoming_retry=1 if permanence == "transient" else 0)
            self.has_alert("%s: an error alert" % name, "error", code, None, "--profile", name)

    def check_transient(self):
        """What may pass by itself is tried again in five minutes, and the time is told."""
        address = self.bed.address("user00005")
        mailbox = self.statuses("a transient failure waits for its next try", address,
                                run_state="retry", incoming_retry=1, outgoing_retry=1)
        for direction in "incoming", "outgoing":
            told = mailbox["%s_retry_at" % direction]
            at = time.mktime(time.strptime(told, "%Y-%m-%dT%H:%M:%S.%fZ")) - time.timezone
            self.tap.ok(200 < at - time.time() <= 301, "%s: in five minutes" % direction, told)

    def check_half(self):
        """One direction works, the other does not."""
        address = self.add_mailbox("broken")
        result = ask_until_answered(
            lambda: self.ctl.run("mailbox", "test", "--json", address))
        self.judge("only one direction works", result, 1,
                   {(address, "incoming"): "mailbox-unavailable", (address, "outgoing"): "ok"})
        self.statuses("each direction for itself", address, incoming_status="failure",
                      incoming_enabled=False, outgoing_status="success", outgoing_enabled=True)
        self.tap.equal([alert["code"] for alert in self.alerts("--mailbox", address)],
                       ["mailbox-unavailable"], "no alert of full success")

    def check_awkward(self):
        addresses = [self.add_mailbox(name) for name in ("space", "utf8", "quote", "long")]
        codes = {}
        for address in addresses:
            codes.update(self.both(address, "ok"))
        self.test("awkward passwords by way of the keyring", *addresses, status=0, codes=codes)

    def check_starttls(self):
        """The other kinds of port, in one profile."""
        self.add_profile("STARTTLS", self.bed.POP3_PORT, self.bed.SUBMISSION_PORT,
                         "--incoming-security", "starttls", "--outgoing-security", "starttls")
        address = self.add_mailbox("user00006", "--profile", "STARTTLS")
        reports = self.test("STARTTLS", address, status=0, codes=self.both(address, "ok"))
        self.tap.equal({report["security"] for report in reports.values()}, {"starttls"},
                       "by STARTTLS")

    def check_delivery(self):
        """The message is looked for by POP3, and other mail is left as it is."""
        address = self.bed.address("user00006")
        before = self.bed.messages("user00006")
        flags = self.bed.flags("user00006")
        reports = self.test("--verify-delivery", address, "--verify-delivery=30", status=0,
                            codes=self.both(address, "ok"))
        steps = {step["id"]: step for step in reports[(address, "outgoing")]["steps"]}
        self.tap.ok("delivery" in steps and steps["delivery"]["status"] == "success"
                    and steps["delivery"]["elapsed_ms"] > 0, "it was seen, and timed", steps)
        after = self.bed.messages("user00006")
        self.tap.equal({name: after.get(name) for name in before}, before, "no mail was removed")
        self.tap.equal({name: self.bed.flags("user00006").get(name) for name in flags},
                       {name: "" for name in flags}, "none was read")
        # Sent to one mailbox, looked for in another.
        self.run_ok("mailbox", "edit", address, "--username", self.bed.address("user00007"))
        self.run_ok("mailbox", "set-password", address, password=self.bed.password("user00007"))
        reports = self.test("in another mailbox", address, "--verify-delivery=1", status=1,
                            codes={(address, "incoming"): "ok",
                                   (address, "outgoing"): "delivery-not-seen"})
        self.tap.equal(reports[(address, "outgoing")]["permanence"], "transient",
                       "it may still come")

    def check_lock_outs(self):
        """Three refusals in a row are enough for one server, whoever is next."""
        other = type(self)(self.tap, self.bed, self.ctl.elsewhere("lock-outs"))
        other.add_profile("Refuses", self.bed.POP3S_PORT, self.bed.SMTPS_PORT, "--default")
        addresses = [other.add_mailbox("user%05d" % (i + 1), password=WRONG_PASSWORD)
                     for i in range(8)]
        refused = self.bed.log().count("Password mismatch")
        reports = other.ctl.run("mailbox", "test", "--all", "--json")
        tries = self.bed.log().count("Password mismatch") - refused
        self.tap.ok(2 <= tries <= 6, "no server is asked more than three times",
                    "%d log-ins" % tries, reports)
        statuses = [other.show(address)["incoming_status"] for address in addresses]
        self.tap.equal(sorted(statuses), ["failure"] * 3 + ["not-run"] * 5,
                       "the rest was not run")
        self.tap.equal(reports.status, 1, "exit status")
        refused = self.bed.log().count("Password mismatch")
        other.ctl.run("mailbox", "test", "--all", "--incoming", "--keep-going")
        self.tap.equal(self.bed.log().count("Password mismatch") - refused, 8,
                       "--keep-going goes on")

    def check_profile_once(self):
        """What is wrong for all is found three times, not once for each mailbox."""
        other = type(self)(self.tap, self.bed, self.ctl.elsewhere("profile-once"))
        other.add_profile("Expired", self.bed.POP3S_EXPIRED_PORT, self.bed.SMTPS_EXPIRED_PORT,
                          "--default")
        for i in range(8):
            other.add_mailbox("user%05d" % (i + 1))
        result = other.ctl.run("mailbox", "test", "--all", "--incoming", "--json")
        statuses = sorted(report["status"] for report in result.json())
        self.tap.equal(statuses, ["failure"] * 3 + ["skipped"] * 5, "three, and no more", result)
        self.tap.equal([alert["code"] for alert in other.alerts("--severity", "error")],
                       ["certificate-expired"], "one fault, one alert")

    def check_resumption(self):
        """A connection goes on where the last one ended, and knows the same certificate."""
        other = type(self)(self.tap, self.bed, self.ctl.elsewhere("resumption"))
        # The one POP3 port of the bed that one process serves.
        other.run_ok("profile", "add", "--type", "pop3-smtp", "--name", "Resumption", "--default",
                     "--incoming", self.bed.POP3_STRICT_HOST, "--incoming-port",
                     self.bed.POP3_STRICT_PORT, "--incoming-security", "starttls", "--outgoing",
                     "localhost", "--outgoing-port", self.bed.SMTPS_PORT, "--ca-file", self.bed.ca)
        for i in range(4):
            other.add_mailbox("user%05d" % (i + 1))
        reports = other.ctl.run("mailbox", "test", "--all", "--jobs", "1", "--json").json()
        for direction in "incoming", "outgoing":
            mine = sorted((report for report in reports if report["direction"] == direction),
                          key=lambda report: report["started_at"])
            details = [step["detail"] for report in mine for step in report["steps"]
                       if step["id"] == "tls"]
            self.tap.equal(details, ["TLS 1.3"] + ["TLS 1.3, resumed"] * 3,
                           direction + ": all but the first are resumed")
            self.tap.ok(all(report["status"] == "success"
                            and report["certificate"] == mine[0]["certificate"]
                            for report in mine), "by the same certificate", mine)

    def check_shared_credentials(self):
        """The profile holds them; its mailboxes need none."""
        self.add_profile("Shared", self.bed.POP3S_PORT, self.bed.SMTPS_PORT, "--authentication",
                         "profile", "--username", self.bed.address("user00007"))
        address = self.bed.address("user00008")
        self.run_ok("mailbox", "add", address, "--profile", "Shared")
        self.run_ok("mailbox", "approve", address)
        self.test("without the profile's password", address, status=1,
                  codes=self.both(address, "credentials-missing"))
        self.run_ok("profile", "set-password", "Shared", password=self.bed.password("user00007"))
        reports = self.test("with it", address, status=0, codes=self.both(address, "ok"))
        self.tap.equal({report["username"] for report in reports.values()},
                       {self.bed.address("user00007")}, "logged in as the profile says")

    def check_without_a_packet(self):
        """Policies and prechecks: refused before anybody is connected to."""
        trap = Trap()
        address = self.bed.address("user00009")
        self.run_ok("settings", "set", "allow-unencrypted=yes")
        self.add_profile("Trap", trap.port, trap.port, "--incoming-security", "none",
                         "--outgoing-security", "none")
        self.run_ok("settings", "set", "allow-unencrypted=no")
        self.run_ok("mailbox", "add", address, "--profile", "Trap", "--allow-credentials")
        self.run_ok("mailbox", "approve", address)
        self.test("policy: no encryption", address, status=1,
                  codes=self.both(address, "policy-encryption"))
        self.run_ok("settings", "set", "allow-unencrypted=yes", "port-policy=us-government")
        self.test("policy: ports", address, status=1, codes=self.both(address, "policy-port"))
        self.run_ok("settings", "set", "port-policy=any")
        self.test("no password", address, status=1, codes=self.both(address, "credentials-missing"))
        self.run_ok("mailbox", "edit", address, "--no-allow-credentials")
        self.test("credentials not allowed", address, status=1,
                  codes=self.both(address, "credentials-not-allowed"))
        self.run_ok("profile", "edit", "Trap", "--no-active")
        self.test("profile not active", address, status=1,
                  codes=self.both(address, "profile-inactive"))
        self.run_ok("mailbox", "deactivate", address)
        self.test("mailbox not active", address, status=1,
                  codes=self.both(address, "mailbox-inactive"))
        self.run_ok("settings", "set", "allow-unencrypted=no")
        self.tap.equal(trap.count(), 0, "nobody connected")
        trap.close()

    def check_environments(self):
        """The same address in two environments has two passwords."""
        address = self.bed.address("user00001")
        self.run_ok("environment", "add", "Sandbox")
        sandbox = ("--environment", "Sandbox")
        self.add_profile("Example mail", self.bed.POP3S_PORT, self.bed.SMTPS_PORT, "--default",
                         *sandbox)
        self.run_ok("mailbox", "add", address, "--allow-credentials", *sandbox)
        self.run_ok("mailbox", "set-password", address, *sandbox, password=WRONG_PASSWORD)
        self.run_ok("mailbox", "approve", address, *sandbox)
        self.test("the other environment", "--all", *sandbox, status=1,
                  codes=self.both(address, "authentication-rejected"))
        self.test("the first one", address, status=0, codes=self.both(address, "ok"))
        self.run_ok("environment", "rename", "Sandbox", "Sand")
        sandbox = ("--environment", "Sand")
        self.run_ok("mailbox", "set-password", address, *sandbox,
                    password=self.bed.password("user00001"))
        self.test("by its new name", "--all", *sandbox, status=0, codes=self.both(address, "ok"))
        self.run_ok("environment", "remove", "Sand", "--yes")
        self.tap.equal(self.ctl.run("mailbox", "list", *sandbox).status, 2, "it is gone")
        self.test("the other one is not", address, status=0, codes=self.both(address, "ok"))

    def check_files(self):
        """Nothing secret in database and log; and that would have been seen."""
        names = self.ctl.canary.look_in_folder(self.ctl.data_dir)
        self.tap.ok(any(name.endswith(".db-wal") for name in names),
                    "a write-ahead log was looked through", names)
        known = type(self.ctl.canary)()
        # No secret, and so not to be added to those of all tests.
        known.secrets[self.bed.address("user00001")] = forms(self.bed.address("user00001"))
        known.look_in_folder(self.ctl.data_dir)
        self.tap.ok(any("-wal" in one for one in known.found),
                    "what is stored can be read there", known.found)
        for variable in "HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME":
            self.ctl.canary.look_in_folder(os.environ[variable])
        self.reader.close()
        self.run_ok("mailbox", "list")
        names = self.ctl.canary.look_in_folder(self.ctl.data_dir)
        self.tap.ok(not any(name.endswith(".db-wal") for name in names),
                    "the log is gone with the last program", names)

    def run(self):
        self.check_main_job()
        self.check_choices()
        self.check_wrong_password()
        self.check_profile_failures()
        self.check_transient()
        self.check_half()
        self.check_awkward()
        self.check_starttls()
        self.check_delivery()
        self.check_lock_outs()
        self.check_profile_once()
        self.check_resumption()
        self.check_shared_credentials()
        self.check_without_a_packet()
        self.check_environments()
        self.check_files()
