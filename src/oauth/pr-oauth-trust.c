/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrOauthTrust: a certificate is good if the system says so, or if it is good under one of the
 * authorities that the profile trusts besides. Immutable; asked by the threads in which GIO makes
 * TLS connections. */

#include "pr-oauth-trust.h"

#include <string.h>

struct _PrOauthTrust
{
  GTlsDatabase parent_instance;

  /* Owned */
  GTlsDatabase *system;
  GPtrArray *authorities; /* of GTlsCertificate */
};

G_DEFINE_FINAL_TYPE (PrOauthTrust, pr_oauth_trust, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
verify_chain (GTlsDatabase *database,
              GTlsCertificate *chain,
              const char *purpose,
              GSocketConnectable *identity,
              GTlsInteraction *interaction,
              GTlsDatabaseVerifyFlags flags,
              GCancellable *cancellable,
              GError **error)
{
  PrOauthTrust *self = PR_OAUTH_TRUST (database);
  GTlsCertificateFlags problems = g_tls_database_verify_chain (
      self->system, chain, purpose, identity, interaction, flags, cancellable, error);

  /* Only the authority may be a matter of opinion. */
  if ((problems & G_TLS_CERTIFICATE_UNKNOWN_CA) == 0)
    return problems;
  for (guint i = 0; i < self->authorities->len; i++)
    if (g_tls_certificate_verify (chain, identity, g_ptr_array_index (self->authorities, i)) == 0)
      return G_TLS_CERTIFICATE_NO_FLAGS;
  return problems;
}

static void
pr_oauth_trust_finalize (GObject *object)
{
  PrOauthTrust *self = PR_OAUTH_TRUST (object);

  g_object_unref (self->system);
  g_ptr_array_unref (self->authorities);
  G_OBJECT_CLASS (pr_oauth_trust_parent_class)->finalize (object);
}

static void
pr_oauth_trust_class_init (PrOauthTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pr_oauth_trust_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = verify_chain;
}

static void
pr_oauth_trust_init (PrOauthTrust *self)
{
  self->system = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  self->authorities = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * pr_oauth_trust_new:
 * @ca_pem: certificates in PEM form; what cannot be read is left out
 *
 * Returns: (transfer full): the system's authorities, and those
 */
GTlsDatabase *
pr_oauth_trust_new (const char *ca_pem)
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
  PrOauthTrust *self = g_object_new (PR_TYPE_OAUTH_TRUST, NULL);
  const char *p = ca_pem;

  while ((p = strstr (p, begin)) != NULL)
    {
      const char *tail = strstr (p, end);
      GTlsCertificate *certificate;

      if (tail == NULL)
        break;
      tail += strlen (end);
      certificate = g_tls_certificate_new_from_pem (p, tail - p, NULL);
      if (certificate != NULL)
        g_ptr_array_add (self->authorities, certificate);
      p = tail;
    }
  return G_TLS_DATABASE (self);
}
