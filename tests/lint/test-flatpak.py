#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/flatpak calls, with programs in the place of flatpak and flatpak-builder that only note
it. The project is a copy of what the script needs, so that nothing is built."""

import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = ("awk", "bash", "dirname", "grep", "head", "mkdir", "paste", "sort", "tail")
ADD, FLATHUB, BUNDLE = "remote-add flathub", "org.flatpak.Builder", "build-bundle"

# Name: version, remotes, arguments, end of a program, exit status, what is called, what is not.
CASES = {
    "newest": ("1.4.12", "flathub", [], 0, 0, ["flatpak-builder --user --install"],
               [ADD, FLATHUB, BUNDLE]),
    "no remote": ("1.4.0", "other", [], 0, 0, [ADD, "flatpak-builder --user"], [FLATHUB]),
    "an old builder": ("1.2.3", "flathub", [], 0, 0,
                       ["--user install -y --noninteractive flathub " + FLATHUB,
                        "flatpak run " + FLATHUB + " --user --install"], [ADD]),
    "a bundle": ("1.10", "flathub", ["--bundle"], 0, 0, [BUNDLE, "_build/Postroom.flatpak"],
                 [FLATHUB]),
    "a failure": ("1.4.12", "flathub", ["--bundle"], 1, 1, ["flatpak-builder --user"], [BUNDLE]),
    "a wrong option": ("1.4.12", "flathub", ["--nothing"], 0, 2, [], ["flatpak"]),
}


def ask(folder, version, remotes, arguments, status):
    bin_folder, calls = os.path.join(folder, "bin"), os.path.join(folder, "calls")
    os.makedirs(bin_folder)
    shutil.copytree(os.path.join(ROOT, "tools"), os.path.join(folder, "tools"))
    for tool in TOOLS:
        os.symlink(shutil.which(tool), os.path.join(bin_folder, tool))
    for name in "flatpak", "flatpak-builder":
        path = os.path.join(bin_folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!{shutil.which('bash')}\n[ \"$1\" != --version ] "
                       f"|| {{ echo Flatpak-builder {version}; exit; }}\n"
                       f"case \" $* \" in *' remotes '*) echo {remotes}; exit ;; esac\n"
                       f"echo {name} \"$@\" >>{calls}\nexit {status}\n")
        os.chmod(path, 0o755)
    result = subprocess.run(
        [os.path.join(folder, "tools/flatpak"), "--no-install", *arguments], text=True,
        env={"PATH": bin_folder, "LC_ALL": "C.UTF-8"}, capture_output=True, timeout=20, check=False)
    said = ""
    if os.path.exists(calls):
        with open(calls, encoding="utf-8") as file:
            said = file.read()
    return result, said


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    for number, (name, case) in enumerate(CASES.items(), 1):
        version, remotes, arguments, status, want, called, uncalled = case
        with tempfile.TemporaryDirectory(prefix="postroom-flatpak-") as folder:
            result, calls = ask(folder, version, remotes, arguments, status)
        good = result.returncode == want and all(words in calls for words in called) \
            and not any(words in calls for words in uncalled)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} {name}")
        if not good:
            print("".join(f"# {line}\n" for line in (calls + result.stderr).split("\n")))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
