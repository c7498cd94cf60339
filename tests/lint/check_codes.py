# SPDX-License-Identifier: GPL-3.0-or-later
"""Every diagnosis code is made by a test."""

import re

from check import Check, blank, line_of
from tree import Finding

CODES_H = "src/base/pr-code.h"
ROW = re.compile(r"^\s*X \((\w+), \"([a-z-]+)\"", re.M)
EXPECTED = re.compile(r"^expect:\s*([a-z-]+)", re.M)

# These name codes without making them: they print, list or look them up.
TELLERS = ("tests/unit/test-base.c", "tests/unit/test-answers.c", "tests/unit/test-diagnose.c",
           "tests/environment/test-sentences.c", "tests/servers/report_schema.py")


def made(tree):
    """The codes that a conversation must end with, or that a test compares a report with."""
    words = set()
    names = set()
    for path in tree.paths:
        if not path.startswith("tests/") or path in TELLERS or path.startswith("tests/lint/"):
            continue
        text = tree.text(path) if path.endswith((".txt", ".c", ".py")) else ""
        if path.endswith(".txt"):
            words |= set(EXPECTED.findall(text))
        elif path.endswith(".c"):
            names |= set(re.findall(r"\bPR_CODE_(\w+)", blank(text)))
        else:
            words |= set(re.findall(r'"([a-z-]+)"', text))
    return words, names


def check_made(tree):
    header = tree.text(CODES_H)
    codes = list(ROW.finditer(header))
    if not codes:
        yield Finding(CODES_H, 0, "no codes found: has the form of the table changed?")
    words, names = made(tree)
    for match in codes:
        if match[1] not in names and match[2] not in words:
            yield Finding(CODES_H, line_of(header, match.start()), f"no test makes “{match[2]}”")


HEADER = '  X (A_B, "a-b", PERMANENT, LOCAL)\n'
MADE = Check(
    "made-codes", "every diagnosis code is made by a test", check_made,
    bad=[{CODES_H: HEADER}, {CODES_H: ""},
         {CODES_H: HEADER, "tests/data/scripts/a.txt": "# a-b\nexpect: ok\n"},
         {CODES_H: HEADER, "tests/unit/test-a.c": "/* PR_CODE_A_B */\n"},
         {CODES_H: HEADER, "tests/unit/test-base.c": "PR_CODE_A_B;\n"}],
    good=[{CODES_H: HEADER, "tests/data/scripts/a.txt": "expect: a-b at greeting\n"},
          {CODES_H: HEADER, "tests/unit/test-a.c": "f (PR_CODE_A_B);\n"},
          {CODES_H: HEADER, "tests/servers/a.py": 'f("a-b")\n'}])

CHECKS = [MADE]
