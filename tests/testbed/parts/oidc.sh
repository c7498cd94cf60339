# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The OpenID provider: oidc/server.mjs, on the npm package oidc-provider. Debian has no package for
# it: "oidc/fetch" gets what oidc/package-lock.json pins. POSTROOM_OIDC_MODULES may name another
# folder that has the packages in its node_modules. It wants a newer Node.js than Debian 12 has.

OIDC_NODE=20
OIDC_MODULES=${POSTROOM_OIDC_MODULES:-$TESTBED/oidc}/node_modules

missing_oidc() {
  lacks node nodejs
  ! command -v node >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -ge $OIDC_NODE ] ||
    echo "Node.js $OIDC_NODE or newer"
  [ -d "$OIDC_MODULES/oidc-provider" ] ||
    echo "the npm package oidc-provider (run $TESTBED/oidc/fetch)"
}

start_oidc() {
  local o=$DIR/oidc
  if running oidc; then return 0; fi
  port_free oidc 127.0.0.1 "$OIDC_PORT"
  # A copy, for the account that runs it need not be able to read the sources.
  rm -rf "$o"
  mkdir -p "$o"
  cp "$TESTBED/oidc/server.mjs" "$TESTBED/oidc/package.json" "$o"
  cp -r "$OIDC_MODULES" "$o/node_modules"
  chmod -R a+rX "$o"
  launch oidc "${AS_USER[@]}" node "$o/server.mjs" "$DIR"
  wait_port oidc 127.0.0.1 "$OIDC_PORT" 20
}

stop_oidc() { stop oidc; }
