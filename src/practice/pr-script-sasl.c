/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of a SASL exchange by GNU SASL, from the client's AUTH line to just before
 * the last answer, honest or with one of the tricks that a bad server could try.
 *
 * RFC 4422 (SASL), RFC 5034 (POP3), RFC 4954 (SMTP), RFC 5802 (SCRAM). */

#include "pr-script-sasl.h"

#include <gsasl.h>
#include <string.h>

#define MAX_ROUNDS 8

typedef struct
{
  const PrScript *script;
  const PrScriptLine *line;
  PrScriptLink *link;
  Gsasl *library;
  Gsasl_session *session;
  gboolean cancelled; /* by the client's "*" */
} PrExchange;

static gboolean
has (const PrExchange *self, const char *option)
{
  return pr_script_line_get_option (self->line, option) != NULL;
}

static gboolean
deviate (GError **error, const char *what, const char *got)
{
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "%s%s%s%s", what,
               got != NULL ? ": “" : "", got != NULL ? got : "", got != NULL ? "”" : "");
  return FALSE;
}

static gboolean
is_same_user (const PrExchange *self, const char *name)
{
  char *prepared = NULL;
  gboolean same;

  if (name == NULL || gsasl_saslprep (self->script->user, 0, &prepared, NULL) != GSASL_OK)
    return FALSE;
  same = g_str_equal (prepared, name);
  gsasl_free (prepared);
  return same;
}

/* The library asks for the password, or whether user name and password are right. */
static int
callback (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  const PrExchange *self = gsasl_callback_hook_get (library);
  const char *password = has (self, "wrong-password") ? "another password" : self->script->password;
  const char *authzid, *given;

  if (property == GSASL_PASSWORD)
    return is_same_user (self, gsasl_property_fast (session, GSASL_AUTHID))
               ? gsasl_property_set (session, GSASL_PASSWORD, password)
               : GSASL_AUTHENTICATION_ERROR;
  if (property != GSASL_VALIDATE_SIMPLE)
    return GSASL_NO_CALLBACK;
  authzid = gsasl_property_fast (session, GSASL_AUTHZID);
  given = gsasl_property_fast (session, GSASL_PASSWORD);
  /* Where the client named no other identity, GNU SASL names its own here. */
  if ((authzid == NULL || *authzid == '\0' || is_same_user (self, authzid))
      && g_strcmp0 (given, password) == 0
      && is_same_user (self, gsasl_property_fast (session, GSASL_AUTHID)))
    return GSASL_OK;
  return GSASL_AUTHENTICATION_ERROR;
}

static gboolean
exchange_init (PrExchange *self, GError **error)
{
  const char *iterations = pr_script_line_get_option (self->line, "iterations");
  int result = gsasl_init (&self->library);

  if (result == GSASL_OK)
    {
      gsasl_callback_hook_set (self->library, self);
      gsasl_callback_set (self->library, callback);
      result = gsasl_server_start (self->library, self->line->words[0], &self->session);
    }
  if (result == GSASL_OK && iterations != NULL)
    result = gsasl_property_set (self->session, GSASL_SCRAM_ITER, iterations);
  if (result == GSASL_OK)
    return TRUE;
  g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_SYSTEM, "GNU SASL: %s",
               gsasl_strerror (result));
  return FALSE;
}

static void
exchange_clear (PrExchange *self)
{
  if (self->session != NULL)
    gsasl_finish (self->session);
  if (self->library != NULL)
    gsasl_done (self->library);
}

static gboolean
send_challenge (PrExchange *self, const char *challenge, GError **error)
{
  const char *prefix = self->script->protocol == PR_PROTOCOL_POP3 ? "+ " : "334 ";
  g_autofree char *line = g_strconcat (prefix, challenge, "\r\n", NULL);

  if (pr_script_link_get_unread (self->link)->len > 0)
    return deviate (error, "the client did not wait for the challenge", NULL);
  return pr_script_link_write (self->link, line, strlen (line), error);
}

/* What the client answers, decoded; NULL with @error, or when it cancelled. */
static GString *
read_response (PrExchange *self, GError **error)
{
  g_autoptr (GString) line = pr_script_link_read_line (self->link, error);
  GString *response;
  char *bytes = NULL;
  size_t n = 0;

  if (line == NULL)
    return NULL;
  if (g_str_equal (line->str, "*"))
    {
      self->cancelled = TRUE;
      if (!has (self, "cancelled"))
        deviate (error, "the client cancelled the exchange", NULL);
      return NULL;
    }
  if (strlen (line->str) != line->len
      || gsasl_base64_from (line->str, line->len, &bytes, &n) != GSASL_OK)
    {
      deviate (error, "a response that is not base64", line->str);
      return NULL;
    }
  response = g_string_new_len (bytes, (gssize) n);
  gsasl_free (bytes);
  return response;
}

/* "AUTH MECHANISM [initial response]". The response is left NULL if there is none. */
static gboolean
read_command (PrExchange *self, GString **initial, GError **error)
{
  g_autoptr (GString) line = pr_script_link_read_line (self->link, error);
  g_autofree char *command = g_strconcat ("AUTH ", self->line->words[0], NULL);
  gsize n = strlen (command);
  gboolean has_initial;
  char *bytes = NULL;
  size_t length = 0;

  if (line == NULL)
    return FALSE;
  if (strncmp (line->str, command, n) != 0 || (line->str[n] != '\0' && line->str[n] != ' '))
    {
      g_set_error (error, PR_SCRIPT_ERROR, PR_SCRIPT_ERROR_DEVIATION, "“%s” is expected, got “%s”",
                   command, line->str);
      return FALSE;
    }
  has_initial = line->str[n] == ' ';
  if (has_initial ? has (self, "no-initial") : has (self, "initial"))
    return deviate (error, "with or without initial response, it should be otherwise", line->str);
  if (!has_initial)
    return TRUE;
  if (g_str_equal (line->str + n + 1, "="))
    {
      *initial = g_string_new (NULL);
      return TRUE;
    }
  if (line->str[n + 1] == '\0'
      || gsasl_base64_from (line->str + n + 1, line->len - n - 1, &bytes, &length) != GSASL_OK)
    return deviate (error, "an initial response that is not base64", line->str);
  *initial = g_string_new_len (bytes, (gssize) length);
  gsasl_free (bytes);
  return TRUE;
}

/* Another byte in place of the one behind @prefix. */
static void
spoil (GString *message, const char *prefix)
{
  char *at = strstr (message->str, prefix);

  if (at != NULL && at[strlen (prefix)] != '\0')
    at[strlen (prefix)] = at[strlen (prefix)] == 'A' ? 'B' : 'A';
}

/* The challenge as it is sent: the tricks are here. */
static char *
make_challenge (const PrExchange *self, const char *output, size_t n, gboolean last)
{
  g_autoptr (GString) message = g_string_new_len (output, (gssize) n);
  const char *text = pr_script_line_get_option (self->line, "error");

  if (has (self, "wrong-base64"))
    return g_strdup ("n0t=base64!");
  if (has (self, "wrong-nonce") && !last)
    spoil (message, "r=");
  if (has (self, "wrong-signature") && last)
    spoil (message, "v=");
  if (text != NULL && last)
    g_string_printf (message, "e=%s", text);
  return g_base64_encode ((guint8 *) message->str, message->len);
}

/* Behind the last challenge, the client has nothing to say. */
static gboolean
finish (PrExchange *self, const char *output, size_t n, GError **error)
{
  g_autofree char *challenge = NULL;
  g_autoptr (GString) response = NULL;

  if (n == 0 || has (self, "no-proof"))
    return TRUE;
  challenge = make_challenge (self, output, n, TRUE);
  if (!send_challenge (self, challenge, error))
    return FALSE;
  response = read_response (self, error);
  if (response == NULL)
    return self->cancelled && has (self, "cancelled");
  return response->len == 0 || deviate (error, "an empty line is expected", response->str);
}

/* Returns: TRUE when the exchange is over as the script wants it. */
static gboolean
judge (PrExchange *self, int result, const char *output, size_t n, GError **error)
{
  if (result == GSASL_AUTHENTICATION_ERROR && has (self, "wrong-password"))
    return TRUE;
  if (result != GSASL_OK)
    return deviate (error, "the client's log-in is wrong", gsasl_strerror (result));
  if (has (self, "wrong-password"))
    return deviate (error, "the client's password should have been wrong", NULL);
  if (!finish (self, output, n, error))
    return FALSE;
  return self->cancelled || !has (self, "cancelled")
         || deviate (error, "the client should have cancelled", NULL);
}

static gboolean
run_rounds (PrExchange *self, GString *initial, GError **error)
{
  /* These wait for the client's first message. */
  gboolean client_first = g_str_equal (self->line->words[0], "PLAIN")
                          || g_str_has_prefix (self->line->words[0], "SCRAM-");
  g_autoptr (GString) input = initial;

  if (client_first && input == NULL)
    {
      if (!send_challenge (self, "", error) || (input = read_response (self, error)) == NULL)
        return FALSE;
    }
  for (guint i = 0; i < MAX_ROUNDS; i++)
    {
      g_autofree char *challenge = NULL;
      char *output = NULL;
      size_t n = 0;
      int result = gsasl_step (self->session, input != NULL ? input->str : NULL,
                               input != NULL ? input->len : 0, &output, &n);
      gboolean ok;

      if (result != GSASL_NEEDS_MORE)
        {
          ok = judge (self, result, output, n, error);
          gsasl_free (output);
          return ok;
        }
      challenge = make_challenge (self, output, n, FALSE);
      gsasl_free (output);
      if (!send_challenge (self, challenge, error))
        return FALSE;
      if (input != NULL)
        g_string_free (input, TRUE);
      input = read_response (self, error);
      if (input == NULL)
        return self->cancelled && has (self, "cancelled");
    }
  return deviate (error, "too many rounds", NULL);
}

/**
 * pr_script_sasl_run:
 * @script: whose user name and password are right
 * @line: the instruction: mechanism and tricks
 * @link: where the client is about to say AUTH
 * @error: set to %PR_SCRIPT_ERROR_DEVIATION and others
 *
 * Returns: whether the exchange went as @line says; the last answer is left to the script
 */
gboolean
pr_script_sasl_run (const PrScript *script,
                    const PrScriptLine *line,
                    PrScriptLink *link,
                    GError **error)
{
  PrExchange self = { .script = script, .line = line, .link = link };
  GString *initial = NULL;
  gboolean ok = exchange_init (&self, error) && read_command (&self, &initial, error)
                && run_rounds (&self, initial, error);

  exchange_clear (&self);
  return ok;
}
