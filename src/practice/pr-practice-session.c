/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What both protocols of the practice server need: lines, and who somebody is.
 *
 * RFC 4422 (SASL), RFC 4616 (PLAIN), RFC 7677 (SCRAM-SHA-256). */

#include "pr-practice-session.h"

#include <gsasl.h>
#include <string.h>

#define LINE_MAX_BYTES 16384
#define MAX_ROUNDS 6

/**
 * pr_practice_say:
 * @self: a session
 * @format: an answer, without the end of the line
 *
 * Returns: whether the client is still there
 */
gboolean
pr_practice_say (PrPracticeSession *self, const char *format, ...)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint delay_ms = pr_practice_get_delay (self->server);
  va_list arguments;

  if (delay_ms > 0 && !self->has_thought && !pr_script_link_sleep (self->link, delay_ms, NULL))
    return FALSE;
  self->has_thought = TRUE;
  va_start (arguments, format);
  g_string_append_vprintf (line, format, arguments);
  va_end (arguments);
  g_string_append (line, "\r\n");
  return pr_script_link_write (self->link, line->str, line->len, NULL);
}

/**
 * pr_practice_read:
 * @self: a session
 *
 * Returns: (transfer full) (nullable): what the client says, without the end of the line
 */
char *
pr_practice_read (PrPracticeSession *self)
{
  g_autoptr (GString) line = pr_script_link_read_line (self->link, NULL);

  self->has_thought = FALSE;
  if (line == NULL || line->len > LINE_MAX_BYTES)
    return NULL;
  return g_strdup (line->str);
}

/**
 * pr_practice_check_password:
 * @self: a session
 * @user: who somebody claims to be
 * @password: the proof
 *
 * Returns: whether it is true; then the session has its account
 */
gboolean
pr_practice_check_password (PrPracticeSession *self, const char *user, const char *password)
{
  PrPracticeAccount *account;

  pr_practice_lock (self->server);
  account = pr_practice_find (self->server, user);
  if (account != NULL && g_strcmp0 (account->password, password) != 0)
    account = NULL;
  pr_practice_unlock (self->server);
  self->account = account;
  return account != NULL;
}

/* --- SASL ------------------------------------------------------------------------------------- */

static int
callback (Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
  PrPracticeSession *self = gsasl_callback_hook_get (library);
  const char *user = gsasl_property_fast (session, GSASL_AUTHID);
  g_autofree char *password = NULL;

  if (user == NULL)
    return GSASL_AUTHENTICATION_ERROR;
  if (property == GSASL_VALIDATE_SIMPLE)
    return pr_practice_check_password (self, user, gsasl_property_fast (session, GSASL_PASSWORD))
               ? GSASL_OK
               : GSASL_AUTHENTICATION_ERROR;
  if (property != GSASL_PASSWORD)
    return GSASL_NO_CALLBACK;
  pr_practice_lock (self->server);
  self->account = pr_practice_find (self->server, user);
  /* Nobody learns who exists: an unknown name fails at the proof, like a wrong password. */
  password = self->account != NULL ? g_strdup (self->account->password) : g_uuid_string_random ();
  pr_practice_unlock (self->server);
  return gsasl_property_set (session, GSASL_PASSWORD, password);
}

/* Sends a challenge; (nullable): the client gave up. */
static char *
ask (PrPracticeSession *self, const char *challenge, size_t *n)
{
  g_autofree char *answer = NULL;
  char *bytes = NULL;

  if (!pr_practice_say (self, "%s %s", self->is_pop3 ? "+" : "334", challenge))
    return NULL;
  answer = pr_practice_read (self);
  if (answer == NULL || g_str_equal (answer, "*")
      || gsasl_base64_from (answer, strlen (answer), &bytes, n) != GSASL_OK)
    return NULL;
  return bytes;
}

static gboolean
run_rounds (PrPracticeSession *self, Gsasl_session *session, char *input, size_t n)
{
  for (guint i = 0; i < MAX_ROUNDS; i++)
    {
      char *output = NULL;
      size_t n_output = 0;
      int result = gsasl_step (session, input, n, &output, &n_output);
      g_autofree char *challenge = g_base64_encode ((const guchar *) output, n_output);

      gsasl_free (output);
      g_clear_pointer (&input, gsasl_free);
      if (result == GSASL_OK && n_output == 0)
        return TRUE;
      if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
        return FALSE;
      input = ask (self, challenge, &n);
      if (result == GSASL_OK)
        {
          gboolean done = input != NULL && n == 0;

          gsasl_free (input);
          return done;
        }
      if (input == NULL)
        return FALSE;
    }
  gsasl_free (input);
  return FALSE;
}

/* The client's first message: from its command, or asked for. FALSE: it gave up. */
static gboolean
get_first (PrPracticeSession *self,
           const char *mechanism,
           const char *initial,
           char **input,
           size_t *n)
{
  if (initial != NULL && g_str_equal (initial, "="))
    return TRUE;
  if (initial != NULL)
    return gsasl_base64_from (initial, strlen (initial), input, n) == GSASL_OK;
  if (g_str_equal (mechanism, "LOGIN"))
    return TRUE;
  *input = ask (self, "", n);
  return *input != NULL;
}

/**
 * pr_practice_sasl:
 * @self: a session
 * @mechanism: what the client chose
 * @initial: (nullable): its initial response
 *
 * Returns: whether it has proved who it is; then the session has its account
 */
gboolean
pr_practice_sasl (PrPracticeSession *self, const char *mechanism, const char *initial)
{
  Gsasl *library = NULL;
  Gsasl_session *session = NULL;
  char *input = NULL;
  size_t n = 0;
  gboolean ok = FALSE;

  if (gsasl_init (&library) != GSASL_OK)
    return FALSE;
  gsasl_callback_hook_set (library, self);
  gsasl_callback_set (library, callback);
  if (gsasl_server_start (library, mechanism, &session) == GSASL_OK)
    {
      ok = get_first (self, mechanism, initial, &input, &n) && run_rounds (self, session, input, n);
      gsasl_finish (session);
    }
  gsasl_done (library);
  if (!ok)
    self->account = NULL;
  return ok && self->account != NULL;
}
