/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a refusal means: the server's words are kept as they are, the structure of its answer and
 * the table of known answers say what they mean, and where another port or another encryption
 * would do better, that is named. Worker threads. */

#include "pr-conversation-private.h"

#include "pr-recognise.h"
#include "pr-text.h"

#include <string.h>

void
pr_conversation_keep_reply (PrConversation *self, const PrReply *reply)
{
  g_auto (GStrv) lines = g_strsplit (reply->raw->str, "\n", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *safe = pr_dialogue_show (&self->dialogue, lines[i], 2048);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", safe);
    }
  g_free (self->report->server_reply);
  self->report->server_reply = g_string_free (text, FALSE);
}

/* Greeting and implementation, by which a provider is known behind any host name. */
static char *
get_banner (const PrConversation *self)
{
  const PrReportStep *greeting = pr_report_find_step (self->report, PR_STEP_GREETING);
  const char *implementation = pr_conversation_find_capability (self, "IMPLEMENTATION");

  return g_strdup_printf ("%s %s",
                          greeting != NULL && greeting->detail != NULL ? greeting->detail : "",
                          implementation != NULL ? implementation : "");
}

static gboolean
is_token_log_in (const PrConversation *self)
{
  const char *mechanism = self->report->mechanism;

  return mechanism != NULL
         && (g_str_equal (mechanism, pr_mechanism_to_name (PR_MECHANISM_XOAUTH2))
             || g_str_equal (mechanism, pr_mechanism_to_name (PR_MECHANISM_OAUTHBEARER)));
}

/* A token that is refused is no password that somebody could type again. */
static void
take_meaning (PrConversation *self)
{
  PrDiagnosis *diagnosis = &self->diagnosis;

  if (self->refused_means == PR_CODE_OK
      || (diagnosis->code != PR_CODE_AUTHENTICATION_REJECTED
          && diagnosis->code != PR_CODE_OAUTH_TOKEN_REVOKED))
    return;
  diagnosis->code = self->refused_means;
  diagnosis->permanence = pr_code_get_permanence (diagnosis->code);
  diagnosis->scope = pr_code_get_scope (diagnosis->code);
}

/* Narrows what the structure of @reply means, and keeps it. Always FALSE. */
static gboolean
fail (PrConversation *self, PrStep step, const PrReply *reply, GError **error)
{
  g_autofree char *banner = get_banner (self);
  PrAnswerQuery query = {
    .protocol = self->plan->protocol,
    .step = step,
    .security = self->plan->security,
    .oauth = is_token_log_in (self),
    .host = self->ascii_host,
    .banner = banner,
  };

  pr_diagnose_words (reply, &query, &self->diagnosis);
  take_meaning (self);
  if (self->diagnosis.code == PR_CODE_RATE_LIMITED)
    self->diagnosis.wait_s = MAX (self->diagnosis.wait_s, pr_facts_get_login_delay (self));
  g_free (self->report->answer_id);
  g_free (self->report->remedy_id);
  self->report->answer_id = g_strdup (self->diagnosis.answer);
  self->report->remedy_id = g_strdup (self->diagnosis.remedy);
  g_set_error (error, PR_DIAGNOSIS, (int) self->diagnosis.code, "%s%s%s",
               self->refused_because != NULL ? self->refused_because : "",
               self->refused_because != NULL && *self->refused_because != '\0' ? ": " : "",
               self->report->server_reply);
  return FALSE;
}

/* A server for the delivery of mail (RFC 2033) greets as SMTP does, and then wants LHLO. */
static gboolean
is_lmtp (const PrConversation *self, PrStep step, const PrReply *reply)
{
  return self->plan->protocol == PR_PROTOCOL_SMTP && step == PR_STEP_CAPABILITIES
         && reply->status == PR_REPLY_ERROR && strstr (reply->raw->str, "LHLO") != NULL;
}

/* The server said no: keeps its words and what they mean. Always FALSE. */
gboolean
pr_conversation_refused (PrConversation *self, PrStep step, const PrReply *reply, GError **error)
{
  gboolean auth_resp_code = pr_conversation_find_capability (self, "AUTH-RESP-CODE") != NULL;

  pr_conversation_keep_reply (self, reply);
  if (is_lmtp (self, step, reply))
    {
      self->report->found_protocol = g_strdup ("LMTP");
      g_set_error_literal (error, PR_DIAGNOSIS, PR_CODE_WRONG_PROTOCOL, self->report->server_reply);
      return FALSE;
    }
  pr_diagnose_reply (self->plan->protocol, step, reply, auth_resp_code, &self->diagnosis);
  return fail (self, step, reply, error);
}

/* The same for MAIL, RCPT and DATA: @otherwise is what it means if nothing in it says more.
 * Always FALSE. */
gboolean
pr_conversation_refused_submission (PrConversation *self,
                                    const PrReply *reply,
                                    PrCode otherwise,
                                    GError **error)
{
  pr_conversation_keep_reply (self, reply);
  pr_diagnose_submission (reply, otherwise, &self->diagnosis);
  return fail (self, PR_STEP_SUBMIT, reply, error);
}

/* What greeted us is no greeting of this protocol. Always FALSE. */
gboolean
pr_conversation_fail_greeting (PrConversation *self, const char *line, GError **error)
{
  const char *found = pr_recognise_protocol (line, strlen (line));
  g_autofree char *safe = pr_dialogue_show (&self->dialogue, line, 512);

  self->broken = TRUE;
  g_free (self->report->server_reply);
  self->report->server_reply = g_strdup (safe);
  if (g_strcmp0 (found, "TLS") == 0)
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_TLS_EXPECTED, "%s", safe);
      return FALSE;
    }
  if (found == NULL || pr_recognise_is (found, self->plan->protocol))
    {
      g_set_error (error, PR_DIAGNOSIS, PR_CODE_PROTOCOL_ERROR, "not a greeting: %s", safe);
      return FALSE;
    }
  self->report->found_protocol = g_strdup (found);
  g_set_error (error, PR_DIAGNOSIS, PR_CODE_WRONG_PROTOCOL, "%s", safe);
  return FALSE;
}

/* Either the port spoke TLS at once, or it was a conversation in clear that the server goes no
 * further with: then the upgrade that it offers is what it wants. */
static void
suggest_tls (PrConversation *self)
{
  PrReport *report = self->report;
  const char *upgrade = report->protocol == PR_PROTOCOL_POP3 ? "STLS" : "STARTTLS";

  report->suggested_security = PR_SECURITY_SSL;
  report->suggested_port = report->port;
  if (!self->greeted)
    return;
  if (pr_conversation_find_capability (self, upgrade) != NULL)
    report->suggested_security = PR_SECURITY_STARTTLS;
  else
    report->suggested_port = pr_default_port (report->protocol, PR_SECURITY_SSL);
}

/* The port that belongs to the protocol; and never 25, which most networks block because it is for
 * servers among themselves (rule S10). */
static void
suggest_usual (PrReport *report)
{
  PrSecurity security = report->security;

  if (report->protocol == PR_PROTOCOL_SMTP && (report->port == 25 || security == PR_SECURITY_NONE))
    security = security == PR_SECURITY_SSL ? PR_SECURITY_SSL : PR_SECURITY_STARTTLS;
  if (report->port == pr_default_port (report->protocol, security))
    return;
  report->suggested_security = security;
  report->suggested_port = pr_default_port (report->protocol, security);
  if (report->port == 25 && report->code != PR_CODE_WRONG_PROTOCOL)
    report->remedy_id = g_strdup ("port-25");
}

/* Names what would work better, where that is known. */
void
pr_conversation_suggest (PrConversation *self)
{
  PrReport *report = self->report;
  PrProtocol protocol = report->protocol;

  switch (report->code)
    {
      case PR_CODE_PLAIN_EXPECTED:
        report->suggested_security = PR_SECURITY_STARTTLS;
        report->suggested_port = report->port == pr_default_port (protocol, PR_SECURITY_SSL)
                                     ? pr_default_port (protocol, PR_SECURITY_STARTTLS)
                                     : report->port;
        break;
      case PR_CODE_TLS_EXPECTED:
        suggest_tls (self);
        break;
      case PR_CODE_WRONG_PROTOCOL:
      case PR_CODE_CONNECTION_REFUSED:
      case PR_CODE_CONNECTION_TIMEOUT:
        suggest_usual (report);
        break;
      default:
        break;
    }
}
