#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret of the tests is to be found in anything they left behind.

canary.py watch FOLDER         looks at the arguments and the environment of processes until it is
                               told to end (SIGTERM)
canary.py check [--all] FOLDER LOG...
                               looks through FOLDER/kept, the logs, and what "watch" found;
                               --all: everything that there is to look at must be there
canary.py self-test            whether it would find each secret in each form, and nothing else

FOLDER is what POSTROOM_TEST_ARTEFACTS named while the tests ran: they keep their folders in "kept"
and add secrets they come upon to "secrets". Prints results in the Test Anything Protocol.
"""
import base64
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "servers"))

import ctl  # noqa: E402
import tap  # noqa: E402

# What is meant to hold a secret, or not ours.
MEANT = (
    (r"\.keyring$", "the keyring of a session, which is where secrets belong"),
    (r"/(kills|watched|scale)\.csv$", "a list that a test imports, with passwords"),
    (r"/postroom-ui-[^/]+/key\.json$", "a service account's key file, which a test gives to the window"),
)
SHORT = 6     # characters: a shorter one would be found by chance
INTERVAL = 0.02  # seconds


def read_secrets(folder):
    """{secret: where it is from}"""
    secrets = {}
    with open(os.path.join(HERE, "secrets.txt"), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#") and line.strip():
                secrets[line.rstrip("\n")] = "secrets.txt"
    added = os.path.join(folder, "secrets") if folder else None
    for name in sorted(os.listdir(added)) if added and os.path.isdir(added) else ():
        with open(os.path.join(added, name), "rb") as f:
            secret = base64.b64decode(f.read()).decode()
        if len(secret) >= SHORT:
            secrets.setdefault(secret, "a test")
    return secrets


def read_forms(secrets):
    """{bytes: secret}, without forms so short that they mean nothing."""
    forms = {}
    for secret in secrets:
        for form in ctl.forms(secret):
            # As it is; base 64 for addresses; and %xx in small letters.
            for written in (form, form.translate(bytes.maketrans(b"+/", b"-_")),
                            re.sub(b"%[0-9A-F]{2}", lambda found: found[0].lower(), form)):
                if len(written) >= SHORT:
                    forms[written] = secret
    return forms


def is_meant(path):
    return any(re.search(pattern, path) for pattern, _ in MEANT)


def describe(secret):
    """Which one it is, without saying it where it would be found again."""
    return "“%s…” (%d characters)" % (secret[:3], len(secret))


def scan_files(paths, forms):
    """[(path, secret)]: grep has the right algorithm for many words in much text."""
    found = []
    with tempfile.NamedTemporaryFile(prefix="canary-") as patterns:
        patterns.write(b"\n".join(forms) + b"\n")
        patterns.flush()
        for start in range(0, len(paths), 500):
            done = subprocess.run(["grep", "-F", "-a", "-l", "-Z", "-f", patterns.name, "--"]
                                  + paths[start:start + 500], stdout=subprocess.PIPE,
                                  env=dict(os.environ, LC_ALL="C"), timeout=280, check=False)
            if done.returncode > 1:
                raise RuntimeError("grep failed")
            found += [path.decode() for path in done.stdout.split(b"\0") if path]
    hits = []
    for path in found:
        with open(path, "rb") as f:
            data = f.read()
        hits += sorted({(path, secret) for form, secret in forms.items() if form in data})
    return hits


def list_files(folder):
    paths = []
    for parent, _, names in os.walk(folder):
        paths += [os.path.join(parent, name) for name in names]
    return [path for path in paths if os.path.isfile(path) and not os.path.islink(path)]


# --- Processes ------------------------------------------------------------------------------------

def read_process(pid, name):
    try:
        with open("/proc/%s/%s" % (pid, name), "rb") as f:
            return f.read()
    except OSError:
        return b""


def watch(folder):
    """Writes arguments and environments, each once, so that they can be looked through when all
    secrets are known. The environment only of our own programs; a test may hand one to another."""
    ended = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))
    mark = ("POSTROOM_TEST_ARTEFACTS=" + folder).encode()
    seen, known = set(), {}
    with open(os.path.join(folder, "processes"), "wb") as out:
        while not ended:
            alive = [pid for pid in os.listdir("/proc") if pid.isdigit()]
            for pid in alive:
                arguments = read_process(pid, "cmdline")
                # A process has its own arguments only after exec.
                if not arguments or known.get(pid) == arguments:
                    continue
                known[pid] = arguments
                environment = read_process(pid, "environ")
                if mark not in environment or int(pid) == os.getpid():
                    continue
                text = arguments
                if os.path.basename(arguments.split(b"\0")[0]).startswith(b"postroom"):
                    text += environment
                if text not in seen:
                    seen.add(text)
                    out.write(text + b"\n")
            known = {pid: known[pid] for pid in alive if pid in known}
            out.flush()
            time.sleep(INTERVAL)


# --- Check ----------------------------------------------------------------------------------------

def check(results, is_all, folder, logs):
    secrets = read_secrets(folder)
    forms = read_forms(secrets)
    files = list_files(os.path.join(folder, "kept"))
    looked = [path for path in files if not is_meant(path)]
    hits = scan_files(looked + logs, forms)
    results.ok(not hits, "no secret in what the tests left behind or said",
               *["%s in %s" % (describe(secret), os.path.relpath(path, folder))
                 for path, secret in hits[:40]])
    processes = os.path.join(folder, "processes")
    hits = scan_files([processes], forms)
    results.ok(not hits, "no secret in the arguments or the environment of a process",
               *[describe(secret) for _, secret in hits[:40]])
    with open(processes, "rb") as f:
        n_seen = f.read().count(b"postroomctl")
    results.note("%d secrets in %d forms, %d files, %d left out, %d logs, postroomctl seen %d times"
                 % (len(secrets), len(forms), len(looked), len(files) - len(looked), len(logs),
                    n_seen))
    if not is_all:
        return
    # It looked at something: databases, a log of one, and our processes.
    names = {os.path.basename(path) for path in looked}
    for name in "postroom.db", "postroom.db-wal":
        results.ok(name in names, "there was a %s to look at" % name)
    results.ok(n_seen > 0, "processes were seen")
    results.ok(any(source == "a test" for source in secrets.values()), "tests added secrets")


def self_test(results):
    """Each secret in each form, in the middle of something; and what is no secret."""
    secrets = read_secrets(None)
    forms = read_forms(secrets)
    results.ok(len(secrets) >= 15, "there are secrets", len(secrets))
    results.equal(sorted({secret for secret in forms.values()}), sorted(secrets),
                  "each has a form to look for")
    with tempfile.TemporaryDirectory(prefix="postroom-canary-") as folder:
        planted = {}
        for i, (form, secret) in enumerate(forms.items()):
            path = os.path.join(folder, "%05d" % i)
            with open(path, "wb") as f:
                f.write(os.urandom(50) + b"\0\n" + form + b"\n\0" + os.urandom(50))
            planted[path] = secret
        found = scan_files(sorted(planted), forms)
        for path, secret in planted.items():
            if (path, secret) not in found:
                results.ok(False, "a form is not found", describe(secret))
        results.ok(len(found) >= len(planted), "each is found in each form, %d in all" % len(planted))
        for secret in secrets:
            plain = os.path.join(folder, "plain")
            for prefix in b"", b"\0user@example.org\0", b"x", b"xy":
                for text in (prefix + secret.encode(), base64.b64encode(prefix + secret.encode()),
                             (prefix + secret.encode()).hex().encode()):
                    with open(plain, "wb") as f:
                        f.write(text)
                    if not scan_files([plain], forms):
                        results.ok(False, "not found behind something else", describe(secret))
        with open(plain, "wb") as f:
            f.write(b"a password, a token, pw-1, user00001@example.test\n" * 100)
        results.equal(scan_files([plain], forms), [], "what is no secret is none")
    for path, expected in (("/x/login.keyring", True), ("/x/kills.csv", True),
                           ("/x/postroom.db", False), ("/x/export.csv", False)):
        results.equal(is_meant(path), expected, "%s is meant to hold secrets: %s" % (path, expected))


def main():
    if sys.argv[1:2] == ["watch"]:
        watch(sys.argv[2])
        return 0
    results = tap.Tap()
    if sys.argv[1:2] == ["check"]:
        is_all = sys.argv[2] == "--all"
        folder, *logs = sys.argv[3 if is_all else 2:]
        check(results, is_all, folder, logs)
    elif sys.argv[1:] == ["self-test"]:
        self_test(results)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
