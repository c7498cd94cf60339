#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From start to first frame, and memory: Postroom beside gnome-text-editor, in turns.

    tests/ui/headless tests/bench/window.py BUILD [--rounds N] [--mailboxes N]

Run by tools/bench. The window is looked at from outside (bench-first-frame.c), so both are measured
in the same way: same display, same renderer, same session, settings in a file of the throw-away
home. Each program is started once before anything is counted.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys

PEER = "gnome-text-editor"
SETTINGS = "[io/github/postroom/Postroom]\npage='mailboxes'\n"
COLUMNS = ("first frame", "last change", "processor", "VmHWM", "PSS")


def fill(build, folder, n):
    """An environment with as many mailboxes."""
    file = folder.parent / "mailboxes.csv"
    with file.open("w", encoding="utf-8") as csv:
        csv.write("address\n")
        csv.writelines(f"m{i}@example.test\n" for i in range(n))
    subprocess.run([build / "src/ctl/postroomctl", "mailbox", "import", file, "--data-dir", folder],
                   check=True, timeout=300, stdout=subprocess.DEVNULL)


def measure(build, command, settings):
    path = pathlib.Path(os.environ["XDG_CONFIG_HOME"]) / "glib-2.0/settings/keyfile"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(settings, encoding="utf-8")
    result = subprocess.run([build / "tests/bench/bench-first-frame", *command], timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode != 0:
        sys.exit(f"{command[0]}: {result.stderr.decode()}")
    return [float(word) for word in result.stdout.split()[-len(COLUMNS):]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--mailboxes", type=int, default=100000)
    options = parser.parse_args()
    home = pathlib.Path(os.environ["HOME"])
    os.environ["GSETTINGS_BACKEND"] = "keyfile"
    os.environ["GSETTINGS_SCHEMA_DIR"] = str(options.build / "data")
    program = options.build / "src/app/postroom"
    fill(options.build, home / "many", options.mailboxes)
    many = f"{options.mailboxes:,} mailboxes"
    cases = {
        PEER: ([PEER], ""),
        "postroom, empty": ([program, "--data-dir", home / "empty"], ""),
        f"postroom, {many}": ([program, "--data-dir", home / "many"], ""),
        f"postroom, {many}, grid": ([program, "--data-dir", home / "many"], SETTINGS),
    }
    figures = {name: [] for name in cases}
    for number in range(options.rounds + 1):
        for name, (command, settings) in cases.items():
            row = measure(options.build, command, settings)
            if number > 0:
                figures[name].append(row)
    medians = {name: [statistics.median(column) for column in zip(*rows)]
               for name, rows in figures.items()}
    print(f"window: median of {options.rounds} starts in turns; in brackets: "
          f"times that of {PEER}")
    print(f"    {'':34}" + "".join(f"{column:>18}" for column in COLUMNS))
    for name, row in medians.items():
        cells = [f"{value / 1024:.1f} MiB" if column in ("VmHWM", "PSS") else f"{value:.0f} ms"
                 for column, value in zip(COLUMNS, row)]
        ratios = [f"({value / peer:.2f})" for value, peer in zip(row, medians[PEER])]
        print(f"    {name:34}" + "".join(f"{cell:>11} {ratio:>6}"
                                         for cell, ratio in zip(cells, ratios)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
