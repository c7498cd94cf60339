/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTlsContext: the trusted authorities. The system's are loaded once per process, a profile's
 * own once per context. Any thread; the lists do not change once they are made. */

#include "pr-tls-private.h"

#include <glib/gi18n-lib.h>
#include <gnutls/x509.h>
#include <string.h>

struct _PrTlsContext
{
  gatomicrefcount refs;
  GMutex mutex;
  GHashTable *extra; /* PEM → PrTrust */
  PrTlsMemory *memory;
};

/* MEDIUM: at least 112 bits: RSA of 2048 bits, no SHA-1 and MD5 (NIST SP 800-57). It has to stand
 * here and nowhere else: the profile of the priorities and that of the credentials are joined bit
 * by bit, so that MEDIUM there and NORMAL's own LOW would make ULTRA. */
#define PROFILE ":%PROFILE_MEDIUM"

/* TLS 1.2 is the floor whatever the system's own default is (RFC 8997). A policy that wants more is
 * judged when the handshake is over, and before anything is sent: refused at once, a server could
 * only say that the two have nothing in common, and nobody would know why.
 *
 * X25519 stands first, for one key is made ahead, and practically every server of TLS 1.3 knows
 * that group; whoever does not asks for another one (RFC 8446 section 4.1.4).
 *
 * AES-128-GCM stands before AES-256-GCM: both are beyond reach, and the hash that comes with it,
 * which makes some sixty keys for each connection, is done by the processor (RFC 8446 section B.4).
 */
#define CIPHERS                                                                                    \
  ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-CCM:+AES-256-CCM"            \
  ":+AES-128-CBC:+AES-256-CBC"
#define GROUPS                                                                                     \
  ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:+GROUP-X448"       \
  ":+GROUP-FFDHE2048:+GROUP-FFDHE3072"
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" CIPHERS GROUPS PROFILE

static PrTrust *
trust_new (void)
{
  PrTrust *trust = g_new0 (PrTrust, 1);

  if (gnutls_certificate_allocate_credentials (&trust->credentials) < 0)
    g_error ("no memory for certificates");
  return trust;
}

static void
trust_free (gpointer data)
{
  PrTrust *trust = data;

  gnutls_certificate_free_credentials (trust->credentials);
  g_free (trust);
}

static gpointer
load_system (gpointer data)
{
  PrTrust *trust = trust_new ();
  int n = gnutls_certificate_set_x509_system_trust (trust->credentials);

  if (n <= 0)
    g_info ("the system trusts no certificate authority: %s", n < 0 ? gnutls_strerror (n) : "0");
  return trust;
}

/**
 * pr_tls_context_new:
 *
 * Returns: (transfer full): a context; nothing is loaded before it is needed
 */
PrTlsContext *
pr_tls_context_new (void)
{
  PrTlsContext *self = g_new0 (PrTlsContext, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, trust_free);
  self->memory = pr_tls_memory_new ();
  return self;
}

/**
 * pr_tls_context_ref:
 * @self: a context
 *
 * Returns: (transfer full): @self
 */
PrTlsContext *
pr_tls_context_ref (PrTlsContext *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * pr_tls_context_unref:
 * @self: (transfer full): a context
 */
void
pr_tls_context_unref (PrTlsContext *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  pr_tls_memory_free (self->memory);
  g_hash_table_unref (self->extra);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

PrTlsMemory *
pr_tls_context_get_memory (PrTlsContext *self)
{
  return self->memory;
}

/* The authorities that this system trusts; they live as long as the process. */
PrTrust *
pr_tls_context_get_system (PrTlsContext *self)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_system, NULL);
}

/* The authorities in @pem, which pr_tls_check_ca() accepted; NULL if it cannot be read. */
PrTrust *
pr_tls_context_get_extra (PrTlsContext *self, const char *pem)
{
  PrTrust *trust;

  g_mutex_lock (&self->mutex);
  trust = g_hash_table_lookup (self->extra, pem);
  if (trust == NULL)
    {
      gnutls_datum_t datum = { (unsigned char *) pem, (unsigned) strlen (pem) };

      trust = trust_new ();
      if (gnutls_certificate_set_x509_trust_mem (trust->credentials, &datum, GNUTLS_X509_FMT_PEM)
          <= 0)
        g_clear_pointer (&trust, trust_free);
      else
        g_hash_table_insert (self->extra, g_strdup (pem), trust);
    }
  g_mutex_unlock (&self->mutex);
  return trust;
}

static gpointer
make_priority (gpointer data)
{
  gnutls_priority_t priority = NULL;

  if (gnutls_priority_init (&priority, PRIORITY, NULL) < 0)
    g_error ("GnuTLS does not know \"%s\"", PRIORITY);
  return priority;
}

/* Read once, for the process. */
gnutls_priority_t
pr_tls_context_get_priority (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_priority, NULL);
}

/**
 * pr_tls_check_ca:
 * @pem: what was given as "trusted certificate authority"
 * @reason: (out) (transfer full): what is wrong with it, set when %FALSE is returned
 *
 * Returns: whether @pem holds at least one certificate, and no private key
 */
gboolean
pr_tls_check_ca (const char *pem, char **reason)
{
  gnutls_datum_t datum = { (unsigned char *) pem, (unsigned) strlen (pem) };
  gnutls_x509_crt_t *list = NULL;
  unsigned n = 0;
  int result;

  if (strstr (pem, "PRIVATE KEY-----") != NULL)
    {
      *reason = g_strdup (_ ("certificates in PEM form without a private key"));
      return FALSE;
    }
  result = gnutls_x509_crt_list_import2 (&list, &n, &datum, GNUTLS_X509_FMT_PEM, 0);
  if (result < 0)
    {
      *reason = g_strdup_printf (_ ("certificates in PEM form (%s)"), gnutls_strerror (result));
      return FALSE;
    }
  for (unsigned i = 0; i < n; i++)
    gnutls_x509_crt_deinit (list[i]);
  gnutls_free (list);
  return TRUE;
}
