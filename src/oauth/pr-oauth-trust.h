/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PrOauthTrust:
 *
 * The certificate authorities of the system, and further ones.
 */
#define PR_TYPE_OAUTH_TRUST (pr_oauth_trust_get_type ())
G_DECLARE_FINAL_TYPE (PrOauthTrust, pr_oauth_trust, PR, OAUTH_TRUST, GTlsDatabase)

GTlsDatabase *pr_oauth_trust_new (const char *ca_pem);

G_END_DECLS
