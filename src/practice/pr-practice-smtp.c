/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SMTP half of the practice server (RFC 5321, RFC 6409, RFC 4954), and how mailboxes that
 * are broken on purpose answer in it. A message goes into the mailbox that it is for, or is
 * refused: nothing ever leaves this computer. Its own threads. */

#include "pr-practice-session.h"

#include <string.h>

#define MAX_MESSAGE (1024 * 1024)

typedef struct
{
  PrPracticeSession *session;
  gboolean has_sender;
  GPtrArray *recipients; /* of PrPracticeAccount, borrowed */
} PrSmtp;

static const char *
get_refusal (PrPracticeFault fault)
{
  switch (fault)
    {
      case PR_PRACTICE_APP_PASSWORD:
        return "534 5.7.9 Application-specific password required";
      case PR_PRACTICE_LOCKED:
        return "535 5.7.8 Account is locked";
      case PR_PRACTICE_BACK_END:
        return "454 4.7.0 Temporary authentication failure";
      case PR_PRACTICE_TOO_OFTEN:
        return "454 4.7.0 Too many login attempts, please try again later.";
      case PR_PRACTICE_SUBMISSION_OFF:
        return "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for "
               "the Mailbox";
      case PR_PRACTICE_WORKS:
      case PR_PRACTICE_POP_OFF:
      case PR_PRACTICE_IN_USE:
      case PR_PRACTICE_SENDER:
      case PR_PRACTICE_FULL:
        return NULL;
    }
  g_return_val_if_reached (NULL);
}

static PrPracticeFault
get_fault (PrPracticeSession *session, PrPracticeAccount *account)
{
  PrPracticeFault fault;

  pr_practice_lock (session->server);
  fault = account->fault;
  pr_practice_unlock (session->server);
  return fault;
}

static gboolean
log_in (PrSmtp *self, char **words)
{
  PrPracticeSession *session = self->session;
  const char *refusal = "535 5.7.8 Error: authentication failed";

  if (words[1] == NULL)
    return pr_practice_say (session, "501 5.5.4 Syntax: AUTH mechanism");
  if (pr_practice_sasl (session, words[1], words[2]))
    refusal = get_refusal (get_fault (session, session->account));
  if (refusal != NULL)
    session->account = NULL;
  return pr_practice_say (session, "%s",
                          refusal != NULL ? refusal : "235 2.7.0 Authentication successful");
}

/* What stands between "<" and ">". */
static char *
get_path (const char *line)
{
  const char *open = strchr (line, '<');
  const char *close = open != NULL ? strchr (open, '>') : NULL;

  return close != NULL ? g_strndup (open + 1, (gsize) (close - open - 1)) : g_strdup ("");
}

static gboolean
take_sender (PrSmtp *self, const char *line)
{
  PrPracticeSession *session = self->session;
  g_autofree char *path = get_path (line);

  if (session->account == NULL)
    return pr_practice_say (session, "530 5.7.0 Authentication required");
  if (get_fault (session, session->account) == PR_PRACTICE_SENDER
      || g_ascii_strcasecmp (path, session->account->address) != 0)
    return pr_practice_say (session,
                            "553 5.7.1 <%s>: Sender address rejected: not owned by user %s", path,
                            session->account->address);
  self->has_sender = TRUE;
  g_ptr_array_set_size (self->recipients, 0);
  return pr_practice_say (session, "250 2.1.0 Ok");
}

static gboolean
take_recipient (PrSmtp *self, const char *line)
{
  PrPracticeSession *session = self->session;
  g_autofree char *path = get_path (line);
  PrPracticeAccount *account;

  if (!self->has_sender)
    return pr_practice_say (session, "503 5.5.1 Error: need MAIL command");
  pr_practice_lock (session->server);
  account = pr_practice_find (session->server, path);
  pr_practice_unlock (session->server);
  if (account == NULL)
    return pr_practice_say (session, "554 5.7.1 <%s>: Relay access denied", path);
  if (get_fault (session, account) == PR_PRACTICE_FULL)
    return pr_practice_say (session, "452 4.2.2 <%s>: Mailbox is full / Blocks limit exceeded",
                            path);
  g_ptr_array_add (self->recipients, account);
  return pr_practice_say (session, "250 2.1.5 Ok");
}

static gboolean
take_message (PrSmtp *self)
{
  PrPracticeSession *session = self->session;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) message = NULL;

  if (self->recipients->len == 0)
    return pr_practice_say (session, "503 5.5.1 Error: need RCPT command");
  if (!pr_practice_say (session, "354 End data with <CR><LF>.<CR><LF>"))
    return FALSE;
  for (;;)
    {
      g_autofree char *line = pr_practice_read (session);

      if (line == NULL || text->len > MAX_MESSAGE)
        return FALSE;
      if (g_str_equal (line, "."))
        break;
      g_string_append_printf (text, "%s\r\n", *line == '.' ? line + 1 : line);
    }
  message = g_bytes_new (text->str, text->len);
  pr_practice_lock (session->server);
  for (guint i = 0; i < self->recipients->len; i++)
    {
      PrPracticeAccount *account = g_ptr_array_index (self->recipients, i);

      g_ptr_array_add (account->messages, g_bytes_ref (message));
    }
  pr_practice_unlock (session->server);
  self->has_sender = FALSE;
  g_ptr_array_set_size (self->recipients, 0);
  return pr_practice_say (session, "250 2.0.0 Ok: delivered");
}

static gboolean
reset (PrSmtp *self)
{
  self->has_sender = FALSE;
  g_ptr_array_set_size (self->recipients, 0);
  return pr_practice_say (self->session, "250 2.0.0 Ok");
}

static gboolean
serve (PrSmtp *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  const char *verb = words[0] != NULL ? words[0] : "";

  if (g_ascii_strcasecmp (verb, "EHLO") == 0)
    return pr_practice_say (self->session,
                            "250-localhost\r\n250-8BITMIME\r\n250-SIZE %d\r\n"
                            "250-ENHANCEDSTATUSCODES\r\n250 AUTH " PR_PRACTICE_MECHANISMS,
                            MAX_MESSAGE);
  if (g_ascii_strcasecmp (verb, "HELO") == 0)
    return pr_practice_say (self->session, "250 localhost");
  if (g_ascii_strcasecmp (verb, "AUTH") == 0)
    return log_in (self, words);
  if (g_ascii_strcasecmp (verb, "MAIL") == 0)
    return take_sender (self, line);
  if (g_ascii_strcasecmp (verb, "RCPT") == 0)
    return take_recipient (self, line);
  if (g_ascii_strcasecmp (verb, "DATA") == 0)
    return take_message (self);
  if (g_ascii_strcasecmp (verb, "RSET") == 0)
    return reset (self);
  if (g_ascii_strcasecmp (verb, "NOOP") == 0)
    return pr_practice_say (self->session, "250 2.0.0 Ok");
  return pr_practice_say (self->session, "500 5.5.2 Error: command not recognized");
}

/**
 * pr_practice_smtp:
 * @session: a client that has just connected
 *
 * Serves it until it leaves.
 */
void
pr_practice_smtp (PrPracticeSession *session)
{
  PrSmtp self = { .session = session, .recipients = g_ptr_array_new () };
  gboolean going = pr_practice_say (session, "220 localhost ESMTP Postroom practice server");

  while (going)
    {
      g_autofree char *line = pr_practice_read (session);

      if (line == NULL)
        break;
      if (g_ascii_strncasecmp (line, "QUIT", 4) == 0)
        {
          pr_practice_say (session, "221 2.0.0 Bye");
          break;
        }
      going = serve (&self, line);
    }
  g_ptr_array_unref (self.recipients);
}
