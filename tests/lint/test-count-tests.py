#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves that tools/count-tests.py counts right: what it says is believed by those who release."""

import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COUNT = os.path.join(ROOT, "tools", "count-tests.py")

CASES = {
    "sub-tests": ([("OK", "TAP version 13\n1..2\nok 1 /a\nok 2 /b\n")], "2 passed, 0 failed", 0),
    "two logs": ([("OK", "1..1\nok 1 /a\n"), ("OK", "ok 1 /b\n1..1\n")], "2 passed, 0 failed", 0),
    "a failure": ([("FAIL", "1..2\nok 1 /a\nnot ok 2 /b\n")], "1 passed, 1 failed", 1),
    "skipped": ([("OK", "1..2\nok 1 /a\nok 2 /b # SKIP no net\n")],
                "1 passed, 0 failed, 1 skipped", 0),
    "all skipped": ([("SKIP", "1..0 # SKIP nothing here\n")], "0 passed, 0 failed, 1 skipped", 1),
    "known to fail": ([("OK", "1..2\nok 1 /a\nnot ok 2 /b # " + "TO" + "DO later\n")],
                      "1 passed, 0 failed, 1 skipped", 0),
    "crash": ([("ERROR", "1..3\nok 1 /a\n")], "1 passed, 1 failed", 1),
    "crash before the plan": ([("ERROR", "ok 1 /a\n")], "1 passed, 1 failed", 1),
    "crash at the end": ([("ERROR", "1..1\nok 1 /a\n")], "1 passed, 1 failed", 1),
    "too few": ([("OK", "1..2\nok 1 /a\n")], "1 passed, 1 failed", 1),
    "time": ([("TIMEOUT", "")], "0 passed, 1 failed", 1),
    "plain": ([("OK", ""), ("FAIL", "some words\n"), ("SKIP", "")],
              "1 passed, 1 failed, 1 skipped", 1),
    "nothing": ([], "0 passed, 0 failed", 1),
    "server talk": ([("OK", "1..1\n# +OK ready\n  ok 9 indented\nokay\nok 1 /a\n")],
                    "1 passed, 0 failed", 0),
}


def count(tests):
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as log:
        for number, (result, stdout) in enumerate(tests):
            log.write(json.dumps({"name": f"t{number}", "result": result, "stdout": stdout}) + "\n")
    try:
        return subprocess.run([sys.executable, COUNT, log.name], capture_output=True, text=True,
                              timeout=20, check=False)
    finally:
        os.unlink(log.name)


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    for number, (name, (tests, want, status)) in enumerate(CASES.items(), 1):
        out = count(tests)
        last = out.stdout.splitlines()[-1] if out.stdout else out.stderr
        good = (last, out.returncode) == (want, status)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} {name}")
        if not good:
            print(f"# wanted “{want}” ({status}), not “{last}” ({out.returncode})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
