/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SMTP submission, the client's side of a test: one function a stage, one row a stage. One
 * command, one answer: nothing is pipelined (rule S16). Worker threads.
 *
 * RFC 5321 (SMTP), RFC 6409 (submission), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 1870 (SIZE),
 * RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8). */

#include "pr-conversation-private.h"

#include "pr-message.h"
#include "pr-recognise.h"
#include "pr-text.h"
#include "pr-validate.h"

#include <string.h>

#define COMMAND_MAX 512 /* octets with CRLF: RFC 5321 section 4.5.3.1.4 */

/* The final dot may take much longer than a command (rule S03): filters run behind it. */
#define FINAL_DOT_FACTOR 4

static gboolean
add_line (PrConversation *self, PrReply *reply, const char *line, gboolean *last, GError **error)
{
  g_autofree char *safe = NULL;

  if (pr_reply_add_smtp_line (reply, line, last))
    return TRUE;
  self->broken = TRUE;
  safe = pr_dialogue_show (&self->dialogue, line, 512);
  g_free (self->report->server_reply);
  self->report->server_reply = g_strdup (safe);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "not a line of this reply: %s", safe);
  return FALSE;
}

static PrReply *
read_rest (PrConversation *self, PrReply *reply_taken, gboolean last, gsize max, GError **error)
{
  g_autoptr (PrReply) reply = reply_taken;

  while (!last)
    {
      g_autofree char *line = pr_dialogue_read_line (&self->dialogue, max, error);

      if (line == NULL || !add_line (self, reply, line, &last, error))
        return NULL;
    }
  pr_reply_finish_smtp (reply);
  /* Whatever it answers, the connection is gone (rule S20). */
  if (reply->code == 421)
    self->broken = TRUE;
  return g_steal_pointer (&reply);
}

static PrReply *
read_reply (PrConversation *self, GError **error)
{
  return read_rest (self, pr_reply_new_smtp (), FALSE, PR_LINE_MAX, error);
}

/* A success or a go-ahead with another code than the one that belongs here (221 for 220, 354 for
 * 250) is no answer to what was asked. Always FALSE. */
static gboolean
fail_unexpected (PrConversation *self, const PrReply *reply, GError **error)
{
  self->broken = TRUE;
  pr_conversation_keep_reply (self, reply);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR,
               "an answer that does not belong here: %s", self->report->server_reply);
  return FALSE;
}

static PrReply *
read_auth_reply (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply =
      read_rest (self, pr_reply_new_smtp (), FALSE, PR_SASL_LINE_MAX, error);

  /* A challenge is one line of 334 (RFC 4954 section 4). */
  if (reply != NULL && reply->status == PR_REPLY_CONTINUE
      && (reply->code != 334 || reply->lines->len > 1))
    {
      fail_unexpected (self, reply, error);
      return NULL;
    }
  return g_steal_pointer (&reply);
}

static PrReply *
command (PrConversation *self, const char *line, GError **error)
{
  /* 421 may come at any time and is the answer to whatever we say next (rule S20). */
  if (pr_dialogue_has_unread (&self->dialogue, "421"))
    {
      self->broken = TRUE;
      return read_reply (self, error);
    }
  if (!pr_dialogue_send (&self->dialogue, line, error))
    return NULL;
  return read_reply (self, error);
}

static gboolean
check_code (PrConversation *self, PrStep step, const PrReply *reply, guint code, GError **error)
{
  if (reply->code == code)
    return TRUE;
  if (reply->status == PR_REPLY_OK || reply->status == PR_REPLY_CONTINUE)
    return fail_unexpected (self, reply, error);
  return pr_conversation_refused (self, step, reply, error);
}

static gboolean
stage_greeting (PrConversation *self, GError **error)
{
  g_autofree char *line = pr_conversation_read_greeting (self, error);
  g_autoptr (PrReply) reply = NULL;
  PrReply *first;
  gboolean last = FALSE;

  if (line == NULL)
    return FALSE;
  first = pr_reply_new_smtp ();
  if (!pr_reply_add_smtp_line (first, line, &last))
    {
      pr_reply_free (first);
      return pr_conversation_fail_greeting (self, line, error);
    }
  if (pr_recognise_protocol (line, strlen (line)) != NULL
      && !pr_recognise_is (pr_recognise_protocol (line, strlen (line)), PR_PROTOCOL_SMTP))
    {
      /* FTP, LMTP, NNTP: the same form. */
      pr_reply_free (first);
      return pr_conversation_fail_greeting (self, line, error);
    }
  reply = read_rest (self, first, last, PR_LINE_MAX, error);
  if (reply == NULL)
    return FALSE;
  self->greeted = TRUE;
  if (!check_code (self, PR_STEP_GREETING, reply, 220, error))
    return FALSE;
  pr_conversation_take_detail (self, pr_dialogue_show (&self->dialogue, line, 512));
  return TRUE;
}

static void
take_mechanisms (PrConversation *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean found = FALSE;

  for (guint i = 0; i < self->capabilities->len; i++)
    {
      const char *line = g_ptr_array_index (self->capabilities, i);
      g_auto (GStrv) words = NULL;

      /* "AUTH=" was written before RFC 2554 and still is (rule S06). */
      if (g_ascii_strncasecmp (line, "AUTH ", 5) != 0
          && g_ascii_strncasecmp (line, "AUTH=", 5) != 0)
        continue;
      found = TRUE;
      words = g_strsplit_set (line + 5, " \t", -1);
      for (guint k = 0; words[k] != NULL; k++)
        if (*words[k] != '\0')
          g_strv_builder_add (builder, words[k]);
    }
  if (found)
    self->mechanisms = g_strv_builder_end (builder);
}

/* What servers that know no EHLO say to it (rule S05). */
static gboolean
is_ehlo_unknown (const PrReply *reply)
{
  return reply->code == 500 || reply->code == 502 || reply->code == 504 || reply->code == 550;
}

static gboolean
stage_capabilities (PrConversation *self, GError **error)
{
  gboolean needs_extensions =
      self->plan->security != PR_SECURITY_NONE || pr_conversation_wants_login (self);
  g_autofree char *name = self->context != NULL
                              ? pr_socket_channel_get_local_literal (self->dialogue.channel)
                              : g_strdup ("[127.0.0.1]");
  g_autofree char *ehlo = g_strconcat ("EHLO ", name, NULL);
  g_autoptr (PrReply) reply = NULL;

  pr_conversation_forget_capabilities (self);
  reply = command (self, ehlo, error);
  if (reply != NULL && is_ehlo_unknown (reply) && !needs_extensions && !self->broken)
    {
      g_autofree char *helo = g_strconcat ("HELO ", name, NULL);

      /* Rule S05: only where neither TLS nor a log-in is wanted. */
      g_clear_pointer (&reply, pr_reply_free);
      reply = command (self, helo, error);
    }
  if (reply == NULL || !check_code (self, PR_STEP_CAPABILITIES, reply, 250, error))
    return FALSE;
  for (guint i = 1; i < reply->lines->len; i++)
    g_ptr_array_add (self->capabilities, g_strdup (g_ptr_array_index (reply->lines, i)));
  self->knows_capabilities = TRUE;
  take_mechanisms (self);
  pr_facts_take_offer (self);
  return TRUE;
}

static gboolean
stage_starttls (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply = NULL;

  if (pr_conversation_find_capability (self, "STARTTLS") == NULL)
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_STARTTLS_UNAVAILABLE,
                           "STARTTLS is not among the capabilities");
      return FALSE;
    }
  reply = command (self, "STARTTLS", error);
  if (reply == NULL)
    return FALSE;
  if (reply->code != 220)
    {
      /* Rule S07: whatever is not 220 means no TLS. */
      if (reply->status == PR_REPLY_OK || reply->status == PR_REPLY_CONTINUE)
        self->broken = TRUE;
      return pr_conversation_refused (self, PR_STEP_STARTTLS, reply, error);
    }
  if (!pr_dialogue_check_no_injection (&self->dialogue, error))
    {
      self->broken = TRUE;
      return FALSE;
    }
  /* Rule S08: nothing that was said in clear counts any more. */
  pr_conversation_forget_capabilities (self);
  return TRUE;
}

static gboolean
check_log_in (PrConversation *self, const PrReply *reply, GError **error)
{
  return check_code (self, PR_STEP_AUTHENTICATE, reply, 235, error);
}

static gboolean
stage_authenticate (PrConversation *self, GError **error)
{
  static const PrAuthenticateOps ops = {
    .max_command = COMMAND_MAX,
    .read_reply = read_auth_reply,
    .check_reply = check_log_in,
  };
  PrSaslOffer offer = { NULL };

  return pr_authenticate (self, &ops, &offer, error);
}

static gboolean
wants_submission (const PrConversation *self)
{
  return self->plan->submit != PR_SUBMIT_NONE && self->plan->address != NULL
         && (pr_conversation_wants_login (self) || self->plan->mechanism == PR_MECHANISM_NONE);
}

/* Refusals of MAIL, RCPT and DATA. Always FALSE. */
static gboolean
fail_submission (PrConversation *self, const PrReply *reply, PrCode otherwise, GError **error)
{
  if (reply->status == PR_REPLY_OK || reply->status == PR_REPLY_CONTINUE)
    return fail_unexpected (self, reply, error);
  return pr_conversation_refused_submission (self, reply, otherwise, error);
}

/* The address as it may stand on the wire: without SMTPUTF8 the domain becomes A-labels, and a
 * local part beyond ASCII cannot be written at all (rule S15). */
static char *
get_envelope_address (PrConversation *self, gboolean utf8, GError **error)
{
  g_autofree char *local = NULL, *domain = NULL, *ascii = NULL;

  if (utf8 || pr_text_is_ascii (self->plan->address))
    return g_strdup (self->plan->address);
  if (!pr_address_split (self->plan->address, &local, &domain) || !pr_text_is_ascii (local))
    {
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_CAPABILITY_MISSING, "SMTPUTF8");
      return NULL;
    }
  ascii = pr_host_to_ascii (domain);
  return g_strdup_printf ("%s@%s", local, ascii);
}

static gboolean
begin_transaction (PrConversation *self,
                   const char *address,
                   gboolean utf8,
                   gsize size,
                   GError **error)
{
  GString *mail = g_string_new (NULL);
  g_autofree char *rcpt = g_strdup_printf ("RCPT TO:<%s>", address);
  g_autoptr (PrReply) reply = NULL;

  g_string_printf (mail, "MAIL FROM:<%s>", address);
  if (size > 0 && pr_conversation_find_capability (self, "SIZE") != NULL)
    g_string_append_printf (mail, " SIZE=%" G_GSIZE_FORMAT, size);
  if (utf8)
    g_string_append (mail, " SMTPUTF8 BODY=8BITMIME");
  reply = command (self, mail->str, error);
  g_string_free (mail, TRUE);
  if (reply == NULL)
    return FALSE;
  if (reply->code != 250)
    return fail_submission (self, reply, PR_CODE_SENDER_REJECTED, error);

  g_clear_pointer (&reply, pr_reply_free);
  reply = command (self, rcpt, error);
  if (reply == NULL)
    return FALSE;
  if (reply->code != 250 && reply->code != 251)
    return fail_submission (self, reply, PR_CODE_RECIPIENT_REJECTED, error);
  return TRUE;
}

static gboolean
send_message (PrConversation *self, const char *message, gsize n, GError **error)
{
  g_autoptr (PrReply) reply = command (self, "DATA", error);
  g_autofree char *shown = g_strdup_printf ("(the test message, %" G_GSIZE_FORMAT " bytes)", n);
  g_autofree char *data = NULL;

  if (reply == NULL)
    return FALSE;
  if (reply->code != 354)
    return fail_submission (self, reply, PR_CODE_MESSAGE_REJECTED, error);
  g_clear_pointer (&reply, pr_reply_free);

  data = g_strconcat (message, ".\r\n", NULL);
  if (!pr_dialogue_send_data (&self->dialogue, data, strlen (data), shown, error))
    return FALSE;
  pr_dialogue_reset_timeout (&self->dialogue, FINAL_DOT_FACTOR);
  reply = read_reply (self, error);
  if (reply == NULL)
    return FALSE;
  if (reply->code != 250)
    return fail_submission (self, reply, PR_CODE_MESSAGE_REJECTED, error);
  pr_conversation_take_detail (self, pr_dialogue_show (&self->dialogue, reply->text, 512));
  return TRUE;
}

static gboolean
stage_submit (PrConversation *self, GError **error)
{
  gboolean ascii = pr_text_is_ascii (self->plan->address);
  gboolean utf8 = !ascii && pr_conversation_find_capability (self, "SMTPUTF8") != NULL;
  g_autofree char *address = get_envelope_address (self, utf8, error);
  g_autofree char *message = NULL;
  g_autoptr (PrReply) reply = NULL;
  gsize n = 0;

  if (address == NULL)
    return FALSE;
  if (self->plan->submit == PR_SUBMIT_MESSAGE)
    {
      message = pr_message_new_test (address, self->plan->message_id, g_get_real_time ());
      n = strlen (message);
    }
  if (!begin_transaction (self, address, utf8, n, error))
    return FALSE;
  if (message != NULL)
    return send_message (self, message, n, error);
  pr_conversation_take_detail (self, g_strdup ("MAIL and RCPT accepted, nothing sent"));
  reply = command (self, "RSET", error);
  return reply != NULL && check_code (self, PR_STEP_SUBMIT, reply, 250, error);
}

gboolean
pr_smtp_quit (PrConversation *self, GError **error)
{
  g_autoptr (PrReply) reply = command (self, "QUIT", error);

  return reply != NULL;
}

const PrStage pr_smtp_stages[] = {
  { PR_STEP_GREETING, NULL, stage_greeting },
  { PR_STEP_CAPABILITIES, NULL, stage_capabilities },
  { PR_STEP_STARTTLS, pr_conversation_wants_starttls, stage_starttls },
  { PR_STEP_TLS, pr_conversation_wants_starttls, pr_conversation_start_tls },
  { PR_STEP_CERTIFICATE, pr_conversation_wants_starttls, pr_conversation_check_certificate },
  { PR_STEP_CAPABILITIES, pr_conversation_wants_starttls, stage_capabilities },
  { PR_STEP_AUTHENTICATE, pr_conversation_wants_login, stage_authenticate },
  { PR_STEP_SUBMIT, wants_submission, stage_submit },
};
const guint pr_smtp_n_stages = G_N_ELEMENTS (pr_smtp_stages);
