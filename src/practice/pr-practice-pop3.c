/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The POP3 half of the practice server (RFC 1939, RFC 2449, RFC 5034), and how mailboxes that
 * are broken on purpose answer in it. Its own threads. */

#include "pr-practice-session.h"

#include <string.h>

typedef struct
{
  PrPracticeSession *session;
  GPtrArray *messages; /* (nullable): of GBytes: what was there at the log-in */
  GHashTable *deleted; /* numbers */
  char *user;          /* (nullable): USER, before PASS */
} PrPop3;

static const char *
get_refusal (PrPracticeFault fault)
{
  switch (fault)
    {
      case PR_PRACTICE_APP_PASSWORD:
        return "-ERR [AUTH] Application-specific password required";
      case PR_PRACTICE_LOCKED:
        return "-ERR [AUTH] Account is locked";
      case PR_PRACTICE_POP_OFF:
        return "-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your "
               "email settings page and enable POP access.";
      case PR_PRACTICE_IN_USE:
        return "-ERR [IN-USE] Mailbox is locked by another POP session";
      case PR_PRACTICE_BACK_END:
        return "-ERR [SYS/TEMP] Temporary authentication failure. Try again later.";
      case PR_PRACTICE_TOO_OFTEN:
        return "-ERR [LOGIN-DELAY] minimum time between mail checks violation";
      case PR_PRACTICE_WORKS:
      case PR_PRACTICE_SUBMISSION_OFF:
      case PR_PRACTICE_SENDER:
      case PR_PRACTICE_FULL:
        return NULL;
    }
  g_return_val_if_reached (NULL);
}

/* The end of a log-in: the mailbox opens, or says why not. */
static gboolean
open_mailbox (PrPop3 *self, gboolean proved)
{
  PrPracticeSession *session = self->session;
  const char *refusal = "-ERR [AUTH] Authentication failed.";

  if (proved)
    {
      pr_practice_lock (session->server);
      refusal = get_refusal (session->account->fault);
      if (refusal == NULL && session->account->is_open)
        refusal = "-ERR [IN-USE] Mailbox is locked by another POP session";
      if (refusal == NULL)
        {
          session->account->is_open = TRUE;
          self->messages = g_ptr_array_copy (session->account->messages, NULL, NULL);
          g_ptr_array_set_free_func (self->messages, (GDestroyNotify) g_bytes_unref);
          for (guint i = 0; i < self->messages->len; i++)
            g_bytes_ref (g_ptr_array_index (self->messages, i));
        }
      pr_practice_unlock (session->server);
    }
  return pr_practice_say (session, "%s", refusal != NULL ? refusal : "+OK Logged in.");
}

static gsize
get_size (PrPop3 *self, guint number)
{
  return g_bytes_get_size (g_ptr_array_index (self->messages, number - 1));
}

static gboolean
is_there (PrPop3 *self, guint number)
{
  return number >= 1 && number <= self->messages->len
         && !g_hash_table_contains (self->deleted, GUINT_TO_POINTER (number));
}

/* The head, and @n_lines of the body; dots at the start of lines are doubled (section 3). */
static gboolean
send_message (PrPop3 *self, guint number, guint n_lines)
{
  gsize n;
  const char *text = g_bytes_get_data (g_ptr_array_index (self->messages, number - 1), &n);
  g_autofree char *copy = g_strndup (text, n);
  g_auto (GStrv) lines = g_strsplit (copy, "\r\n", -1);
  gboolean in_body = FALSE;
  guint sent = 0;

  if (!pr_practice_say (self->session, "+OK"))
    return FALSE;
  for (guint i = 0; lines[i] != NULL && (lines[i + 1] != NULL || *lines[i] != '\0'); i++)
    {
      if (in_body && sent++ >= n_lines)
        break;
      if (!pr_practice_say (self->session, "%s%s", *lines[i] == '.' ? "." : "", lines[i]))
        return FALSE;
      in_body = in_body || *lines[i] == '\0';
    }
  return pr_practice_say (self->session, ".");
}

static gboolean
send_list (PrPop3 *self, gboolean uidl, guint number)
{
  if (number != 0)
    {
      if (!is_there (self, number))
        return pr_practice_say (self->session, "-ERR no such message");
      return uidl ? pr_practice_say (self->session, "+OK %u practice-%u", number, number)
                  : pr_practice_say (self->session, "+OK %u %" G_GSIZE_FORMAT, number,
                                     get_size (self, number));
    }
  if (!pr_practice_say (self->session, "+OK"))
    return FALSE;
  for (guint i = 1; i <= self->messages->len; i++)
    {
      if (!is_there (self, i))
        continue;
      if (!(uidl ? pr_practice_say (self->session, "%u practice-%u", i, i)
                 : pr_practice_say (self->session, "%u %" G_GSIZE_FORMAT, i, get_size (self, i))))
        return FALSE;
    }
  return pr_practice_say (self->session, ".");
}

static gboolean
send_capabilities (PrPop3 *self)
{
  return pr_practice_say (self->session, "+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n"
                                         "USER\r\nSASL " PR_PRACTICE_MECHANISMS "\r\n.");
}

static gboolean
send_stat (PrPop3 *self)
{
  gsize size = 0;
  guint n = 0;

  for (guint i = 1; i <= self->messages->len; i++)
    if (is_there (self, i))
      {
        size += get_size (self, i);
        n++;
      }
  return pr_practice_say (self->session, "+OK %u %" G_GSIZE_FORMAT, n, size);
}

/* Before the log-in. Returns: whether the session goes on. */
static gboolean
authorize (PrPop3 *self, char **words)
{
  const char *argument = words[1];

  if (g_ascii_strcasecmp (words[0], "USER") == 0 && argument != NULL)
    {
      g_free (self->user);
      self->user = g_strjoinv (" ", words + 1);
      return pr_practice_say (self->session, "+OK");
    }
  if (g_ascii_strcasecmp (words[0], "PASS") == 0 && self->user != NULL && argument != NULL)
    {
      g_autofree char *password = g_strjoinv (" ", words + 1);

      return open_mailbox (self, pr_practice_check_password (self->session, self->user, password));
    }
  if (g_ascii_strcasecmp (words[0], "AUTH") == 0 && argument != NULL)
    return open_mailbox (self, pr_practice_sasl (self->session, argument, words[2]));
  return pr_practice_say (self->session, "-ERR log in first");
}

/* Behind the log-in. */
static gboolean
transact (PrPop3 *self, char **words)
{
  guint number = words[1] != NULL ? (guint) g_ascii_strtoull (words[1], NULL, 10) : 0;

  if (g_ascii_strcasecmp (words[0], "STAT") == 0)
    return send_stat (self);
  if (g_ascii_strcasecmp (words[0], "LIST") == 0)
    return send_list (self, FALSE, number);
  if (g_ascii_strcasecmp (words[0], "UIDL") == 0)
    return send_list (self, TRUE, number);
  if (g_ascii_strcasecmp (words[0], "NOOP") == 0)
    return pr_practice_say (self->session, "+OK");
  if (g_ascii_strcasecmp (words[0], "RSET") == 0)
    {
      g_hash_table_remove_all (self->deleted);
      return pr_practice_say (self->session, "+OK");
    }
  if (!is_there (self, number))
    return pr_practice_say (self->session, "-ERR no such message, or no such command");
  if (g_ascii_strcasecmp (words[0], "TOP") == 0 && words[2] != NULL)
    return send_message (self, number, (guint) g_ascii_strtoull (words[2], NULL, 10));
  if (g_ascii_strcasecmp (words[0], "RETR") == 0)
    return send_message (self, number, G_MAXUINT);
  if (g_ascii_strcasecmp (words[0], "DELE") == 0)
    {
      g_hash_table_add (self->deleted, GUINT_TO_POINTER (number));
      return pr_practice_say (self->session, "+OK");
    }
  return pr_practice_say (self->session, "-ERR no such command");
}

/* QUIT: what was marked is gone now (RFC 1939 section 6). */
static void
update (PrPop3 *self)
{
  pr_practice_lock (self->session->server);
  for (guint i = self->messages->len; i >= 1; i--)
    if (g_hash_table_contains (self->deleted, GUINT_TO_POINTER (i)))
      g_ptr_array_remove (self->session->account->messages,
                          g_ptr_array_index (self->messages, i - 1));
  pr_practice_unlock (self->session->server);
}

static void
close_mailbox (PrPop3 *self)
{
  if (self->messages == NULL)
    return;
  pr_practice_lock (self->session->server);
  self->session->account->is_open = FALSE;
  pr_practice_unlock (self->session->server);
  g_ptr_array_unref (self->messages);
}

/**
 * pr_practice_pop3:
 * @session: a client that has just connected
 *
 * Serves it until it leaves.
 */
void
pr_practice_pop3 (PrPracticeSession *session)
{
  PrPop3 self = { .session = session, .deleted = g_hash_table_new (NULL, NULL) };
  gboolean going = pr_practice_say (session, "+OK Postroom practice server");

  while (going)
    {
      g_autofree char *line = pr_practice_read (session);
      g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", 4) : NULL;

      if (words == NULL || words[0] == NULL)
        break;
      if (g_ascii_strcasecmp (words[0], "QUIT") == 0)
        {
          if (self.messages != NULL)
            update (&self);
          pr_practice_say (session, "+OK Bye");
          break;
        }
      if (g_ascii_strcasecmp (words[0], "CAPA") == 0)
        going = send_capabilities (&self);
      else if (self.messages == NULL)
        going = authorize (&self, words);
      else
        going = transact (&self, words);
    }
  close_mailbox (&self);
  g_hash_table_unref (self.deleted);
  g_free (self.user);
}
