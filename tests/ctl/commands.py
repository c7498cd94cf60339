#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on many mailboxes as a person gives them: commands.py POSTROOMCTL SANITIZER

At a terminal each shows a bar, and Ctrl+C ends it with nothing changed; however mailboxes are
chosen, the same becomes of them; lists of many take no more memory than lists of few. Run it in
tests/session/private-session.
"""
import csv
import glob
import json
import os
import sqlite3
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [os.path.join(TESTS, "servers"), os.path.join(TESTS, "keyring")]

import artefacts  # noqa: E402
import ctl  # noqa: E402
import memory  # noqa: E402
import tap  # noqa: E402
from terminal import Terminal  # noqa: E402

N = 60000
LIST_KIB = 40 * 1024    # of memory for a list of all of them
IMPORT_KIB = 80 * 1024  # of memory to import them
TRIES = 5
CANCELLED = b"Cancelled: nothing was changed."
COMMANDS = [["approve"], ["reject"], ["deactivate"], ["activate"], ["apply-defaults"],
            ["edit", "--owner", "Oscar", "--kind", "queue"], ["export"], ["remove"]]


def database(run):
    """(nullable) The only environment's."""
    return (glob.glob(os.path.join(run.data_dir, "environments", "*", "postroom.db")) or [None])[0]


def state(run, columns="*"):
    """All mailboxes as they are."""
    connection = sqlite3.connect("file:%s?mode=ro" % database(run), uri=True)
    try:
        return connection.execute("SELECT %s FROM mailboxes ORDER BY address" % columns).fetchall()
    finally:
        connection.close()


def write_list(path, n):
    with open(path, "w") as f:
        f.write("address,owner\n")
        f.writelines("u%d@example.org,Olivia\n" % i for i in range(n))


def start(run, *arguments):
    return Terminal([run.program, "mailbox"] + list(arguments) + ["--data-dir", run.data_dir])


def check_interrupted(results, run, name, arguments):
    """Ctrl+C while the bar is shown: the state of before, and a word about it. A command that was
    through before it got the signal has changed something, and is tried again."""
    for _ in range(TRIES):
        before = state(run)
        terminal = start(run, *arguments)
        results.ok(terminal.read_until(b" / %d" % N), "%s shows how far it is" % name,
                   terminal.shown)
        terminal.type(b"\x03")
        status = terminal.end(30)
        if status != 0:
            break
    results.equal(status, 3, "%s: Ctrl+C ends it" % name, terminal.shown)
    results.ok(CANCELLED in terminal.shown.splitlines()[-1], "%s: it says so" % name,
               terminal.shown[-200:])
    results.ok(state(run) == before, "%s: nothing was changed" % name)


def make_table(rows, columns):
    """The table of what is JSON, as a terminal shows it."""
    cells = [columns] + [[{True: "yes", False: "no"}.get(value, value) for value in
                          (row[column.replace("-", "_")] for column in columns)] for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns) - 1)] + [0]
    return "".join("  ".join("%-*s" % pair for pair in zip(widths, line)) + "\n"
                   for line in cells)


def check_lists(results, run, has_limit):
    """All of them, in each form, in a memory that does not know how many there are."""
    outputs = {}
    for arguments in (["list"], ["list", "--json"], ["show", "--all"], ["show", "--all", "--json"],
                      ["export"]):
        name = " ".join(arguments)
        command = [run.program, "mailbox"] + arguments + ["--data-dir", run.data_dir]
        status, most, outputs[name], err = memory.run(command, 60)
        results.equal((status, err), (0, ""), name)
        results.ok(not has_limit or most < LIST_KIB, "%s: in little memory" % name,
                   "%d KiB" % most)
    rows = ctl.parse_json(outputs["list --json"])
    results.equal([row["address"] for row in rows], ["u%d@example.org" % i for i in range(N)],
                  "each of them, in order")
    results.ok(json.dumps(rows, indent=2, ensure_ascii=False, separators=(",", " : ")) + "\n"
               == outputs["list --json"], "JSON, one line for each field")
    results.ok(outputs["show --all --json"] == outputs["list --json"], "the same by show")
    columns = outputs["list"].split("\n")[0].split()
    results.ok(make_table(rows, columns) == outputs["list"], "the same in a table",
               outputs["list"][:200])
    shown = outputs["show --all"].split("\n\n")
    results.ok(len(shown) == N and all(("%-28s %s\n" % ("address", row["address"])) in text
                                       for row, text in zip(rows, shown)), "the same by fields")


def check_awkward(results, run):
    """Names that are hard to lay out or to write as JSON."""
    names = ["\u65e5\u672c\u8a9e", "\u202eRLO \u05e9\u05dc\u05d5\u05dd", "x" * 200, "e\u0301",
             "\U0001f600", "a \"b\" \\ /<&>"]
    for i, name in enumerate(names):
        run.run("mailbox", "add", "u%d@example.org" % i, "--name", name)
    raw = ["tab\there", "line\nhere", "\x01\x1b[31m\x7f", "\u0080\u2028"]
    connection = sqlite3.connect(database(run))
    connection.create_function("pr_sort_key", 1, lambda text: text)
    for i, name in enumerate(raw):
        run.run("mailbox", "add", "v%d@example.org" % i)
        connection.execute("UPDATE mailboxes SET name = ? WHERE address = ?",
                           (name, "v%d@example.org" % i))
        connection.commit()
    connection.close()
    rows = run.run("mailbox", "list", "--json").json()
    results.equal([row["name"] for row in rows], names + raw, "awkward names as JSON")
    table = run.run("mailbox", "list").out
    results.equal(table, make_table(rows, table.split("\n")[0].split()), "and in a table")
    nobody = run.run("mailbox", "list", "--view", "failed")
    results.equal(nobody.out.split(), table.split("\n")[0].split(), "nobody: the heading alone")
    results.equal(run.run("mailbox", "list", "--view", "failed", "--json").out, "[]\n",
                  "nobody as JSON")


def check_bar(results, run, folder, has_limit):
    path = os.path.join(folder, "many.csv")
    write_list(path, N)
    results.equal(run.run("profile", "add", "--name", "Example", "--incoming", "127.0.0.1",
                          "--outgoing", "127.0.0.1", "--default").status, 0, "a profile")
    check_interrupted(results, run, "import", ["import", path])
    terminal = start(run, "import", path)
    results.ok(terminal.end(60) == 0 and len(state(run, "id")) == N, "import", terminal.shown)
    check_lists(results, run, has_limit)
    other = run.elsewhere("import")
    status, most, _, err = memory.run([run.program, "mailbox", "import", path, "--data-dir",
                                       other.data_dir], 60)
    results.equal((status, len(state(other, "id"))), (0, N), "import without a terminal", err)
    results.ok(not has_limit or most < IMPORT_KIB, "import: in little memory", "%d KiB" % most)
    output = os.path.join(folder, "export.csv")
    for command in COMMANDS:
        more = ["--output", output] if command[0] == "export" else []
        check_interrupted(results, run, command[0], command + ["--all"] + more)
        if more:
            results.ok(not os.path.exists(output), "export: no half of a file")
        result = run.run("mailbox", *command, "--all", *more)
        results.ok(result.status == 0 and result.err == "",
                   "%s without a terminal: no bar" % command[0], result)
    results.equal(state(run, "id"), [], "all are removed")
    with open(output, newline="") as f:
        rows = list(csv.DictReader(f))
    results.equal(len(rows), N, "a row for each in the export")
    results.ok(all(row["owner"] == "Oscar" and row["kind"] == "queue" for row in rows),
               "and each as it was changed")


WAYS = {
    "addresses": ["u%d@example.org" % i for i in range(40)],
    "--all": ["--all"],
    "--profile": ["--profile", "Example"],
    "--view": ["--view", "not-tested"],
    "--view and --profile": ["--view", "active", "--profile", "example"],
}


def check_ways(results, run, folder):
    """The same from any selection, in the database and in what is printed."""
    path = os.path.join(folder, "few.csv")
    write_list(path, 40)
    for command in COMMANDS:
        outcomes = {}
        for way, arguments in WAYS.items():
            other = run.elsewhere("ways-%s-%s" % (command[0], way.strip("-").replace(" ", "-")))
            other.run("profile", "add", "--name", "Example", "--incoming", "127.0.0.1",
                      "--outgoing", "127.0.0.1", "--default")
            other.run("mailbox", "import", path)
            if command == ["activate"]:
                way_view = {"--view": ["--view", "inactive"], "--view and --profile":
                            ["--view", "inactive", "--profile", "Example"]}
                other.run("mailbox", "deactivate", "--all")
                arguments = way_view.get(way, arguments)
            result = other.run("mailbox", *command, *arguments)
            outcomes[way] = (result.status, result.out, result.err, state(other))
        first = outcomes["addresses"]
        results.equal(first[0], 0, command[0], first[1], first[2])
        for way, outcome in outcomes.items():
            results.ok(outcome == first, "%s by %s: the same" % (command[0], way), outcome[:3])


def check_edit(results, run):
    for name in "Example", "Other":
        run.run("profile", "add", "--name", name, "--incoming", "127.0.0.1", "--outgoing",
                "127.0.0.1")
    for name in "a", "b", "c":
        run.run("mailbox", "add", name + "@example.org", "--profile", "Example")
    result = run.run("mailbox", "edit", "--profile", "Example", "--new-profile", "Other", "--json")
    results.ok(result.status == 0 and result.json() == {"changed": 3}, "another profile for all",
               result)
    names = {row["profile_name"] for row in run.run("mailbox", "list", "--json").json()}
    results.equal(names, {"Other"}, "they have it")
    for arguments, status, words in (
            (["--all"], 2, "Nothing to change was given"),
            (["--owner", "x"], 2, "No mailbox was chosen"),
            (["a@example.org", "--profile", "Other", "--owner", "x"], 2, "not both"),
            (["--all", "--address", "x@example.org"], 2, "no two may have the same"),
            (["--all", "--kind", "herd"], 2, "herd"),
            (["--all", "--new-profile", "None"], 2, "“None”"),
            (["a@example.org", "nobody@example.org", "--owner", "x"], 2, "nobody@example.org"),
            (["a@example.org", "--address", "new@example.org"], 0, ""),
            (["new@example.org", "b@example.org", "--owner", "Two"], 0, "")):
        before = state(run)
        result = run.run("mailbox", "edit", *arguments)
        results.ok(result.status == status and words in result.err,
                   "edit " + " ".join(arguments), result)
        results.equal(state(run) == before, status != 0, "edit %s: changed or not" % arguments[0])
    results.equal(state(run, "address, owner"), [("b@example.org", "Two"), ("c@example.org", "c"),
                                                 ("new@example.org", "Two")], "these two")


def check_contract(results, run, folder):
    """With --json every command prints JSON, and a number that is no choice is refused, 0 as well."""
    path = os.path.join(folder, "contract.csv")
    write_list(path, 3)
    password = {"password": "Cn2-contract-5510"}
    for arguments, options in (
            (["profile", "add", "--name", "P", "--incoming", "127.0.0.1", "--outgoing",
              "127.0.0.1", "--authentication", "profile", "--username", "all"], {}),
            (["profile", "list"], {}), (["profile", "show", "P"], {}),
            (["profile", "edit", "P", "--timeout", "9"], {}), (["profile", "set-default", "P"], {}),
            (["profile", "set-password", "P"], password),
            (["mailbox", "import", path, "--dry-run"], {}), (["mailbox", "import", path], {}),
            (["mailbox", "add", "a@example.org"], {}), (["mailbox", "list"], {}),
            (["mailbox", "show", "a@example.org"], {}), (["mailbox", "show", "--all"], {}),
            (["mailbox", "edit", "a@example.org", "--owner", "x"], {}),
            (["mailbox", "edit", "--all", "--owner", "x"], {}),
            (["mailbox", "set-password", "a@example.org"], password),
            (["mailbox", "set-password", "--view", "all"], password),
            (["mailbox", "approve", "--all"], {}), (["mailbox", "reject", "--all"], {}),
            (["mailbox", "deactivate", "--all"], {}), (["mailbox", "activate", "--all"], {}),
            (["mailbox", "apply-defaults", "--all"], {}), (["mailbox", "sign-out", "--all"], {}),
            (["settings", "show"], {}), (["settings", "set", "retry-count=4"], {}),
            (["alert", "list"], {}), (["alert", "dismiss"], {}), (["run-due"], {}),
            (["environment", "list"], {}), (["environment", "add", "Q"], {}),
            (["environment", "rename", "Q", "R"], {}),
            (["environment", "remove", "R", "--yes"], {}),
            (["mailbox", "remove", "--all"], {}), (["profile", "remove", "P"], {})):
        result = run.run(*arguments, "--json", **options)
        try:
            result.json()
            results.equal(result.status, 0, "%s: JSON" % " ".join(arguments[:3]), result)
        except ValueError:
            results.ok(False, "%s: JSON" % " ".join(arguments[:3]), result)
    for arguments, words in (
            (["check", "pop3", "127.0.0.1:1", "--timeout", "0"], "1 to 100"),
            (["check", "pop3", "127.0.0.1:1", "--total-timeout", "0"], "1 to 3600"),
            (["check", "pop3", "127.0.0.1:1", "--timeout", "-1"], "1 to 100"),
            (["mailbox", "test", "--all", "--jobs", "0"], "1 to 1000"),
            (["mailbox", "test", "--all", "--jobs", "1001"], "1 to 1000"),
            (["run-due", "--jobs", "-3"], "1 to 1000"),
            (["mailbox", "show"], "No mailbox was chosen"),
            (["mailbox", "set-password", "nobody@example.org"], "nobody@example.org")):
        result = run.run(*arguments)
        results.ok(result.status == 2 and words in result.err, " ".join(arguments), result)
    results.equal(run.canary.found, [], "no password anywhere")


def check_password(results, run):
    """One password for all that were chosen; it is in the keyring, of each."""
    for name in "a", "b", "c":
        run.run("mailbox", "add", name + "@example.org")
    result = run.run("mailbox", "set-password", "a@example.org", "c@example.org",
                     password="Cn2-contract-5510")
    results.ok(result.status == 0 and "2 mailboxes" in result.out, "one password for two", result)
    results.equal(state(run, "address, password_set"),
                  [("a@example.org", 1), ("b@example.org", 0), ("c@example.org", 1)], "they have it")


def main():
    results = tap.Tap()
    with artefacts.folder(prefix="postroom-commands-") as folder:
        run = ctl.Ctl(sys.argv[1], os.path.join(folder, "data"), ctl.Canary())
        check_bar(results, run, folder, sys.argv[2] == "none")
        check_awkward(results, run.elsewhere("awkward"))
        check_ways(results, run, folder)
        check_edit(results, run.elsewhere("edit"))
        check_contract(results, run.elsewhere("contract"), folder)
        check_password(results, run.elsewhere("password"))
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
