/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrServiceAccount: its key file (JSON, as Google's console gives it), and assertions signed with
 * the key: JSON Web Tokens (RFC 7519, 7515) with RS256 (RFC 7518 section 3.3), for the grant of
 * RFC 7523. Where the key file says that tokens are had is not believed. Any thread. */

#include "pr-service-account.h"

#include "pr-json.h"
#include "pr-oauth-encoding.h"
#include "pr-validate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define LIFE_S 3600 /* the longest that Google takes */
#define KEY_BITS_MIN 2048

struct _PrServiceAccount
{
  gatomicrefcount refs;
  char *email;
  char *key_id;    /* (nullable) */
  char *unique_id; /* (nullable): a number, by which an administrator allows it */
  gnutls_privkey_t key;
};

PrServiceAccount *
pr_service_account_ref (PrServiceAccount *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pr_service_account_unref (PrServiceAccount *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->email);
  g_free (self->key_id);
  g_free (self->unique_id);
  if (self->key != NULL)
    gnutls_privkey_deinit (self->key);
  g_free (self);
}

static gboolean
set_invalid (GError **error, const char *what)
{
  pr_oauth_set_error (error, PR_CODE_OAUTH_CLIENT_INVALID, PR_OAUTH_REASON_KEY_INVALID, "%s", what);
  return FALSE;
}

static gboolean
import_key (PrServiceAccount *self, const char *pem, GError **error)
{
  gnutls_datum_t datum = { (unsigned char *) pem, (unsigned int) strlen (pem) };
  unsigned int bits = 0;

  if (gnutls_privkey_init (&self->key) < 0)
    return set_invalid (error, "no memory");
  if (gnutls_privkey_import_x509_raw (self->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) < 0)
    return set_invalid (error, "“private_key” is no key");
  if (gnutls_privkey_get_pk_algorithm (self->key, &bits) != GNUTLS_PK_RSA || bits < KEY_BITS_MIN)
    return set_invalid (error, "“private_key” is no RSA key of at least 2048 bits");
  return TRUE;
}

static gboolean
fill (PrServiceAccount *self, const PrJson *json, GError **error)
{
  const char *type = pr_json_find_text (json, "type");
  const char *email = pr_json_find_text (json, "client_email");
  const char *pem = pr_json_find_text (json, "private_key");

  if (g_strcmp0 (type, "service_account") != 0)
    return set_invalid (error, "“type” is not “service_account”");
  if (email == NULL || !pr_address_split (email, NULL, NULL)
      || !g_str_has_suffix (email, ".gserviceaccount.com"))
    return set_invalid (error, "“client_email” is not the address of a service account");
  if (pem == NULL)
    return set_invalid (error, "there is no “private_key”");
  self->email = g_strdup (email);
  self->key_id = g_strdup (pr_json_find_text (json, "private_key_id"));
  self->unique_id = g_strdup (pr_json_find_text (json, "client_id"));
  if (self->unique_id != NULL && !pr_text_is_visible (self->unique_id))
    g_clear_pointer (&self->unique_id, g_free);
  if (self->key_id != NULL
      && (!pr_text_is_visible (self->key_id) || strpbrk (self->key_id, "\"\\") != NULL))
    return set_invalid (error, "“private_key_id” is malformed");
  return import_key (self, pem, error);
}

/**
 * pr_service_account_parse:
 * @key_file: the JSON file that the provider made
 * @error: set to what is wrong with it
 *
 * Returns: (transfer full) (nullable): the account
 */
PrServiceAccount *
pr_service_account_parse (PrSecret *key_file, GError **error)
{
  g_autoptr (PrServiceAccount) self = g_new0 (PrServiceAccount, 1);
  g_autoptr (PrJson) json = NULL;

  g_atomic_ref_count_init (&self->refs);
  if (pr_secret_get_length (key_file) <= PR_SERVICE_ACCOUNT_KEY_MAX)
    json = pr_json_parse (pr_secret_peek (key_file), pr_secret_get_length (key_file), NULL);
  if (json == NULL)
    {
      set_invalid (error, "it is no JSON file");
      return NULL;
    }
  return fill (self, json, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * pr_service_account_get_email:
 * @self: a service account
 *
 * Returns: (transfer none): its address
 */
const char *
pr_service_account_get_email (const PrServiceAccount *self)
{
  return self->email;
}

/**
 * pr_service_account_get_unique_id:
 * @self: a service account
 *
 * Returns: (transfer none) (nullable): the number by which an administrator allows it
 */
const char *
pr_service_account_get_unique_id (const PrServiceAccount *self)
{
  return self->unique_id;
}

/* --- Assertions ------------------------------------------------------------------------------- */

static void
put_member (GString *json, const char *name, const char *value)
{
  g_string_append_printf (json, "%s\"%s\":\"", json->len > 1 ? "," : "", name);
  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (json, '\\');
      g_string_append_c (json, *p);
    }
  g_string_append_c (json, '"');
}

static void
put_part (GString *text, const void *bytes, gsize n)
{
  char *encoded = pr_base64url_encode (bytes, n);

  if (text->len > 0)
    g_string_append_c (text, '.');
  g_string_append (text, encoded);
  pr_wipe_free (encoded);
}

static gboolean
sign (const PrServiceAccount *self, GString *text, GError **error)
{
  gnutls_datum_t data = { (unsigned char *) text->str, (unsigned int) text->len };
  gnutls_datum_t signature = { NULL, 0 };
  int status = gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature);

  if (status < 0)
    return set_invalid (error, gnutls_strerror (status));
  put_part (text, signature.data, signature.size);
  gnutls_free (signature.data);
  return TRUE;
}

/**
 * pr_service_account_make_assertion:
 * @self: a service account
 * @audience: the token endpoint
 * @subject: the mailbox's address: for whom it acts
 * @scope: what it wants to do
 * @now_s: seconds since 1970
 * @error: set if the key cannot sign
 *
 * Returns: (transfer full) (nullable): a JSON Web Token, good for an hour
 */
PrSecret *
pr_service_account_make_assertion (const PrServiceAccount *self,
                                   const char *audience,
                                   const char *subject,
                                   const char *scope,
                                   gint64 now_s,
                                   GError **error)
{
  g_autoptr (GString) header = g_string_new ("{\"alg\":\"RS256\",\"typ\":\"JWT\"");
  g_autoptr (GString) claims = g_string_new ("{");
  GString *text = pr_oauth_form_new ();
  PrSecret *assertion = NULL;

  if (self->key_id != NULL)
    put_member (header, "kid", self->key_id);
  g_string_append_c (header, '}');
  put_member (claims, "iss", self->email);
  put_member (claims, "sub", subject);
  put_member (claims, "scope", scope);
  put_member (claims, "aud", audience);
  g_string_append_printf (claims, ",\"iat\":%" G_GINT64_FORMAT ",\"exp\":%" G_GINT64_FORMAT "}",
                          now_s, now_s + LIFE_S);
  put_part (text, header->str, header->len);
  put_part (text, claims->str, claims->len);
  if (sign (self, text, error))
    assertion = pr_secret_new (text->str, (gssize) text->len);
  pr_oauth_form_free (text);
  return assertion;
}
