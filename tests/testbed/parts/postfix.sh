# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Postfix 3.7 (Debian 12): submission, AUTH through Dovecot, delivery into the
# Maildirs that Dovecot serves.  From DIR/postfix, with its own queue; nothing
# in /etc is read or written but the list of loadable table types.
#
# Postfix insists on root: its master changes its uid for each part, and looks at
# who owns its folders.  It gets a root that is only played: libfakeroot, loaded
# into each of its processes, lets setuid() and chown() seem to succeed, so that
# in truth all of it runs as TB_USER.  The daemon "faked" remembers who seems to
# own what.  (Of its two kinds faked-tcp will not do: it listens on all
# addresses, not just on loopback.)

missing_postfix() {
  lacks postconf postfix
  lacks faked-sysv fakeroot
  lacks ipcrm util-linux
  ls /usr/lib/*/libfakeroot/libfakeroot-sysv.so >/dev/null 2>&1 ||
    echo "libfakeroot (package libfakeroot)"
}

start_postfix() {
  local p=$DIR/postfix kind port uid gid fake lib libexec
  if running postfix; then return 0; fi
  port_free postfix 127.0.0.1 "$SUBMISSION_PORT"
  libexec=$(postconf -hd daemon_directory)
  uid=$(id -u "$TB_USER"); gid=$(id -g "$TB_USER")
  [ "$uid" -ge 100 ] || die "TB_USER has a uid below 100, to which Postfix does not deliver"
  lib=$(echo /usr/lib/*/libfakeroot/libfakeroot-sysv.so)

  mkdir -p "$p/etc" "$p/spool"
  chmod 755 "$p" "$p/etc" "$p/spool"

  cat > "$p/etc/main.cf" <<EOF
# Made by the test bed's parts/postfix.sh; changes here are lost.
compatibility_level = 3.6
queue_directory = $p/spool
data_directory = $p/data
command_directory = /usr/sbin
daemon_directory = $libexec
shlib_directory = $(postconf -hd shlib_directory)
meta_directory = $(postconf -hd meta_directory)
mail_owner = postfix
setgid_group = postdrop
maillog_file = $DIR/log/postfix.log
maillog_file_prefixes = $DIR/log
# What libfakeroot needs; Postfix drops all of the environment but this.
import_environment = MAIL_CONFIG LD_PRELOAD FAKEROOTKEY FAKED_MODE

# Nothing leaves this machine, and no name is looked up.
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.$DOMAIN
mydestination =
mynetworks =
default_transport = error:only $DOMAIN is served here
relay_domains =
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
local_transport = error:no local mail
alias_maps =
alias_database =
biff = no

# The users' Maildirs, the same that Dovecot serves.
virtual_mailbox_domains = $DOMAIN
virtual_mailbox_base = $DIR/mail
virtual_mailbox_maps = texthash:$p/mailboxes
virtual_minimum_uid = 100
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
mailbox_size_limit = 0
virtual_mailbox_limit = 0

# AUTH is Dovecot's affair, so it knows the same users and mechanisms.
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $DIR/dovecot/run/smtp-auth
smtpd_sasl_security_options = noanonymous
smtpd_tls_auth_only = yes
# Mail only from those who logged in, and only to users of the bed.
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject

smtpd_tls_security_level = may
smtpd_tls_chain_files = $DIR/tls/good.key, $DIR/tls/good.pem
smtpd_tls_loglevel = 1
smtpd_tls_session_cache_database =

# MAXCONN sessions at one time from one address.  Postfix's own default is half
# of default_process_limit (50) for each client address.
default_process_limit = $MAXCONN
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_auth_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_client_recipient_rate_limit = 0
# No tarpit and no hang-up for a client that makes mistakes on purpose.
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
in_flow_delay = 0
EOF

  {
    echo "# Made by the test bed's parts/postfix.sh; changes here are lost."
    echo "# service type private unpriv chroot wakeup maxproc command"
    echo "127.0.0.1:$SUBMISSION_PORT inet n - n - $MAXCONN smtpd" \
      "-o smtpd_tls_security_level=encrypt"
    echo "127.0.0.1:$SUBMISSION_CLEAR_PORT inet n - n - $MAXCONN smtpd -o smtpd_tls_auth_only=no"
    echo "127.0.0.1:$SMTPS_PORT inet n - n - $MAXCONN smtpd -o smtpd_tls_wrappermode=yes"
    for kind in expired wronghost selfsigned unknownca nochain; do
      port=SMTPS_${kind^^}_PORT
      echo "127.0.0.1:${!port} inet n - n - $MAXCONN smtpd -o smtpd_tls_wrappermode=yes" \
        "-o smtpd_tls_chain_files=$DIR/tls/$kind.key,$DIR/tls/$kind.pem"
    done
    cat <<EOF
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
local     unix  - n n - - local
virtual   unix  - n n - 20 virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
EOF
  } > "$p/etc/master.cf"

  # Postfix waits (0.3 s for each service) until a file it reads is some
  # seconds old, lest it is still being written.
  touch -d '1 minute ago' "$p/etc/main.cf" "$p/etc/master.cf" "$p/mailboxes"
  if [ "$(id -u)" = 0 ]; then chown -R "$TB_USER:$TB_GROUP" "$p"; fi
  ulimit -n "$(ulimit -Hn)"
  stop_postfix
  fake=$("${AS_USER[@]}" faked-sysv 9>&-) # tells "KEY:PID" and goes on in the background
  record postfix-faked "${fake#*:}"
  echo "${fake%:*}" > "$p/faked.key"
  # master -w goes into the background, and comes back when the parts listen.
  rm -f "$p/spool/pid/master.pid"
  "${AS_USER[@]}" env FAKEROOTKEY="${fake%:*}" LD_PRELOAD="$lib" MAIL_CONFIG="$p/etc" \
    bash -c "$(declare -f _spool); _spool '$p' && exec '$libexec/master' -c '$p/etc' -w" 9>&- ||
    { tail -5 "$DIR/log/postfix.log" >&2; die "postfix does not start"; }
  record_file postfix "$p/spool/pid/master.pid"
  wait_greeting postfix 127.0.0.1 "$SUBMISSION_CLEAR_PORT" 220
}

stop_postfix() {
  local key pid f=$DIR/postfix/faked.key
  # An `up` that was killed may have left a master that nobody recorded yet.
  pid=$(tr -d ' \n' 2>/dev/null < "$DIR/postfix/spool/pid/master.pid" || true)
  if ! running postfix && [ -n "$pid" ] &&
    tr '\0' ' ' 2>/dev/null < "/proc/$pid/cmdline" | grep -qF -- "-c $DIR/postfix/etc"; then
    record postfix "$pid"
  fi
  stop postfix
  stop postfix-faked
  # What faked talks through is made anew by any process that outlived it.
  if [ -f "$f" ]; then
    key=$(cat "$f")
    "${AS_USER[@]}" ipcrm -Q "$key" -Q $((key + 1)) -S $((key + 2)) 2>/dev/null || true
    rm -f "$f"
  fi
}

# The queue's folders, as `postfix check` would make them; run under libfakeroot.
_spool() { # DIR
  local q s=$1/spool
  mkdir -p "$1/data"; chown postfix "$1/data"; chmod 700 "$1/data"
  for q in active bounce corrupt defer deferred flush hold incoming private saved trace; do
    mkdir -p "$s/$q"; chown postfix "$s/$q"; chmod 700 "$s/$q"
  done
  mkdir -p "$s/pid" "$s/public" "$s/maildrop"
  chmod 755 "$s/pid"
  chown postfix:postdrop "$s/public" "$s/maildrop"
  chmod 710 "$s/public"; chmod 1730 "$s/maildrop"
}
