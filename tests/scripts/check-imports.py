#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the mail room stay away from what it must not use?

    check-imports.py ARCHIVE        the static library of src/mail
"""

import re
import subprocess
import sys

BANNED = [
    # T16: what a DNS says of certificates (DANE) and policies (MTA-STS) is for servers among
    # themselves: only names and addresses are looked up.
    ("looks up no DNS records (T16)",
     r"(__)?(res_|ns_|dn_)\w+|g_resolver_lookup_(records|service)\w*|dane_\w+|ares_\w+|unbound_\w+"),
    # T15: the authority's word comes from the server or not at all: nothing is fetched.
    ("fetches nothing (T15)", r"soup_\w+|curl_\w+|g_file_new_for_uri|g_socket_client_\w+"),
    # T12: whether a certificate will do is decided in one place, and never by a callback or a flag.
    ("weakens no verification (T12)",
     r"gnutls_certificate_set_verify_(function|flags)|gnutls_session_set_verify_\w+"
     r"|gnutls_x509_trust_list_set_flags"),
    # T08: nobody can give the mail room a certificate to show.
    ("shows no certificate (T08)",
     r"gnutls_certificate_set_(x509_key|key|retrieve_function)\w*"),
    # X27: no server leads it to another program or place.
    ("starts no program (X27)", r"g_spawn_\w+|system|popen|posix_spawn\w*|exec[lv]\w*"),
]


def read_imports(archive):
    text = subprocess.run(["nm", "-u", archive], check=True, text=True, timeout=30,
                          stdout=subprocess.PIPE).stdout
    return set(re.findall(r"^\s+U (\S+)$", text, re.M))


def main():
    imports = read_imports(sys.argv[1])
    print(f"1..{len(BANNED) + 1}")
    # Were this empty, everything below would pass.
    print(f"{'ok' if 'gnutls_handshake' in imports else 'not ok'} 1 the list of imports is one")
    for number, (what, pattern) in enumerate(BANNED, 2):
        found = sorted(name for name in imports
                       if re.fullmatch(pattern, name.split("@")[0]))
        print(f"{'not ok' if found else 'ok'} {number} {what}")
        for name in found:
            print(f"# {name}")


if __name__ == "__main__":
    main()
