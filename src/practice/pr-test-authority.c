/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrTestAuthority: makes each certificate when it is first asked for, and keeps it as long as the
 * process lives: keys and signatures take time, and scripts by the hundred share them. */

#include "pr-test-authority.h"

#include "pr-script-text.h"
#include "pr-test-ocsp.h"

#include <string.h>

#define MAX_CHAIN 3

struct _PrTestAuthority
{
  GMutex mutex;
  PrTestCertificate *issuers[PR_TEST_N_ISSUERS];
  GHashTable *credentials; /* kind → gnutls_certificate_credentials_t */
  GPtrArray *responses;    /* of GBytes: what is stapled */
  char *ca_pem;
  gnutls_datum_t ticket_key;
};

/* With the mutex held. */
static PrTestCertificate *
get_issuer (PrTestAuthority *self, PrTestIssuer issuer)
{
  const PrTestRecipe *recipe;

  if (issuer == PR_TEST_ISSUER_SELF)
    return NULL;
  if (self->issuers[issuer] == NULL)
    {
      recipe = pr_test_recipe_get_issuer (issuer);
      self->issuers[issuer] = pr_test_certificate_new (recipe, get_issuer (self, recipe->issuer));
    }
  return self->issuers[issuer];
}

static gpointer
make_default (gpointer data)
{
  PrTestAuthority *self = g_new0 (PrTestAuthority, 1);
  gnutls_datum_t pem = { NULL, 0 };
  PrTestCertificate *root;

  g_mutex_init (&self->mutex);
  self->responses = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->credentials = g_hash_table_new (g_str_hash, g_str_equal);
  root = get_issuer (self, PR_TEST_ISSUER_ROOT);
  if (gnutls_x509_crt_export2 (root->certificate, GNUTLS_X509_FMT_PEM, &pem) < 0
      || gnutls_session_ticket_key_generate (&self->ticket_key) < 0)
    g_error ("no test authority");
  self->ca_pem = g_strndup ((char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return self;
}

/**
 * pr_test_authority_get_default:
 *
 * Returns: (transfer none): the authority of this process
 */
PrTestAuthority *
pr_test_authority_get_default (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_default, NULL);
}

/**
 * pr_test_authority_get_ca_pem:
 * @self: the authority
 *
 * Returns: (transfer none): its root, for clients to trust
 */
const char *
pr_test_authority_get_ca_pem (PrTestAuthority *self)
{
  return self->ca_pem;
}

/**
 * pr_test_authority_get_ticket_key:
 * @self: the authority
 *
 * Returns: (transfer none): what session tickets are sealed with
 */
const gnutls_datum_t *
pr_test_authority_get_ticket_key (PrTestAuthority *self)
{
  return &self->ticket_key;
}

/* What the server sends: its own certificate, then those above it, as the recipe wants. */
static guint
list_chain (PrTestAuthority *self,
            const PrTestRecipe *recipe,
            PrTestCertificate *leaf,
            gnutls_x509_crt_t *chain)
{
  PrTestIssuer issuer = recipe->issuer;
  guint n = 0;

  chain[n++] = leaf->certificate;
  while (issuer != PR_TEST_ISSUER_SELF && (recipe->flags & PR_TEST_SEND_NO_ISSUER) == 0)
    {
      const PrTestRecipe *above = pr_test_recipe_get_issuer (issuer);

      if (above->issuer == PR_TEST_ISSUER_SELF && (recipe->flags & PR_TEST_SEND_ROOT) == 0)
        break;
      chain[n++] = get_issuer (self, issuer)->certificate;
      issuer = above->issuer;
    }
  if ((recipe->flags & PR_TEST_SEND_DISORDERED) != 0 && n == 3)
    {
      gnutls_x509_crt_t root = chain[2];

      chain[2] = chain[1];
      chain[1] = root;
    }
  return n;
}

static int
hand_on (gnutls_session_t session, void *data, gnutls_datum_t *response)
{
  gsize n;
  gconstpointer bytes = g_bytes_get_data (data, &n);

  response->data = gnutls_malloc (n);
  if (response->data == NULL)
    return GNUTLS_E_MEMORY_ERROR;
  memcpy (response->data, bytes, n);
  response->size = (unsigned) n;
  return 0;
}

/* The authority's own word on the certificate, which the server hands on. */
static void
staple (PrTestAuthority *self,
        const PrTestRecipe *recipe,
        PrTestCertificate *leaf,
        gnutls_certificate_credentials_t credentials)
{
  gboolean revoked = (recipe->flags & PR_TEST_REVOKED) != 0;
  GBytes *response;

  if (!revoked && (recipe->flags & PR_TEST_STAPLED) == 0)
    return;
  response = pr_test_ocsp_new (leaf, get_issuer (self, recipe->issuer), revoked);
  g_ptr_array_add (self->responses, response);
  gnutls_certificate_set_ocsp_status_request_function (credentials, hand_on, response);
}

static gnutls_certificate_credentials_t
make_credentials (PrTestAuthority *self, const PrTestRecipe *recipe)
{
  g_autoptr (PrTestCertificate) leaf =
      pr_test_certificate_new (recipe, get_issuer (self, recipe->issuer));
  gnutls_x509_crt_t chain[MAX_CHAIN];
  guint n = list_chain (self, recipe, leaf, chain);
  gnutls_certificate_credentials_t credentials;
  int result;

  if (gnutls_certificate_allocate_credentials (&credentials) < 0)
    g_error ("no memory for certificates");
  result = gnutls_certificate_set_x509_key (credentials, chain, (int) n, leaf->key);
  if (result < 0)
    g_error ("test certificate “%s”: %s", recipe->kind, gnutls_strerror (result));
  staple (self, recipe, leaf, credentials);
  return credentials;
}

/**
 * pr_test_authority_get_credentials:
 * @self: the authority
 * @kind: a kind of certificate
 * @error: set to %PR_SCRIPT_ERROR_SYNTAX if there is no such kind
 *
 * Returns: (transfer none) (nullable): what a server of that kind presents
 */
gnutls_certificate_credentials_t
pr_test_authority_get_credentials (PrTestAuthority *self, const char *kind, GError **error)
{
  const PrTestRecipe *recipe = pr_test_recipe_find (kind);
  gnutls_certificate_credentials_t credentials;

  if (recipe == NULL)
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX,
                   "unknown kind of certificate: “%s”", kind);
      return NULL;
    }
  g_mutex_lock (&self->mutex);
  credentials = g_hash_table_lookup (self->credentials, kind);
  if (credentials == NULL)
    {
      credentials = make_credentials (self, recipe);
      g_hash_table_insert (self->credentials, (char *) recipe->kind, credentials);
    }
  g_mutex_unlock (&self->mutex);
  return credentials;
}

/**
 * pr_test_authority_get_fingerprint:
 * @self: the authority
 * @kind: a kind of certificate
 *
 * Returns: (transfer full) (nullable): the SHA-256 of a server's certificate of that kind, as 64
 *   hex digits
 */
char *
pr_test_authority_get_fingerprint (PrTestAuthority *self, const char *kind)
{
  gnutls_certificate_credentials_t credentials =
      pr_test_authority_get_credentials (self, kind, NULL);
  gnutls_datum_t der;

  if (credentials == NULL || gnutls_certificate_get_crt_raw (credentials, 0, 0, &der) < 0)
    return NULL;
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der.data, der.size);
}

/**
 * pr_test_authority_get_priority:
 * @min: (nullable): the lowest version of TLS, such as "1.2"
 * @max: (nullable): the highest
 * @error: set to %PR_SCRIPT_ERROR_SYNTAX if there is no version between the two
 *
 * Returns: (transfer full) (nullable): how GnuTLS is told
 */
char *
pr_test_authority_get_priority (const char *min, const char *max, GError **error)
{
  static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3" };
  GString *priority = g_string_new ("NORMAL:-VERS-ALL");
  gsize n = priority->len;

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    if (g_strcmp0 (versions[i], min != NULL ? min : "1.2") >= 0
        && g_strcmp0 (versions[i], max != NULL ? max : "1.3") <= 0)
      g_string_append_printf (priority, ":+VERS-TLS%s", versions[i]);
  /* A server that speaks nothing newer speaks what there is. */
  if (priority->len == n && min == NULL && max != NULL && g_str_has_prefix (max, "1."))
    g_string_append_printf (priority, ":+VERS-TLS%s", max);
  if (priority->len > n)
    return g_string_free (priority, FALSE);
  g_string_free (priority, TRUE);
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYNTAX, "no version of TLS from %s to %s",
               min != NULL ? min : "1.2", max != NULL ? max : "1.3");
  return NULL;
}
