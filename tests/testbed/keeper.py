#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold a block of ports for a test bed, and end the bed when the process it is for ends.

keeper.py DIR BASE|auto OWNER-PID|0 STRICT-HOST OFFSET...

Prints "BASE PID", PID being the process that goes on in the background, and comes back.

The hold is a socket in the abstract namespace: it is gone with the process, whatever ends that, and
is seen by all users who share the ports.  An owner that is killed cannot clean up; that its pidfd
becomes readable is noticed by us in any case.
"""
import os
import random
import select
import socket
import sys

# The offsets lie within 1 to 1000, so beds whose bases are whole thousands do not overlap.
BLOCKS = list(range(9000, 20000, 1000))
SPARE_BLOCKS = list(range(20000, 31000, 1000))


def hold(base, offsets):
    held = []
    for block in {(base + offset - 1) // 1000 for offset in offsets}:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            sock.bind("\0postroom-testbed-%d" % block)
        except OSError:
            for other in held + [sock]:
                other.close()
            return None
        held.append(sock)
    return held


def is_free(host, port):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError:
            return False
    return True


def choose(wanted, hosts, offsets):
    if wanted != "auto":
        # The servers themselves wait a moment for a port, and say which one they cannot have.
        base = int(wanted)
        held = hold(base, offsets)
        if held is None:
            sys.exit("another test bed has the ports from %d; try another --base" % base)
        return base, held
    for blocks in BLOCKS, SPARE_BLOCKS:
        for base in random.sample(blocks, len(blocks)):
            held = hold(base, offsets)
            if held is None:
                continue
            if all(is_free(host, base + offset) for host in hosts for offset in offsets):
                return base, held
            for sock in held:
                sock.close()
    sys.exit("no block of ports is free")


def wait_for_end(pid):
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll()


def keep(directory, owner, held):
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in 0, 1:
        os.dup2(null, descriptor)
    if owner == 0:
        select.poll().poll()  # until `down` ends us
    wait_for_end(owner)
    purge = ["--purge"] if "POSTROOM_TEST_KEEP" not in os.environ else []
    # The block stays ours until all is over.
    for sock in held:
        sock.set_inheritable(True)
    down = os.path.join(os.path.dirname(os.path.abspath(__file__)), "down")
    os.execv(down, [down, directory] + purge)


def main():
    directory, wanted, owner, strict_host, *offsets = sys.argv[1:]
    base, held = choose(wanted, ["127.0.0.1", strict_host], [int(offset) for offset in offsets])
    child = os.fork()
    if child == 0:
        keep(directory, int(owner), held)
    print(base, child, flush=True)


main()
