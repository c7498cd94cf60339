# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in with OAuth 2.0, from end to end: a real provider, its pages answered as in a browser,
the tokens in a real keyring, and Dovecot and Postfix who ask the provider about each of them."""
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.parse
import urllib.request

import artefacts
import ctl
from browser import Browser
from session_suite import SessionSuite

SCOPE = "openid email offline_access mail"
CONFIDENTIAL = "confidential-secret"
LISTEN = "0A"

# What the keyring of the session has; run by the system's Python, which knows libsecret.
READ_KEYRING = """
import base64, json, gi
gi.require_version("Secret", "1")
from gi.repository import Secret
found = Secret.Service.get_sync(Secret.ServiceFlags.LOAD_COLLECTIONS, None).search_sync(
    None, {}, Secret.SearchFlags.ALL | Secret.SearchFlags.LOAD_SECRETS, None)
tokens = []
for item in found:
    text = item.get_secret().get_text()
    if text.startswith("postroom-bundle"):
        texts = [base64.b64decode(line.split()[1]).decode() for line in text.splitlines()[1:]]
    else:
        texts = [text]
    tokens += [dict(line.partition(" ")[::2] for line in text.splitlines()[1:])
               for text in texts if text.startswith("postroom-token")]
print(json.dumps(tokens))
"""


class Waiting:
    """A `postroomctl mailbox sign-in` that waits for the person."""

    def __init__(self, run, *arguments):
        self.run = run
        self.arguments = ["mailbox", "sign-in", *arguments]
        environment = dict(os.environ, POSTROOM_DATA_DIR=run.data_dir, LANG="C.UTF-8", LANGUAGE="C")
        self.child = subprocess.Popen([run.program] + self.arguments, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      env=environment)
        self.url = self.child.stdout.readline().decode().strip()

    def finish(self, timeout=30):
        try:
            out, err = self.child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, err = self.child.communicate()
            err += b"(killed: it did not end)\n"
        self.run.canary.look("the output of " + " ".join(self.arguments), out + err)
        artefacts.keep_text("sign-in", out + err)
        return ctl.Result(self.arguments, self.child.returncode, out.decode(), err.decode())

    def query(self, name):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.url).query)[name][0]

    def listening(self):
        """The addresses that the process listens on."""
        sockets = set()
        for entry in os.listdir("/proc/%d/fd" % self.child.pid):
            try:
                sockets.add(os.readlink("/proc/%d/fd/%s" % (self.child.pid, entry)))
            except OSError:
                pass
        found = []
        for name in "tcp", "tcp6":
            with open("/proc/%d/net/%s" % (self.child.pid, name)) as f:
                for line in f.readlines()[1:]:
                    fields = line.split()
                    if fields[3] == LISTEN and "socket:[%s]" % fields[9] in sockets:
                        found.append(fields[1])
        return found


def can_connect(url):
    uri = urllib.parse.urlsplit(url)
    try:
        with socket.create_connection((uri.hostname, uri.port), timeout=2):
            return True
    except OSError:
        return False


class OauthSuite(SessionSuite):
    # --- Small steps ---

    def ask(self, what, **arguments):
        """One of the provider's doors for tests."""
        return self.post("/testbed/" + what, json.dumps(arguments).encode(), "application/json")[1]

    def post(self, path, data, kind="application/x-www-form-urlencoded"):
        request = urllib.request.Request(self.bed.OIDC_ISSUER + path, data, {"Content-Type": kind})
        tls = ssl.create_default_context(cafile=self.bed.ca)
        try:
            with urllib.request.urlopen(request, timeout=20, context=tls) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def is_refused(self, token, client="native"):
        """The provider does not know this refresh token any more."""
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client}
        status, answer = self.post("/token", urllib.parse.urlencode(form).encode())
        return status == 400 and answer["error"] == "invalid_grant"

    def tokens(self):
        """The sign-ins in the keyring, by account."""
        done = subprocess.run(["/usr/bin/python3", "-c", READ_KEYRING], capture_output=True,
                              text=True, timeout=30, check=False)
        if done.returncode != 0:
            raise RuntimeError("the keyring cannot be read:\n" + done.stderr)
        found = {token["account"]: token for token in json.loads(done.stdout)}
        for token in found.values():
            for name in "access", "refresh":
                self.ctl.canary.add(token[name])
        return found

    def add_oauth_profile(self, name, client, *arguments):
        self.add_profile(name, self.bed.POP3S_PORT, self.bed.SMTPS_PORT, "--authentication",
                         "oauth", "--oauth-client-id", client, "--oauth-issuer",
                         self.bed.OIDC_ISSUER, "--oauth-scope", SCOPE, *arguments)

    def add_oauth_mailbox(self, name, profile):
        address = self.bed.address(name)
        self.run_ok("mailbox", "add", address, "--profile", profile)
        self.run_ok("mailbox", "approve", address)
        return address

    def sign_in(self, address, *arguments, login=None, refuse=False):
        """Starts a sign-in and answers it in the browser; the row of its JSON."""
        waiting = Waiting(self.ctl, address, "--no-browser", "--json", *arguments)
        browser = Browser(self.bed.ca)
        login = login or address
        self.tap.ok(browser.sign_in(waiting.url, login, self.bed.passwords[login], refuse=refuse),
                    "the browser came back", browser.visited)
        for code in browser.codes():
            self.ctl.canary.add(code)
        result = waiting.finish()
        row = result.json()[0]
        self.tap.equal(result.status, 0 if row["code"] == "ok" else 1, "its exit status", result)
        return row

    def sign_in_ok(self, address, name, *arguments, **options):
        row = self.sign_in(address, *arguments, **options)
        self.tap.equal((row["code"], row["mailbox"]), ("ok", address), name, row)
        self.statuses("the mailbox says so", address, token_set=True)

    # --- The suite ---

    def check_walk(self):
        bed = self.bed
        self.add_oauth_profile("Ours", "native")
        address = self.add_oauth_mailbox("user00001", "Ours")
        self.reader = self.hold_database()
        self.test("nobody has signed in", address, status=1,
                  codes=self.both(address, "oauth-sign-in-needed"))
        self.sign_in_ok(address, "signed in")
        token = self.tokens()[address]
        self.tap.equal(set(token["scope"].split()) >= {"mail"}, True, "with access to mail", token)
        known = bed.messages("user00001")
        reports = self.test("tested with the token", address, status=0,
                            codes=self.both(address, "ok"))
        self.tap.equal({report["mechanism"] for report in reports.values()}, {"OAUTHBEARER"},
                       "Dovecot and Postfix took it by OAUTHBEARER")
        self.tap.equal(len(bed.wait_for_message("user00001", known)), 1, "the message arrived")
        self.statuses("and enabled", address, incoming_enabled=True, outgoing_enabled=True)
        for mechanism in "xoauth2", "oauthbearer":
            self.run_ok("profile", "edit", "Ours", "--incoming-mechanism", mechanism,
                        "--outgoing-mechanism", mechanism)
            reports = self.test("and by " + mechanism, address, status=0,
                                codes=self.both(address, "ok"))
            self.tap.equal({report["mechanism"] for report in reports.values()},
                           {mechanism.upper()}, "which is what was used")
        self.run_ok("profile", "edit", "Ours", "--incoming-mechanism", "auto",
                    "--outgoing-mechanism", "auto")
        self.tap.equal(self.tokens()[address]["refresh"], token["refresh"],
                       "nothing was refreshed that was still good")

    def check_request(self):
        """What is asked of the browser, and what else comes to the port meanwhile."""
        address = self.bed.address("user00001")
        waiting = Waiting(self.ctl, address, "--no-browser", "--json")
        redirect, state = waiting.query("redirect_uri"), waiting.query("state")
        self.tap.equal([waiting.query(name) for name in ("response_type", "client_id", "scope",
                                                         "login_hint", "code_challenge_method")],
                       ["code", "native", SCOPE, address, "S256"], "what the address asks for")
        self.tap.equal(len({state, waiting.query("nonce"), waiting.query("code_challenge")}), 3,
                       "state, nonce and challenge differ")
        port = urllib.parse.urlsplit(redirect).port
        self.tap.equal(waiting.listening(), ["0100007F:%04X" % port], "one socket, on 127.0.0.1")
        browser = Browser(self.bed.ca)
        got = [browser.fetch(redirect + query)[0] for query in (
            "", "?code=x", "?code=x&state=y", "?error=access_denied&state=y", "x?code=x&state=" + state)]
        self.tap.equal(got, [404] * len(got), "what is not for it gets 404")
        self.tap.equal(waiting.child.poll(), None, "and it still waits")
        login = self.bed.password("user00001")
        self.tap.ok(browser.sign_in(waiting.url, address, login), "the browser came back")
        result = waiting.finish()
        self.tap.equal((result.status, can_connect(redirect)), (0, False), "then the port is free",
                       result)

    def check_ends(self):
        """Cancelled, killed, declined, the wrong person: no port stays open, nothing is kept."""
        address = self.add_oauth_mailbox("user00002", "Ours")
        waiting = Waiting(self.ctl, address, "--no-browser", "--json")
        start = time.monotonic()
        waiting.child.send_signal(signal.SIGINT)
        result = waiting.finish()
        row = result.json()[0]
        self.tap.equal((row["code"], time.monotonic() - start < 2, result.status),
                       ("oauth-cancelled", True, 1), "Ctrl+C ends it at once", result)
        self.tap.equal(can_connect(waiting.query("redirect_uri")), False, "and its port")
        waiting = Waiting(self.ctl, address, "--no-browser")
        waiting.child.kill()
        waiting.finish()
        self.tap.equal(can_connect(waiting.query("redirect_uri")), False, "killed: no port either")
        row = self.sign_in(address, refuse=True)
        self.tap.equal((row["code"], row["reason"]), ("oauth-access-denied", "declined"),
                       "declined", row)
        row = self.sign_in(address, login=self.bed.address("user00003"))
        self.tap.equal((row["code"], row["reason"]), ("oauth-wrong-account", "other-account"),
                       "somebody else signed in", row)
        self.tap.ok(self.bed.address("user00003") in row["summary"], "and it says who", row)
        self.statuses("nothing was kept", address, token_set=False)
        self.tap.equal(address in self.tokens(), False, "nor in the keyring")

    def check_refresh(self):
        self.add_oauth_profile("Short", "native-short")
        address = self.add_oauth_mailbox("user00004", "Short")
        self.sign_in_ok(address, "signed in, for two seconds")
        seen = [self.tokens()[address]["refresh"]]
        for number in "once", "twice":
            time.sleep(2.5)
            self.test("refreshed " + number, address, status=0, codes=self.both(address, "ok"))
            seen.append(self.tokens()[address]["refresh"])
        self.tap.equal(len(set(seen)), 3, "each time the new refresh token was kept")
        # Whoever uses an old one again takes all of them down, ours, too.
        self.tap.ok(self.is_refused(seen[0], "native-short"), "an old one is refused")
        time.sleep(2.5)
        reports = self.test("then the sign-in is no longer valid", address, status=1,
                            codes=self.both(address, "oauth-token-revoked"))
        report = reports[(address, "incoming")]
        self.tap.ok(report["remedy"], "and it says what to do", report)
        self.has_alert("there is an alert", "error", "oauth-token-revoked", address)
        waiting = Waiting(self.ctl, "--profile", "Short", "--needed", "--no-browser", "--json")
        browser = Browser(self.bed.ca)
        browser.sign_in(waiting.url, address, self.bed.passwords[address])
        result = waiting.finish()
        self.tap.equal([row["mailbox"] for row in result.json()], [address],
                       "it is the one that needs a sign-in", result)
        self.test("after which it works again", address, status=0, codes=self.both(address, "ok"))

    def check_taken_back(self):
        """The access token alone, which nobody knows but the mail server: a new one is asked for."""
        address = self.bed.address("user00001")
        token = self.tokens()[address]
        self.ask("revoke", access_token=token["access"])
        self.test("a token that was taken back is replaced", address, "--incoming", status=0,
                  codes={(address, "incoming"): "ok"})
        self.tap.equal(self.tokens()[address]["refresh"] != token["refresh"], True, "by a new one")
        self.ask("revoke", login=address)
        self.test("when all is taken back, it says so", address, "--incoming", status=1,
                  codes={(address, "incoming"): "oauth-token-revoked"})
        self.sign_in_ok(address, "signed in again")

    def check_trouble(self):
        address = self.bed.address("user00004")
        time.sleep(2.5)
        self.ask("fault", path="/token", status=503, count=2, headers={"Retry-After": "90"})
        reports = self.test("the provider has trouble", address, "--incoming", status=1,
                            codes={(address, "incoming"): "oauth-server-error"})
        report = reports[(address, "incoming")]
        self.tap.equal((report["permanence"], report["next_attempt_at"] is not None),
                       ("transient", True), "it is tried again", report)
        self.ask("fault", path="/token", count=0)
        self.test("and then it works", address, "--incoming", status=0,
                  codes={(address, "incoming"): "ok"})

    def check_confidential(self):
        """A client with a secret, which comes from standard input and goes into the keyring."""
        self.add_oauth_profile("Secret", "confidential")
        address = self.add_oauth_mailbox("user00005", "Secret")
        row = self.sign_in(address)
        self.tap.equal((row["code"], row["reason"]), ("oauth-client-invalid", "client-refused"),
                       "without its secret it is refused", row)
        path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "client-secret")
        with open(path, "w") as f:
            f.write(CONFIDENTIAL + "\n")
        self.ctl.canary.add(CONFIDENTIAL)
        self.run_ok("profile", "set-oauth-client", "Secret", "--client-secret-file", path)
        os.remove(path)
        self.sign_in_ok(address, "with its secret it works")
        self.test("and the token, too", address, status=0, codes=self.both(address, "ok"))

    def check_device(self):
        """On another device, with a code to type; one of the two providers offers it."""
        address = self.add_oauth_mailbox("user00007", "Ours")
        arguments = (address, "--device", "--json")
        with urllib.request.urlopen(
                self.bed.OIDC_ISSUER + "/.well-known/openid-configuration", timeout=20,
                context=ssl.create_default_context(cafile=self.bed.ca)) as answer:
            offered = "device_authorization_endpoint" in json.load(answer)
        if not offered:
            result = self.ctl.run("mailbox", "sign-in", *arguments)
            row = result.json()[0]
            self.tap.equal((row["code"], row["reason"]),
                           ("oauth-client-invalid", "device-not-offered"),
                           "a provider without it is named", row)
            return
        waiting = Waiting(self.ctl, *arguments)
        code = waiting.child.stdout.readline().decode().strip()
        page = Browser(self.bed.ca).answer_forms(waiting.url, user_code=code, login=address,
                                                 password=self.bed.passwords[address])
        result = waiting.finish()
        self.tap.equal([row["code"] for row in result.json()], ["ok"], "signed in with a code",
                       result, page[-2000:])
        self.tokens()
        self.test("and it works", address, status=0, codes=self.both(address, "ok"))

    def count_refreshes(self):
        with open(os.path.join(self.bed.dir, "log", "oidc.out")) as f:
            return sum("grant.success native refresh_token" in line for line in f)

    def check_shared(self):
        """A hundred mailboxes that one person opens, in one job: one sign-in, one refresh."""
        boss = self.bed.address("user00006")
        self.add_oauth_profile("Shared", "native", "--type", "gmail",
                               "--incoming-security", "ssl", "--outgoing-security", "ssl",
                               "--oauth-provider", "other")
        path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "shared.csv")
        with open(path, "w") as f:
            f.write("address,username,profile,approval\n")
            for i in range(100):
                f.write("shared%03d@example.test,%s,Shared,approved\n" % (i, boss))
        self.run_ok("mailbox", "import", path)
        self.run_ok("mailbox", "approve", "--profile", "Shared")
        waiting = Waiting(self.ctl, "--profile", "Shared", "--no-browser", "--json")
        browser = Browser(self.bed.ca)
        browser.sign_in(waiting.url, boss, self.bed.passwords[boss])
        rows = waiting.finish().json()
        self.tap.equal([row["code"] for row in rows], ["ok"], "signed in once", rows)
        # All of them find at the same time that it has been taken back.
        self.ask("revoke", access_token=self.tokens()[boss]["access"])
        before = self.count_refreshes()
        result = self.ctl.run("mailbox", "test", "--profile", "Shared", "--incoming", "--json",
                              timeout=120)
        codes = [report["code"] for report in result.json()]
        self.tap.equal((len(codes), set(codes)), (100, {"ok"}), "all of them work", result.err)
        self.tap.equal(self.count_refreshes() - before, 1, "refreshed once")

    def check_out(self):
        address = self.bed.address("user00001")
        refresh = self.tokens()[address]["refresh"]
        self.run_ok("mailbox", "sign-out", address)
        self.statuses("signed out", address, token_set=False)
        self.tap.equal(address in self.tokens(), False, "out of the keyring")
        self.tap.ok(self.is_refused(refresh), "and the provider has forgotten it")
        address = self.bed.address("user00004")
        refresh = self.tokens()[address]["refresh"]
        self.run_ok("mailbox", "remove", address)
        self.tap.equal(address in self.tokens(), False, "removed: out of the keyring, too")
        self.tap.ok(self.is_refused(refresh, "native-short"), "and forgotten by the provider")

    def look_at_seen(self):
        """Codes and verifiers, as the provider saw them, where it tells."""
        for form in self.ask("seen").get("forms", []):
            for name in "code", "code_verifier", "refresh_token":
                if name in form:
                    self.ctl.canary.add(form[name])

    def run(self):
        self.check_walk()
        self.check_request()
        self.check_ends()
        self.check_refresh()
        self.check_taken_back()
        self.check_trouble()
        self.check_confidential()
        self.check_shared()
        self.check_device()
        self.check_out()
        self.look_at_seen()
        self.reader.close()
