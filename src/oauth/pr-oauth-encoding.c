/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small alphabets of OAuth: base64url without padding (RFC 4648 section 5), forms (the
 * application/x-www-form-urlencoded of the URL standard), random tokens, and PKCE (RFC 7636) with
 * S256, the only method that we know. Any thread. */

#include "pr-oauth-encoding.h"

#include "pr-validate.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#define FORM_SIZE (32 * 1024) /* an assertion of a service account has 1 KiB, a token up to 4 */
#define RANDOM_BYTES 32       /* 256 bits; RFC 7636 section 4.1 asks for them, RFC 6749 for 128 */

/**
 * pr_base64url_encode:
 * @bytes: what to write
 * @length: how many
 *
 * Returns: (transfer full): letters, digits, "-" and "_"
 */
char *
pr_base64url_encode (const void *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);
  char *end = text;

  for (char *p = text; *p != '\0' && *p != '='; p++, end++)
    if (*p == '+')
      *p = '-';
    else if (*p == '/')
      *p = '_';
  *end = '\0';
  return text;
}

/**
 * pr_base64url_decode:
 * @text: letters, digits, "-" and "_", and nothing else
 * @length: of it, or -1 if it ends with NUL
 * @n_bytes: (out): how many
 *
 * Returns: (transfer full) (nullable): the bytes, with a NUL behind them; %NULL if @text is
 *   something else
 */
guint8 *
pr_base64url_decode (const char *text, gssize length, gsize *n_bytes)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;
  gsize padded = (n + 3) / 4 * 4;
  char *standard;
  guint8 *bytes;

  if (n % 4 == 1)
    return NULL;
  standard = g_malloc (padded + 1);
  memset (standard, '=', padded);
  standard[padded] = '\0';
  for (gsize i = 0; i < n; i++)
    {
      char c = text[i];

      if (!g_ascii_isalnum (c) && c != '-' && c != '_')
        {
          pr_wipe (standard, i);
          g_free (standard);
          return NULL;
        }
      standard[i] = c;
      if (c == '-')
        standard[i] = '+';
      else if (c == '_')
        standard[i] = '/';
    }
  /* The result is never longer than what is decoded, so there is room for a NUL. */
  bytes = g_malloc0 (padded + 1);
  {
    int state = 0;
    guint save = 0;

    *n_bytes = g_base64_decode_step (standard, padded, bytes, &state, &save);
  }
  bytes[*n_bytes] = '\0';
  pr_wipe (standard, padded);
  g_free (standard);
  return bytes;
}

/**
 * pr_random_token:
 *
 * Returns: (transfer full): 43 characters that nobody can guess, for a state, a nonce, a path
 */
char *
pr_random_token (void)
{
  guint8 bytes[RANDOM_BYTES];
  char *text;
  int status = gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes);

  /* Without randomness there is no security: better no program than a guessable one. */
  if (status < 0)
    g_error ("no random numbers: %s", gnutls_strerror (status));
  text = pr_base64url_encode (bytes, sizeof bytes);
  pr_wipe (bytes, sizeof bytes);
  return text;
}

/**
 * pr_text_equal_secretly:
 * @a: (nullable): what came
 * @b: what it should be
 *
 * Returns: whether both are the same, found out in a time that depends on the length alone
 */
gboolean
pr_text_equal_secretly (const char *a, const char *b)
{
  gsize n = strlen (b);

  return a != NULL && strlen (a) == n && gnutls_memcmp (a, b, n) == 0;
}

/**
 * pr_text_is_visible:
 * @text: (nullable): what came
 *
 * Returns: whether @text is not empty and has nothing but visible ASCII characters and spaces, as
 *   all that OAuth servers name and issue (RFC 6749 appendix A)
 */
gboolean
pr_text_is_visible (const char *text)
{
  if (text == NULL || *text == '\0')
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isprint (*p))
      return FALSE;
  return TRUE;
}

/**
 * pr_pkce_new_verifier:
 *
 * Returns: (transfer full): a code verifier (RFC 7636 section 4.1)
 */
PrSecret *
pr_pkce_new_verifier (void)
{
  char *text = pr_random_token ();
  PrSecret *verifier = pr_secret_new (text, -1);

  pr_wipe_free (text);
  return verifier;
}

/**
 * pr_pkce_get_challenge:
 * @verifier: a code verifier
 *
 * Returns: (transfer full): its code challenge by the method S256 (RFC 7636 section 4.2)
 */
char *
pr_pkce_get_challenge (PrSecret *verifier)
{
  guint8 digest[32];
  int status = gnutls_hash_fast (GNUTLS_DIG_SHA256, pr_secret_peek (verifier),
                                 pr_secret_get_length (verifier), digest);

  g_assert (status == GNUTLS_E_SUCCESS);
  return pr_base64url_encode (digest, sizeof digest);
}

/**
 * pr_oauth_form_new:
 *
 * Returns: (transfer full): an empty form, with room for what usually goes in: growing would leave
 *   copies behind
 */
GString *
pr_oauth_form_new (void)
{
  return g_string_sized_new (FORM_SIZE);
}

/**
 * pr_oauth_form_append:
 * @form: a form or the query of an address
 * @name: of a field
 * @value: (nullable): its value; %NULL adds nothing
 */
void
pr_oauth_form_append (GString *form, const char *name, const char *value)
{
  char *escaped;

  if (value == NULL)
    return;
  escaped = g_uri_escape_string (value, NULL, FALSE);
  if (form->len > 0 && form->str[form->len - 1] != '?')
    g_string_append_c (form, '&');
  g_string_append_printf (form, "%s=", name);
  g_string_append (form, escaped);
  pr_wipe_free (escaped);
}

/**
 * pr_oauth_form_free:
 * @form: (transfer full): a form that may have secrets in it
 */
void
pr_oauth_form_free (GString *form)
{
  pr_wipe (form->str, form->allocated_len);
  g_string_free (form, TRUE);
}

/**
 * pr_oauth_form_decode:
 * @text: a name or a value of a form
 * @length: of it, or -1 if it ends with NUL
 *
 * Returns: (transfer full) (nullable): what it stands for; %NULL if it is malformed, no UTF-8 or
 *   has a control character
 */
char *
pr_oauth_form_decode (const char *text, gssize length)
{
  char *copy = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  char *decoded;

  for (char *p = copy; *p != '\0'; p++)
    if (*p == '+')
      *p = ' ';
  decoded = g_uri_unescape_string (copy, NULL);
  pr_wipe_free (copy);
  if (decoded == NULL)
    return NULL;
  if (!pr_text_has_controls (decoded))
    return decoded;
  pr_wipe_free (decoded);
  return NULL;
}
