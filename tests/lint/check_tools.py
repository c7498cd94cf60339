# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that other programs judge: clang-format, the dynamic linker, the shell, the validators."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from check import Check
from tree import Finding


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                          errors="replace", **options)


def lacks(program):
    return lambda: None if shutil.which(program) else f"{program} is not installed"


# --- form -----------------------------------------------------------------------------------------

FORM_VERSION = "14"  # each version of clang-format has its own opinions
HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STYLE = os.path.join(HERE, ".clang-format")


def clang_format():
    for name in (f"clang-format-{FORM_VERSION}", "clang-format"):
        if shutil.which(name):
            version = re.search(r"version (\d+)", run([name, "--version"]).stdout)
            if version and version[1] == FORM_VERSION:
                return name
    return None


def check_form(tree):
    unknown = {tree.full(path): path
               for path in tree.sources("src/") + tree.sources("tests/")
               if not remembered(tree.data(path))}
    if not unknown:
        return
    out = run([clang_format(), "-n", "--Werror", f"--style=file:{STYLE}", *unknown])
    faults = {}
    for full, line in re.findall(r"^(\S.*?):(\d+):\d+: error", out.stderr, re.M):
        faults.setdefault(full, int(line))
    if out.returncode != 0 and not faults:
        yield Finding(".clang-format", 0, out.stderr.strip()[:500])
        return
    for full, path in unknown.items():
        if full in faults:
            yield Finding(path, faults[full], "not in form: clang-format -i")
        else:
            remember(tree.data(path))


def memory(data):
    folder = os.environ.get("LINT_CACHE")
    if not folder:
        return None
    with open(STYLE, "rb") as style:
        return os.path.join(folder, hashlib.sha256(style.read() + b"\0" + data).hexdigest())


def remembered(data):
    return memory(data) is not None and os.path.exists(memory(data))


def remember(data):
    name = memory(data)
    if name:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb"):
            pass


FORM = Check(
    "form", "clang-format has nothing to change", check_form,
    bad=[{"src/a.c": "int  a;\n"}, {"src/a.c": "void\nf(void)\n{\n}\n"}],
    good=[{"src/a.c": "void\nf (void)\n{\n}\n"}],
    unable=lambda: None if clang_format() else f"clang-format {FORM_VERSION} is not installed")

# --- links ----------------------------------------------------------------------------------------

DISPLAY = re.compile(r"\blib(?:gtk-4|adwaita-1|gdk\w*|wayland-client|X11|EGL|GL)\.so")


def check_links(tree):
    """postroomctl needs no library of a display. In a sample, what ldd says stands in "ldd"."""
    if "ldd" in tree.paths:
        said = tree.text("ldd")
    else:
        out = run(["ldd", os.environ["POSTROOMCTL"]])
        said = out.stdout
        if out.returncode != 0 or "libglib-2.0" not in said:
            yield Finding("postroomctl", 0, f"ldd tells nothing: {out.stderr.strip()}")
    for name in DISPLAY.findall(said):
        yield Finding("postroomctl", 0, f"is linked with {name}")


LINKS = Check(
    "links", "postroomctl is linked with no library of a display", check_links,
    bad=[{"ldd": "\tlibgtk-4.so.1 => /usr/lib/libgtk-4.so.1 (0x1)\n"},
         {"ldd": "\tlibadwaita-1.so.0 => /usr/lib/libadwaita-1.so.0 (0x1)\n"}],
    good=[{"ldd": "\tlibglib-2.0.so.0 => /usr/lib/libglib-2.0.so.0 (0x1)\n"}],
    unable=lambda: None if os.environ.get("POSTROOMCTL") else "POSTROOMCTL is not set")

# --- scripts --------------------------------------------------------------------------------------


def check_scripts(tree):
    for path in tree.paths:
        first = tree.lines(path)[0]
        is_script = first.startswith("#!")
        if is_script and not tree.is_executable(path):
            yield Finding(path, 1, "is a script, and not executable")
        if tree.is_executable(path) and not is_script:
            yield Finding(path, 1, "is executable, and no script")
        if "python" in first and is_script or path.endswith(".py"):
            try:
                compile(tree.text(path), path, "exec")
            except SyntaxError as error:
                yield Finding(path, error.lineno or 0, f"{error.msg}")
        elif is_script and re.search(r"\b(?:ba)?sh\b", first):
            out = run(["bash", "-n", tree.full(path)])
            if out.returncode != 0:
                yield Finding(path, 0, out.stderr.strip())


SCRIPTS = Check(
    "scripts", "scripts can be run, and have no fault of syntax", check_scripts,
    bad=[{"+tools/x": "#!/bin/bash\nif\n"}, {"tools/x": "#!/bin/bash\n"}, {"a.py": "def\n"},
         {"+src/a.c": "int a;\n"}],
    good=[{"+tools/x": "#!/bin/bash\nif true; then :; fi\n", "a.py": "x = 1\n", "a.md": "text\n"}])

# --- desktop and store ----------------------------------------------------------------------------


def check_desktop(tree):
    for path in tree.glob(suffix=".desktop.in") + tree.glob(suffix=".desktop"):
        with tempfile.TemporaryDirectory(prefix="postroom-lint-") as folder:
            copy = os.path.join(folder, os.path.basename(path).removesuffix(".in"))
            with open(copy, "w", encoding="utf-8") as file:
                file.write(re.sub(r"@\w+@", "io.github.postroom.Postroom", tree.text(path)))
            out = run(["desktop-file-validate", "--no-hints", copy])
        if out.returncode != 0 or out.stdout.strip():
            yield Finding(path, 0, (out.stdout + out.stderr).strip())


DESKTOP = Check(
    "desktop", "desktop-file-validate has nothing to say", check_desktop,
    bad=[{"data/a.desktop.in": "[Desktop Entry]\nType=Application\nExec=a\n"},
         {"data/a.desktop.in": "[Desktop Entry]\nType=Application\nName=A\nExec=a\n"
          "Categories=Mailboxes;\n"}],
    good=[{"data/a.desktop.in": "[Desktop Entry]\nType=Application\nName=A\nExec=a\n"
           "Categories=Network;Email;\n"}],
    unable=lacks("desktop-file-validate"), needed=True)


def check_metainfo(tree):
    for path in tree.glob(suffix=".metainfo.xml.in") + tree.glob(suffix=".metainfo.xml"):
        out = run(["appstreamcli", "validate", "--no-net", "--no-color", "--explain",
                   tree.full(path)])
        if out.returncode != 0:
            yield Finding(path, 0, out.stdout.strip() or out.stderr.strip())


METAINFO = Check(
    "metainfo", "appstreamcli accepts the store's description", check_metainfo,
    bad=[{"data/io.github.a.B.metainfo.xml": '<?xml version="1.0"?>\n<component type='
          '"desktop-application"><id>io.github.a.B</id></component>\n'}],
    unable=lacks("appstreamcli"), needed=True)

CHECKS = [FORM, LINKS, SCRIPTS, DESKTOP, METAINFO]
