/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PrSasl: SASL mechanisms by GNU SASL, and the choice of one. Worker threads; a library handle
 * per exchange, because those may not be shared.
 *
 * RFC 4422 (SASL), RFC 4616 (PLAIN), RFC 5802 and RFC 7677 (SCRAM), rules A01-A06. */

#include "pr-sasl.h"

#include "pr-line-reader.h"
#include "pr-text.h"

#include <gsasl.h>
#include <string.h>

/* SCRAM makes the client compute as many rounds as the server says. RFC 7677 section 4 wants at
 * least 4096; half a million take about a second here, and no server asks for more (rule A06). */
#define SCRAM_MIN_ITERATIONS 4096
#define SCRAM_MAX_ITERATIONS 500000

struct _PrSasl
{
  PrMechanism mechanism;
  Gsasl *library;
  Gsasl_session *session;
  gboolean finished;
};

static gboolean
is_scram (PrMechanism mechanism)
{
  return mechanism == PR_MECHANISM_SCRAM_SHA_1 || mechanism == PR_MECHANISM_SCRAM_SHA_256;
}

static gboolean
set_property (PrSasl *self, Gsasl_property property, const char *value, GError **error)
{
  int result = gsasl_property_set (self->session, property, value);

  if (result == GSASL_OK)
    return TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_INTERNAL_ERROR, "GNU SASL: %s",
               gsasl_strerror (result));
  return FALSE;
}

/* SASLprep (RFC 4013) of what a person typed; what it refuses no server can accept (rule A14). */
static gboolean
set_prepared (PrSasl *self,
              Gsasl_property property,
              const char *value,
              const char *what,
              GError **error)
{
  char *prepared = NULL;
  int result = gsasl_saslprep (value, 0, &prepared, NULL);
  gboolean ok;

  if (result != GSASL_OK)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_CREDENTIALS_MISSING,
                   "the %s has characters that cannot be sent: %s", what, gsasl_strerror (result));
      return FALSE;
    }
  ok = set_property (self, property, prepared, error);
  pr_wipe (prepared, strlen (prepared));
  gsasl_free (prepared);
  return ok;
}

/**
 * pr_sasl_new:
 * @mechanism: one SASL mechanism that GNU SASL speaks
 * @plan: user name, secret, host
 * @error: set to a diagnosis
 *
 * Returns: (transfer full) (nullable): an exchange that has not begun
 */
PrSasl *
pr_sasl_new (PrMechanism mechanism, const PrTestPlan *plan, GError **error)
{
  g_autoptr (PrSasl) self = g_new0 (PrSasl, 1);
  const char *name = pr_mechanism_to_name (mechanism);
  int result;

  g_return_val_if_fail (name != NULL, NULL);

  self->mechanism = mechanism;
  result = gsasl_init (&self->library);
  if (result == GSASL_OK)
    result = gsasl_client_start (self->library, name, &self->session);
  if (result != GSASL_OK)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE, "%s is not built in: %s",
                   name, gsasl_strerror (result));
      return NULL;
    }
  if (plan->username != NULL
      && !set_prepared (self, GSASL_AUTHID, plan->username, "user name", error))
    return NULL;
  if (plan->secret != NULL
      && !set_prepared (self, GSASL_PASSWORD, pr_secret_peek (plan->secret), "password", error))
    return NULL;
  if (!set_property (self, GSASL_SERVICE, plan->protocol == PR_PROTOCOL_POP3 ? "pop" : "smtp",
                     error)
      || !set_property (self, GSASL_HOSTNAME, plan->host, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* GNU SASL keeps copies of what it was given and of keys made from it. */
static void
wipe_properties (Gsasl_session *session)
{
  static const Gsasl_property properties[] = { GSASL_PASSWORD, GSASL_SCRAM_SALTED_PASSWORD,
                                               GSASL_SCRAM_SERVERKEY, GSASL_SCRAM_STOREDKEY,
                                               GSASL_DIGEST_MD5_HASHED_PASSWORD };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      const char *value = gsasl_property_fast (session, properties[i]);

      if (value != NULL)
        pr_wipe ((char *) value, strlen (value));
    }
}

/**
 * pr_sasl_free:
 * @self: (transfer full): an exchange
 */
void
pr_sasl_free (PrSasl *self)
{
  if (self->session != NULL)
    {
      wipe_properties (self->session);
      gsasl_finish (self->session);
    }
  if (self->library != NULL)
    gsasl_done (self->library);
  g_free (self);
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
  return pr_mechanism_to_name (self->mechanism);
}

/**
 * pr_sasl_is_client_first:
 * @self: an exchange
 *
 * Returns: whether the client has something to say before the first challenge (RFC 4422 section
 *   3.3: it may then go with the command, as initial response)
 */
gboolean
pr_sasl_is_client_first (const PrSasl *self)
{
  return self->mechanism == PR_MECHANISM_PLAIN || is_scram (self->mechanism);
}

/* Rule P15: strict base64; what is none must be cancelled, not guessed at. */
static char *
decode_challenge (const char *challenge, GError **error)
{
  gsize n = strlen (challenge);
  char *bytes = NULL;
  size_t length = 0;

  if (n > PR_SASL_LINE_MAX || n % 4 != 0
      || gsasl_base64_from (challenge, n, &bytes, &length) != GSASL_OK)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge that is not base64");
      return NULL;
    }
  {
    char *copy = g_strndup (bytes != NULL ? bytes : "", length);

    gsasl_free (bytes);
    return copy;
  }
}

/* RFC 5802 section 5.1: "i=" in the first message of the server. */
static gboolean
check_scram_challenge (const char *challenge, GError **error)
{
  g_auto (GStrv) attributes = g_strsplit (challenge, ",", -1);

  for (guint i = 0; attributes[i] != NULL; i++)
    if (g_str_has_prefix (attributes[i], "i=")
        && !g_ascii_string_to_unsigned (attributes[i] + 2, 10, SCRAM_MIN_ITERATIONS,
                                        SCRAM_MAX_ITERATIONS, NULL, NULL))
      {
        const char *number = attributes[i] + 2;
        gboolean digits = strspn (number, "0123456789") == strlen (number) && strlen (number) < 20;

        g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                     "the server asks for %s iterations; %d to %d are accepted",
                     digits ? number : "?", SCRAM_MIN_ITERATIONS, SCRAM_MAX_ITERATIONS);
        return FALSE;
      }
  return TRUE;
}

/* RFC 5802 section 7: "e=" in the last message of the server is its refusal, not a fault. */
static gboolean
check_scram_refusal (const char *challenge, GError **error)
{
  static const char *const ours[] = { "invalid-proof", "unknown-user", "invalid-username-encoding",
                                      NULL };
  const char *reason = challenge + strlen ("e=");
  PrCode code = PR_CODE_AUTHENTICATION_REJECTED;

  if (!g_str_has_prefix (challenge, "e="))
    return TRUE;
  if (!g_strv_contains (ours, reason))
    code = PR_CODE_SERVER_ERROR;
  for (const char *p = reason; *p != '\0'; p++)
    if (!(g_ascii_isalnum (*p) || *p == '-') || p - reason > 64)
      reason = "?";
  g_set_error (error, PR_DIAGNOSIS, (int) code, "the server says: %s", reason);
  return FALSE;
}

static PrCode
result_to_code (int result)
{
  switch (result)
    {
      case GSASL_MECHANISM_PARSE_ERROR:
      case GSASL_MECHANISM_CALLED_TOO_MANY_TIMES:
      case GSASL_AUTHENTICATION_ERROR: /* the server's proof is wrong */
      case GSASL_BASE64_ERROR:
        return PR_CODE_PROTOCOL_ERROR;
      case GSASL_SASLPREP_ERROR:
      case GSASL_NO_AUTHID:
      case GSASL_NO_PASSWORD:
        return PR_CODE_CREDENTIALS_MISSING;
      default:
        return PR_CODE_INTERNAL_ERROR;
    }
}

/**
 * pr_sasl_step:
 * @self: an exchange
 * @challenge: (nullable): what the server sent, base64; %NULL for the initial response
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
  char *output = NULL;
  size_t length = 0;
  int result;

  if (challenge != NULL)
    {
      input = decode_challenge (challenge, error);
      if (input == NULL)
        return FALSE;
      if (is_scram (self->mechanism)
          && (!check_scram_refusal (input, error) || !check_scram_challenge (input, error)))
        return FALSE;
    }
  if (self->finished)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
                           "a challenge after the end of the exchange");
      return FALSE;
    }
  result = gsasl_step (self->session, input, input != NULL ? strlen (input) : 0, &output, &length);
  if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
    {
      g_set_error (error, PR_DIAGNOSIS, (int) result_to_code (result), "%s: %s",
                   pr_sasl_get_name (self), gsasl_strerror (result));
      return FALSE;
    }
  self->finished = result == GSASL_OK;
  *response = length > 0 ? g_base64_encode ((guint8 *) output, length) : g_strdup ("");
  if (output != NULL)
    {
      pr_wipe (output, length);
      gsasl_free (output);
    }
  return TRUE;
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
  if (self->finished)
    return TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
               "the server ended %s before its end, without its own proof",
               pr_sasl_get_name (self));
  return FALSE;
}

static gboolean
is_offered (char **offered, const char *name)
{
  for (guint i = 0; offered != NULL && offered[i] != NULL; i++)
    if (g_ascii_strcasecmp (offered[i], name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pr_sasl_choose:
 * @plan: what the profile wants
 * @offered: (nullable): names of the SASL mechanisms that the server offers
 * @user_offered: whether USER and PASS may be used (POP3)
 * @error: set to mechanism-unavailable, with both lists
 *
 * Automatic choice takes the strongest (rule A02); a chosen one is taken or nothing is.
 *
 * Returns: the mechanism; %PR_MECHANISM_NONE with @error if there is none
 */
PrMechanism
pr_sasl_choose (const PrTestPlan *plan, char **offered, gboolean user_offered, GError **error)
{
  static const PrMechanism by_strength[] = { PR_MECHANISM_SCRAM_SHA_256, PR_MECHANISM_SCRAM_SHA_1,
                                             PR_MECHANISM_PLAIN, PR_MECHANISM_LOGIN,
                                             PR_MECHANISM_USER };
  g_autofree char *offered_raw = NULL, *offered_text = NULL;
  GString *allowed = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (by_strength) || plan->mechanism != PR_MECHANISM_AUTO; i++)
    {
      gboolean automatic = plan->mechanism == PR_MECHANISM_AUTO;
      PrMechanism candidate = automatic ? by_strength[i] : plan->mechanism;
      const char *name = pr_mechanism_to_name (candidate);

      if (candidate == PR_MECHANISM_USER ? user_offered
                                         : name != NULL && is_offered (offered, name))
        {
          g_string_free (allowed, TRUE);
          return candidate;
        }
      if (candidate != PR_MECHANISM_USER || plan->protocol == PR_PROTOCOL_POP3)
        g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? " " : "",
                                name != NULL ? name : "OAUTHBEARER XOAUTH2");
      if (!automatic)
        break;
    }
  offered_raw = offered != NULL ? g_strjoinv (" ", offered) : g_strdup ("");
  offered_text = pr_text_for_display (offered_raw, -1, 1024);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_MECHANISM_UNAVAILABLE, "allowed: %s; offered: %s%s",
               allowed->str, user_offered ? "USER/PASS " : "", offered_text);
  g_string_free (allowed, TRUE);
  return PR_MECHANISM_NONE;
}
