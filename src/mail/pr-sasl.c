/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSasl: what all SASL exchanges have in common: the base64 around them (rule P15), the end, and
 * what may be sent at all (SASLprep, rule A14). The mechanisms themselves are in pr-sasl-*.c.
 * Worker threads.
 *
 * RFC 4422 (SASL), RFC 4013 (SASLprep), RFC 4648 (base64). */

#include "pr-sasl-private.h"

#include "pr-line-reader.h"

#include <gsasl.h>
#include <string.h>

/**
 * pr_sasl_new:
 * @choice: one SASL mechanism
 * @plan: user name, secret, host
 * @binding: (nullable): of the TLS channel; needed with %PR_SASL_BINDING_USED
 * @wait: (nullable): the clocks of the conversation: Kerberos asks servers of its own; must
 *   outlive the exchange
 * @error: set to a diagnosis
 *
 * Returns: (transfer full) (nullable): an exchange that has not begun
 */
PrSasl *
pr_sasl_new (const PrSaslChoice *choice,
             const PrTestPlan *plan,
             const PrTlsBinding *binding,
             PrWait *wait,
             GError **error)
{
  switch (choice->mechanism)
    {
      case PR_MECHANISM_SCRAM_SHA_1:
      case PR_MECHANISM_SCRAM_SHA_256:
        return pr_sasl_scram_new (choice, plan, binding, error);
      case PR_MECHANISM_XOAUTH2:
      case PR_MECHANISM_OAUTHBEARER:
        return pr_sasl_bearer_new (choice, plan, error);
      case PR_MECHANISM_NTLM:
        return pr_sasl_ntlm_new (choice, plan, error);
      case PR_MECHANISM_GSSAPI:
        return pr_sasl_gssapi_new (choice, plan, wait, error);
      case PR_MECHANISM_PLAIN:
        return pr_sasl_plain_new (choice, plan, error);
      case PR_MECHANISM_LOGIN:
      case PR_MECHANISM_CRAM_MD5:
      case PR_MECHANISM_DIGEST_MD5:
        return pr_sasl_library_new (choice, plan, error);
      case PR_MECHANISM_AUTO:
      case PR_MECHANISM_USER:
      case PR_MECHANISM_APOP:
      case PR_MECHANISM_OAUTH:
      case PR_MECHANISM_NONE:
        break;
    }
  g_return_val_if_reached (NULL);
}

/**
 * pr_sasl_free:
 * @self: (transfer full): an exchange
 */
void
pr_sasl_free (PrSasl *self)
{
  self->ops->free (self);
}

/**
 * pr_sasl_get_name:
 * @self: an exchange
 *
 * Returns: (transfer none): the mechanism's name on the wire
 */
const char *
pr_sasl_get_name (const PrSasl *self)
{
  return pr_sasl_choice_get_name (&self->choice);
}

/**
 * pr_sasl_is_client_first:
 * @self: an exchange
 *
 * Returns: whether the client has something to say before the first challenge, so that
 *   pr_sasl_step() is to be called without one
 */
gboolean
pr_sasl_is_client_first (const PrSasl *self)
{
  return self->ops->client_first;
}

/**
 * pr_sasl_sends_initial:
 * @self: an exchange
 *
 * Returns: whether that may go with the command, as initial response (RFC 4422 section 3.3); else
 *   it is the answer to the first challenge, whatever that says
 */
gboolean
pr_sasl_sends_initial (const PrSasl *self)
{
  return self->ops->client_first && self->ops->initial;
}

/* What SASLprep leaves as it is: RFC 4013 maps, composes and forbids nothing from space to "~". */
static gboolean
is_prepared (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p < 0x20 || *p > 0x7e)
      return FALSE;
  return TRUE;
}

/* SASLprep (RFC 4013) of what a person typed; what it refuses no server can accept (rule A14).
 * Returns: (transfer full): to be freed by pr_wipe_free(). */
char *
pr_sasl_prepare (const char *text, const char *what, GError **error)
{
  char *prepared = NULL, *copy;
  int result;

  if (is_prepared (text))
    return g_strdup (text);
  result = gsasl_saslprep (text, 0, &prepared, NULL);
  if (result != GSASL_OK)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING,
                   "the %s has characters that cannot be sent: %s", what, gsasl_strerror (result));
      return NULL;
    }
  copy = g_strdup (prepared);
  pr_wipe (prepared, strlen (prepared));
  gsasl_free (prepared);
  return copy;
}

/* Rule P15: strict base64; what is none must be cancelled, not guessed at. The bytes end with a
 * NUL that does not count. */
static char *
decode_challenge (const char *challenge, gsize *length, GError **error)
{
  gsize n = strlen (challenge);
  char *bytes = NULL, *copy;
  size_t got = 0;

  if (n > PR_SASL_LINE_MAX || n % 4 != 0
      || gsasl_base64_from (challenge, n, &bytes, &got) != GSASL_OK)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge that is not base64");
      return NULL;
    }
  copy = g_malloc0 (got + 1);
  if (got > 0)
    memcpy (copy, bytes, got);
  gsasl_free (bytes);
  *length = got;
  return copy;
}

/**
 * pr_sasl_step:
 * @self: an exchange
 * @challenge: (nullable): what the server sent, base64; %NULL for what the client says first
 * @response: (out) (transfer full): base64 to send back, maybe empty; holds secrets, to be freed
 *   by pr_wipe_free()
 * @error: set to a diagnosis: the exchange must be cancelled
 *
 * Returns: whether there is a response
 */
gboolean
pr_sasl_step (PrSasl *self, const char *challenge, char **response, GError **error)
{
  g_autofree char *input = NULL;
  g_autoptr (GByteArray) output = NULL;
  gsize n = 0;
  gboolean ok;

  if (challenge != NULL && (input = decode_challenge (challenge, &n, error)) == NULL)
    return FALSE;
  output = g_byte_array_new ();
  ok = self->ops->step (self, input, n, output, error);
  if (ok)
    *response = output->len > 0 ? g_base64_encode (output->data, output->len) : g_strdup ("");
  pr_wipe (output->data, output->len);
  return ok;
}

/**
 * pr_sasl_check_finished:
 * @self: an exchange that the server calls successful
 * @error: set to protocol-error
 *
 * Returns: %FALSE if the mechanism is not through: with SCRAM that is a server that did not prove
 *   that it knows the password (rule A06)
 */
gboolean
pr_sasl_check_finished (const PrSasl *self, GError **error)
{
  if (pr_sasl_get_refusal (self, NULL, NULL))
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                   "the server refused %s and then called it a success", pr_sasl_get_name (self));
      return FALSE;
    }
  if (self->finished)
    return TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
               "the server ended %s before its end, without its own proof",
               pr_sasl_get_name (self));
  return FALSE;
}

/**
 * pr_sasl_get_refusal:
 * @self: an exchange
 * @code: (out) (optional): what the explanation means
 * @detail: (out) (optional) (transfer none): the server's explanation, safe to show
 *
 * Returns: whether the server explained in a challenge that it refuses
 */
gboolean
pr_sasl_get_refusal (const PrSasl *self, PrCode *code, const char **detail)
{
  PrCode ignored_code;
  const char *ignored_detail;

  return self->ops->get_refusal != NULL
         && self->ops->get_refusal (self, code != NULL ? code : &ignored_code,
                                    detail != NULL ? detail : &ignored_detail);
}
