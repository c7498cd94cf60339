# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for words: what can be translated is listed, every diagnosis has its sentences."""

import re

from check import Check, blank, line_of
from tree import Finding

MARKED = re.compile(r"\b(?:_|N_|C_|NC_|Q_|ngettext|dngettext|g_dngettext|dpgettext)\s*\(\s*\"")


def has_words(tree, path):
    if path.startswith("src/") and path.endswith((".c", ".h")):
        return bool(MARKED.search(blank(tree.text(path), strings=False)))
    if path.startswith("data/") and path.endswith(".ui"):
        return 'translatable="yes"' in tree.text(path) or 'translatable="true"' in tree.text(path)
    return path.startswith("data/") and path.endswith((".desktop.in", ".metainfo.xml.in",
                                                       ".gschema.xml"))


def check_potfiles(tree):
    listed = [line for line in tree.lines("po/POTFILES") if line and not line.startswith("#")]
    for path in tree.paths:
        if has_words(tree, path) and path not in listed:
            yield Finding(path, 0, "has words to translate, and is not in po/POTFILES")
    for path in listed:
        if path not in tree.paths:
            yield Finding("po/POTFILES", 0, f"{path} does not exist")
        elif not has_words(tree, path):
            yield Finding("po/POTFILES", 0, f"{path} has nothing to translate")
    if listed != sorted(set(listed)):
        yield Finding("po/POTFILES", 0, "is not sorted, or names a file twice")
    languages = " ".join(line.split("#")[0] for line in tree.lines("po/LINGUAS")).split()
    have = [p[3:-3] for p in tree.glob("po/", ".po")]
    for name in sorted(set(languages) ^ set(have)):
        yield Finding("po/LINGUAS", 0, f"“{name}” is either only here, or only a file")


WORDS = '_ ("words")\n'
POTFILES = Check(
    "potfiles", "every file with words to translate is in po/POTFILES", check_potfiles,
    bad=[{"src/a.c": WORDS, "po/POTFILES": "", "po/LINGUAS": ""},
         {"data/ui/a.ui": '<p translatable="yes">a</p>', "po/POTFILES": "", "po/LINGUAS": ""},
         {"po/POTFILES": "src/gone.c\n", "po/LINGUAS": ""},
         {"src/a.c": WORDS, "src/b.c": WORDS, "po/POTFILES": "src/b.c\nsrc/a.c\n",
          "po/LINGUAS": ""},
         {"src/a.c": "f ();\n", "po/POTFILES": "src/a.c\n", "po/LINGUAS": ""},
         {"po/POTFILES": "", "po/LINGUAS": "de\n"}],
    good=[{"src/a.c": WORDS, "src/b.c": "/* _ (\"a\") */\n", "po/POTFILES": "src/a.c\n",
           "po/LINGUAS": "# none yet\nde\n", "po/de.po": ""}])

CODES_H = "src/base/pr-code.h"
SENTENCES_C = "src/environment/pr-report-sentences.c"
CODES_MD = "docs/codes.md"
ROW = re.compile(r"^\s*X \((\w+), \"([a-z-]+)\", (\w+), (\w+)\)", re.M)
PAIR = re.compile(r'SENTENCE \(\s*(\w+),\s*((?:N_ \((?:\s*"(?:[^"\\]|\\.)*")+\)|NULL|""))\s*,'
                  r'\s*((?:N_ \((?:\s*"(?:[^"\\]|\\.)*")+\)|NULL|""))\s*\)')
SILENT = {"OK", "CANCELLED"}  # no sentence of their own is needed for what to do


def said(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).strip()


def table_rows(tree):
    """Rows "| `word` | permanence | scope | …" of docs/codes.md."""
    rows = {}
    for number, line in enumerate(tree.lines(CODES_MD), 1):
        match = re.match(r"\|\s*`([a-z-]+)`\s*\|\s*([^|]*?)\s*\|\s*([^|]*?)\s*\|\s*(.+?)\s*\|", line)
        if match:
            rows[match[1]] = (number, match[2].lower(), match[3].lower())
    return rows


def check_codes(tree):
    header = tree.text(CODES_H)
    pairs = {m[1]: m for m in PAIR.finditer(tree.text(SENTENCES_C))}
    documented = table_rows(tree)
    codes = list(ROW.finditer(header))
    if not codes:
        yield Finding(CODES_H, 0, "no codes found: has the form of the table changed?")
    for match in codes:
        name, word, permanence, scope = match.groups()
        line = line_of(header, match.start())
        pair = pairs.get(name)
        if pair is None or not said(pair[2]) or not (said(pair[3]) or name in SILENT):
            yield Finding(CODES_H, line, f"“{word}” lacks its sentence or remedy in {SENTENCES_C}")
        if word not in documented:
            yield Finding(CODES_H, line, f"“{word}” is not in {CODES_MD}")
            continue
        number, said_permanence, said_scope = documented[word]
        for want, have in ((permanence.lower(), said_permanence), (scope.lower(), said_scope)):
            if have.replace("–", "none") != want:
                yield Finding(CODES_MD, number, f"“{word}” is “{want}” in the code, not “{have}”")
    for word in sorted(set(documented) - {m[2] for m in codes}):
        yield Finding(CODES_MD, documented[word][0], f"there is no code “{word}”")


def codes_sample(row='  X (A_B, "a-b", PERMANENT, LOCAL)',
                 pair='  SENTENCE (A_B, N_ ("It is " "so."), N_ ("Do.")),',
                 doc="| `a-b` | permanent | local | when |"):
    return {CODES_H: row + "\n", SENTENCES_C: pair + "\n", CODES_MD: doc + "\n"}


CODES = Check(
    "codes", "every diagnosis code has its sentence, its remedy and its row in docs/codes.md",
    check_codes,
    bad=[codes_sample(row=""), codes_sample(pair=""), codes_sample(doc=""),
         codes_sample(pair='  SENTENCE (A_B, N_ ("It is so."), N_ ("")),'),
         codes_sample(pair='  SENTENCE (A_B, N_ ("It is so."), NULL),'),
         codes_sample(doc="| `a-b` | transient | local | when |"),
         codes_sample(doc="| `a-b` | permanent | profile | when |"),
         codes_sample(doc="| `a-b` | permanent | local | when |\n| `b-c` | none | none | x |")],
    good=[codes_sample()])

CHECKS = [POTFILES, CODES]
