# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check is."""

import re


class Check:
    """One rule.

    run     tree -> findings
    bad     samples, {path: text} each, that must be found fault with
    good    samples that must not
    unable  why it cannot run here (None: it can); needed: that is a fault where nothing may skip
    """

    def __init__(self, name, what, run, bad, good=(), unable=None, needed=False):
        self.name, self.what, self.run = name, what, run
        self.bad, self.good = bad, good
        self.unable, self.needed = unable, needed


_TOKEN = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)


def blank(text, strings=True):
    """C without what comments (and strings) say; line numbers stay."""

    def cover(match):
        token = match[0]
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + " " * (len(token) - 2) + token[0] if strings else token

    return _TOKEN.sub(cover, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1
