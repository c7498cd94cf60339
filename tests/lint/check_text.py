# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for every text file: licence, blanks, paths, what was left open, weight."""

import re

from check import Check
from tree import Finding

SPDX = "SPDX-License-" + "Identifier: GPL-3.0-or-later"
MAX_BYTES = 1024 * 1024


def is_source(tree, path):
    if path.endswith((".c", ".h", ".py", ".sh", ".sql", ".css", ".ui", ".supp", ".mjs", ".js")):
        return path != "tests/lsan.supp"
    return "." not in path.rsplit("/", 1)[-1] and tree.text(path).startswith("#!")


def check_licence(tree):
    for path in tree.paths:
        if is_source(tree, path) and tree.text(path).strip():
            if not any(SPDX in line for line in tree.lines(path)[:5]):
                yield Finding(path, 1, f"the first lines lack “{SPDX}”")


LICENCE = Check(
    "licence", "every source and script says its licence", check_licence,
    bad=[{"src/base/pr-a.c": "int a;\n"}, {"tools/x": "#!/bin/bash\n"},
         {"data/ui/a.ui": "<interface/>\n"},
         {"a.py": "# SPDX-License-" + "Identifier: MIT\n"}],
    good=[{"src/base/pr-a.c": f"/* {SPDX} */\n"}, {"README.md": "text\n"},
          {"tools/x": f"#!/bin/bash\n# {SPDX}\n"}])


def check_blanks(tree):
    for path in tree.paths:
        text = tree.text(path)
        # In conversations on paper the blanks are part of what is said.
        if not text or path.startswith("tests/data/") and path.endswith(".txt"):
            continue
        if "\r" in text:
            yield Finding(path, 0, "has carriage returns")
        if not text.endswith("\n"):
            yield Finding(path, 0, "does not end with a newline")
        indents = path.endswith((".c", ".h", ".py", ".build", ".ui", ".css"))
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip(" \t\r") and not path.endswith((".md", ".patch")):
                yield Finding(path, number, "blanks at the end of the line")
            if indents and "\t" in line:
                yield Finding(path, number, "a tab")


BLANKS = Check(
    "blanks", "no tabs, no blanks at the end, a newline at the end", check_blanks,
    bad=[{"src/a.c": "int a; \n"}, {"src/a.c": "\tint a;\n"}, {"src/a.c": "int a;"},
         {"a.sh": "x\r\n"}],
    good=[{"src/a.c": "  int a;\n"}, {"tests/data/scripts/a.txt": "S: x \n"}])

PLACES = re.compile(r"(?<![\w.~$}/-])/(?:work|home|root|tmp|farm|Users|build)/[\w.-]|"
                    r"\.\./shared\b|(?<![\w.])~/[a-z]+/[a-z]+/[a-z]+")
# Tests may name a folder for a moment, where mktemp makes it.
PLACES_MADE = re.compile(r"mktemp|g_dir_make_tmp|mkdtemp|TMPDIR:-")


def check_places(tree):
    for path in tree.paths:
        for number, line in enumerate(tree.lines(path), 1):
            found = PLACES.search(line)
            if found and not PLACES_MADE.search(line):
                yield Finding(path, number, f"names a place on one computer: {found[0]}…")


PLACES_CHECK = Check(
    "places", "no paths of one computer", check_places,
    bad=[{"docs/a.md": f"see {'/'}work/x\n"}, {"tools/x": f"cd {'/'}home/me/x\n"},
         {"tests/a.py": f'open("{"/"}tmp/x")\n'}, {"a.md": f"cp {'..'}/shared/x .\n"}],
    good=[{"tests/a.sh": f"d=$(mktemp -d {'/'}tmp/x.XXXXXX)\n"}, {"a.md": "a/home/b, $HOME/x\n"},
          {"a.c": '"%s/work/" '}])

OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|\bnot implemented\b|\bstub\b", re.I)


def check_open(tree):
    for path in tree.paths:
        if not path.startswith(("src/", "data/", "tools/")):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if OPEN.search(line):
                yield Finding(path, number, "something was left open")


OPEN_CHECK = Check(
    "left-open", "nothing is marked as still to be done in src, data and tools", check_open,
    bad=[{"src/a.c": "/* TO" + "DO: more */\n"}, {"data/a": "FIX" + "ME\n"}],
    good=[{"src/a.c": "/* methods, todos */\n"}])


def check_weight(tree):
    for path in tree.paths:
        size = len(tree.data(path))
        if size > MAX_BYTES:
            yield Finding(path, 0, f"{size} bytes, more than {MAX_BYTES}")


WEIGHT = Check("weight", "no file larger than 1 MB", check_weight,
               bad=[{"data/a.bin": b"x" * (MAX_BYTES + 1)}], good=[{"data/a.bin": b"x"}])

NEEDED = re.compile(r"\bdependency\('([^']+)'((?:[^)']|'[^']*')*)\)")
# gio-unix-2.0 brings these along.
BROUGHT = {"glib-2.0", "gobject-2.0", "gio-2.0"}


def check_packages(tree):
    """What meson needs is what tools/packages installs."""
    rows = [line.split() for line in tree.lines("tools/packages") if not line.startswith("#")]
    rows = [row for row in rows if row]
    for row in rows:
        if len(row) < 6 or row[0] not in ("build", "window", "test", "flatpak"):
            yield Finding("tools/packages", 0, f"is no row of it: {' '.join(row)}")
    modules = {row[2] for row in rows if row[0] == "build" and len(row) > 2}
    for path in [p for p in tree.paths if p.rsplit("/", 1)[-1] == "meson.build"]:
        for name, options in NEEDED.findall(tree.text(path)):
            if "required: false" in options or name in BROUGHT:
                continue
            if name not in modules:
                yield Finding(path, 0, f"needs “{name}”, which tools/packages does not install")


PACKAGE = "build  liba-dev  liba-1  a-devel  a  for a\n"
PACKAGES = Check(
    "packages", "what meson needs is in tools/packages", check_packages,
    bad=[{"meson.build": "dependency('liba-1', version: '>= 2')\n", "tools/packages": "# none\n"},
         {"meson.build": "", "tools/packages": "build  liba-dev\n"},
         {"meson.build": "", "tools/packages": PACKAGE.replace("build", "other")}],
    good=[{"meson.build": "dependency('liba-1')\ndependency('b', required: false)\n",
           "tools/packages": PACKAGE}])

CHECKS = [PACKAGES, LICENCE, BLANKS, PLACES_CHECK, OPEN_CHECK, WEIGHT]
