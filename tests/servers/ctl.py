# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs postroomctl, and sees to it that no secret shows anywhere it should not."""
import base64
import json
import os
import subprocess
import time
import urllib.parse

import artefacts


class DuplicateKey(Exception):
    pass


def parse_json(text):
    """Strict: a key that occurs twice in an object is an error."""
    def pairs(items):
        found = dict(items)
        if len(found) != len(items):
            raise DuplicateKey([key for key, _ in items])
        return found
    return json.loads(text, object_pairs_hook=pairs)


class Result:
    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    def json(self):
        return parse_json(self.out)

    def __str__(self):
        return "postroomctl %s\nexit status %d\n%s%s" % (" ".join(self.arguments), self.status,
                                                         self.out, self.err)


def forms(secret):
    """The ways in which a secret might be written down."""
    data = secret.encode()
    made = {data, data.hex().encode(), data.hex().upper().encode(),
            urllib.parse.quote(secret, safe="").encode(), urllib.parse.quote_plus(secret).encode(),
            json.dumps(secret)[1:-1].encode()}
    # In base 64 also where it stands behind one or two other bytes, as in AUTH PLAIN.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data)
        begin = (shift * 8 + 5) // 6
        made.add(coded[begin:(shift + len(data)) * 8 // 6])
    return made


class Canary:
    """The secrets that were used, and where they were looked for."""

    def __init__(self):
        self.secrets = {}
        self.found = []
        self.n_looked = 0

    def add(self, secret):
        if secret not in self.secrets:
            self.secrets[secret] = forms(secret)
            artefacts.keep_secret(secret)

    def look(self, where, data):
        self.n_looked += len(data)
        for secret, written in self.secrets.items():
            for form in written:
                if form in data:
                    self.found.append("a password of %d characters in %s" % (len(secret), where))

    def look_in_folder(self, folder):
        names = []
        for path, _, files in os.walk(folder):
            for name in files:
                with open(os.path.join(path, name), "rb") as f:
                    self.look(os.path.join(path, name), f.read())
                names.append(name)
        return names


class Ctl:
    """postroomctl with a data folder of its own."""

    def __init__(self, program, data_dir, canary):
        self.program, self.data_dir, self.canary = program, data_dir, canary
        self.n_unseen = 0

    def elsewhere(self, name):
        """The same with another data folder."""
        return Ctl(self.program, os.path.join(self.data_dir, "..", name), self.canary)

    def run(self, *arguments, password=None, timeout=60):
        """Run it; `password` goes to its standard input."""
        arguments = [str(argument) for argument in arguments]
        environment = dict(os.environ, POSTROOM_DATA_DIR=self.data_dir, LANG="C.UTF-8",
                           LANGUAGE="C")
        if password is not None:
            self.canary.add(password)
            arguments.append("--password-stdin")
        child = subprocess.Popen([self.program] + arguments, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        try:
            shown = self.look_at_process(child.pid) if password is not None else b""
            out, err = child.communicate((password or "").encode() + b"\n", timeout=timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            err += b"(killed: it ran for more than %d s)\n" % timeout
        if password is not None and self.program.encode() not in shown:
            self.n_unseen += 1
        what = "of postroomctl " + " ".join(arguments)
        self.canary.look("the arguments or the environment " + what, shown)
        self.canary.look("the output " + what, out + err)
        artefacts.keep_text("postroomctl", out + err)
        return Result(arguments, child.returncode, out.decode(), err.decode())

    def look_at_process(self, pid):
        """What others see while it waits for the password: arguments and environment."""
        deadline = time.monotonic() + 5
        while True:
            shown = b""
            for name in "cmdline", "environ":
                with open("/proc/%d/%s" % (pid, name), "rb") as f:
                    shown += f.read()
            # Not there yet while the kernel sets the program up.
            if self.program.encode() in shown or time.monotonic() > deadline:
                return shown

    def check(self, protocol, host, port, *arguments, user=None, password=None, ca=None):
        """`postroomctl check ... --json`."""
        arguments = ["check", protocol, "%s:%d" % (host, port), "--json"] + list(arguments)
        if user is not None:
            arguments += ["--username", user]
        if ca is not None:
            arguments += ["--ca-file", ca]
        return self.run(*arguments, password=password)
