#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How postroomctl asks for a password, and what it says when the keyring is locked, or not there:
keyring_ctl.py POSTROOMCTL

Run it in tests/session/private-session with an unlocked keyring, which it locks.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))

import artefacts  # noqa: E402
import ctl  # noqa: E402
import report_schema  # noqa: E402
import tap  # noqa: E402
from terminal import Terminal  # noqa: E402

ADDRESS = "support@example.org"
PASSWORD = "Wz7-a-password-3318"
PATH = "/org/freedesktop/secrets"


def lock():
    subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets",
                    "--object-path", PATH, "--method", "org.freedesktop.Secret.Service.Lock",
                    "['%s/collection/login']" % PATH], check=True, timeout=20,
                   stdout=subprocess.DEVNULL)


def count_items():
    """How many items the keyring has, as another program sees them."""
    found = subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets",
                            "--object-path", PATH, "--method",
                            "org.freedesktop.Secret.Service.SearchItems",
                            "{'xdg:schema': 'io.github.postroom.Postroom'}"],
                           check=True, timeout=20, capture_output=True, text=True).stdout
    return found.count(PATH + "/collection/")


def prepare(results, run):
    for arguments in (["profile", "add", "--type", "pop3-smtp", "--name", "Nobody",
                       "--incoming", "127.0.0.1", "--outgoing", "127.0.0.1", "--default"],
                      ["mailbox", "add", ADDRESS, "--allow-credentials"],
                      ["mailbox", "approve", ADDRESS]):
        result = run.run(*arguments)
        results.equal(result.status, 0, " ".join(arguments[:2]), result)
    result = run.run("mailbox", "set-password", ADDRESS, password=PASSWORD)
    results.equal(result.status, 0, "a password is set", result)


def check_typed(results, run):
    """At a terminal it asks, without echo, and can be left."""
    arguments = [run.program, "mailbox", "set-password", ADDRESS, "--data-dir", run.data_dir]
    typed = "Typed %s ünd" % PASSWORD
    run.canary.add(typed)

    def ask():
        terminal = Terminal(arguments)
        results.ok(terminal.read_until(b"Password of %s:" % ADDRESS.encode())
                   and terminal.wait_echo(False), "it asks, and shows nothing of the answer",
                   terminal.shown)
        return terminal

    terminal = ask()
    terminal.type(typed.encode() + b"\n")
    results.equal(terminal.end(), 0, "the password is taken", terminal.shown)
    results.ok(b"is in the keyring" in terminal.shown, "and it says so", terminal.shown)
    run.canary.look("the terminal", terminal.shown)
    terminal = ask()
    terminal.type(b"half a pass")
    terminal.type(b"\x03")
    results.ok(terminal.wait_echo(True, 2), "Ctrl+C shows again what is typed")
    results.equal(terminal.end(), 3, "and ends it", terminal.shown)
    terminal = ask()
    terminal.type(b"\n")
    results.equal(terminal.end(), 2, "an empty one is none", terminal.shown)


def check_given(results, run):
    """From a file or standard input; never what a server could not be sent."""
    path = os.path.join(run.data_dir, "password")
    for content, status, name in ((PASSWORD + "\r\n", 0, "with the end of a line"),
                                  (PASSWORD, 0, "without"),
                                  ("", 2, "empty"),
                                  ("\n", 2, "an empty line"),
                                  (PASSWORD + "\nDELE 1\n", 2, "two lines"),
                                  (PASSWORD + "\t", 2, "a tab"),
                                  ("x" * 250, 0, "250 characters"),
                                  ("x" * 251, 2, "251 characters"),
                                  ("ü" * 250, 0, "250 characters of two bytes"),
                                  ("x" * 70000, 2, "endless")):
        with open(path, "w", newline="") as f:
            f.write(content)
        result = run.run("mailbox", "set-password", ADDRESS, "--password-file", path)
        results.equal(result.status, status, "password file: " + name, result)
        results.ok(content.strip() == "" or content.strip()[:40] not in result.out + result.err,
                   "and what was in it is not repeated", result)
    os.remove(path)
    result = run.run("mailbox", "set-password", ADDRESS, "--password-file", path)
    results.ok(result.status == 2 and path in result.err, "password file: none", result)


def check_removed(results, run):
    """With mailbox and profile go their secrets; where those cannot, that is said."""
    results.equal(count_items(), 1, "one item for the passwords of mailboxes")
    for arguments in (["profile", "add", "--type", "pop3-smtp", "--name", "Shared", "--incoming",
                       "127.0.0.1", "--outgoing", "127.0.0.1", "--authentication", "profile",
                       "--username", "all"],
                      ["mailbox", "add", "second@example.org", "--allow-credentials"]):
        results.equal(run.run(*arguments).status, 0, " ".join(arguments[:2]))
    run.run("profile", "set-password", "Shared", password=PASSWORD)
    results.equal(count_items(), 2, "one of its own for that of a profile")
    result = run.run("profile", "remove", "Shared")
    results.ok(result.status == 0 and result.err == "", "the profile is removed", result)
    results.equal(count_items(), 1, "and so is its item")
    run.run("mailbox", "set-password", "second@example.org", password=PASSWORD)
    lock()
    result = run.run("mailbox", "remove", "second@example.org")
    results.ok(result.status == 0 and "still in the keyring" in result.err,
               "a mailbox is removed while the keyring is locked", result)


def expect_refusal(results, run, name, words):
    """A secret cannot be stored: exit status 3, and what to do about it."""
    result = run.run("mailbox", "set-password", ADDRESS, password=PASSWORD + "-new")
    results.ok(result.status == 3 and words in result.err and result.out == "",
               "set-password with %s" % name, result)


def expect_report(results, run, code, permanence, words):
    """A test cannot fetch it: a report, with its own code, of each direction."""
    result = run.run("mailbox", "test", "--json", ADDRESS)
    reports = result.json()
    wrong = [problem for report in reports for problem in report_schema.validate(report)]
    results.ok(result.status == 1 and len(reports) == 2 and not wrong, "test with %s" % code,
               "\n".join(wrong), result)
    for report in reports:
        results.ok((report["code"], report["permanence"], report["scope"])
                   == (code, permanence, "local") and report["round_trips"] == 0
                   and words in report["summary"] + (report["remedy"] or ""),
                   "%s: %s" % (report["direction"], code), report)
    shown = run.run("mailbox", "show", ADDRESS, "--json").json()
    results.equal((shown["incoming_status"], shown["incoming_enabled"], shown["incoming_code"]),
                  ("failure", False, code), "it is not enabled")


def main():
    results = tap.Tap()
    canary = ctl.Canary()
    with artefacts.folder(dir=os.environ["XDG_RUNTIME_DIR"]) as data_dir:
        run = ctl.Ctl(os.path.abspath(sys.argv[1]), data_dir, canary)
        prepare(results, run)
        check_typed(results, run)
        check_given(results, run)
        check_removed(results, run)
        expect_refusal(results, run, "a locked keyring", "locked")
        expect_report(results, run, "keyring-locked", "transient", "nlock")
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + os.path.join(data_dir, "no-bus")
        expect_refusal(results, run, "no keyring", "gnome-keyring")
        expect_report(results, run, "keyring-unavailable", "permanent", "gnome-keyring")
        canary.look_in_folder(data_dir)
    results.equal(canary.found, [], "no password in output, arguments, environment or files")
    results.equal(run.n_unseen, 0, "the arguments of each process with a password were seen")
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
