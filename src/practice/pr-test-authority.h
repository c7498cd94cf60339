/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/**
 * PrTestAuthority:
 *
 * A certificate authority that lives in memory, and the certificates that it issues to scripted
 * servers. Made once per process; any thread.
 */
typedef struct _PrTestAuthority PrTestAuthority;

PrTestAuthority *pr_test_authority_get_default (void);
const char *pr_test_authority_get_ca_pem (PrTestAuthority *self);
const gnutls_datum_t *pr_test_authority_get_ticket_key (PrTestAuthority *self);
gnutls_certificate_credentials_t
pr_test_authority_get_credentials (PrTestAuthority *self, const char *kind, GError **error);
char *pr_test_authority_get_fingerprint (PrTestAuthority *self, const char *kind);
char *pr_test_authority_get_priority (const char *min, const char *max, GError **error);

G_END_DECLS
