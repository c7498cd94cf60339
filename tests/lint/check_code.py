# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for C: layers, calls that are not made, sizes, what is built."""

import re

from check import Check, blank, line_of
from tree import Finding

# --- layers ---------------------------------------------------------------------------------------

# docs/architecture.md: each room sees the headers of these rooms, and its own.
BELOW_ENVIRONMENT = {"base", "mail", "practice", "model", "store", "keyring", "oauth", "discovery",
                     "engine", "sync"}
ROOMS = {
    "base": set(),
    "mail": {"base"},
    "practice": {"base"},
    "model": {"base"},
    "store": {"base", "model"},
    "keyring": {"base"},
    "oauth": {"base"},
    "discovery": {"base"},
    "engine": {"base", "mail", "model"},
    "sync": {"base", "mail", "model"},
    "environment": BELOW_ENVIRONMENT,
    "ctl": BELOW_ENVIRONMENT | {"environment"},
    "app": BELOW_ENVIRONMENT | {"environment"},
}

# Libraries that belong to a few rooms only.
LIBRARIES = {
    "gtk/": {"app"},
    "gdk/": {"app"},
    "adwaita.h": {"app"},
    "libsecret/": {"keyring"},
    "sqlite3.h": {"store"},
    "gnutls/": {"mail", "practice", "oauth"},
    "gsasl.h": {"mail", "practice"},
    "libsoup/": {"oauth", "discovery"},
    "json-glib/": {"environment", "oauth", "discovery", "ctl", "app"},
    "gmime/": {"sync"},
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def check_layers(tree):
    home = {p.rsplit("/", 1)[1]: room_of(p) for p in tree.glob("src/", ".h")}
    for path in tree.sources():
        room = room_of(path)
        if room not in ROOMS:
            yield Finding(path, 0, f"there is no room “{room}” in docs/architecture.md")
            continue
        text = blank(tree.text(path), strings=False)
        for match in INCLUDE.finditer(text):
            line, name = line_of(text, match.start()), match[2]
            if match[1] == '"':
                owner = home.get(name)
                if owner is None:
                    if name != "config.h" and not name.endswith("-resources.h"):
                        yield Finding(path, line, f"no room has “{name}”")
                elif owner != room and owner not in ROOMS[room]:
                    yield Finding(path, line, f"{room} must not see {owner} (“{name}”)")
            for library, rooms in LIBRARIES.items():
                if match[1] == "<" and name.startswith(library) and room not in rooms:
                    yield Finding(path, line, f"{room} must not use <{name}>")


LAYERS = Check(
    "layers", "each room includes only headers of the rooms below it", check_layers,
    bad=[
        {"src/base/pr-a.c": '#include "pr-m.h"\n', "src/mail/pr-m.h": ""},
        {"src/mail/pr-a.c": '#include "pr-s.h"\n', "src/store/pr-s.h": ""},
        {"src/engine/pr-a.c": '  #  include  "pr-s.h"\n', "src/store/pr-s.h": ""},
        {"src/environment/pr-a.c": '#include "pr-window.h"\n', "src/app/pr-window.h": ""},
        {"src/ctl/pr-a.c": "#include <gtk/gtk.h>\n"},
        {"src/mail/pr-a.c": "#include <sqlite3.h>\n"},
        {"src/model/pr-a.c": '#include "pr-nowhere.h"\n'},
        {"src/attic/pr-a.c": "\n"},
    ],
    good=[
        {"src/engine/pr-a.c": '#include "pr-m.h"\n#include <glib.h>\n', "src/mail/pr-m.h": ""},
        {"src/app/pr-a.c": '#include <gtk/gtk.h>\n#include "config.h"\n'},
        {"src/base/pr-a.c": '/* #include "pr-m.h" */\n', "src/mail/pr-m.h": ""},
    ])

# --- banned ---------------------------------------------------------------------------------------

BANNED = [
    (r"\b(?:strcpy|strcat|sprintf|vsprintf|gets|strncpy|strncat)\s*\(", "has no bound: use GLib’s"),
    (r"\b(?:strtok|tmpnam|tempnam|mktemp|asctime|ctime)\s*\(", "is not safe in threads or folders"),
    (r"\b(?:atoi|atol|atoll|atof)\s*\(", "hides errors: g_ascii_string_to_unsigned()"),
    (r"\b(?:system|popen|wordexp)\s*\(", "starts a shell"),
    (r"\bg_spawn_command_line_\w+\s*\(", "splits a command line: give an argument vector"),
    (r"\bgoto\b", "use g_autoptr and early returns"),
    (r"\b(?:alloca|g_alloca|g_newa|g_newa0)\s*\(", "memory on the stack, of a size that is given"),
]
SHELL = re.compile(r'"(?:/bin/|/usr/bin/)?(?:ba|da|z)?sh"')
SAID = re.compile(r"\b(?:g_print|g_printerr|g_message|g_debug|g_info|g_warning|g_critical|g_error"
                  r"|g_log\w*|printf|fprintf|puts|fputs|perror)\s*\(")
SECRET = re.compile(r"pr_secret_peek|secret_value_get|->secret\b|\bpassword\b(?!\w)|\btoken->|"
                    r"\bclient_secret\b")
EXEC = re.compile(r"\bsqlite3_exec\s*\(([^,]+),\s*([^,]+),")
# sqlite3_exec() is for statements that are whole: a literal, or a step from sql/.
EXEC_WRAPPERS = {"src/store/pr-database.c": {"sql"}}
FORMATTED_SQL = re.compile(r'(?:g_strdup_printf|g_string_append_printf)\s*\([^;"]*"(?:[^"\\]|\\.)*'
                           r"'%s'(?:[^\"\\]|\\.)*\"")


def arguments(text, start):
    """What stands between the bracket before @start and its partner."""
    depth = 1
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end]
    return text[start:]


def check_banned(tree):
    for path in tree.sources("src/") + tree.sources("tests/"):
        text, whole = blank(tree.text(path)), blank(tree.text(path), strings=False)
        for pattern, why in BANNED:
            for match in re.finditer(pattern, text):
                yield Finding(path, line_of(text, match.start()),
                              f"“{match[0].rstrip(' (')}” {why}")
        if not path.startswith("src/"):
            continue
        for match in SHELL.finditer(whole):
            yield Finding(path, line_of(text, match.start()), "starts a shell")
        for match in SAID.finditer(text):
            if SECRET.search(arguments(text, match.end())):
                yield Finding(path, line_of(text, match.start()), "prints what may be a secret")
        for match in EXEC.finditer(whole):
            sql = match[2].strip()
            if not sql.startswith('"') and sql not in EXEC_WRAPPERS.get(path, ()):
                yield Finding(path, line_of(text, match.start()),
                              "sqlite3_exec() of built text: bind parameters")
        for match in FORMATTED_SQL.finditer(whole):
            yield Finding(path, line_of(text, match.start()), "a quoted %s: bind a parameter")


BAD_CALLS = ["strcpy (a, b);", "sprintf (a, b);", "system (a);", "popen (a, b);", "gets (a);",
             "strtok (a, b);", "goto out;", 'g_spawn_command_line_sync ("x");', "x = atoi (a);",
             'char *argv[] = { "/bin/sh", "-c", a };', 'argv[0] = "sh";',
             'g_print ("%s", pr_secret_peek (s));', 'g_debug ("%s", f (password));',
             "sqlite3_exec (db, text, NULL, NULL, NULL);",
             'q = g_strdup_printf ("SELECT x FROM y WHERE z = \'%s\'", a);']

CALLS = Check(
    "calls", "no unbounded, shell-starting, secret-printing or SQL-building calls, no goto",
    check_banned,
    bad=[{"src/base/pr-a.c": f"void\nf (void)\n{{\n  {call}\n}}\n"} for call in BAD_CALLS]
    + [{"tests/unit/test-a.c": "goto out;\n"}],
    good=[{"src/base/pr-a.c": '/* goto, system (a), strcpy (b) */\nfs_system (a);\n'
           'g_print ("the password of %s", user);\nx ("goto");\n'
           'sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);\n'}])

# --- sizes ----------------------------------------------------------------------------------------

MAX_FILE, MAX_FUNCTION = 700, 80
# Longer, with a reason: {(path, function): reason}, {path: reason}.
LONG_FUNCTIONS = {}
LONG_FILES = {}


def functions(lines):
    """(name, first line, length) of each function of a C file in our form."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{" and number > 1 and lines[number - 2].rstrip().endswith(")"):
            start = number
        elif line == "}" and start is not None:
            head = start - 1
            while head > 1 and not re.match(r"[A-Za-z_]\w* ?\(", lines[head - 1]):
                head -= 1
            name = re.match(r"\w*", lines[head - 1])[0]
            yield name, start, number - start + 1
            start = None


def check_sizes(tree):
    for path in tree.sources("src/") + tree.sources("tests/"):
        lines = tree.lines(path)
        if len(lines) - 1 > MAX_FILE and path not in LONG_FILES:
            yield Finding(path, 0, f"{len(lines) - 1} lines, more than {MAX_FILE}")
        for name, start, length in functions(lines):
            if length > MAX_FUNCTION and (path, name) not in LONG_FUNCTIONS:
                yield Finding(path, start, f"{name}() has {length} lines, more than {MAX_FUNCTION}")


SIZES = Check(
    "sizes", f"files up to {MAX_FILE} lines, functions up to {MAX_FUNCTION}", check_sizes,
    bad=[{"src/base/pr-a.c": "int a;\n" * 701},
         {"src/base/pr-a.c": "static void\nf (int a,\n   int b)\n{\n" + "  x ();\n" * 79 + "}\n"}],
    good=[{"src/base/pr-a.c": "int a;\n" * 700},
          {"src/base/pr-a.c": "static void\nf (void)\n{\n" + "  x ();\n" * 78 + "}\n"},
          {"src/base/pr-a.h": "typedef struct\n{\n" + "  int a;\n" * 90 + "} A;\n"}])

# --- built ----------------------------------------------------------------------------------------


def check_built(tree):
    """Every C file is compiled by the nearest meson.build."""
    for path in tree.glob("src/", ".c") + tree.glob("tests/", ".c"):
        folder, name = path.rsplit("/", 1)
        build = f"{folder}/meson.build"
        text = tree.text(build) if build in tree.paths else ""
        stem = re.sub(r"^test-", "", name[:-2])
        if not re.search(rf"['/]{re.escape(name)}'", text) and f"'{stem}'" not in text:
            yield Finding(path, 0, f"{build} does not build it")
    for path in tree.glob("src/", ".c"):
        if not re.fullmatch(r"(pr-[a-z0-9]+(-[a-z0-9]+)*|main)\.c", path.rsplit("/", 1)[1]):
            yield Finding(path, 0, "a file is named after its type: pr-….c")


BUILT = Check(
    "built", "every C file is in a meson.build and well named", check_built,
    bad=[{"src/base/pr-a.c": "", "src/base/meson.build": "files('pr-b.c')"},
         {"src/base/pr-a.c": ""},
         {"src/base/PrThing.c": "", "src/base/meson.build": "files('PrThing.c')"}],
    good=[{"src/base/pr-a.c": "", "src/base/meson.build": "files('pr-a.c')"},
          {"tests/unit/test-a.c": "", "tests/unit/meson.build": "t = { 'a': [] }"}])

CHECKS = [LAYERS, CALLS, SIZES, BUILT]
