/* SPDX-License-Identifier: GPL-3.0-or-later */

/* POP3, the client's side of a test: one function a stage, one row a stage. It reads, it never
 * takes: no RETR, no DELE (rule P22). Worker threads.
 *
 * RFC 1939 (POP3), RFC 2449 (CAPA, response codes), RFC 2595 (STLS), RFC 5034 (AUTH), RFC 3206
 * ([SYS/...], [AUTH]). The log-in is in pr-pop3-login.c. */

#include "pr-pop3.h"

#include <string.h>

#define CAPA_MAX_LINES 200
#define HEAD_MAX_LINES 2000
#define HEAD_LINE_MAX (64 * 1024) /* other people's mail keeps no limits */

static PrReply *
parse_reply (PrConversation *self, const char *line, gboolean in_auth, GError **error)
{
  PrReply *reply = pr_reply_new_pop3 (line, in_auth);
  g_autofree char *safe = NULL;

  if (reply != NULL)
    return reply;
  self->broken = TRUE;
  safe = pr_dialogue_show (&self->dialogue, line, 512);
  g_free (self->report->server_reply);
  self->report->server_reply = g_strdup (safe);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "neither +OK nor -ERR: %s", safe);
  return NULL;
}

PrReply *
pr_pop3_read_reply (PrConversation *self, GError **error)
{
  g_autofree char *line = pr_dialogue_read_line (&self->dialogue, PR_LINE_MAX, error);

  return line != NULL ? parse_reply (self, line, FALSE, error) : NULL;
}

PrReply *
pr_pop3_read_auth_reply (PrConversation *self, GError **error)
{
  g_autofree char *line = pr_dialogue_read_line (&self->dialogue, PR_SASL_LINE_MAX, error);

  return line != NULL ? parse_reply (self, line, TRUE, error) : NULL;
}

PrReply *
pr_pop3_command (PrConversation *self, const char *line, GError **error)
{
  /* A server that shuts down says so without being asked; that is its answer to what we were
   * about to say. */
  if (pr_dialogue_has_unread (&self->dialogue, "-ERR [SYS/TEMP]"))
    {
      self->broken = TRUE;
      return pr_pop3_read_reply (self, error);
    }
  if (!pr_dialogue_send (&self->dialogue, line, error))
    return NULL;
  return pr_pop3_read_reply (self, error);
}

static gboolean
stage_greeting (PrConversation *self, GError **error)
{
  g_autofree char *line = pr_conversation_read_greeting (self, error);
  g_autoptr (PrReply) reply = NULL;

  if (line == NULL)
    return FALSE;
  reply = pr_reply_new_pop3 (line, FALSE);
  if (reply == NULL)
    return pr_conversation_fail_greeting (self, line, error);
  self->greeted = TRUE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_GREETING, reply, error);
  self->apop_stamp = pr_pop3_find_stamp (line);
  pr_conversation_take_detail (self, pr_dialogue_show (&self->dialogue, line, 512));
  return TRUE;
}

/* The lines of a multi-line answer up to ".", unstuffed (RFC 1939 section 3). */
static gboolean
read_list (PrConversation *self, GPtrArray *lines, guint max, GError **error)
{
  for (;;)
    {
      g_autofree char *line = pr_dialogue_read_line (&self->dialogue, PR_LINE_MAX, error);

      if (line == NULL)
        return FALSE;
      if (g_str_equal (line, "."))
        return TRUE;
      if (lines->len >= max)
        {
          self->broken = TRUE;
          g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "a list of more than %u lines",
                       max);
          return FALSE;
        }
      g_ptr_array_add (lines, g_strdup (line[0] == '.' ? line + 1 : line));
    }
}

static void
take_mechanisms (PrConversation *self)
{
  const char *sasl = pr_conversation_find_capability (self, "SASL");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  if (sasl == NULL)
    return;
  words = g_strsplit_set (sasl, " \t", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);
  self->mechanisms = g_strv_builder_end (builder);
}

static gboolean
stage_capabilities (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply = NULL;

  pr_conversation_forget_capabilities (self);
  reply = pr_pop3_command (self, "CAPA", error);
  if (reply == NULL)
    return FALSE;
  /* A server without CAPA is an old one, not a broken one; what needs a capability fails where
   * it is needed (rule P06). */
  if (reply->status != PR_REPLY_OK)
    return self->broken ? pr_conversation_refused (self, PR_STEP_CAPABILITIES, reply, error) : TRUE;
  if (!read_list (self, self->capabilities, CAPA_MAX_LINES, error))
    return FALSE;
  self->knows_capabilities = TRUE;
  take_mechanisms (self);
  pr_facts_take_offer (self);
  return TRUE;
}

static gboolean
stage_starttls (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply = NULL;

  if (pr_conversation_find_capability (self, "STLS") == NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_STARTTLS_UNAVAILABLE,
                           self->knows_capabilities ? "STLS is not among the capabilities"
                                                    : "the server does not answer CAPA");
      return FALSE;
    }
  reply = pr_pop3_command (self, "STLS", error);
  if (reply == NULL)
    return FALSE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_STARTTLS, reply, error);
  if (!pr_dialogue_check_no_injection (&self->dialogue, error))
    {
      self->broken = TRUE;
      return FALSE;
    }
  /* Rule P07: nothing that was said in clear counts any more. */
  pr_conversation_forget_capabilities (self);
  return TRUE;
}

/* "n m", and nothing but a comment behind them (rule P21). */
static gboolean
parse_stat (const char *text, guint *n_messages, guint64 *bytes)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  guint64 n;

  if (g_strv_length (words) < 2
      || !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT32, &n, NULL)
      || !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXINT64, bytes, NULL))
    return FALSE;
  *n_messages = (guint) n;
  return TRUE;
}

/* RFC 1939 section 7 allows 70 characters; one that is longer is cut where it is used, and no
 * reason to refuse the server (rule P21). */
static gboolean
is_uid (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p < 0x21 || *p > 0x7e)
      return FALSE;
  return *text != '\0';
}

/* Asks for the identifier of the newest message only: the list of all may be megabytes. */
static gboolean
check_uidl (PrConversation *self, GError **error)
{
  guint n = self->report->n_messages;
  g_autofree char *line = g_strdup_printf ("UIDL %u", n);
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autoptr (PrReply) reply = pr_pop3_command (self, line, error);
  g_auto (GStrv) words = NULL;

  if (reply == NULL)
    return FALSE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_MAILBOX, reply, error);
  words = g_strsplit (reply->text, " ", 3);
  if (g_strv_length (words) >= 2 && g_str_equal (words[0], number) && is_uid (words[1]))
    {
      g_free (self->report->newest_uid);
      self->report->newest_uid = g_strdup (words[1]);
      return TRUE;
    }
  pr_conversation_keep_reply (self, reply);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "to “%s”: %s", line,
               self->report->server_reply);
  return FALSE;
}

/* The lines of a head up to "." (RFC 1939 section 7). */
static gboolean
skip_head (PrConversation *self, GError **error)
{
  for (guint i = 0; i < HEAD_MAX_LINES; i++)
    {
      g_autofree char *line = pr_dialogue_read_line (&self->dialogue, HEAD_LINE_MAX, error);

      if (line == NULL)
        return FALSE;
      if (g_str_equal (line, "."))
        return TRUE;
    }
  self->broken = TRUE;
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "a head of more than %d lines",
               HEAD_MAX_LINES);
  return FALSE;
}

/* Where there are no unique ids, the head of the newest message shows that messages can be told
 * from one another. It is read and forgotten, not even kept in the transcript: it is not our mail.
 */
static gboolean
check_top (PrConversation *self, GError **error)
{
  g_autofree char *line = g_strdup_printf ("TOP %u 0", self->report->n_messages);
  g_autoptr (PrReply) reply = pr_pop3_command (self, line, error);
  gboolean ok;

  if (reply == NULL)
    return FALSE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_MAILBOX, reply, error);
  self->dialogue.is_private = TRUE;
  ok = skip_head (self, error);
  self->dialogue.is_private = FALSE;
  return ok;
}

static gboolean
stage_mailbox (PrConversation *self, GError **error)
{
  PrReport *report = self->report;
  const PrOffer *offer = &report->offer;
  g_autoptr (PrReply) reply = pr_pop3_command (self, "STAT", error);

  if (reply == NULL)
    return FALSE;
  if (reply->status != PR_REPLY_OK)
    return pr_conversation_refused (self, PR_STEP_MAILBOX, reply, error);
  if (!parse_stat (reply->text, &report->n_messages, &report->maildrop_bytes))
    {
      pr_conversation_keep_reply (self, reply);
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "to “STAT”: %s",
                   report->server_reply);
      return FALSE;
    }
  if (offer->uidl && report->n_messages > 0 && !check_uidl (self, error))
    return FALSE;
  if (offer->top && !offer->uidl && report->n_messages > 0 && !check_top (self, error))
    return FALSE;
  pr_conversation_take_detail (
      self, g_strdup_printf ("%u messages, %" G_GUINT64_FORMAT " bytes%s%s", report->n_messages,
                             report->maildrop_bytes, offer->uidl ? ", UIDL" : "",
                             offer->top ? ", TOP" : ""));
  return TRUE;
}

gboolean
pr_pop3_quit (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply = pr_pop3_command (self, "QUIT", error);

  return reply != NULL;
}

const PrStage pr_pop3_stages[] = {
  { PR_STEP_GREETING, NULL, stage_greeting },
  { PR_STEP_CAPABILITIES, NULL, stage_capabilities },
  { PR_STEP_STARTTLS, pr_conversation_wants_starttls, stage_starttls },
  { PR_STEP_TLS, pr_conversation_wants_starttls, pr_conversation_start_tls },
  { PR_STEP_CERTIFICATE, pr_conversation_wants_starttls, pr_conversation_check_certificate },
  { PR_STEP_CAPABILITIES, pr_conversation_wants_starttls, stage_capabilities },
  { PR_STEP_AUTHENTICATE, pr_conversation_wants_login, pr_pop3_authenticate },
  { PR_STEP_MAILBOX, pr_conversation_wants_login, stage_mailbox },
  { PR_STEP_DELIVERY, pr_delivery_wants_look, pr_delivery_look },
};
const guint pr_pop3_n_stages = G_N_ELEMENTS (pr_pop3_stages);
