/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is that server? The facts of its certificate, and everything that is wrong with it: a set,
 * because the first fault found is rarely the only one. Worker threads.
 *
 * RFC 5280 (path validation), RFC 7817 section 3 and RFC 9525 section 6 (names). */

#include "pr-tls-private.h"

#include "pr-text.h"
#include "pr-validate.h"

#include <gnutls/x509.h>
#include <string.h>

#define MAX_CHAIN 16
#define MAX_NAMES 100 /* a certificate may bear thousands: the rest is left out of the report */

typedef struct
{
  gnutls_x509_crt_t certificates[MAX_CHAIN];
  guint n;
} PrChain;

static void
chain_clear (PrChain *chain)
{
  for (guint i = 0; i < chain->n; i++)
    gnutls_x509_crt_deinit (chain->certificates[i]);
  chain->n = 0;
}

/* What the server sent, its own certificate first. */
static gboolean
chain_init (PrChain *chain, gnutls_session_t session)
{
  unsigned n = 0;
  const gnutls_datum_t *raw = gnutls_certificate_get_peers (session, &n);

  chain->n = 0;
  for (unsigned i = 0; raw != NULL && i < n && i < MAX_CHAIN; i++)
    {
      gnutls_x509_crt_t certificate;

      if (gnutls_x509_crt_init (&certificate) < 0)
        break;
      if (gnutls_x509_crt_import (certificate, &raw[i], GNUTLS_X509_FMT_DER) < 0)
        {
          gnutls_x509_crt_deinit (certificate);
          break;
        }
      chain->certificates[chain->n++] = certificate;
    }
  return chain->n > 0;
}

typedef int (*PrGetDn) (gnutls_x509_crt_t, gnutls_datum_t *, unsigned);

static char *
get_dn (gnutls_x509_crt_t certificate, PrGetDn get)
{
  gnutls_datum_t dn = { NULL, 0 };
  char *text = NULL;

  if (get (certificate, &dn, 0) >= 0)
    text = pr_text_for_display ((char *) dn.data, (gssize) dn.size, 512);
  gnutls_free (dn.data);
  return text != NULL ? text : g_strdup ("");
}

static char *
name_to_text (int type, const char *name, gsize length)
{
  if (type == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16))
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
          (const guint8 *) name, length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);

      return g_inet_address_to_string (address);
    }
  if (type == GNUTLS_SAN_DNSNAME)
    return pr_text_for_display (name, (gssize) length, 256);
  return NULL;
}

/* Names that a mail server can be reached by; the common name only where there is no other. */
static char **
get_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  char buffer[1024];

  for (unsigned i = 0; names->len < MAX_NAMES; i++)
    {
      size_t size = sizeof buffer;
      int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, buffer, &size, NULL);
      char *text;

      if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (type < 0)
        continue;
      text = name_to_text (type, buffer, size);
      if (text != NULL)
        g_ptr_array_add (names, text);
    }
  if (names->len == 0)
    {
      size_t size = sizeof buffer;

      if (gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, buffer,
                                         &size)
          >= 0)
        g_ptr_array_add (names, pr_text_for_display (buffer, (gssize) size, 256));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static char *
get_sha256 (gnutls_x509_crt_t certificate)
{
  guint8 digest[32];
  size_t size = sizeof digest;
  GString *text = g_string_sized_new (65);

  if (gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &size) >= 0)
    for (gsize i = 0; i < size; i++)
      g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

static PrCertificate *
describe (PrChain *chain)
{
  gnutls_x509_crt_t leaf = chain->certificates[0];
  PrCertificate *facts = pr_certificate_new ();
  unsigned bits = 0;
  int algorithm = gnutls_x509_crt_get_pk_algorithm (leaf, &bits);

  facts->subject = get_dn (leaf, gnutls_x509_crt_get_dn3);
  facts->issuer = get_dn (leaf, gnutls_x509_crt_get_issuer_dn3);
  facts->names = get_names (leaf);
  facts->not_before = (gint64) gnutls_x509_crt_get_activation_time (leaf) * G_USEC_PER_SEC;
  facts->not_after = (gint64) gnutls_x509_crt_get_expiration_time (leaf) * G_USEC_PER_SEC;
  facts->sha256 = get_sha256 (leaf);
  facts->key = g_strdup_printf ("%s %u bits", gnutls_pk_algorithm_get_name (algorithm), bits);
  facts->chain_length = chain->n;
  return facts;
}

static gboolean
is_self_signed (gnutls_x509_crt_t certificate)
{
  return gnutls_x509_crt_check_issuer (certificate, certificate) != 0;
}

/* Public authorities always say where the issuer's certificate can be fetched (RFC 5280 section
 * 4.2.2.1; CA/Browser Forum Baseline Requirements), private ones rarely do. */
static gboolean
names_issuer_location (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t location = { NULL, 0 };
  gboolean found = FALSE;

  for (unsigned i = 0; !found && i < 8; i++)
    {
      int result = gnutls_x509_crt_get_authority_info_access (
          certificate, i, GNUTLS_IA_CAISSUERS_URI, &location, NULL);

      found = result >= 0;
      gnutls_free (location.data);
      location.data = NULL;
      if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
    }
  return found;
}

/* Nobody who is trusted signed the chain: why? */
static void
add_trust_problem (PrChain *chain, PrCertificate *facts)
{
  gnutls_x509_crt_t top = chain->certificates[chain->n - 1];

  if (chain->n == 1 && is_self_signed (top))
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_SELF_SIGNED);
  else if (!is_self_signed (top) && names_issuer_location (top))
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN);
  else
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_UNTRUSTED);
}

static void
add_date_problems (PrChain *chain, PrCertificate *facts)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < chain->n; i++)
    {
      /* A root that the server sends along has no say: trust comes from our own copy. */
      if (i > 0 && is_self_signed (chain->certificates[i]))
        continue;
      if (gnutls_x509_crt_get_activation_time (chain->certificates[i]) > now)
        pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_NOT_YET_VALID);
      if (gnutls_x509_crt_get_expiration_time (chain->certificates[i]) < now)
        pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_EXPIRED);
    }
}

/* The status bits of GnuTLS for one set of authorities. */
static unsigned
verify_with (PrTls *self, PrTrust *trust)
{
  gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID, (void *) GNUTLS_KP_TLS_WWW_SERVER,
                                    0 };
  unsigned status = 0;

  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, trust->credentials);
  if (gnutls_certificate_verify_peers (self->session, &purpose, 1, &status) < 0)
    return GNUTLS_CERT_INVALID;
  return status;
}

static unsigned
verify_chain (PrTls *self)
{
  unsigned status;

  if (self->extra == NULL)
    return verify_with (self, pr_tls_context_get_system (self->context));
  status = verify_with (self, self->extra);
  if ((status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) == 0)
    return status;
  {
    unsigned by_system = verify_with (self, pr_tls_context_get_system (self->context));

    return (by_system & GNUTLS_CERT_SIGNER_NOT_FOUND) == 0 ? by_system : status;
  }
}

static void
add_chain_problems (unsigned status, PrChain *chain, PrCertificate *facts)
{
  if ((status & GNUTLS_CERT_REVOKED) != 0)
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_REVOKED);
  if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0)
    add_trust_problem (chain, facts);
  if ((status & GNUTLS_CERT_INSECURE_ALGORITHM) != 0)
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_WEAK);
  if ((status
       & (GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNATURE_FAILURE
          | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE | GNUTLS_CERT_PURPOSE_MISMATCH
          | GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS | GNUTLS_CERT_INVALID_OCSP_STATUS
          | GNUTLS_CERT_MISSING_OCSP_STATUS))
      != 0)
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_UNTRUSTED);
}

static void
set_verified (PrTls *self, const PrCertificate *facts)
{
  g_clear_pointer (&self->certificate, pr_certificate_free);
  self->certificate = pr_certificate_copy (facts);
  self->verified = TRUE;
}

/* Rules T05 and T12: the one certificate that was pinned, byte for byte, whoever vouches for it or
 * does not; any other is a stop, even if it is a good one. What its own authority has taken back
 * stays refused. */
static gboolean
check_pin (PrCertificate *facts, const char *pin)
{
  if (pin == NULL)
    return facts->n_problems == 0;
  facts->pin = g_strdup (pin);
  if (g_ascii_strcasecmp (pin, facts->sha256) != 0)
    {
      pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_PIN_CHANGED);
      return FALSE;
    }
  facts->pinned =
      facts->n_problems > 0 && !pr_certificate_has_problem (facts, PR_CODE_CERTIFICATE_REVOKED);
  return facts->n_problems == 0 || facts->pinned;
}

/**
 * pr_tls_verify:
 * @self: a connection after its handshake
 * @pin: (nullable): the SHA-256 fingerprint of the one certificate that is expected
 *
 * Returns: (transfer full): what the server's certificate says and all that is wrong with it.
 *   Only when that is nothing, or when it is the pinned one, will pr_tls_write() send anything.
 */
PrCertificate *
pr_tls_verify (PrTls *self, const char *pin)
{
  PrTlsMemory *memory = pr_tls_context_get_memory (self->context);
  PrChain chain;
  PrCertificate *facts;
  unsigned status;

  g_return_val_if_fail (self->established, NULL);

  facts = pin == NULL ? pr_tls_memory_find_verified (memory, self) : NULL;
  if (facts != NULL)
    {
      set_verified (self, facts);
      return facts;
    }
  if (!chain_init (&chain, self->session))
    {
      facts = pr_certificate_new ();
      facts->names = g_new0 (char *, 1);
      pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_UNTRUSTED);
      return facts;
    }
  facts = describe (&chain);
  status = verify_chain (self);
  facts->revocation_checked = gnutls_ocsp_status_request_is_checked (self->session, 0) != 0;
  add_chain_problems (status, &chain, facts);
  add_date_problems (&chain, facts);
  if (!gnutls_x509_crt_check_hostname (chain.certificates[0], self->host))
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_WRONG_HOST);
  /* Whatever GnuTLS objects to is an objection, even if nothing above has a name for it. */
  if (status != 0 && facts->n_problems == 0)
    pr_certificate_add_problem (facts, PR_CODE_CERTIFICATE_UNTRUSTED);
  chain_clear (&chain);
  if (!check_pin (facts, pin))
    return facts;
  if (pin == NULL)
    {
      set_verified (self, facts);
      pr_tls_memory_add_verified (memory, self, facts);
    }
  /* A pin belongs to one profile: nothing of it is remembered for others. */
  self->verified = TRUE;
  return facts;
}

/**
 * pr_certificate_get_code:
 * @certificate: facts with at least one problem
 *
 * Returns: the problem to name first: what no change of the others would mend. Names come last,
 *   for they mean something only in a certificate that can be believed (rule T06).
 */
PrCode
pr_certificate_get_code (const PrCertificate *certificate)
{
  static const PrCode order[] = {
    PR_CODE_CERTIFICATE_PIN_CHANGED,      PR_CODE_CERTIFICATE_REVOKED,
    PR_CODE_CERTIFICATE_SELF_SIGNED,      PR_CODE_CERTIFICATE_UNTRUSTED,
    PR_CODE_CERTIFICATE_INCOMPLETE_CHAIN, PR_CODE_CERTIFICATE_WEAK,
    PR_CODE_CERTIFICATE_NOT_YET_VALID,    PR_CODE_CERTIFICATE_EXPIRED,
    PR_CODE_CERTIFICATE_WRONG_HOST,
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (pr_certificate_has_problem (certificate, order[i]))
      return order[i];
  g_return_val_if_reached (PR_CODE_CERTIFICATE_UNTRUSTED);
}
