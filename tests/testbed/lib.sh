# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the commands of the test bed share. Sourced, never run.

set -euo pipefail
TESTBED=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
PYTHON=${PYTHON:-/usr/bin/python3}

say() { printf '%s\n' "$*" >&2; }
die() { say "testbed: $*"; exit 1; }

# The end of a server that did not start, with the last of what it said.
fail() { # NAME WORDS...
  tail -n 5 "$DIR/log/$1.out" "$DIR/log/$1.log" >&2 2>/dev/null || true
  shift
  die "$*; see $DIR/log"
}

# --- What a part needs ------------------------------------------------------------------------
# Each part has a function "missing_PART" that names what is not there, and prints nothing when all
# is.
lacks() { # COMMAND PACKAGE
  [ -x "$(type -P "$1")" ] || printf '%s (package %s)\n' "$1" "$2"
}

missing_base() {
  lacks certtool gnutls-bin
  lacks setpriv util-linux
  lacks setsid util-linux
  lacks flock util-linux
  lacks "$PYTHON" python3
}

missing() { # PART... -> one line with all that is not there
  local part
  {
    missing_base
    for part in "$@"; do "missing_$part"; done
  } | sort -u | paste -sd ',' | sed 's/,/, /g'
}

# --- Who runs the servers ---------------------------------------------------------------------
# All of the bed runs as one ordinary account: the caller, or (when the caller is root) TB_USER, by
# default "nobody".
if [ "$(id -u)" = 0 ]; then
  TB_USER=${TB_USER:-nobody}
else
  TB_USER=$(id -un)
fi
TB_GROUP=$(id -gn "$TB_USER")

# Put before a command, this runs it as that account (and keeps its pid).
AS_USER=()
if [ "$(id -u)" = 0 ]; then
  AS_USER=(setpriv --reuid="$TB_USER" --regid="$TB_GROUP" --clear-groups --)
fi

# --- Processes --------------------------------------------------------------------------------
# A recorded process is "PID STARTTIME"; the start time (field 22 of /proc/PID/stat) guards against
# a pid that was given to another process.
start_time() { # PID
  local stat
  [[ $1 =~ ^[1-9][0-9]*$ ]] || return 1
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # Cut the "(command)" away: it may hold spaces.
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" != Z ] || return 1
  echo "${20}"
}

record() { # NAME PID
  local t
  mkdir -p "$DIR/pids"
  t=$(start_time "$2") || fail "$1" "$1 ended at once"
  echo "$2 $t" > "$DIR/pids/$1"
}

running() { # NAME -> true, and PID set, if the recorded process still lives
  local t=
  PID=
  [ -f "$DIR/pids/$1" ] || return 1
  read -r PID t < "$DIR/pids/$1" || return 1
  [ -n "$t" ] && [ "$(start_time "$PID" || true)" = "$t" ]
}

# Ends a recorded process by its pid: TERM, at most 10 s of patience, then KILL.
stop() { # NAME
  local i
  if running "$1"; then
    kill -TERM "$PID" 2>/dev/null || true
    for ((i = 0; i < 200; i++)); do running "$1" || break; sleep 0.05; done
    if running "$1"; then
      say "testbed: $1 ($PID) ignores TERM: KILL"
      kill -KILL "$PID" || true
    fi
  fi
  rm -f "$DIR/pids/$1"
}

# Starts a program that stays in the foreground, in a session of its own (so that it outlives what
# kills the caller's process group, and is ended in order), and records it. Its output goes to
# log/NAME.out.
launch() { # NAME COMMAND...
  local name=$1
  shift
  setsid "$@" </dev/null >>"$DIR/log/$name.out" 2>&1 9>&- &
  record "$name" $!
  disown
}

# Waits for a daemon to write its pid file, and records it.
record_file() { # NAME FILE
  local i
  for ((i = 0; i < 100; i++)); do
    if [ -s "$2" ]; then
      record "$1" "$(tr -d ' \n' < "$2")"
      return 0
    fi
    sleep 0.05
  done
  fail "$1" "$1 writes no $2"
}

# `up` and `down` of one bed exclude each other. What they start does not get the lock (9>&-).
lock_bed() {
  exec 9>"$DIR/lock"
  flock -w 90 9 || die "another 'up' or 'down' of $DIR does not come to its end"
}

# --- Readiness --------------------------------------------------------------------------------
port_open() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; } # HOST PORT

# Before a start: lest another server answers in the place of ours. (A process of a server that was
# killed may hold its port for a moment.)
port_free() { # NAME HOST PORT
  local i
  for ((i = 0; i < 60; i++)); do
    port_open "$2" "$3" || return 0
    sleep 0.05
  done
  die "$1 cannot have $2:$3, something listens there; try another --base"
}

wait_port() { # NAME HOST PORT [SECONDS]
  local i n=$((${4:-10} * 20))
  for ((i = 0; i < n; i++)); do
    if port_open "$2" "$3"; then return 0; fi
    running "$1" || fail "$1" "$1 ended before it listened on $2:$3"
    sleep 0.05
  done
  fail "$1" "$1 does not listen on $2:$3 after ${4:-10} s"
}

# Waits for the first line of a server that speaks first. Dovecot and Postfix say it only when their
# SASL part is ready too, which an open port is no proof of.
wait_greeting() { # NAME HOST PORT EXPECT [SECONDS]
  local line
  wait_port "$1" "$2" "$3" "${5:-10}"
  line=$(exec 3<>"/dev/tcp/$2/$3"; IFS= read -r -t "${5:-10}" line <&3 || true; echo "$line")
  case $line in
    "$4"*) ;;
    *) fail "$1" "$1 does not greet on $2:$3 (said '$line')" ;;
  esac
}

# --- Settings ---------------------------------------------------------------------------------
# All settings of one bed are kept as KEY=VALUE in DIR/testbed.env, which bash, Python and the
# OpenID provider all read.
set_ports() { # BASE
  local b=$1
  POP3_PORT=$((b + 110))         # STLS offered; password in clear allowed
  POP3_STRICT_HOST=127.0.0.2     # see parts/dovecot.sh on why not 127.0.0.1
  POP3_STRICT_PORT=$((b + 111))  # STLS demanded before any login
  POP3S_PORT=$((b + 995))
  POP3S_EXPIRED_PORT=$((b + 996))
  POP3S_WRONGHOST_PORT=$((b + 997))
  POP3S_SELFSIGNED_PORT=$((b + 998))
  POP3S_UNKNOWNCA_PORT=$((b + 999))
  POP3S_NOCHAIN_PORT=$((b + 1000))
  SUBMISSION_PORT=$((b + 587))       # STARTTLS demanded before AUTH
  SUBMISSION_CLEAR_PORT=$((b + 588)) # AUTH also without TLS
  SMTPS_PORT=$((b + 465))
  SMTPS_EXPIRED_PORT=$((b + 466))
  SMTPS_WRONGHOST_PORT=$((b + 467))
  SMTPS_SELFSIGNED_PORT=$((b + 468))
  SMTPS_UNKNOWNCA_PORT=$((b + 469))
  SMTPS_NOCHAIN_PORT=$((b + 470))
  OIDC_PORT=$((b + 443))
  KERBEROS_PORT=$((b + 88))
  OIDC_ISSUER=$OIDC_SCHEME://127.0.0.1:$OIDC_PORT
}

PORTS="POP3_PORT POP3_STRICT_PORT POP3S_PORT POP3S_EXPIRED_PORT POP3S_WRONGHOST_PORT
  POP3S_SELFSIGNED_PORT POP3S_UNKNOWNCA_PORT POP3S_NOCHAIN_PORT SUBMISSION_PORT
  SUBMISSION_CLEAR_PORT SMTPS_PORT SMTPS_EXPIRED_PORT SMTPS_WRONGHOST_PORT SMTPS_SELFSIGNED_PORT
  SMTPS_UNKNOWNCA_PORT SMTPS_NOCHAIN_PORT OIDC_PORT KERBEROS_PORT"
SETTINGS="BASE USERS SEED DOMAIN MAXCONN KEYTYPE FAIL_DELAY OIDC_SCHEME TOKEN_TTL LOGIN_PROCESSES
  WITH TB_USER OIDC_ISSUER POP3_STRICT_HOST $PORTS"

write_settings() {
  local k
  for k in DIR $SETTINGS; do printf '%s=%q\n' "$k" "${!k}"; done > "$DIR/testbed.env"
}

read_settings() {
  [ -f "$DIR/testbed.env" ] || die "no test bed in $DIR"
  # shellcheck disable=SC1091
  . "$DIR/testbed.env"
}

for part in kerberos dovecot postfix oidc; do
  # shellcheck disable=SC1090
  . "$TESTBED/parts/$part.sh"
done
