# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A realm of MIT Kerberos: its KDC on a loopback port, a principal for each account, the services
# pop and smtp on localhost. DIR/kerberos/krb5.conf is for clients (KRB5_CONFIG); with it
# "kinit -k -t DIR/kerberos/users.keytab user00001@REALM" gives a ticket. Nothing of the system's own
# Kerberos is read or written. It has to start before Dovecot, which then offers GSSAPI.

KERBEROS_REALM=EXAMPLE.TEST

missing_kerberos() {
  lacks krb5kdc krb5-kdc
  lacks kdb5_util krb5-kdc
  lacks kadmin.local krb5-admin-server
  lacks kinit krb5-user
  ls /usr/lib/dovecot/modules/auth/libmech_gssapi.so >/dev/null 2>&1 ||
    echo "Dovecot's GSSAPI (package dovecot-gssapi)"
}

_kerberos_conf() {
  cat > "$k/krb5.conf" <<EOF
# Made by the test bed's parts/kerberos.sh; changes here are lost.
[libdefaults]
  default_realm = $KERBEROS_REALM
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  default_ccache_name = FILE:$k/ticket
[realms]
  $KERBEROS_REALM = {
    kdc = 127.0.0.1:$KERBEROS_PORT
  }
[domain_realm]
  localhost = $KERBEROS_REALM
EOF
  cat > "$k/kdc.conf" <<EOF
# Made by the test bed's parts/kerberos.sh; changes here are lost.
[kdcdefaults]
  kdc_listen = 127.0.0.1:$KERBEROS_PORT
  kdc_tcp_listen = 127.0.0.1:$KERBEROS_PORT
[realms]
  $KERBEROS_REALM = {
    database_name = $k/principals
    key_stash_file = $k/stash
    acl_file = $k/acl
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = FILE:$DIR/log/kerberos.log
  default = FILE:$DIR/log/kerberos.log
EOF
}

# The accounts of users.tsv that Kerberos can name: plain letters and digits.
_kerberos_requests() {
  local name
  echo "add_principal -randkey pop/localhost"
  echo "add_principal -randkey smtp/localhost"
  echo "ktadd -k $k/services.keytab pop/localhost smtp/localhost"
  cut -f1 "$DIR/users.tsv" | sed -n "s/^\\([a-z0-9-]*\\)@$DOMAIN\$/\\1/p" | while read -r name; do
    echo "add_principal -randkey $name"
    echo "ktadd -k $k/users.keytab $name"
  done
}

_kerberos() { # COMMAND...: as the account of the bed, in the realm of the bed
  "${AS_USER[@]}" env KRB5_CONFIG="$k/krb5.conf" KRB5_KDC_PROFILE="$k/kdc.conf" "$@"
}

start_kerberos() {
  local k=$DIR/kerberos
  if running kerberos; then return 0; fi
  port_free kerberos 127.0.0.1 "$KERBEROS_PORT"
  mkdir -p "$k"
  _kerberos_conf
  [ "$(id -u)" != 0 ] || chown -R "$TB_USER:$TB_GROUP" "$k"
  if [ ! -f "$k/users.keytab" ]; then
    _kerberos kdb5_util create -s -r "$KERBEROS_REALM" -P "a password for a test" >/dev/null ||
      fail kerberos "no database of principals"
    _kerberos_requests | _kerberos kadmin.local -r "$KERBEROS_REALM" >> "$DIR/log/kerberos.out" 2>&1 ||
      fail kerberos "no principals"
    # The tests ask for tickets as whoever runs them.
    chmod 644 "$k/users.keytab"
  fi
  chmod 755 "$k"
  launch kerberos "${AS_USER[@]}" env KRB5_CONFIG="$k/krb5.conf" KRB5_KDC_PROFILE="$k/kdc.conf" \
    krb5kdc -n
  wait_port kerberos 127.0.0.1 "$KERBEROS_PORT"
}

stop_kerberos() { stop kerberos; }
