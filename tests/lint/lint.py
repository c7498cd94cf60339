#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lint.py [--list] [NAME...]: the rules of the house that a compiler does not know.

Each check looks at the whole project and prints what it found as "path:line: what is wrong". Each
has samples, too, which it must find fault with, and others with which it must not: a check that
finds nothing any more fails. Prints TAP. What the binaries are made of is told by the environment
variables POSTROOMCTL and POSTROOM (the programs) and LINT_CACHE (a folder to remember in).
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import check_code
import check_codes
import check_docs
import check_package
import check_text
import check_tools
import check_words
from tree import ProjectTree, SampleTree

CHECKS = (check_code.CHECKS + check_codes.CHECKS + check_text.CHECKS + check_words.CHECKS
          + check_docs.CHECKS + check_package.CHECKS + check_tools.CHECKS)


def run_tree(check, tree):
    reason = check.unable() if check.unable else None
    if reason:
        return None, reason
    return [str(f) for f in check.run(tree)], None


def run_samples(check):
    """What is wrong with the check itself."""
    wrong = []
    if not check.bad:
        wrong.append("no sample proves that this check can fail")
    for number, files in enumerate(check.bad, 1):
        if not list(check.run(SampleTree(files))):
            wrong.append(f"bad sample {number} is not found: {sorted(files)}")
    for number, files in enumerate(check.good, 1):
        for finding in check.run(SampleTree(files)):
            wrong.append(f"good sample {number}: {finding}")
    return wrong


def main(names):
    checks = [c for c in CHECKS if not names or c.name in names]
    if names == ["--list"]:
        for check in CHECKS:
            print(f"{check.name:14} {check.what}")
        return 0
    if not checks or len(checks) < len(names):
        print("Bail out! There is no such check; --list tells them.")
        return 2
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    tree = ProjectTree(root)
    no_skip = bool(os.environ.get("POSTROOM_TEST_NO_SKIP"))
    print(f"1..{2 * len(checks)}")
    number, failed = 0, 0
    for check in checks:
        found, reason = run_tree(check, tree)
        samples = run_samples(check) if reason is None else None
        for what, faults in (("project", found), ("self-test", samples)):
            number += 1
            skipped = faults is None and not (no_skip and check.needed)
            faults = [reason] if faults is None and not skipped else faults
            failed += bool(faults)
            print(f"{'not ok' if faults else 'ok'} {number} {check.name}: {what}"
                  + (f" # SKIP {reason}" if skipped else ""))
            for fault in faults or []:
                print(f"# {fault}", flush=True)
                # meson shows what a failed test said on standard error.
                print(f"{check.name}: {fault}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
