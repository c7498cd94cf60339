/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server's side of a SASL exchange, from the client's AUTH line to just before the last
 * answer, honest or with one of the tricks that a bad server could try. What the mechanisms
 * themselves do is in pr-script-peer.c.
 *
 * RFC 4422 (SASL), RFC 5034 (POP3), RFC 4954 (SMTP), RFC 5802 (SCRAM). */

#include "pr-script-sasl.h"

#include "pr-script-peer.h"

#include <gsasl.h>
#include <string.h>

#define MAX_ROUNDS 8

typedef struct
{
  const PrScript *script;
  const PrScriptLine *line;
  PrScriptLink *link;
  PrScriptPeer *peer; /* owned */
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
make_challenge (const PrExchange *self, const GString *output, gboolean last)
{
  g_autoptr (GString) message = g_string_new_len (output->str, (gssize) output->len);
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
finish (PrExchange *self, const GString *output, GError **error)
{
  g_autofree char *challenge = NULL;
  g_autoptr (GString) response = NULL;

  if (output->len == 0 || has (self, "no-proof"))
    return TRUE;
  challenge = make_challenge (self, output, TRUE);
  if (!send_challenge (self, challenge, error))
    return FALSE;
  response = read_response (self, error);
  if (response == NULL)
    return self->cancelled && has (self, "cancelled");
  return response->len == 0 || deviate (error, "an empty line is expected", response->str);
}

/* Returns: TRUE when the exchange is over as the script wants it. */
static gboolean
judge (PrExchange *self, gboolean good, const GString *output, GError *reason, GError **error)
{
  if (reason != NULL)
    {
      g_propagate_error (error, g_error_copy (reason));
      return FALSE;
    }
  if (!good)
    return TRUE;
  if (pr_script_peer_must_refuse (self->peer))
    return deviate (error, "the client's log-in should have been wrong", NULL);
  if (!finish (self, output, error))
    return FALSE;
  return self->cancelled || !has (self, "cancelled")
         || deviate (error, "the client should have cancelled", NULL);
}

/* RFC 5802 section 6: what the client says of binding to the channel. */
static gboolean
check_flag (const PrExchange *self, const GString *first, GError **error)
{
  const char *flag = pr_script_line_get_option (self->line, "flag");

  return flag == NULL || g_str_has_prefix (first->str, flag)
         || deviate (error, "another GS2 flag is expected", first->str);
}

static gboolean
run_rounds (PrExchange *self, GString *initial, GError **error)
{
  g_autoptr (GString) input = initial;

  if (self->peer->ops->client_first)
    {
      if (input == NULL
          && (!send_challenge (self, "", error) || (input = read_response (self, error)) == NULL))
        return FALSE;
      if (!check_flag (self, input, error))
        return FALSE;
    }
  for (guint i = 0; i < MAX_ROUNDS; i++)
    {
      g_autofree char *challenge = NULL;
      g_autoptr (GString) output = g_string_new (NULL);
      g_autoptr (GError) reason = NULL;
      PrScriptVerdict verdict = self->peer->ops->step (self->peer, input, output, &reason);

      if (verdict != PR_SCRIPT_MORE)
        return judge (self, verdict == PR_SCRIPT_GOOD, output, reason, error);
      challenge = make_challenge (self, output, FALSE);
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
  g_autoptr (PrScriptPeer) peer = pr_script_peer_new (script, line, link, error);
  GString *initial = NULL;

  self.peer = peer;
  return peer != NULL && read_command (&self, &initial, error)
         && run_rounds (&self, initial, error);
}
