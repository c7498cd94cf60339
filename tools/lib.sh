# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What tools/run and tools/test have in common: words, packages, builds. To be sourced, with
# "set -u" and in the project's folder.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The jobs of a build: one for each processor.
jobs_here() { nproc 2>/dev/null || echo 2; }

# The packages of these groups, in one column (debian, module, fedora or arch), each once.
packages() { # COLUMN GROUP...
  local column=$1
  shift
  awk -v column="$column" -v groups=" $* " '
    BEGIN { n["debian"] = 2; n["module"] = 3; n["fedora"] = 4; n["arch"] = 5 }
    /^#/ || NF < 5 || index(groups, " " $1 " ") == 0 { next }
    $n[column] != "-" && !seen[$n[column]]++ { print $n[column] }' tools/packages
}

missing_debian() { # GROUP...
  local name
  for name in $(packages debian "$@"); do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed \
      || printf '%s\n' "$name"
  done
}

# Can Postroom be compiled, whoever installed what it needs?
can_build() {
  local command module
  for command in cc meson ninja pkg-config msgfmt; do
    command -v "$command" >/dev/null 2>&1 || return 1
  done
  for module in $(packages module build); do
    pkg-config --exists "$module" 2>/dev/null || return 1
  done
}

can_make_flatpak() { command -v flatpak >/dev/null 2>&1; }

# What the system says of itself under a name: PRETTY_NAME, ID, VERSION_ID, ID_LIKE; or nothing.
os_release=/etc/os-release
of_system() { # NAME
  [ ! -r "$os_release" ] || (unset "$1"; . "$os_release"; printf '%s\n' "${!1:-}")
}

# The column of tools/packages for this system, or nothing.
system_family() {
  case " $(of_system ID) $(of_system ID_LIKE) " in
    *' debian '* | *' ubuntu '*) echo debian ;;
    *' fedora '*) echo fedora ;;
    *' arch '*) echo arch ;;
  esac
}

# Is this a Debian or Ubuntu with libraries that are too old? Their relatives count in other ways.
is_too_old() {
  local least version
  case $(of_system ID) in
    debian) least=12 ;;
    ubuntu) least=24.04 ;;
    *) return 1 ;;
  esac
  version=$(of_system VERSION_ID)
  [ -n "$version" ] && [ "$(printf '%s\n' $least "$version" | sort -V | head -n 1)" != $least ]
}

explain_packages() { # GROUP...
  local family
  family=$(system_family)
  say "Postroom needs these packages, which can be installed with:"
  say ""
  if [ "${family:-debian}" = debian ]; then
    say "  Debian 12 or newer, Ubuntu 24.04 or newer:"
    say "    sudo apt-get install $(packages debian "$@" | paste -sd' ')"
  fi
  if [ "${family:-fedora}" = fedora ]; then
    say "  Fedora:"
    say "    sudo dnf install $(packages fedora "$@" | paste -sd' ')"
  fi
  if [ "${family:-arch}" = arch ]; then
    say "  Arch Linux:"
    say "    sudo pacman -S --needed $(packages arch "$@" | paste -sd' ')"
  fi
  if [ -z "$family" ]; then
    say "  Any other system has them under names like these. With Flatpak there is another way:"
    say "    tools/flatpak"
  fi
  say ""
}

# The tests use the programs of Dovecot, Postfix and Kerberos, never the services that Debian
# would set up with them: those are neither started nor switched on.
services=(dovecot postfix krb5-kdc krb5-admin-server)

# Debian asks this program whether it may start a service.
forbid_services() {
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  printf '#!/bin/sh\n# made by Postroom, for the time of an installation\nexit 101\n' \
    | $as_root tee /usr/sbin/policy-rc.d >/dev/null && $as_root chmod 755 /usr/sbin/policy-rc.d \
    && policy_made=yes
}

allow_services() {
  [ -z "${policy_made:-}" ] || $as_root rm -f /usr/sbin/policy-rc.d
  policy_made=
}

apt() { # SECONDS ARGUMENT...
  local seconds=$1
  shift
  $as_root timeout -k 10 "$seconds" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" \
    </dev/null >"$apt_log" 2>&1
}

apt_failed() { # WHAT GROUP...
  say "$1 did not work; the last lines of it:"
  tail -n 15 "$apt_log" | sed 's/^/    /' >&2
  rm -f "$apt_log"
  shift
  allow_services
  say "Is there a connection to the Internet, and is no other installation running?"
  explain_packages "$@"
  exit 1
}

apt_install() { # GROUP..., with the missing packages in $missing
  local service new_services=()
  apt_log=$(mktemp)
  for service in "${services[@]}"; do
    case " $missing " in *" $service "* | *" $service-core "*) new_services+=("$service") ;; esac
  done
  trap allow_services EXIT
  apt 300 update || apt_failed "“apt-get update”" "$@"
  [ ${#new_services[@]} -eq 0 ] || forbid_services
  # shellcheck disable=SC2086
  apt 1200 install -y --no-install-recommends $missing || apt_failed "“apt-get install”" "$@"
  allow_services
  if [ -d /run/systemd/system ]; then
    for service in "${new_services[@]}"; do
      $as_root systemctl disable --quiet --now "$service" 2>/dev/null
    done
  fi
  rm -f "$apt_log"
}

# Installs what is missing of these groups, or says clearly what to do, and ends.
need_packages() { # GROUP...
  local enough=can_build
  [ "$*" != flatpak ] || enough=can_make_flatpak
  if [ $enough = can_build ] && is_too_old; then
    die "This is $(of_system PRETTY_NAME). Postroom needs Debian 12 or newer, or Ubuntu 24.04 or newer."
  fi
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    $enough && return 0
    say "Packages are installed by themselves only on Debian and its relatives."
    explain_packages "$@"
    exit 1
  fi
  missing=$(missing_debian "$@" | paste -sd' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null 2>&1; }; then
    as_root=sudo
  else
    say "These packages are missing, and installing them needs root or sudo: $missing"
    say "    apt-get install --no-install-recommends $missing"
    say "With --no-install nothing is installed, and what is missing is done without."
    exit 1
  fi
  say "Installing: $missing"
  apt_install "$@"
  missing=$(missing_debian "$@" | paste -sd' ')
  [ -z "$missing" ] || die "Still missing after the installation: $missing"
}

# Configures (once) and builds in a folder below _build.
build() { # FOLDER [MESON-OPTION...]
  local folder=$1 log
  shift
  log=$folder.log
  mkdir -p _build 2>/dev/null
  [ -w _build ] && { [ ! -e "$log" ] || [ -w "$log" ]; } \
    || die "$PWD/_build belongs to somebody else. Take it away, or run this as who made it."
  can_build || { explain_packages build; die "The build cannot start without them."; }
  say "Building in $folder …"
  if [ ! -f "$folder/build.ninja" ]; then
    meson setup "$folder" "$@" >"$log" 2>&1 || build_failed "$log"
  fi
  ninja -C "$folder" -j "$(jobs_here)" >"$log" 2>&1 || build_failed "$log"
}

build_failed() { # LOG
  tail -n 40 "$1" >&2
  die "The build failed; all of its output is in $1."
}
