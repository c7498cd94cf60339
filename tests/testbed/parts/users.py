#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the accounts of a test bed and seed their mailboxes.

users.py DIR OWNER GROUP; the rest comes from DIR/testbed.env.

Writes DIR/users.tsv (login TAB password, for the OpenID provider and for
checks), DIR/dovecot/users (Dovecot's passwd-file), DIR/postfix/mailboxes
(Postfix's address table) and DIR/mail/NAME/Maildir.  Does nothing for what is
already there.
"""
import base64
import grp
import os
import pwd
import sys

# Accounts with something special about them: name -> (password, extra fields
# of Dovecot's passwd-file).
SPECIAL = {
    "space": ("pass word  with spaces", ""),
    "utf8": ("pässwörd€", ""),
    "quote": ("\"q'uo\\te%:{}", ""),
    "long": ("0123456789" * 12, ""),
    # Right password, yet no login (a suspended account).
    "suspended": ("pw-suspended", "nologin=y reason=Account_is_suspended"),
    # Right password, but the mailbox cannot be opened: -ERR [SYS/...] on POP3.
    "broken": ("pw-broken", "userdb_mail=maildir:/proc/no-such-mailbox"),
}


def settings(directory):
    with open(os.path.join(directory, "testbed.env")) as f:
        return dict(line.rstrip("\n").split("=", 1) for line in f if not line.startswith("WITH="))


def accounts(count):
    for i in range(1, count + 1):
        yield "user%05d" % i, "pw-%05d" % i, ""
    for name, (password, extra) in SPECIAL.items():
        yield name, password, extra


def message(login, number):
    body = "Message %d for %s.\r\n" % (number, login)
    if number == 2:
        # A line that POP3 must dot-stuff, and a line longer than 998 octets.
        body += ".leading dot\r\n" + "x" * 1200 + "\r\n"
    return (
        "From: Test bed <postmaster@example.test>\n"
        "To: <%s>\nSubject: Seeded message %d\n"
        "Date: Mon, 01 Jan 2024 00:00:0%d +0000\n"
        "Message-ID: <seed-%d.%s>\n\n%s"
        % (login, number, number % 10, number, login, body.replace("\r\n", "\n"))
    ).encode()


def main():
    directory, owner, group = sys.argv[1:4]
    env = settings(directory)
    count, seed, domain = int(env["USERS"]), int(env["SEED"]), env["DOMAIN"]
    uid, gid = pwd.getpwnam(owner).pw_uid, grp.getgrnam(group).gr_gid
    is_root = os.geteuid() == 0

    stamp = os.path.join(directory, "users.stamp")
    state = "%d %d %s %d" % (count, seed, domain, uid)
    if os.path.exists(stamp) and open(stamp).read() == state:
        return

    def own(path):
        if is_root:
            os.chown(path, uid, gid)

    def make_dir(path):
        if not os.path.isdir(path):
            os.mkdir(path, 0o700)
            own(path)
            return True
        return False

    mail = os.path.join(directory, "mail")
    make_dir(mail)
    make_dir(os.path.join(directory, "dovecot"))
    os.makedirs(os.path.join(directory, "postfix"), exist_ok=True)
    tsv, passwd, mailboxes = [], [], []
    for name, password, extra in accounts(count):
        login = "%s@%s" % (name, domain)
        home = os.path.join(mail, name)
        tsv.append("%s\t%s\n" % (login, password))
        # Base 64, so that any character can stand in a password.  Dovecot
        # needs the password itself (not a hash) for CRAM-MD5, APOP and so on.
        secret = base64.b64encode(password.encode()).decode()
        passwd.append("%s:{PLAIN.b64}%s:%d:%d::%s::%s\n" % (login, secret, uid, gid, home, extra))
        mailboxes.append("%s %s/Maildir/\n" % (login, name))
        if make_dir(home):
            for sub in ("Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
                make_dir(os.path.join(home, sub))
            for number in range(1, seed + 1):
                name = "17040672%02d.M%dP1.seed" % (number, number)
                path = os.path.join(home, "Maildir/new", name)
                with open(path, "wb") as f:
                    f.write(message(login, number))
                own(path)

    for path, lines, mode in (
        ("users.tsv", tsv, 0o644),
        ("dovecot/users", passwd, 0o600),
        ("postfix/mailboxes", mailboxes, 0o644),
    ):
        path = os.path.join(directory, path)
        with open(path, "w") as f:
            f.writelines(lines)
        os.chmod(path, mode)
        own(path)
    with open(stamp, "w") as f:
        f.write(state)


main()
