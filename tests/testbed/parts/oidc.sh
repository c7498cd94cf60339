# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The OpenID provider, of which there are two, with the same accounts, clients and paths:
#
#   node      oidc/server.mjs, on the npm package oidc-provider, which "oidc/fetch" gets as
#             oidc/package-lock.json pins it. It wants a newer Node.js than Debian 12 has.
#             POSTROOM_OIDC_MODULES may name another folder that has the packages in node_modules
#   oauthlib  oidc/server.py, on Debian's python3-oauthlib: always to be had; no device flow
#
# POSTROOM_OIDC names one of them; otherwise it is the first whose needs are there.

OIDC_NODE=20
OIDC_MODULES=${POSTROOM_OIDC_MODULES:-$TESTBED/oidc}/node_modules

missing_oidc_node() {
  lacks node nodejs
  ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -ge $OIDC_NODE ] ||
    echo "Node.js $OIDC_NODE or newer"
  [ -d "$OIDC_MODULES/oidc-provider" ] ||
    echo "the npm package oidc-provider (run $TESTBED/oidc/fetch)"
}

missing_oidc_oauthlib() {
  "$PYTHON" -c 'import cryptography, jwt, oauthlib.openid' 2>/dev/null ||
    echo "oauthlib (package python3-oauthlib)"
}

choose_oidc() {
  if [ -n "${POSTROOM_OIDC:-}" ]; then
    echo "$POSTROOM_OIDC"
  elif [ -z "$(missing_oidc_node)" ]; then
    echo node
  else
    echo oauthlib
  fi
}

missing_oidc() {
  case $(choose_oidc) in
    node) missing_oidc_node ;;
    oauthlib) missing_oidc_oauthlib ;;
    *) echo "POSTROOM_OIDC to be node or oauthlib" ;;
  esac
}

start_oidc() {
  local o=$DIR/oidc kind
  if running oidc; then return 0; fi
  kind=$(choose_oidc)
  port_free oidc 127.0.0.1 "$OIDC_PORT"
  # A copy, for the account that runs it need not be able to read the sources.
  rm -rf "$o"
  mkdir -p "$o"
  if [ "$kind" = node ]; then
    cp "$TESTBED/oidc/server.mjs" "$TESTBED/oidc/package.json" "$o"
    cp -r "$OIDC_MODULES" "$o/node_modules"
  else
    cp "$TESTBED/oidc/server.py" "$o"
  fi
  chmod -R a+rX "$o"
  if [ "$kind" = node ]; then
    launch oidc "${AS_USER[@]}" node "$o/server.mjs" "$DIR"
  else
    launch oidc "${AS_USER[@]}" "$PYTHON" -B "$o/server.py" "$DIR"
  fi
  wait_port oidc 127.0.0.1 "$OIDC_PORT" 20
}

stop_oidc() { stop oidc; }
