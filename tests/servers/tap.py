# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of a test in the Test Anything Protocol, for meson."""
import os
import sys

NO_SKIP = "POSTROOM_TEST_NO_SKIP" in os.environ


def skip_all(reason, optional=False):
    """End the whole test where a need is missing; in CI, that has every need, as a failure."""
    if NO_SKIP and not optional:
        print("Bail out! %s, and POSTROOM_TEST_NO_SKIP allows no skip" % reason, flush=True)
        sys.exit(1)
    print("1..0 # SKIP %s" % reason, flush=True)
    sys.exit(0)


class Tap:
    """Counts and prints results; `finish` prints the plan."""

    def __init__(self):
        self.n = 0
        self.n_failed = 0

    def ok(self, good, name, *details):
        self.n += 1
        if not good:
            self.n_failed += 1
        # A hash sign would begin a directive.
        name = name.replace("#", "no.").replace("\n", "\\n")
        print("%s %d - %s" % ("ok" if good else "not ok", self.n, name))
        if not good:
            for detail in details:
                self.note(detail)
        sys.stdout.flush()
        return good

    def equal(self, got, expected, name, *details):
        return self.ok(got == expected, name, "got %r" % (got,), "expected %r" % (expected,),
                       *details)

    def note(self, text):
        for line in str(text).splitlines():
            print("# " + line)

    def finish(self):
        print("1..%d" % self.n, flush=True)
        return 1 if self.n_failed else 0
