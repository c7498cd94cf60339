#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""count-tests.py LOG...: adds up the tests in meson's logs (meson-logs/testlog.json).

A test program that speaks TAP counts with each of its sub-tests, any other as one. A program that
crashed, ran out of time or said less than it had announced is at least one failure, whatever its
sub-tests said. Prints what failed and what was skipped, and as last line "N passed, N failed[, N
skipped]". Ends with 1 if something failed, or if there was nothing to count.
"""

import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?(.*?)\s*(?:#\s*([A-Z]+)\b\s*(.*))?$", re.I)
PLAN = re.compile(r"^1\.\.(\d+)\s*(#\s*SKIP\b\s*(.*))?", re.I)
AROUND, MOST = 8, 80  # lines
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")


def tail(lines):
    """What a program said around its failures: meson shows none of that for TAP."""
    kept = set()
    for number, line in enumerate(lines):
        if line.startswith(("not ok", "Bail out!")):
            kept |= set(range(number - AROUND, number + AROUND + 1))
    kept |= set(range(len(lines) - AROUND, len(lines)))
    return [lines[n] for n in sorted(kept) if 0 <= n < len(lines)][:MOST]


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.said = []

    def add_tap(self, name, lines, result):
        planned, seen, failed_before = None, 0, len(self.failed)
        for line in lines:
            plan = PLAN.match(line)
            if plan:
                planned = int(plan[1])
                if plan[2]:
                    self.skipped.append(f"{name}: {plan[3] or 'no reason given'}")
                continue
            found = RESULT.match(line)
            if not found:
                continue
            seen += 1
            label = f"{name} {found[2]}".rstrip()
            directive = (found[3] or "").upper()
            if directive == "SKIP":
                self.skipped.append(f"{label}: {found[4] or 'no reason given'}")
            elif directive and found[1]:
                self.skipped.append(f"{label}: known to fail ({found[4]})")
            elif found[1]:
                self.failed.append(label)
            else:
                self.passed += 1
        if planned is not None and seen < planned:
            self.failed.append(f"{name}: said {seen} of {planned} results ({result.lower()})")
        elif result not in GOOD and len(self.failed) == failed_before:
            self.failed.append(f"{name}: {result.lower()}")

    def add(self, test):
        lines = (test.get("stdout") or "").splitlines()
        name, result = test["name"], test["result"]
        before = len(self.failed)
        self._add(name, result, lines)
        if len(self.failed) > before:
            self.said.append((name, tail(lines)))

    def _add(self, name, result, lines):
        if any(RESULT.match(line) or PLAN.match(line) for line in lines):
            self.add_tap(name, lines, result)
        elif result == "SKIP":
            self.skipped.append(f"{name}: no reason given")
        elif result in GOOD:
            self.passed += 1
        else:
            self.failed.append(f"{name}: {result.lower()}")

    def line(self):
        text = f"{self.passed} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")


def main(paths):
    count = Count()
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                count.add(json.loads(line))
    for name, lines in count.said:
        print(f"--- what {name} said")
        print("\n".join(lines))
    for title, names in (("Skipped", count.skipped), ("Failed", count.failed)):
        for name in names:
            print(f"{title}: {name}")
    print(count.line())
    return 1 if count.failed or count.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
