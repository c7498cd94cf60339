#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/run says on systems where it installs nothing by itself, by what /etc/os-release says."""

import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
APT, DNF, PACMAN = "apt-get install", "dnf install", "pacman -S"
OLD = "needs Debian 12 or newer"
TOOLS = ("awk", "bash", "head", "paste", "sort")  # and nothing that installs or compiles

# Name: what the file says, what is said, what is not.
SYSTEMS = {
    "Fedora": ('ID=fedora\nVERSION_ID=43\n', [DNF], [APT, PACMAN, OLD]),
    "a relative of Fedora": ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', [DNF], [APT, PACMAN]),
    "Arch": ("ID=arch\n", [PACMAN], [APT, DNF, OLD]),
    "Mint without apt": ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=21\n", [APT],
                         [DNF, PACMAN, OLD]),
    "another one": ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
                    [APT, DNF, PACMAN, "Any other system", "tools/flatpak"], [OLD]),
    "no such file": (None, [APT, DNF, PACMAN, "Any other system"], [OLD]),
    "Debian 11": ('PRETTY_NAME="Debian 11 (x)"\nID=debian\nVERSION_ID="11"\n',
                  ["This is Debian 11 (x).", OLD], [APT, DNF]),
    "Debian 12": ('ID=debian\nVERSION_ID="12"\n', [APT], [OLD, DNF]),
    "Debian sid": ("ID=debian\n", [APT], [OLD]),
    "Ubuntu 22.04": ('PRETTY_NAME="Ubuntu 22"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n',
                     ["This is Ubuntu 22.", OLD], [APT]),
    "Ubuntu 24.04": ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', [APT], [OLD]),
}


def ask(folder, text):
    release = os.path.join(folder, "os-release")
    if text is None:
        release += "-none"
    else:
        with open(release, "w", encoding="utf-8") as file:
            file.write(text)
    return subprocess.run(
        [shutil.which("bash"), "-uc",
         '. tools/lib.sh; os_release=$1; need_packages build; echo "goes on"', "-", release],
        cwd=ROOT, env={"PATH": os.path.join(folder, "bin"), "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, timeout=20, check=False)


def main():
    print(f"1..{len(SYSTEMS)}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="postroom-systems-") as folder:
        os.mkdir(os.path.join(folder, "bin"))
        for tool in TOOLS:
            os.symlink(shutil.which(tool), os.path.join(folder, "bin", tool))
        for number, (name, (text, said, unsaid)) in enumerate(SYSTEMS.items(), 1):
            result = ask(folder, text)
            good = result.returncode == 1 and result.stdout == "" \
                and all(words in result.stderr for words in said) \
                and not any(words in result.stderr for words in unsaid) \
                and "line " not in result.stderr
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} {name}")
            if not good:
                print("".join(f"# {line}\n" for line in (result.stdout + result.stderr).split("\n")))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
