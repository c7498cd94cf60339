# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Dovecot 2.3 (Debian 12): POP3, and the SASL server that Postfix asks.
# Runs without root, wholly as TB_USER, from DIR/dovecot.
#
# Two things Dovecot cannot do by itself:
#  - One certificate per port.  Its ssl_cert goes by local address, not by
#    port, and "<file" is not expanded in "-o ssl_cert=<file".  So each further
#    kind of listener is a login service whose executable is a small script
#    that hands over the certificate's text with -o.
#  - Demand TLS from 127.0.0.1 on 127.0.0.1: a client whose address is the
#    server's own counts as "secured" whatever disable_plaintext_auth and
#    ssl=required say.  So the strict listener has the address 127.0.0.2,
#    which a client reaches from 127.0.0.1.

DOVECOT_MECHS="plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 apop"
DOVECOT_LIBEXEC=/usr/lib/dovecot

missing_dovecot() {
  lacks dovecot dovecot-core
  [ -z "$(lacks dovecot dovecot-core)" ] || return 0
  # Later ones read another kind of configuration file.
  case $(dovecot --version) in 2.3.*) ;; *) echo "dovecot 2.3" ;; esac
  [ -x "$DOVECOT_LIBEXEC/pop3-login" ] || echo "dovecot's pop3-login (package dovecot-pop3d)"
}

_login_service() { # NAME ADDRESS PORT SSL(yes|no) [SETTING=VALUE...]
  local name=$1 address=$2 port=$3 ssl=$4 s
  shift 4
  {
    echo '#!/bin/sh'
    printf 'exec %s/pop3-login' "$DOVECOT_LIBEXEC"
    for s in "$@"; do printf ' \\\n  -o "%s"' "$s"; done
    echo
  } > "$d/login-$name"
  chmod 755 "$d/login-$name"
  cat <<EOF
service pop3-login-$name {
  executable = $d/login-$name
  type = login
  protocol = pop3
  chroot =
  service_count = 0
  process_limit = 1
  client_limit = $MAXCONN
  inet_listener pop3 {
  address = $address
  port = $port
  ssl = $ssl
  }
}
EOF
}

_cert() { # NAME: the two settings that make a login service show it
  printf '%s\n' "ssl_cert=\$(cat $DIR/tls/$1.pem)" "ssl_key=\$(cat $DIR/tls/$1.key)"
}

_login_processes() {
  if [ "$LOGIN_PROCESSES" = each ]; then
    printf '  %s\n' 'service_count = 1' "process_limit = $MAXCONN"
  else
    printf '  %s\n' '# Many connections for each login process, and no new process for each.' \
      'service_count = 0' "process_min_avail = $LOGIN_PROCESSES" \
      "process_limit = $LOGIN_PROCESSES" "client_limit = $MAXCONN"
  fi
}

_dovecot_conf() {
  local kind port
  cat <<EOF
# Made by the test bed's parts/dovecot.sh; changes here are lost.
base_dir = $d/run
state_dir = $d/run
log_path = $DIR/log/dovecot.log
protocols = pop3
listen = 127.0.0.1
default_internal_user = $TB_USER
default_internal_group = $TB_GROUP
default_login_user = $TB_USER
first_valid_uid = 1
# 0 stands for "no limit": the bed's clients all have one address.
mail_max_userip_connections = 0
mail_location = maildir:~/Maildir
# An RFC 5322 file for each message; no fsync, for it is only a test.
mail_fsync = never
pop3_uidl_format = %08Xu%08Xv

ssl = yes
ssl_cert = <$DIR/tls/good.pem
ssl_key = <$DIR/tls/good.key
disable_plaintext_auth = no

# Big enough for MAXCONN sessions of POP3 and of SMTP at one time.
default_client_limit = $((MAXCONN * 4 + 1000))
default_process_limit = 400

auth_mechanisms = $DOVECOT_MECHS${OAUTH_MECHS}${KERBEROS_MECHS}
auth_verbose = yes
auth_username_chars =
# Pause after a bad password, 2 s on a usual server; it is made by the one auth
# process, so it cannot differ from port to port.  With 0 a refusal still waits
# for a timer that goes off each 0.5 s.
auth_failure_delay = ${FAIL_DELAY}s

passdb {
  driver = passwd-file
  mechanisms = $DOVECOT_MECHS
  args = username_format=%Lu $d/users
}
EOF
  if [ -n "$KERBEROS_MECHS" ]; then cat <<EOF
# The key that fits, of all in the file; no replay cache, for which it would need /var/tmp.
auth_gssapi_hostname = "\$ALL"
auth_krb5_keytab = $DIR/kerberos/services.keytab
import_environment = \$import_environment KRB5_CONFIG=$DIR/kerberos/krb5.conf KRB5RCACHENAME=none:
passdb {
  driver = static
  mechanisms = gssapi
  args = nopassword=y
}
EOF
  fi
  if [ -n "$OAUTH_MECHS" ]; then cat <<EOF
passdb {
  driver = oauth2
  mechanisms =$OAUTH_MECHS
  args = $d/oauth2.conf
}
EOF
  fi
  cat <<EOF
userdb {
  driver = passwd-file
  args = username_format=%Lu $d/users
}

# Without root there is nothing to chroot into, and nobody to become.
service anvil {
  chroot =
  client_limit = $((MAXCONN * 4 + 1000))
  # No growing pause for an address from which bad passwords came.
  unix_listener anvil-auth-penalty {
  mode = 0
  }
}
service auth {
  client_limit = $((MAXCONN * 4 + 1000))
  # Postfix asks here.
  unix_listener smtp-auth {
  mode = 0666
  }
}
service pop3-login {
  chroot =
$(_login_processes)
  inet_listener pop3 {
  port = $POP3_PORT
  }
  inet_listener pop3s {
  port = $POP3S_PORT
  ssl = yes
  }
}
service pop3 {
  # One process for each session, used again for later ones.
  service_count = 500
  process_min_avail = 4
  process_limit = $MAXCONN
}
EOF
  _login_service strict "$POP3_STRICT_HOST" "$POP3_STRICT_PORT" no \
    disable_plaintext_auth=yes ssl=required
  for kind in expired wronghost selfsigned unknownca nochain; do
    port=POP3S_${kind^^}_PORT
    mapfile -t cert < <(_cert $kind)
    _login_service $kind 127.0.0.1 "${!port}" yes "${cert[@]}"
  done
}

_oauth2_conf() {
  cat <<EOF
# Made by the test bed's parts/dovecot.sh; changes here are lost.
# Each XOAUTH2 or OAUTHBEARER login asks the provider about its token.
introspection_mode = post
introspection_url = $OIDC_SCHEME://dovecot:dovecot-secret@127.0.0.1:$OIDC_PORT/token/introspection
username_attribute = email
active_attribute = active
active_value = true
scope = mail
openid_configuration_url = $OIDC_ISSUER/.well-known/openid-configuration
tls_ca_cert_file = $DIR/tls/ca.pem
max_parallel_connections = 20
timeout_msecs = 5000
EOF
}

start_dovecot() {
  local d=$DIR/dovecot cert OAUTH_MECHS="" KERBEROS_MECHS=""
  if running dovecot; then return 0; fi
  port_free dovecot 127.0.0.1 "$POP3_PORT"
  mkdir -p "$d/run"
  case " $WITH " in
    *" oidc "*)
      OAUTH_MECHS=" xoauth2 oauthbearer"
      _oauth2_conf > "$d/oauth2.conf"
      ;;
  esac
  case " $WITH " in
    *" kerberos "*) KERBEROS_MECHS=" gssapi" ;;
  esac
  _dovecot_conf > "$d/dovecot.conf"
  if [ "$(id -u)" = 0 ]; then chown -R "$TB_USER:$TB_GROUP" "$d"; fi
  chmod 755 "$d" "$d/run"
  # Room for the sockets of all clients; Dovecot's default limits ask for it.
  ulimit -n "$(ulimit -Hn)"
  rm -f "$d/run/master.pid"
  launch dovecot "${AS_USER[@]}" dovecot -F -c "$d/dovecot.conf"
  wait_greeting dovecot 127.0.0.1 "$POP3_PORT" +OK
}

stop_dovecot() { stop dovecot; }
