# SPDX-License-Identifier: GPL-3.0-or-later
"""A program on a terminal of its own, as a person runs it."""
import os
import pty
import select
import signal
import termios
import time


class Terminal:
    def __init__(self, arguments):
        self.shown = b""
        self.status = None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execv(arguments[0], arguments)

    def read_until(self, words, seconds=10):
        """Whether these words are shown in time."""
        deadline = time.monotonic() + seconds
        while words not in self.shown:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                return False
            if not self._read():
                return words in self.shown
        return True

    def _read(self):
        try:
            got = os.read(self.master, 4096)
        except OSError:  # the other end was closed
            return False
        self.shown += got
        return got != b""

    def echoes(self):
        return termios.tcgetattr(self.master)[3] & termios.ECHO != 0

    def wait_echo(self, wanted, seconds=10):
        deadline = time.monotonic() + seconds
        while self.echoes() != wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.echoes() == wanted

    def type(self, text):
        os.write(self.master, text)

    def end(self, seconds=10):
        """The exit status of the program, and all that it showed; it is killed if it goes on."""
        deadline = time.monotonic() + seconds
        while self.status is None and time.monotonic() < deadline:
            if select.select([self.master], [], [], 0.01)[0]:
                self._read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(status)
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        while self._read():
            pass
        os.close(self.master)
        return self.status
