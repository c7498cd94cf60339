# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program and sees how much memory it takes."""
import subprocess
import threading
import time


def run(command, timeout, **options):
    """(exit status, most memory in KiB, output, complaints)"""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, **options)
    most = [0]

    def look():
        while child.poll() is None:
            try:
                with open("/proc/%d/status" % child.pid) as f:
                    most[0] = max([most[0]] + [int(line.split()[1]) for line in f
                                               if line.startswith("VmHWM:")])
            except OSError:
                pass
            time.sleep(0.005)
    looker = threading.Thread(target=look)
    looker.start()
    out, err = child.communicate(timeout=timeout)
    looker.join()
    return child.returncode, most[0], out.decode(), err.decode()
