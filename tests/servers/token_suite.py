# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in with a token of a real OpenID provider, which Dovecot asks about each one."""
import json
import ssl
import urllib.request

from check_suite import CHANNELS, CheckSuite, row

MECHANISMS = [("xoauth2", "XOAUTH2"), ("oauthbearer", "OAUTHBEARER")]
USER = "user00001"
LOGINS = [
    row("%s with %s on %s" % (protocol.upper(), name, port), protocol, port,
        "%s --auth %s" % (arguments, option), mechanism=name)
    for option, name in MECHANISMS
    for protocol, port, arguments in CHANNELS
]
# What is wrong with the token, and how the report names it.
BAD_TOKENS = [
    ("made up", "oauth-token-revoked"),
    ("expired", "oauth-token-revoked"),
    ("revoked", "oauth-token-revoked"),
    ("of somebody else", "oauth-token-revoked"),
]


class TokenSuite(CheckSuite):
    def ask(self, what, **arguments):
        """One of the provider's doors for tests."""
        request = urllib.request.Request(
            "%s/testbed/%s" % (self.bed.OIDC_ISSUER, what), json.dumps(arguments).encode(),
            {"Content-Type": "application/json"})
        tls = ssl.create_default_context(cafile=self.bed.ca)
        with urllib.request.urlopen(request, timeout=20, context=tls) as answer:
            return json.load(answer)

    def mint(self, name, **arguments):
        login = self.bed.address(name)
        return self.ask("mint", logins=[login], **arguments)[login]["access_token"]

    def make_bad(self, kind):
        if kind == "made up":
            return "Kd5-not-a-token-at-all-2746"
        if kind == "expired":
            return self.mint(USER, ttl=-10)
        if kind == "of somebody else":
            return self.mint("user00002")
        token = self.mint(USER)
        self.ask("revoke", access_token=token)
        return token

    def run(self):
        token = self.mint(USER)
        for one in LOGINS:
            self.check(one, user=USER, password=token)
        for kind, code in BAD_TOKENS:
            token = self.make_bad(kind)
            for option, name in MECHANISMS:
                for protocol, port in (("pop3", "POP3S_PORT"), ("smtp", "SMTPS_PORT")):
                    self.check(row("%s: %s with a token that is %s" % (protocol.upper(), name, kind),
                                   protocol, port, "--auth %s --transcript" % option, code,
                                   "authenticate", mechanism=name, permanence="permanent",
                                   scope="mailbox"),
                               user=USER, password=token)
