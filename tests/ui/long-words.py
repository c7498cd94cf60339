#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""long-words.py FOLDER: a translation of Postroom whose words are as long as German ones, to see
whether everything has room: FOLDER/xx/LC_MESSAGES/postroom.mo. Needs xgettext and msgfmt."""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ACCENTS = str.maketrans("aouAOUs", "äöüÄÖÜß")
# What must stay: printf and sentence gaps, markup, escapes, mnemonics.
KEEP = re.compile(r"(%%|%[-+ #0]*\d*(?:\.\d+)?[hlz]*[a-zA-Z]|\{[a-z]+\}|<[^>]*>|&\w+;|\\.|_)")


def stretch(text):
    """About 40 % more letters, without touching what is no word."""
    parts = KEEP.split(text)
    out = []
    for i, part in enumerate(parts):
        if i % 2:
            out.append(part)
            continue
        out.append(re.sub(r"[A-Za-z]{4,}", lambda m: m[0].translate(ACCENTS)
                          + m[0][-max(2, len(m[0]) * 2 // 5):].lower(), part))
    return "".join(out)


def translate(po):
    """Fills every msgstr of a template."""
    entries = re.split(r"\n\n", po)
    for n, entry in enumerate(entries):
        if n == 0:
            entries[n] = re.sub(r"charset=CHARSET", "charset=UTF-8", entry).replace(
                "nplurals=INTEGER; plural=EXPRESSION;", "nplurals=2; plural=(n != 1);").replace(
                "#, fuzzy\n", "")
            continue
        found = {key: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block))
                 for key, block in re.findall(
                     r'^(msgid_plural|msgid) ((?:"(?:[^"\\]|\\.)*"\n?)+)', entry, re.M)}
        if "msgid" not in found or not found["msgid"]:
            continue
        one = stretch(found["msgid"])
        if "msgid_plural" in found:
            text = f'msgstr[0] "{one}"\nmsgstr[1] "{stretch(found["msgid_plural"])}"'
        else:
            text = f'msgstr "{one}"'
        entries[n] = re.sub(r"^msgstr(\[\d\])? .*\Z", lambda m: text, entry, flags=re.M | re.S)
    return "\n\n".join(entries)


def main():
    folder = os.path.join(sys.argv[1], "xx", "LC_MESSAGES")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(ROOT, "po", "POTFILES"), encoding="utf-8") as file:
        names = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    po = subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
         "--keyword=NC_:1c,2", "--keyword=ngettext:1,2", "--keyword=g_dngettext:2,3", "-o", "-",
         *names],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    subprocess.run(["msgfmt", "-o", os.path.join(folder, "postroom.mo"), "-"],
                   input=translate(po), check=True, text=True)


if __name__ == "__main__":
    main()
