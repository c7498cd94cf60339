# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for documents: what is referred to exists."""

import os
import re

from check import Check
from tree import Finding

NAMED = re.compile(r"\bdocs/[\w./-]+\.(?:md|png|svg|jpg)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)|\bsrc=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
THREAT = re.compile(r"\bthreats? (X\d\d)\b")
RULES = re.compile(r"\b([PSTAMODX]\d\d)\b")
DEFINED = re.compile(r"^\|\s*([PSTAMODX]\d\d)\s*\|", re.M)


def is_text(path):
    return path.endswith((".c", ".h", ".md", ".build", ".py", ".sql", ".ui", ".in")) \
        or "." not in path.rsplit("/", 1)[-1]


def check_documents(tree):
    have = set(tree.paths)
    for path in tree.paths:
        if path.startswith("tests/lint/") or not is_text(path):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            for name in NAMED.findall(line):
                if name not in have:
                    yield Finding(path, number, f"“{name}” does not exist")
        if not path.endswith(".md"):
            continue
        text = FENCE.sub(lambda m: "\n" * m[0].count("\n"), tree.text(path))
        for number, line in enumerate(text.split("\n"), 1):
            for pair in LINK.findall(line):
                target = pair[0] or pair[1]
                if re.match(r"[a-z]+:", target):
                    continue
                full = os.path.normpath(os.path.join(os.path.dirname(path), target)).rstrip("/")
                if full not in have and not any(p.startswith(full + "/") for p in have):
                    yield Finding(path, number, f"links to “{target}”, which does not exist")


DOCUMENTS = Check(
    "documents", "every document, picture and link that is referred to exists", check_documents,
    bad=[{"src/a.c": "/* docs/gone.md */\n"}, {"README.md": "[a](docs/gone.md)\n"},
         {"README.md": "![a](docs/pictures/gone.png)\n"}, {"docs/a.md": "[b](b.md)\n"}],
    good=[{"src/a.c": "/* docs/a.md */\n", "docs/a.md": "[b](b.md#x), [c](../src), <https://x>\n",
           "docs/b.md": "```\n[x](y)\n```\n[w](https://example.org/)\n"}])


def check_rules(tree):
    """Rules and threats that code and conversations cite are in docs/protocols.md and
    docs/security.md."""
    known = set()
    for path in ("docs/protocols.md", "docs/security.md"):
        if path in tree.paths:
            known |= set(DEFINED.findall(tree.text(path)))
    for path in tree.paths:
        if path.startswith("tests/lint/") or not path.startswith(("src/", "tests/")):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            cited = THREAT.findall(line)
            if path.endswith(".txt"):
                cited += RULES.findall(line) if line.startswith("cites:") else []
            elif re.search(r"\brules? ", line):
                cited += RULES.findall(line)
            for name in cited:
                if name not in known:
                    yield Finding(path, number, f"{name} is explained nowhere")


RULES_CHECK = Check(
    "rules", "every rule and threat that is cited is explained", check_rules,
    bad=[{"src/a.c": "/* rule P09 */\n", "docs/protocols.md": "| P01 | x |\n"},
         {"src/a.c": "/* (threat X13) */\n", "docs/security.md": "| X01 | x |\n"},
         {"tests/data/scripts/a.txt": "cites: P01 T10\n", "docs/protocols.md": "| P01 | x |\n"}],
    good=[{"src/a.c": "/* rules P01 and X13 (threat X13) */\n", "docs/protocols.md": "| P01 | x |\n",
           "docs/security.md": "| X13 | x |\n", "tests/data/scripts/a.txt": "cites: P01\n"}])

# A command without a word about it might as well not exist.
COMMAND = re.compile(r'^  \{ "([a-z-]+)",(?:\s*"[^"]*",)?\s*N_ \("', re.M)
TABLE = re.compile(r"(?:static )?const PrCtl(?:Command|Topic) (\w+)\[\] = \{(.*?)^\};", re.M | re.S)


def commands(tree):
    """(path, "mailbox add") for each command in the tables of src/ctl."""
    for path in tree.glob("src/ctl/", ".c"):
        for table in TABLE.finditer(tree.text(path)):
            topic = re.fullmatch(r"pr_ctl_(\w+)_commands", table[1])
            for name in COMMAND.findall(table[2]):
                yield path, f"{topic[1].replace('_', '-')} {name}" if topic else name


def check_commands(tree):
    text = tree.text("docs/command-line.md")
    found = list(commands(tree))
    if not found:
        yield Finding("src/ctl", 0, "no commands found: has the form of their tables changed?")
    for path, name in found:
        if not re.search(rf"postroomctl {name}\b", text):
            yield Finding(path, 0, f"docs/command-line.md has no “postroomctl {name}”")


SOME_COMMANDS = ('const PrCtlCommand pr_ctl_mailbox_commands[] = {\n'
                 '  { "add", "ADDRESS", N_ ("Add one"), run },\n  { NULL },\n};\n')
COMMANDS = Check(
    "commands", "every command is in docs/command-line.md", check_commands,
    bad=[{"src/ctl/a.c": SOME_COMMANDS, "docs/command-line.md": "postroomctl mailbox list\n"},
         {"src/ctl/a.c": "", "docs/command-line.md": ""}],
    good=[{"src/ctl/a.c": SOME_COMMANDS, "docs/command-line.md": "postroomctl mailbox add\n"}])

SUITE = re.compile(r"^\s*suite: *'([a-z-]+)'", re.M)
SUITE_ROW = re.compile(r"^\| `([a-z-]+)` \|", re.M)


def check_suites(tree):
    """Each suite has its row in docs/testing.md, and is named by tools/test."""
    documented = set(SUITE_ROW.findall(tree.text("docs/testing.md")))
    for path in [p for p in tree.glob("tests/") if p.endswith("/meson.build")]:
        for name in SUITE.findall(tree.text(path)):
            if name not in documented:
                yield Finding(path, 0, f"docs/testing.md has no row for the suite “{name}”")
            if not re.search(rf"\b{name}\b", tree.text("tools/test")):
                yield Finding(path, 0, f"the help of tools/test does not name the suite “{name}”")


SUITES = Check(
    "suites", "every test suite is in docs/testing.md and the help of tools/test", check_suites,
    bad=[{"tests/a/meson.build": "  suite: 'a',\n", "docs/testing.md": "", "tools/test": "a"},
         {"tests/a/meson.build": "  suite: 'a',\n", "docs/testing.md": "| `a` | x |\n",
          "tools/test": ""}],
    good=[{"tests/a/meson.build": "  suite: 'a',\n", "docs/testing.md": "| `a` | x |\n",
           "tools/test": "a b"}])

CHECKS = [DOCUMENTS, RULES_CHECK, COMMANDS, SUITES]
