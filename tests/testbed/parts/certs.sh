# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A throw-away CA and one server certificate of each kind, in DIR/tls.
#
#   ca.pem            the CA that clients of the bed are to trust
#   good              for 127.0.0.1, ::1, 127.0.0.2, localhost, mail.DOMAIN
#   rsa               as good, always with an RSA key
#   expired           as good, ended in 2020
#   wronghost         valid, but for another host
#   selfsigned        as good, signed by itself
#   unknownca         as good, from a CA that nobody trusts; its root is sent along
#   nochain           as good, from an intermediate CA that is not sent along; the certificate says
#                     where that could be fetched, as those of public CAs do
#   chain             the same, with the intermediate in the file

make_certs() {
  local t=$DIR/tls
  if [ -f "$t/done-$KEYTYPE" ]; then return 0; fi
  rm -rf "$t"; mkdir -p "$t"
  _ca ca "Test bed CA"
  _ca otherca "CA that nobody trusts"
  _ca intermediate "Test bed intermediate CA" ca
  _leaf good ca
  KEYTYPE=rsa _leaf rsa ca
  _leaf expired ca 'activation_date = "2019-01-01 00:00:00"' \
    'expiration_date = "2020-01-01 00:00:00"'
  _leaf wronghost ca
  _leaf selfsigned ""
  _leaf unknownca otherca
  cat "$t/otherca.pem" >> "$t/unknownca.pem"
  _leaf nochain intermediate 'expiration_days = 365' \
    "ca_issuers_uri = \"http://ca.$DOMAIN/intermediate.crt\""
  cp "$t/nochain.key" "$t/chain.key"
  cat "$t/nochain.pem" "$t/intermediate.pem" > "$t/chain.pem"
  if [ "$(id -u)" = 0 ]; then chown -R "$TB_USER:$TB_GROUP" "$t"; fi
  touch "$t/done-$KEYTYPE"
}

_key() { # NAME
  local how
  case $KEYTYPE in
    ec) how=(--key-type=ecdsa --curve=secp256r1) ;;
    rsa) how=(--key-type=rsa --bits=2048) ;;
    *) die "--key must be ec or rsa" ;;
  esac
  certtool --generate-privkey "${how[@]}" --no-text --outfile "$t/$1.key" 2>>"$t/certtool.log"
}

_sign() { # NAME [ISSUER], without issuer: by itself
  local how=(--generate-self-signed)
  [ -z "${2:-}" ] ||
    how=(--generate-certificate --load-ca-certificate "$t/$2.pem" --load-ca-privkey "$t/$2.key")
  certtool "${how[@]}" --load-privkey "$t/$1.key" --template "$t/$1.cfg" \
    --no-text --outfile "$t/$1.pem" 2>>"$t/certtool.log"
}

_ca() { # NAME COMMON-NAME [ISSUER]
  _key "$1"
  printf '%s\n' "cn = \"$2\"" ca cert_signing_key crl_signing_key 'expiration_days = 3650' \
    > "$t/$1.cfg"
  _sign "$1" "${3:-}"
}

_leaf() { # NAME ISSUER [TEMPLATE-LINE...], which then tell its time, too
  local name=$1 issuer=$2
  shift 2
  _key "$name"
  {
    printf '%s\n' signing_key encryption_key tls_www_server
    if [ "$name" = wronghost ]; then
      printf '%s\n' 'cn = "elsewhere.example"' 'dns_name = "elsewhere.example"'
    else
      printf '%s\n' "cn = \"mail.$DOMAIN\"" "dns_name = \"mail.$DOMAIN\"" \
        'dns_name = "localhost"' 'ip_address = "127.0.0.1"' 'ip_address = "127.0.0.2"' \
        'ip_address = "::1"'
    fi
    if [ $# -gt 0 ]; then printf '%s\n' "$@"; else echo 'expiration_days = 365'; fi
  } > "$t/$name.cfg"
  _sign "$name" "$issuer"
}
