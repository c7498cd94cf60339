# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a check looks at: the project's, or those of a self-test."""

import functools
import os
import subprocess
import tempfile

SKIPPED_FOLDERS = {".git", "_build", ".flatpak-builder", "__pycache__", "node_modules"}


class Finding:
    """One fault: where it is and what is wrong."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Tree:
    """Paths, relative to the root and sorted, and what is in them."""

    def __init__(self, paths):
        self.paths = sorted(paths)
        self.known = set(self.paths)

    def glob(self, prefix="", suffix=""):
        return [p for p in self.paths if p.startswith(prefix) and p.endswith(suffix)]

    def sources(self, prefix="src/"):
        return [p for p in self.glob(prefix) if p.endswith((".c", ".h"))]

    def lines(self, path):
        return self.text(path).split("\n")

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        """The text of a file, "" for one that is not text or not there."""
        data = self.data(path) if path in self.known else b"\0"
        try:
            return "" if b"\0" in data else data.decode()
        except UnicodeDecodeError:
            return ""


class ProjectTree(Tree):
    def __init__(self, root):
        self.root = root
        super().__init__(self._list())

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            try:
                out = subprocess.run(
                    ["git", "-C", self.root, "ls-files", "-z", "-co", "--exclude-standard"],
                    check=True, capture_output=True, timeout=20).stdout.decode()
                return [p for p in out.split("\0") if p and os.path.isfile(self.full(p))]
            except (OSError, subprocess.SubprocessError):
                pass  # no git, or not ours: the folders tell as well
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders
                          if f not in SKIPPED_FOLDERS and not f.startswith("build")]
            found += [os.path.relpath(os.path.join(folder, f), self.root) for f in files]
        return found

    def full(self, path):
        return os.path.join(self.root, path)

    def data(self, path):
        with open(self.full(path), "rb") as file:
            return file.read()

    def is_executable(self, path):
        return os.access(self.full(path), os.X_OK)


class SampleTree(Tree):
    """The files of a self-test, {path: text}; a path that begins with "+" is executable."""

    def __init__(self, files):
        self.files = {p.lstrip("+"): t for p, t in files.items()}
        self.executables = {p[1:] for p in files if p.startswith("+")}
        super().__init__(self.files)

    def data(self, path):
        text = self.files[path]
        return text if isinstance(text, bytes) else text.encode()

    def is_executable(self, path):
        return path in self.executables

    @functools.cached_property
    def folder(self):
        self._folder = tempfile.TemporaryDirectory(prefix="postroom-lint-")
        for path in self.files:
            full = os.path.join(self._folder.name, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as file:
                file.write(self.data(path))
        return self._folder.name

    def full(self, path):
        return os.path.join(self.folder, path)
