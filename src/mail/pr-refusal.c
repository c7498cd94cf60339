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

/* POP3: "LOGIN-DELAY seconds [USER]" (RFC 2449 section 6.5); 0 if the server announced none. */
static guint
get_login_delay (const PrConversation *self)
{
  const char *delay = pr_conversation_find_capability (self, "LOGIN-DELAY");
  g_auto (GStrv) words = g_strsplit (delay != NULL ? delay : "", " ", 2);
  guint64 seconds = 0;

  if (words[0] != NULL)
    (void) g_ascii_string_to_unsigned (words[0], 10, 0, 7 * 24 * 3600, &seconds, NULL);
  return (guint) seconds;
}

/* The server said no: keeps its words and what they mean. Always FALSE. */
gboolean
pr_conversation_refused (PrConversation *self, PrStep step, const PrReply *reply, GError **error)
{
  gboolean auth_resp_code = pr_conversation_find_capability (self, "AUTH-RESP-CODE") != NULL;

  pr_conversation_keep_reply (self, reply);
  pr_diagnose_reply (self->plan->protocol, step, reply, auth_resp_code, &self->diagnosis);
  if (self->diagnosis.code == PR_CODE_RATE_LIMITED)
    self->diagnosis.wait_s = get_login_delay (self);
  g_set_error_literal (error, PR_DIAGNOSIS, (int) self->diagnosis.code, self->report->server_reply);
  return FALSE;
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
        report->suggested_security = PR_SECURITY_SSL;
        report->suggested_port = report->port;
        break;
      case PR_CODE_WRONG_PROTOCOL:
      case PR_CODE_CONNECTION_REFUSED:
      case PR_CODE_CONNECTION_TIMEOUT:
        if (report->port != pr_default_port (protocol, report->security))
          {
            report->suggested_security = report->security;
            report->suggested_port = pr_default_port (protocol, report->security);
          }
        break;
      default:
        break;
    }
}
