#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Postroom against real servers: servers.py check|session|token|kerberos|oauth POSTROOMCTL

Run it in tests/session/private-session, which gives it a home and a keyring of its own.
"""
import os
import signal
import sys

import artefacts
import bed
import ctl
import tap
from check_suite import CheckSuite
from kerberos_suite import KerberosSuite
from oauth_suite import OauthSuite
from session_suite import SessionSuite
from token_suite import TokenSuite

MAIL = ["dovecot", "postfix"]
SUITES = {
    "check": (CheckSuite, MAIL),
    "session": (SessionSuite, MAIL),
    "kerberos": (KerberosSuite, ["kerberos"] + MAIL),
    "token": (TokenSuite, MAIL + ["oidc"]),
    "oauth": (OauthSuite, MAIL + ["oidc"]),
}


def check_canary(results, canary, run):
    """Nothing was found; and what was looked through would have shown it."""
    probe = ctl.Canary()
    for secret in canary.secrets:
        probe.add(secret)
        probe.look("itself", b"x" + secret.encode() + b"x")
    results.equal(len(probe.found) >= len(canary.secrets), True, "the canary finds what is there")
    results.ok(len(canary.secrets) > 0 and canary.n_looked > 0, "it was used")
    results.equal(run.n_unseen, 0, "the arguments of each process with a password were seen")
    results.equal(canary.found, [], "no password in output, arguments, environment or files")


def main():
    name, program = sys.argv[1:]
    suite, parts = SUITES[name]
    # Who is told to end cleans up, too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    bed.skip_without_needs(parts)
    results = tap.Tap()
    canary = ctl.Canary()
    servers = bed.Bed(parts)
    try:
        with artefacts.folder(dir=os.environ["XDG_RUNTIME_DIR"]) as data_dir:
            run = ctl.Ctl(os.path.abspath(program), os.path.join(data_dir, "postroom"), canary)
            suite(results, servers, run).run()
            canary.look_in_folder(data_dir)
        check_canary(results, canary, run)
        if results.n_failed:
            results.note("--- the servers' logs ---\n" + servers.log()[-4000:])
    finally:
        servers.down()
    return results.finish()


sys.exit(main())
