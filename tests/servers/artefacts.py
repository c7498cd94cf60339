# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests leave behind is looked through for their secrets when all of them have run: then
POSTROOM_TEST_ARTEFACTS names a folder; see tests/canary."""
import base64
import contextlib
import hashlib
import os
import shutil
import tempfile

PLACE = os.environ.get("POSTROOM_TEST_ARTEFACTS")


def keep(folder):
    """A copy of it, if that is wanted."""
    if PLACE is not None:
        shutil.copytree(folder, os.path.join(PLACE, "kept", "%s.%d" % (os.path.basename(folder),
                                                                      os.getpid())),
                        symlinks=True, dirs_exist_ok=True,
                        ignore=lambda path, names: [name for name in names if not (
                            os.path.isfile(os.path.join(path, name))
                            or os.path.isdir(os.path.join(path, name)))])


def keep_text(name, text):
    """What a program of the test printed."""
    if PLACE is not None:
        with open(os.path.join(PLACE, "kept", "%s.%d.txt" % (name, os.getpid())), "ab") as f:
            f.write(text)


def keep_secret(secret):
    """A secret that a test used: it is to be found nowhere."""
    if PLACE is not None:
        data = secret.encode()
        path = os.path.join(PLACE, "secrets", hashlib.sha256(data).hexdigest())
        with open(path, "wb") as f:
            f.write(base64.b64encode(data))


@contextlib.contextmanager
def folder(**options):
    """tempfile.TemporaryDirectory, kept where that is wanted."""
    with tempfile.TemporaryDirectory(**options) as path:
        try:
            yield path
        finally:
            keep(path)
